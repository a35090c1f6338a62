"""Accuracy of the running service, document by document: `python -m tests.bench.accuracy`."""
