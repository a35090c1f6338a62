"""What clients may send and what they get: the declarations that validate and document the API."""
