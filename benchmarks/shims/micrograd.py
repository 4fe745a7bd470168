"""micrograd's names, as a plugin of pytest for its own tests, which compare with PyTorch."""

import sys

import chainrule as cr
from benchmarks.shims import module


def install() -> None:
    """Enter all modules that the tests import."""
    module("micrograd", {})
    module("micrograd.engine", {"Value": cr.Value})
    sys.modules["micrograd.nn"] = sys.modules["micrograd"].nn = cr.micrograd


install()
