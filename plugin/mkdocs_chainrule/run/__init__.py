"""Running blocks: a session goes to a worker process, and its Outputs come back."""
