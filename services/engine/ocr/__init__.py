"""From page images to words, lines, blocks and tables. Nothing here knows of invoices."""
