"""What the results of other libraries need, so that pages show them as notebooks do."""
