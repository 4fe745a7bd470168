"""Containers of numbers and arrays: what `grad` takes as a parameter and an optimiser as all of them.

A tree is a number, an array or a Value (a leaf), or a dict, list, tuple, named tuple or dataclass of trees.
None is a tree without leaves.
"""

from __future__ import annotations

from copy import copy
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def leaves(tree: Any) -> list[Any]:
    """Return the leaves of a tree, in order: dicts by insertion, dataclasses by field.

    Examples:
        >>> leaves({"w": [1.0, 2.0], "b": (3.0, None)})
        [1.0, 2.0, 3.0]
    """
    return [leaf for _, leaf in named_leaves(tree)]


def named_leaves(tree: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each leaf with its name, as code would reach it from `name`.

    Examples:
        >>> list(named_leaves({"w": [1.0, 2.0], "b": 3.0}, "p"))
        [("p['w'][0]", 1.0), ("p['w'][1]", 2.0), ("p['b']", 3.0)]
    """
    branches = children(tree)
    if branches is None:
        yield name, tree
        return
    for suffix, child in branches:
        yield from named_leaves(child, name + suffix)


def replace(tree: Any, values: Sequence[Any]) -> Any:
    """Return a tree of the same form with other leaves.

    Examples:
        >>> replace({"w": [1.0, 2.0], "b": 3.0}, [10.0, 20.0, 30.0])
        {'w': [10.0, 20.0], 'b': 30.0}
    """
    return _rebuild(tree, iter(values))


def map_leaves(function: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """Return a tree of `function` applied to the leaves of `tree` and of others of the same form.

    Examples:
        >>> map_leaves(lambda p, g: p - 0.5 * g, {"w": 1.0}, {"w": 4.0})
        {'w': -1.0}
    """
    columns = [leaves(tree), *(leaves(other) for other in others)]
    return replace(tree, [function(*row) for row in zip(*columns, strict=True)])


def children(tree: Any) -> list[tuple[str, Any]] | None:
    """Return the branches of a tree with the code that reaches each from it, or None for a leaf.

    Examples:
        >>> children({"w": 1.0, "b": [2.0, 3.0]}), children(1.0)
        ([("['w']", 1.0), ("['b']", [2.0, 3.0])], None)
    """
    if tree is None:
        return []
    if isinstance(tree, dict):
        return [(f"[{key!r}]", child) for key, child in tree.items()]
    if is_sequence(tree):
        return [(f"[{index}]", child) for index, child in enumerate(tree)]
    if isinstance(tree, tuple):
        return [(f".{name}", child) for name, child in zip(tree._fields, tree, strict=True)]  # type: ignore[attr-defined]  # a named one
    if is_dataclass(tree) and not isinstance(tree, type):
        return [(f".{f.name}", getattr(tree, f.name)) for f in fields(tree) if f.init]
    return None


def is_sequence(tree: Any) -> bool:
    """Whether a tree is a list or a tuple, but no named tuple."""
    return isinstance(tree, (list, tuple)) and not hasattr(tree, "_fields")


def _rebuild(tree: Any, values: Iterator[Any]) -> Any:
    branches = children(tree)
    if branches is None:
        return next(values)
    if tree is None:
        return None
    kind: Any = type(tree)
    rebuilt = [_rebuild(child, values) for _, child in branches]
    if isinstance(tree, dict):
        made = copy(tree)  # a defaultdict is not made from its items, and a Counter's `update` adds
        for key, child in zip(tree, rebuilt, strict=True):
            made[key] = child
        return made
    if is_sequence(tree):
        return kind(rebuilt)
    return kind(**{name[1:]: child for (name, _), child in zip(branches, rebuilt, strict=True)})
