"""Charts and replays as plain data."""
