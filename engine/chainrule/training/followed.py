"""The parameters of a training, as they are followed: each number, or the norm of each array or layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainrule.transforms.elements import elements

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from chainrule.value.value import Value

_MOST = 16  # lines that can be told apart


class Followed:
    """What is followed of some parameters: their numbers where these are few, else norms.

    Attributes:
        names: What each line is called; none, if even layers are too many.
        kind: "parameter", or "norm of a parameter", or "norm of a layer".

    Examples:
        >>> from chainrule import nn
        >>> Followed(dict(nn.Linear(1, 2).named_parameters())).names
        ['weight[0, 0]', 'weight[0, 1]', 'bias[0]', 'bias[1]']
        >>> Followed(dict(nn.MLP(2, [9, 2]).named_parameters())).kind
        'norm of a parameter'
    """

    def __init__(self, parameters: Mapping[str, Value]) -> None:
        self._values = list(parameters.values())
        names, sizes = list(parameters), [np.size(value.data) for value in self._values]
        layers = [name.rpartition(".")[0] for name in names]
        self._ends = np.arange(len(names))  # the line to which each array belongs
        if sum(sizes) <= _MOST:
            self.kind = "parameter"
            self.names = [one.name for one in elements(names, [value.data for value in self._values])]
        elif len(names) <= _MOST:
            self.kind, self.names = "norm of a parameter", names
        else:
            self.kind, self.names = "norm of a layer", list(dict.fromkeys(layers))
            self._ends = np.array([self.names.index(layer) for layer in layers])
        if len(self.names) > _MOST:
            self.names = []

    def now(self) -> NDArray[np.float64]:
        """Return the height of each line as the parameters are now."""
        if not self.names:
            return np.zeros(0)
        numbers = [np.asarray(value.data, float).ravel() for value in self._values]
        if self.kind == "parameter":
            return np.concatenate(numbers)
        with np.errstate(over="ignore"):  # of a training that explodes
            squares = np.array([part @ part for part in numbers])
        norms: NDArray[np.float64] = np.sqrt(np.bincount(self._ends, squares, len(self.names)))
        return norms
