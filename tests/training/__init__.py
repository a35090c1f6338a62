"""Training of the front reader, the small recogniser that reads lines before PaddleOCR's."""
