"""A VJP as text."""
