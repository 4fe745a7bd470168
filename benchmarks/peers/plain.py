"""The baselines: NumPy as one writes it first, and with buffers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import workloads
from benchmarks.wide import data_w3_wide

if TYPE_CHECKING:
    from benchmarks.workloads import Case


class NumPy(workloads.NumPy):
    def w3_wide(self) -> Case:
        return self.mlp(data_w3_wide(), "tanh")


class NumPyFused(workloads.NumPyFused):
    def w3_wide(self) -> Case:
        return self.mlp(data_w3_wide(), "tanh")
