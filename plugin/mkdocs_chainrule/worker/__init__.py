"""A process that runs one session, from inside."""
