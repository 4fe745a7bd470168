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

    Arrays = dict[str, Any]


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
    arrays = {f"parameters/{name}": p.data for name, p in model.named_parameters().items()}
    if optimizer is not None:
        arrays["optimizer/steps"] = optimizer.steps
        arrays |= {f"optimizer/{name}": slot.data for name, slot in _slots(optimizer).items()}
    for name, source in _generators(model, generator(rng)):
        arrays[f"generators/{name}"] = json.dumps(source.bit_generator.state, default=_plain)
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
    parameters = model.named_parameters()
    _check(path, {name: np.shape(p.data) for name, p in parameters.items()}, _under("parameters", arrays))
    if optimizer is not None:
        _restore_optimizer(path, optimizer, arrays)
    assign(parameters.values(), (arrays[f"parameters/{name}"][()] for name in parameters))
    states = _under("generators", arrays)
    for name, target in _generators(model, generator(rng)):
        if name in states:
            target.bit_generator.state = json.loads(str(states[name]), object_hook=_revived)


def _restore_optimizer(path: str | Path, optimizer: Optimizer, arrays: Mapping[str, Any]) -> None:
    saved = _under("optimizer", arrays)
    steps = saved.pop("steps", None)
    if steps is None:
        raise CheckpointError(
            f"load: {path} holds no optimiser. Save it: save({str(path)!r}, model, optimizer)."
        )
    slots = _slots(optimizer)
    _check(path, {name: slot.shape for name, slot in slots.items()}, saved)
    assign(slots.values(), (saved[name][()] for name in slots))
    optimizer.steps = int(steps)


def _slots(optimizer: Optimizer) -> dict[str, Value]:
    return {
        f"{name}/{index}": slot for name, slots in optimizer.state.items() for index, slot in enumerate(slots)
    }


def _generators(model: Module, rng: np.random.Generator) -> Iterator[tuple[str, np.random.Generator]]:
    """Yield the Generators that a training samples from, by name."""
    yield "fit", rng
    yield from generators(model)


def _under(folder: str, arrays: Mapping[str, Any]) -> Arrays:
    start = f"{folder}/"
    return {name.removeprefix(start): array for name, array in arrays.items() if name.startswith(start)}


def _check(path: str | Path, wanted: Mapping[str, tuple[int, ...]], saved: Mapping[str, Any]) -> None:
    found = {name: np.shape(array) for name, array in saved.items()}
    if wanted == found:
        return
    name = next(n for n in (*wanted, *found) if wanted.get(n) != found.get(n))
    described = [str(shapes.get(name, "no such entry")) for shapes in (found, wanted)]
    raise CheckpointError(
        f"load: {path} was saved from another model or optimiser: of {name} it has {described[0]}, where "
        f"there is {described[1]}. Make them as they were when they were saved."
    )


def _file(path: str | Path) -> Path:
    path = Path(path)
    return path if path.suffix else path.with_suffix(".npz")


def _plain(state: Any) -> Any:
    """Return an array in a Generator's state (MT19937 has one) as JSON can hold it."""
    return {"array": state.tolist(), "dtype": str(state.dtype)}


def _revived(state: dict[str, Any]) -> Any:
    return np.array(state["array"], state["dtype"]) if set(state) == {"array", "dtype"} else state
