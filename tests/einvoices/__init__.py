"""E-invoices for tests: one invoice, written in every XML that is read, and attached to PDFs."""
