"""Tests of the training of the front reader, as far as it needs no PyTorch."""
