"""One module per engine: each does the workloads in the way its own users would write them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.workloads import Engine

# The light ones first: W1 feels the garbage collector, and that feels how much is loaded.
PEERS = {
    "numpy": "plain:NumPy",
    "numpy-out": "plain:NumPyFused",
    "chainrule": "chainrule_eager:ChainruleEager",
    "chainrule-jit": "chainrule_jit:ChainruleJit",
    "micrograd": "micrograd_scalars:Micrograd",
    "autograd": "hips_autograd:Autograd",
    "mygrad": "mygrad_tensors:MyGrad",
    "torch": "torch_eager:Torch",
    "jax": "jax_steps:JaxJit",
    "jax-scan": "jax_scan:JaxScan",
}


def load(name: str) -> Engine:
    """Return the engine by name, its library imported.

    Raises:
        ImportError: The library is not installed.
    """
    module, _, attribute = PEERS[name].partition(":")
    engine: Engine = getattr(importlib.import_module(f"benchmarks.peers.{module}"), attribute)()
    engine.load()
    return engine
