"""The Value: its tape, its backward pass, and how NumPy's own functions work on it."""
