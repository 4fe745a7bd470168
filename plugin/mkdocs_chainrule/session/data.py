"""What is kept or sent, as JSON data and back: checked before it is used, whoever wrote it.

The annotations of a class say what its data look like. A dataclass is an object of its fields, a named tuple
a list of them; both hold each other, tuples, and whatever JSON itself has. A field with a default may be
missing, as an earlier version may not have known it; a field that we do not know is passed over.

A module with such classes does without `from __future__ import annotations`, for they are read here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import MISSING, fields, is_dataclass
from functools import cache, partial
from hashlib import sha256
from types import UnionType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin

T = TypeVar("T")
Read = Callable[[Any], Any]

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
    return cast("T", _reader(kind)(data))


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
    readers = tuple(_reader(each) for each in arguments if each is not ...)
    if origin is UnionType:
        return partial(_either, arguments, readers)
    if origin is Mapping:
        return lambda data: {key: readers[1](value) for key, value in _checked(dict, data).items()}
    if origin is tuple and arguments[-1] is ...:
        return lambda data: tuple(map(readers[0], _checked(list, data)))
    return partial(_row, lambda *values: values, readers, 0) if origin is tuple else _class_reader(kind)


def _class_reader(kind: Any) -> Read:
    if is_dataclass(kind):
        return _object_reader(kind)
    if issubclass(kind, tuple):
        readers = tuple(map(_reader, kind.__annotations__.values()))
        return partial(_row, kind, readers, len(kind._field_defaults))
    return partial(_checked, kind)


def _object_reader(kind: Any) -> Read:
    known = _fields(kind).items()
    needed = {key for key, (_, _, default) in known if default is MISSING}
    return partial(_object, kind, {key: (name, _reader(kind)) for key, (name, kind, _) in known}, needed)


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


def _checked(kind: type, data: Any) -> Any:
    if type(data) is not kind and not (kind is float and type(data) is int):
        raise _wrong(data, kind)
    return data


def _one_of(words: tuple[Any, ...], data: Any) -> Any:
    if data not in words:
        raise ValueError(f"{data!r:.40} is none of {words}")
    return data


def _either(kinds: tuple[type, ...], readers: tuple[Read, ...], data: Any) -> Any:
    for reader in readers:
        with suppress(ValueError):
            return reader(data)
    raise _wrong(data, *kinds)


def _row(make: Callable[..., Any], readers: tuple[Read, ...], optional: int, data: Any) -> Any:
    if not 0 <= len(readers) - len(_checked(list, data)) <= optional:
        raise _wrong(data, list)
    return make(*[reader(value) for reader, value in zip(readers, data, strict=False)])


def _object(kind: Any, readers: dict[str, tuple[str, Read]], needed: set[str], data: Any) -> Any:
    if missing := needed - _checked(dict, data).keys():
        raise ValueError(f"{min(missing)} is missing")
    return kind(**{name: reader(data[key]) for key, (name, reader) in readers.items() if key in data})


def _wrong(data: Any, *kinds: type) -> ValueError:
    return ValueError(f"{data!r:.40} is no {' or '.join(_WORDS.get(kind, kind.__name__) for kind in kinds)}")
