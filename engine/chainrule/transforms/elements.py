"""The numbers that a function is given, one by one: what each is called, and what moving it alone makes."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import trees
from chainrule.primitives import reals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Element:
    """One number among the arguments of a function."""

    name: str  # as code would write it: `w[0, 1]`
    leaf: int  # counted over all arguments
    index: tuple[int, ...]

    def of(self, numbers: Any) -> float:
        """Return it, from the arguments or from what has their form, as gradients have."""
        return float(np.asarray(trees.leaves(numbers)[self.leaf])[self.index])

    def moved(self, args: Sequence[Any], step: float) -> Any:
        """Return the arguments with this one number moved."""
        leaves = trees.leaves(args)
        leaf = np.array(leaves[self.leaf])
        leaf[self.index] += step
        leaves[self.leaf] = leaf if leaf.ndim else float(leaf)
        return trees.replace(args, leaves)


def elements(names: Sequence[str], args: Sequence[Any]) -> Iterator[Element]:
    """Yield each number of some arguments.

    Examples:
        >>> [element.name for element in elements(["a", "w"], [1.0, {"x": np.zeros(2)}])]
        ['a', "w['x'][0]", "w['x'][1]"]
    """
    leaves = (leaf for name, arg in zip(names, args, strict=True) for leaf in trees.named_leaves(arg, name))
    for number, (name, leaf) in enumerate(leaves):
        for index in np.ndindex(np.shape(leaf)):
            yield Element(f"{name}[{', '.join(map(str, index))}]" if index else name, number, index)


def argument_names(function: Callable[..., Any], count: int) -> list[str]:
    """Return what a function calls its positional arguments.

    Examples:
        >>> argument_names(lambda a, *rest: a, 3)
        ['a', 'rest[0]', 'rest[1]']
    """
    try:
        signature = inspect.signature(getattr(function, "forward", function))  # of a primitive: its forward's
    except (TypeError, ValueError):
        return ["x"] if count == 1 else [f"args[{index}]" for index in range(count)]
    parameters = signature.parameters.values()
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    rest = next((p.name for p in parameters if p.kind == p.VAR_POSITIONAL), "args")
    return [*names, *(f"{rest}[{index}]" for index in range(count - len(names)))][:count]


def double(leaf: Any) -> Any:
    """Return a number or an array in double precision; of what is not real it raises."""
    number = np.asarray(reals.numbers_of(np.asarray(leaf)), np.float64)
    return number if number.ndim else float(number)
