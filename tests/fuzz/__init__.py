"""Damaged and hostile documents, put through a real worker process (`make fuzz`)."""
