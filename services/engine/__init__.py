"""The engine: fetches, prepares, reads and understands documents. It keeps no state."""
