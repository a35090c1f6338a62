"""The JSON shapes that messages, the API and stored records have in common."""
