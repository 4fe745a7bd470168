"""Optimisers, by PyTorch's formulas, names and defaults.

Three ways to use one:

- by hand: `optimizer.zero_grad()`, `loss.backward()`, `optimizer.step()`;
- in `fit(model, data, optimizer=...)`;
- as a function, on any tree of arrays: `state = rule.init(params)`, then
  `params, state = rule.update(params, grads, state, step)`.

All three go through `_rule`, which is arithmetic and NumPy functions only, without a branch on a number:
so it can be traced.
"""

from typing import Never

from chainrule.habits.names import refuse
from chainrule.optim import rules
from chainrule.optim.optimizer import Optimizer, clip_by_norm, clip_by_value
from chainrule.optim.rules import *  # noqa: F403 - whoever adds a rule names it in that file alone

__all__ = ["Optimizer", "clip_by_norm", "clip_by_value"]
__all__ += rules.__all__


def __getattr__(name: str) -> Never:
    refuse(__name__, name, __all__)
