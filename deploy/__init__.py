"""How LedgerLens is set up, started and shipped."""
