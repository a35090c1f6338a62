"""E-invoices to EN 16931 (Factur-X, ZUGFeRD, XRechnung, Peppol): found, read, held against the pages."""
