"""`make demo`: three sample invoices through a stack of their own, over the public REST API."""
