"""What is kept or sent, as JSON data and back: checked before it is used, whoever wrote it.

The annotations of a class say what its data look like. A dataclass is an object of its fields, a named tuple
a list of them; both hold each other, tuples, and whatever JSON itself has. A field with a default may be
missing, as an earlier version may not have known it; a field that we do not know is passed over.

A module with such classes does without `from __future__ import annotations`, for they are read here.
"""

from __future__ import annotations

import json
import reprlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import MISSING, fields, is_dataclass
from functools import cache, partial
from hashlib import sha256
from operator import call
from types import UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin

T = TypeVar("T")
Read = Callable[[Any], Any]

_MOST = 2**63  # what a file or a clock may come to
_WORDS = {str: "text", int: "whole number", float: "number", type(None): "null"}


def to_data(value: Any) -> Any:
    """Return a value as JSON data.

    Examples:
        >>> from mkdocs_chainrule.session.block import Output, Stream
        >>> to_data(Output((Stream("stdout", "7"),)))
        {'items': [{'stream': 'stdout', 'text': '7'}], 'failure': None, 'seconds': 0.0}
    """
    if isinstance(value, tuple):
        return [to_data(each) for each in value]
    if is_dataclass(value):
        kind: Any = type(value)
        return {key: to_data(getattr(value, name)) for key, (name, _, _) in _fields(kind).items()}
    return value


def from_data(kind: Callable[..., T], data: Any) -> T:
    """Return the value that `to_data` made data of.

    Raises:
        ValueError: It is data of something else.

    Examples:
        >>> from mkdocs_chainrule.session.block import Place
        >>> from_data(Place, ["docs/page.md", "12"])
        Traceback (most recent call last):
        ValueError: '12' is no whole number or null
    """
    read: Callable[[Any], T] = _reader(kind)
    return read(data)


def digest(data: Any) -> str:
    """Return the SHA-256 of bytes, or of JSON data, which are written in one way."""
    if not isinstance(data, bytes):
        text = json.dumps(data, sort_keys=True, ensure_ascii=False)
        data = text.encode("utf-8", "surrogatepass")
    return sha256(data).hexdigest()


@cache
def _reader(kind: Any) -> Read:
    """Return what reads a value of some kind, as an annotation names it."""
    if kind is Any:
        return lambda data: data
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return partial(_one_of, arguments)
    if origin is UnionType:
        plain = _WORDS.keys() >= set(arguments)
        return _checker(arguments) if plain else partial(_either, arguments)
    if origin is Mapping:
        value_of = _reader(arguments[1])
        return lambda data: {key: value_of(value) for key, value in _checked((dict,), data).items()}
    if origin is tuple and arguments[-1] is ...:
        return lambda data: tuple(map(_reader(arguments[0]), _checked((list,), data)))
    return partial(_row, lambda *values: values, _readers(arguments), 0) if origin else _class_reader(kind)


def _readers(kinds: Iterable[Any]) -> list[Read]:
    return [_reader(kind) for kind in kinds]


def _class_reader(kind: Any) -> Read:
    if is_dataclass(kind):
        return _object_reader(kind)
    if issubclass(kind, tuple):
        return partial(_row, kind, _readers(kind.__annotations__.values()), len(kind._field_defaults))
    return _checker((kind,))


def _object_reader(kind: Any) -> Read:
    known = _fields(kind)
    needed = {key for key, (_, _, default) in known.items() if default is MISSING}
    return partial(_object, kind, {key: (name, _reader(of)) for key, (name, of, _) in known.items()}, needed)


@cache
def _fields(kind: Any) -> dict[str, tuple[str, Any, Any]]:
    """Return the fields of a dataclass by their keys in data: name, kind, and default or what makes it."""
    return {
        each.metadata.get("key", each.name): (
            each.name,
            each.type,
            each.default_factory if each.default is MISSING else each.default,
        )
        for each in fields(kind)
    }


def _checked(kinds: tuple[type, ...], data: Any) -> Any:
    if type(data) not in kinds:
        raise _wrong(data, *kinds)
    return data


def _checked_number(kinds: tuple[type, ...], data: Any) -> Any:
    kind = type(data)
    if kind not in kinds and not (float in kinds and kind is int):
        raise _wrong(data, *kinds)
    if (kind is int or kind is float) and not -_MOST <= data <= _MOST:  # nor NaN, which is in no order
        raise ValueError(f"{_brief(data)} is no number to reckon with")
    return data


def _checker(kinds: tuple[type, ...]) -> Read:
    return partial(_checked_number if {int, float} & set(kinds) else _checked, kinds)


def _one_of(words: tuple[Any, ...], data: Any) -> Any:
    if data not in words:
        raise ValueError(f"{_brief(data)} is none of {words}")
    return data


def _either(kinds: tuple[type, ...], data: Any) -> Any:
    if data is None and type(None) in kinds:  # as most of what need not be there
        return None
    for kind in kinds:
        with suppress(ValueError):
            return _reader(kind)(data)
    raise _wrong(data, *kinds)


def _row(make: Callable[..., Any], readers: list[Read], optional: int, data: Any) -> Any:
    if type(data) is not list or not 0 <= len(readers) - len(data) <= optional:
        raise _wrong(data, list)
    return make(*map(call, readers, data))


def _object(kind: Any, readers: dict[str, tuple[str, Read]], needed: set[str], data: Any) -> Any:
    if missing := needed - _checked((dict,), data).keys():
        raise ValueError(f"{min(missing)} is missing")
    return kind(**{name: reader(data[key]) for key, (name, reader) in readers.items() if key in data})


def _wrong(data: Any, *kinds: type) -> ValueError:
    words = " or ".join(_WORDS.get(kind, kind.__name__) for kind in kinds)
    return ValueError(f"{_brief(data)} is no {words}")


def _brief(data: Any) -> str:
    """Return how data look, however deep or long they are."""
    return reprlib.repr(data)[:40]
