"""Documents: from a URL to page images and the text that a document already carries."""
