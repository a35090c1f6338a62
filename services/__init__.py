"""The two services of LedgerLens."""
