"""What plays in a page: how a training or a chart grew, and the frames of an animation."""
