"""Benchmarks: this engine beside others, on the same pages in one run."""
