"""tinygrad's names, as a plugin of pytest for its tests of operations, which compare with PyTorch.

A tensor holds a Value, or a plain array where it has no gradient: whole numbers and booleans. What a method
is here, `tinygrad_methods` says.
"""

from __future__ import annotations

import operator
from contextlib import nullcontext
from inspect import signature
from types import SimpleNamespace
from typing import Any

import numpy as np

import chainrule as cr
from benchmarks.shims import InternalError, NotOfferedError, module
from benchmarks.shims.tinygrad_methods import CREATED, METHODS, data
from chainrule.errors import UnsupportedError

SHORTER = {np.dtype("float64"): np.dtype("float32"), np.dtype("int64"): np.dtype("int32")}
"""tinygrad's types of numbers, where nothing else is said, and NumPy's."""

OWN = {"dtype", "size", "fill_value"}
"""Options of tinygrad's own: in what type it adds up, and shapes that are known before the numbers."""

DTYPES = {
    **{name: np.dtype(name) for name in ("bool", "int8", "int16", "int64", "uint8", "uint16", "uint32")},
    **{name: np.dtype(name) for name in ("uint64", "float16", "float32", "float64")},
    "half": np.dtype("float16"),
    "float": np.dtype("float32"),
    "default_float": np.dtype("float32"),
    "int": np.iinfo("int32"),
    "int32": np.iinfo("int32"),
    "default_int": np.iinfo("int32"),
}


class Refused(RuntimeError, ValueError, TypeError, IndexError):
    """What NumPy refuses by one of these errors, tinygrad and PyTorch refuse by another."""


class _Named(type):
    def __getattr__(cls, name: str) -> Any:
        raise NotOfferedError(f"tinygrad.Tensor.{name}")


class Tensor(metaclass=_Named):
    """A Value, or a plain array, by the name that tinygrad gives it."""

    def __init__(self, given: Any, dtype: Any = None, **_: Any) -> None:
        if not isinstance(given, cr.Value):
            given = np.asarray(given, None if dtype is None else np.dtype(dtype))
            if given.dtype.kind == "f":
                given = cr.Value(given if dtype else given.astype(SHORTER.get(given.dtype, given.dtype)))
        self.value = given

    shape = property(lambda self: self.value.shape)
    ndim = property(lambda self: self.value.ndim)
    dtype = property(lambda self: self.numpy().dtype)
    T = property(lambda self: Tensor(self.value.T))
    grad = property(lambda self: Tensor(np.broadcast_to(self.value.grad * 1.0, self.shape)))

    def numpy(self) -> Any:
        """Return the numbers."""
        array = np.asarray(data(self.value))
        return array.astype(SHORTER.get(array.dtype, array.dtype))

    def item(self) -> Any:
        """Return the number."""
        return self.numpy().item()

    def tolist(self) -> Any:
        """Return the numbers as lists."""
        return self.numpy().tolist()

    def backward(self) -> Tensor:
        """As `Value.backward`."""
        getattr(self.value, "backward", int)()
        return self

    def gradient(self, *by: Tensor) -> list[Tensor]:
        """Return the gradients by some tensors."""
        self.backward()
        return [tensor.grad for tensor in by]

    def realize(self, *_: Any) -> Tensor:
        """Return itself: here all is computed at once."""
        return self

    def __getitem__(self, index: Any) -> Tensor:
        return wrapped(operator.getitem)(self, index)

    def __getattr__(self, name: str) -> Any:
        raise NotOfferedError(f"tinygrad.Tensor.{name}")

    def __bool__(self) -> bool:
        return bool(self.value)

    def __len__(self) -> int:
        return len(self.value)

    __hash__ = object.__hash__


def plain(given: Any) -> Any:
    """Return arguments with what the tensors in them hold."""
    if isinstance(given, (tuple, list)):
        return type(given)(map(plain, given))
    return given.value if isinstance(given, Tensor) else given


def tensors(result: Any) -> Any:
    """Return results as tensors."""
    return tuple(map(tensors, result)) if isinstance(result, (tuple, list)) else Tensor(result)


def wrapped(function: Any) -> Any:
    """Return a function of tensors for one of Values and arrays."""

    try:
        names = set(signature(function).parameters)
    except ValueError:  # of what is written in C
        names = set()

    def done(*args: Any, **options: Any) -> Any:
        if unknown := set(options) - names:
            fails = InternalError if unknown & OWN else NotOfferedError
            raise fails(f"{', '.join(unknown)}= of a method of tinygrad.Tensor")
        try:
            return tensors(
                function(*map(plain, args), **{name: plain(given) for name, given in options.items()})
            )
        except UnsupportedError:
            raise
        except (ValueError, TypeError, IndexError) as error:
            raise Refused(str(error)) from error

    return done


def install() -> None:
    """Enter all modules that the tests import."""
    for name, method in METHODS.items():
        setattr(Tensor, name, wrapped(method))
    for name, function in CREATED.items():
        setattr(Tensor, name, staticmethod(wrapped(function)))
    named = SimpleNamespace(**DTYPES)
    renderer = SimpleNamespace(supported_dtypes=lambda: tuple(DTYPES.values()))
    devices = type("Devices", (dict,), {"DEFAULT": "CPU"})(CPU=SimpleNamespace(renderer=renderer))
    module("tinygrad", {"Tensor": Tensor, "dtypes": named, "Device": devices})
    module("tinygrad.tensor", {"_to_np_dtype": np.dtype})
    module("tinygrad.renderer", {})
    module("tinygrad.renderer.nir", {"NIRRenderer": type("NIRRenderer", (), {})})
    module(
        "tinygrad.helpers",
        {
            "getenv": lambda _, default=0: default,
            "DEV": SimpleNamespace(interface="", renderer=""),
            "Context": lambda **_: nullcontext(),
            "DEBUG": 0,
            "IMAGE": 0,
        },
        InternalError,
    )


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Leave convolution and pooling out."""
    items[:] = [item for item in items if not any(word in item.name for word in ("conv", "pool"))]


install()
