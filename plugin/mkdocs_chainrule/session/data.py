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
from dataclasses import MISSING, Field, fields, is_dataclass
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
    if is_dataclass(value):
        return {_key(each): to_data(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [to_data(each) for each in value]
    return dict(value) if isinstance(value, Mapping) else value


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
    origin = get_origin(kind)
    return _class_reader(kind) if origin is None else _generic_reader(origin, get_args(kind))


def _generic_reader(origin: Any, arguments: tuple[Any, ...]) -> Read:
    if origin is Literal:
        return partial(_one_of, arguments)
    if origin is UnionType:
        return partial(_either, arguments, tuple(map(_reader, arguments)))
    if origin is Mapping:
        return partial(_mapping, _reader(arguments[1]))
    if arguments[-1] is ...:
        return partial(_list, _reader(arguments[0]))
    return partial(_row, lambda *values: values, tuple(map(_reader, arguments)), len(arguments))


def _class_reader(kind: Any) -> Read:
    if is_dataclass(kind):
        types: dict[str, Any] = {each.name: each.type for each in fields(kind)}
        readers = {_key(each): (each.name, _reader(types[each.name])) for each in fields(kind)}
        needed = {_key(each) for each in fields(kind) if each.default is each.default_factory is MISSING}
        return partial(_object, kind, readers, needed)
    if issubclass(kind, tuple):
        types = kind.__annotations__.values()
        least = len(types) - len(kind._field_defaults)
        return partial(_row, kind, tuple(map(_reader, types)), least)
    return partial(_plain, kind)


def _plain(kind: type, data: Any) -> Any:
    if type(data) is not kind and not (kind is float and type(data) is int):
        raise _wrong(data, kind)
    return data


def _one_of(words: tuple[Any, ...], data: Any) -> Any:
    if data not in words:
        raise ValueError(f"{data!r:.40} is none of {words}")
    return data


def _either(kinds: tuple[Any, ...], readers: tuple[Read, ...], data: Any) -> Any:
    for reader in readers:
        with suppress(ValueError):
            return reader(data)
    raise _wrong(data, *kinds)


def _mapping(reader: Read, data: Any) -> Any:
    if type(data) is not dict:
        raise _wrong(data, dict)
    return {key: reader(value) for key, value in data.items()}


def _list(reader: Read, data: Any) -> Any:
    if type(data) is not list:
        raise _wrong(data, list)
    return tuple(map(reader, data))


def _row(make: Callable[..., Any], readers: tuple[Read, ...], least: int, data: Any) -> Any:
    if type(data) is not list or not least <= len(data) <= len(readers):
        raise _wrong(data, list)
    return make(*(reader(value) for reader, value in zip(readers, data, strict=False)))


def _object(kind: Any, readers: dict[str, tuple[str, Read]], needed: set[str], data: Any) -> Any:
    if type(data) is not dict:
        raise _wrong(data, kind)
    if missing := needed - data.keys():
        raise ValueError(f"{min(missing)} is missing")
    return kind(**{name: reader(data[key]) for key, (name, reader) in readers.items() if key in data})


def _key(field: Field[Any]) -> str:
    return str(field.metadata.get("key", field.name))


def _wrong(data: Any, *kinds: Any) -> ValueError:
    return ValueError(f"{data!r:.40} is no {' or '.join(_WORDS.get(kind, kind.__name__) for kind in kinds)}")
