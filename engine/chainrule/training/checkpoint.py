"""A training in a file: parameters, the optimiser's state and the Generators', in NumPy's own format.

An `.npz` file holds arrays and text only, so that to load one runs nobody's code. Its entries are

    parameters/0.weight    each parameter, by name
    optimizer/steps        how many steps were taken
    optimizer/mean/0       what the optimiser remembers: by name, then by index of the parameter
    generators/fit         the state of each Generator, as JSON
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import CheckpointError
from chainrule.generator import generator
from chainrule.nn.layers import generators
from chainrule.optim.optimizer import assign

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chainrule.generator import Seed
    from chainrule.nn.module import Module
    from chainrule.optim.optimizer import Optimizer
    from chainrule.value.value import Value

_STEPS = "optimizer/steps"


def save(path: str | Path, model: Module, optimizer: Optimizer | None = None, rng: Seed = None) -> None:
    """Write what a training needs to go on where it is, bit for bit.

    Args:
        path: Of the file; `.npz` is added if it has no suffix.
        model: Its parameters, and the Generators of its Dropout layers, are kept.
        optimizer: Its state is kept, if given.
        rng: The Generator that `fit` samples from, if not `chainrule.rng`: `history.rng`.

    Examples:
        >>> import tempfile
        >>> from chainrule import load, nn, save
        >>> model, other = nn.Linear(1, 2), nn.Linear(1, 2)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save(f"{folder}/model", model)
        ...     load(f"{folder}/model", other)
        >>> bool((model.weight.data == other.weight.data).all())
        True
    """
    arrays: dict[str, Any] = {name: value.data for name, value in _values(model, optimizer).items()}
    if optimizer is not None:
        arrays[_STEPS] = optimizer.steps
    for name, source in _generators(model, generator(rng)):
        arrays[name] = json.dumps(source.bit_generator.state, default=np.ndarray.tolist)
    with _file(path).open("wb") as file:
        np.savez(file, **arrays)


def load(path: str | Path, model: Module, optimizer: Optimizer | None = None, rng: Seed = None) -> None:
    """Read what `save` wrote, into a model, an optimiser and a Generator made as those were.

    Args:
        path: Of the file.
        model: Its parameters are overwritten, each in its own array.
        optimizer: Its state is overwritten, if given.
        rng: The Generator to restore; `chainrule.rng` unless given.

    Raises:
        CheckpointError: The file is of another model or optimiser; nothing was changed.

    Examples:
        >>> import tempfile
        >>> from chainrule import load, nn, save
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save(f"{folder}/model", nn.Linear(1, 2))
        ...     load(f"{folder}/model", nn.Linear(3, 2))
        Traceback (most recent call last):
        ...
        chainrule.errors.CheckpointError: ...
    """
    with np.load(_file(path), allow_pickle=False) as file:
        arrays = dict(file)
    values, steps = _values(model, optimizer), arrays.pop(_STEPS, None)
    if optimizer is not None and steps is None:
        raise CheckpointError(
            f"load: {path} holds no optimiser. Save it: save({str(path)!r}, model, optimizer)."
        )
    read = ("parameters/",) if optimizer is None else ("parameters/", "optimizer/")
    _check(path, values, {name: array for name, array in arrays.items() if name.startswith(read)})
    assign(values.values(), (arrays[name][()] for name in values))
    if optimizer is not None:
        optimizer.steps = int(steps)
    for name, target in _generators(model, generator(rng)):
        if name in arrays:
            target.bit_generator.state = json.loads(str(arrays[name]))


def _values(model: Module, optimizer: Optimizer | None) -> dict[str, Value]:
    """Return the Values that a training moves, by the names of their entries."""
    values = {f"parameters/{name}": value for name, value in model.named_parameters()}
    for name, slots in optimizer.state.items() if optimizer else ():
        values |= {f"optimizer/{name}/{index}": slot for index, slot in enumerate(slots)}
    return values


def _generators(model: Module, rng: np.random.Generator) -> Iterator[tuple[str, np.random.Generator]]:
    """Yield the Generators that a training samples from, by the names of their entries."""
    yield "generators/fit", rng
    yield from ((f"generators/{name}", source) for name, source in generators(model))


def _check(path: str | Path, values: Mapping[str, Value], saved: Mapping[str, Any]) -> None:
    """Refuse a file that holds others than these Values, or in other shapes."""
    wanted = {name: value.shape for name, value in values.items()}
    found = {name: array.shape for name, array in saved.items()}
    if wanted == found:
        return
    name = next(n for n in (*wanted, *found) if wanted.get(n) != found.get(n))
    described = [str(shapes.get(name, "no such entry")) for shapes in (found, wanted)]
    raise CheckpointError(
        f"load: {path} was saved from another model or optimiser: of {name.partition('/')[2]} it has "
        f"{described[0]}, where there is {described[1]}. Make them as they were when they were saved."
    )


def _file(path: str | Path) -> Path:
    path = Path(path)
    return path if path.suffix else path.with_suffix(".npz")
