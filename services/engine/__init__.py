"""The engine: fetches, prepares, reads and understands documents. It keeps no state."""

VERSION = "0.1.0"
