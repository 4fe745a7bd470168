"""Random programs in the functions that PyTorch has too: values, first and second derivatives, of both.

A program is an expression, written twice. It is asked for at ordinary points; and, of one or two functions, at
edges: zeros of either sign, ties, infinities, NaN, arrays that are empty or broadcast. PyTorch is optional.
"""

from __future__ import annotations

import random
import time
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import chainrule as cr
from benchmarks.fuzzing.conventions import convention
from chainrule import Value, errors
from chainrule.value.backward import gradients

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

SINGLE, DOUBLE = 1e-4, 1e-9
ROUNDING = 30.0
_SHAPES = (((3,), ()), ((2, 3), (3,)), ((2, 3), (2, 1)), ((2, 1, 3), (4, 1)), ((3,), (3,)), ((1,), (3,)))
_ODD_SHAPES = (*_SHAPES, ((), ()), ((0,), ()), ((0, 3), (3,)), ((2, 3, 2), (1,)), ((1, 1), (2, 2)))
_EDGES = (0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, np.inf, -np.inf, np.nan, 1.5, 0.0, 1.0)


def _rows() -> dict[str, list[tuple[str, str]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for line in filter(None, Path(__file__).with_name("torch.txt").read_text(encoding="utf-8").splitlines()):
        if line.startswith("[") and line.endswith("]") and " " not in line:
            rows = groups.setdefault(line[1:-1], [])
        else:
            ours, theirs = line.split(" | ")
            rows.append((ours, theirs))
    return groups


ROWS = _rows()
"""Expressions by their group, each in our words and in PyTorch's."""


@dataclass
class Pair:
    """A program in both words.

    Attributes:
        ours: Our lines, one for each name; `theirs` are PyTorch's.
        inputs: The arrays by name.
        edge: Whether it is asked for at an edge.
        functions: What of `torch.txt` it is made of.
    """

    seed: int
    ours: list[str]
    theirs: list[str]
    inputs: dict[str, Any]
    edge: bool
    functions: list[str]

    @property
    def text(self) -> str:
        """Both, and what they are asked of."""
        lines = [f"{one}    # {other}" for one, other in zip(self.ours, self.theirs, strict=True)]
        return "\n".join([*(f"{name} = {array!r}" for name, array in self.inputs.items()), *lines])


def write(seed: int) -> Pair:
    """Return the program of a seed."""
    dice, rng = random.Random(seed), np.random.default_rng(seed)
    edge = dice.random() < 0.4
    dtype = np.float32 if dice.random() < 0.25 else np.float64
    matrices = dice.random() < 0.25
    shapes = [(3, 3), (3,)] if matrices else dice.choice(_ODD_SHAPES if edge else _SHAPES)
    names = ("m", "v") if matrices else ("a", "b")
    inputs = {
        name: _drawn(dice, rng, shape, edge=edge).astype(dtype)
        for name, shape in zip(names, shapes, strict=True)
    }
    if matrices:  # LAPACK does not return from some that are not finite
        inputs = {name: np.nan_to_num(array, posinf=2.0, neginf=-2.0) for name, array in inputs.items()}
    pair = Pair(seed, [], [], inputs, edge, [])
    steps = 1 if edge and dice.random() < 0.7 else dice.randrange(1, 4)
    kinds = (
        ["matrix", "unary", "unary", "moved"]
        if matrices
        else ["unary", "special", "binary"] * 2 + ["reduced", "along", "rows", "moved", "losses"]
    )
    last = names[0]
    for index in range(steps):
        group = "matrix" if matrices and not index else dice.choice(kinds)
        if group in {"along", "rows"} and not np.ndim(inputs[names[0]]):
            group = "unary"
        ours, theirs = dice.choice(ROWS[group])
        ndim = np.ndim(inputs[names[0]])
        fill = {"a": last, "b": names[1] if dice.random() < 0.8 else last, "m": "m", "v": "v"}
        fill |= {"axis": dice.choice((0, -1, max(ndim - 1, 0))), "keep": dice.random() < 0.5}
        last = f"x{index}"
        pair.ours.append(f"{last} = {ours.format(**fill)}")
        pair.theirs.append(f"{last} = {theirs.format(**fill)}")
        pair.functions.append(ours)
        if group in {"reduced", "along", "rows", "moved", "matrix", "losses"}:
            kinds = ["unary"]
    return pair


def _drawn(dice: random.Random, rng: Any, shape: tuple[int, ...], *, edge: bool) -> Any:
    if not edge:
        drawn = rng.normal(size=shape)
        return np.asarray(np.abs(drawn) + 0.1 if dice.random() < 0.5 else drawn)
    some = dice.sample(_EDGES, dice.randrange(1, 5))
    drawn = np.array([dice.choice(some) for _ in range(int(np.prod(shape)))], float).reshape(shape)
    return np.where(rng.random(shape) < 0.15, rng.normal(size=shape), drawn)


def _weights(shape: Sequence[int], start: float) -> Any:
    return np.cos(start + np.arange(int(np.prod(shape)))).reshape(shape)


def ours_of(pair: Pair, inputs: dict[str, Any]) -> Iterator[Any]:
    """Yield our value, first and second derivatives."""
    kind = next(iter(inputs.values())).dtype
    values = _run_ours(pair, inputs)
    out = values[f"x{len(pair.ours) - 1}"]
    yield out.data if isinstance(out, Value) else out
    leaves = [values[name] for name in inputs]
    total = np.sum(out * _weights(np.shape(out), 0.3).astype(kind))
    if not isinstance(total, Value):
        total = Value(total)
    first = gradients(total, leaves, differentiable=True)
    yield [each.data for each in first]
    again = sum(np.sum(each * _weights(np.shape(each), 1.1).astype(kind)) for each in first)
    yield (
        gradients(again, leaves)
        if isinstance(again, Value)
        else [np.zeros(np.shape(each.data)) for each in leaves]
    )


def intermediates(pair: Pair) -> list[Any]:
    """Return the numbers that a program starts from and comes by."""
    values = _run_ours(pair, pair.inputs)
    return [value.data if isinstance(value, Value) else value for value in values.values()]


def _run_ours(pair: Pair, inputs: dict[str, Any]) -> dict[str, Any]:
    from scipy import special

    kind = next(iter(inputs.values())).dtype
    space: dict[str, Any] = {"np": np, "cr": cr, "special": special, "eye": lambda n: np.eye(n, dtype=kind)}
    space["diag3"] = np.diag([3.0, 6.0, 10.0]).astype(kind)
    values: dict[str, Any] = {name: Value(array) for name, array in inputs.items()}
    for line in pair.ours:
        exec(line, space | values, values)
    return values


def theirs_of(pair: Pair, inputs: dict[str, Any]) -> Iterator[Any]:
    """Yield PyTorch's value, first and second derivatives."""
    import torch

    space: dict[str, Any] = {"torch": torch, "F": torch.nn.functional}
    leaves = {name: torch.tensor(array, requires_grad=True) for name, array in inputs.items()}
    kind = next(iter(leaves.values())).dtype
    space |= {
        "teye": lambda n: torch.eye(n, dtype=kind),
        "tdiag3": torch.diag(torch.tensor([3.0, 6.0, 10.0], dtype=kind)),
    }
    values: dict[str, Any] = dict(leaves)
    for line in pair.theirs:
        exec(line, space | values, values)
    out = values[f"x{len(pair.theirs) - 1}"]
    yield out.detach().numpy()
    given = list(leaves.values())
    total = (out * torch.tensor(_weights(out.shape, 0.3), dtype=kind)).sum()
    first = _gradients(torch, total, given)
    yield [each.detach().numpy() for each in first]
    again = sum((each * torch.tensor(_weights(each.shape, 1.1), dtype=kind)).sum() for each in first)
    yield [each.detach().numpy() for each in _gradients(torch, again, given)]


def _gradients(torch: Any, total: Any, leaves: list[Any]) -> list[Any]:
    if not total.requires_grad:
        return [torch.zeros_like(leaf) for leaf in leaves]
    found = torch.autograd.grad(total, leaves, create_graph=True, allow_unused=True, materialize_grads=True)
    return list(found)


def compared(pair: Pair) -> tuple[str, str]:
    """Return what became of a program, in a word and told: "same", "raised", "rounding", "refused", a convention or "differs"."""
    told: list[str] = []
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        ours, theirs = ours_of(pair, pair.inputs), theirs_of(pair, pair.inputs)
        for order, name in enumerate(("value", "first derivative", "second derivative")):
            one, other = _next(ours), _next(theirs)
            if isinstance(other, Exception):
                return (
                    ("raised", str(other))
                    if isinstance(one, Exception) or order
                    else ("only ours", f"{one!r} {other!r}")
                )
            if isinstance(one, (errors.BackwardError, errors.UnsupportedError, errors.ShapeError)):
                return "refused", str(one)
            if isinstance(one, Exception):
                return "differs", f"{name}: ours {one!r}, PyTorch {other!r}"
            told = _told(one, other)
            if told and _is_rounding(pair, order, one, other):
                return "rounding", ""
            if told:
                why = convention(pair, one, other, intermediates(pair))
                return (f"convention: {why}" if why else "differs"), f"{name}: {told}"
    return "same", ""


def fuzz_torch(console: Console, programs: int, seed: int) -> bool:
    """Try many programs, print those that differ, and return whether there are none.

    Raises:
        ModuleNotFoundError: PyTorch or SciPy is not installed.
    """
    import scipy  # noqa: F401 - it is an extra
    import torch  # noqa: F401 - it is optional

    begun = time.monotonic()
    kinds: Counter[str] = Counter()
    for number in range(seed, seed + programs):
        pair = write(number)
        kind, told = compared(pair)
        kinds[kind] += 1
        if kind == "differs":
            console.print(
                f"seed {number}: {told}\n{pair.text}\n", markup=False, highlight=False, soft_wrap=True
            )
    for kind, often in kinds.most_common():
        console.print(f"{often:6} {kind}", markup=False, highlight=False, soft_wrap=True)
    took = time.monotonic() - begun
    console.print(
        f"{programs} programs from seed {seed} against PyTorch: {kinds['differs']} differ; {took:.0f} s",
        highlight=False,
    )
    return not kinds["differs"]


def _next(parts: Iterator[Any]) -> Any:
    try:
        return next(parts)
    except Exception as error:  # noqa: BLE001 -- whatever it is, the other has to raise it too
        return error


def _told(one: Any, other: Any) -> str:
    for a, b in zip(*(part if isinstance(part, list) else [part] for part in (one, other)), strict=True):
        if np.shape(a) != np.shape(b):
            return f"ours of shape {np.shape(a)}, PyTorch of {np.shape(b)}"
        single = np.result_type(b) == np.float32
        if single and np.ndim(a) and np.result_type(a) != np.float32:
            return f"ours of {np.result_type(a)}, PyTorch of float32"
        rtol = SINGLE if single else DOUBLE
        scale = max(1.0, float(np.max(np.abs(np.nan_to_num(b, posinf=0.0, neginf=0.0)), initial=0.0)))
        if not np.allclose(a, b, rtol=rtol, atol=rtol * scale, equal_nan=True):
            return f"ours {a!r}, PyTorch {b!r}"
    return ""


def _is_rounding(pair: Pair, order: int, one: Any, other: Any) -> bool:
    """Whether both are no further apart than roundings of the inputs make ours."""
    apart = _apart(one, other)
    for by in (1, -1, 3):
        least = by * (1e-7 if next(iter(pair.inputs.values())).dtype == np.float32 else 1e-15)
        moved = {name: array * array.dtype.type(1 + least) for name, array in pair.inputs.items()}
        parts = ours_of(pair, moved)
        for _ in range(order + 1):
            beside = _next(parts)
        if (
            not isinstance(beside, Exception)
            and np.isfinite(apart)
            and _apart(beside, one) * ROUNDING > apart
        ):
            return True
    return False


def _apart(one: Any, other: Any) -> float:
    most = 0.0
    for a, b in zip(*(part if isinstance(part, list) else [part] for part in (one, other)), strict=True):
        if np.shape(a) != np.shape(b) or np.any(np.isnan(a) != np.isnan(b)):
            return float("inf")
        gap = np.where(
            np.asarray(a) == np.asarray(b), 0.0, np.abs(np.asarray(a, float) - np.asarray(b, float))
        )
        most = max(most, float(np.max(np.where(np.isnan(gap), 0.0, gap), initial=0.0)))
    return most
