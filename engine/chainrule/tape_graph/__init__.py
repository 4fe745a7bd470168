"""From a tape to a Graph."""
