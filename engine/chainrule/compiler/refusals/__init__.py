"""What a trace refuses, besides looking at a number: shapes that depend on data, and what is written."""
