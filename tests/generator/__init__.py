"""Invoices of our own making, with the truth beside each, for tests, the demo and benchmarks."""
