"""What the build and its workers speak of: blocks and Outputs, their limits, and what was read."""
