"""The baselines: NumPy as one writes it first, and with buffers."""

from benchmarks.workloads import NumPy, NumPyFused

__all__ = ["NumPy", "NumPyFused"]
