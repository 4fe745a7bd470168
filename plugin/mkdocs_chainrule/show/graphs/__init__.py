"""A graph as a figure of a page: folded, placed, drawn, and told as text and as a table."""
