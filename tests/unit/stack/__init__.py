"""Tests of the private stack and of what ships the services."""
