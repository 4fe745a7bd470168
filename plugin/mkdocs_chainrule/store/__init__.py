"""What is known of earlier builds: the store, the freeze, and the failures of the last."""
