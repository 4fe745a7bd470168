"""Random programs that use all that the engine offers: eagerly and under `jit`, and beside PyTorch."""
