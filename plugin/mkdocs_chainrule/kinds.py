"""The kinds of text that options take: a time, a size, one of some words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_UNITS: dict[str, dict[str, float]] = {
    "seconds": {"ms": 0.001, "s": 1, "min": 60, "h": 3600},
    "bytes": {"b": 1, "kib": 2**10, "mib": 2**20, "gib": 2**30, "kb": 1e3, "mb": 1e6, "gb": 1e9},
}
# What the system's own calls take, and more than anybody wants.
_RANGES: dict[str, tuple[float, float, str]] = {
    "seconds": (0.001, 86_400 * 7, "from 1 ms to 168 h"),
    "bytes": (1, 2**40, "up to 1024 GiB"),
}
_MOST_WHOLE = 2**64 - 1
_DEPENDENCIES = {"module": r"[^\W\d]\w*(\.[^\W\d]\w*)*", "env": r"[^\s=]+"}
_YES = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of text.

    Attributes:
        takes: What it is in words, for errors and the reference page; what is in quotes is to be typed so.
        read: From what was typed to the value; raises ValueError, with what more is to be said, for what is
            not of this kind.

    Examples:
        >>> flag("yes")
        True
        >>> flag("maybe")
        Traceback (most recent call last):
        ...
        mkdocs_chainrule.errors.OptionError: takes "yes" or "no"
    """

    takes: str
    read: Callable[[object], Any]

    def __call__(self, typed: object) -> Any:
        """Return the value; raises OptionError with what is taken."""
        try:
            return self.read(typed)
        except ValueError as error:
            raise OptionError(f"takes {self.takes}{error}") from None


def suggestion(word: str, words: Iterable[str]) -> str:
    """Return which of some words was meant, in whatever case it was typed."""
    spelled = {known.lower(): known for known in words}
    close = get_close_matches(word.lower(), spelled, n=1)
    return f"; did you mean {spelled[close[0]]}?" if close else ""


def choice(*allowed: str) -> Kind:
    """Return what is one of some words, in whatever case it is typed."""
    spelled = {word.lower(): word for word in allowed}

    def read(value: object) -> str:
        # YAML reads a bare `no` or `off` as false, so what comes here may be a boolean.
        typed = {"False": "none", "True": "yes"}.get(str(value), str(value)).strip()
        if typed.lower() not in spelled:
            raise ValueError(suggestion(typed, allowed))
        return spelled[typed.lower()]

    return Kind(f"one of {', '.join(allowed)}", read)


def whole(lowest: int, highest: int = _MOST_WHOLE) -> Kind:
    """Return what is a whole number from the lowest on, up to the highest."""

    def read(value: object) -> int:
        if not re.fullmatch(r"[0-9]{1,20}", str(value).strip()) or not lowest <= int(str(value)) <= highest:
            raise ValueError
        return int(str(value))

    words = f"{lowest} or more" if highest == _MOST_WHOLE else f"from {lowest} to {highest}"
    return Kind(f"a whole number, {words}", read)


def like(pattern: str, what: str) -> Kind:
    """Return what is text of a pattern."""

    def read(value: object) -> str:
        if not re.fullmatch(pattern, str(value).strip()):
            raise ValueError
        return str(value).strip()

    return Kind(what, read)


def _quantity(kind: str, default_unit: str, example: str) -> Kind:
    lowest, highest, range_ = _RANGES[kind]

    def read(value: object) -> float:
        match = re.fullmatch(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*([a-z]*)", str(value).strip().lower())
        unit = match and (match[2] or default_unit)
        if not match or unit not in _UNITS[kind] or float(match[1]) <= 0:
            raise ValueError
        quantity = float(match[1]) * _UNITS[kind][unit]
        if not lowest <= quantity <= highest:
            raise ValueError(f", {range_}")
        return quantity

    return Kind(f"a positive number of {kind}, such as {example}", read)


def size(unit: str, example: str) -> Kind:
    """Return what is a number of bytes; the value is in the unit, which one without a unit has too."""
    quantity = _quantity("bytes", unit, example)
    return Kind(quantity.takes, lambda value: max(1, round(quantity.read(value) / _UNITS["bytes"][unit])))


def _flag(value: object) -> bool:
    yes = _YES.get(str(value).strip().lower())
    if yes is None:
        raise ValueError
    return yes


def _folder(value: object) -> str | None:
    # YAML reads `off` as false and `yes` as true.
    typed = {"False": "off", "True": "_freeze"}.get(str(value), str(value)).strip().rstrip("/")
    if typed.lower() in {"off", "no"}:
        return None
    if not typed or Path(typed).is_absolute() or ".." in Path(typed).parts:
        raise ValueError
    return typed


def _dependencies(value: object) -> tuple[str, ...]:
    parts = value if isinstance(value, list | tuple) else str(value).split(",")
    names = tuple(part for part in (str(part).strip() for part in parts) if part)
    for name in names:
        if not _is_dependency(name):
            raise ValueError(f", and not {name}")
    return names


def _files(value: object) -> dict[str, str]:
    """Return files by names, from a mapping in YAML or from text, `name=file` by comma."""
    if not isinstance(value, dict):
        value = dict(part.partition("=")[::2] for part in str(value).split(",") if part.strip())
    named = {str(name).strip(): str(path or "").strip() for name, path in value.items()}
    if not all(name and path for name, path in named.items()):
        raise ValueError
    return named


def _is_dependency(name: str) -> bool:
    kind, colon, rest = name.partition(":")
    if colon:
        return kind in _DEPENDENCIES and bool(re.fullmatch(_DEPENDENCIES[kind], rest))
    return not (name.startswith("/") or re.search(r"\*\*[^/]|[^/]\*\*", name))


seconds = _quantity("seconds", "s", '"2" or "500 ms"')
flag = Kind('"yes" or "no"', _flag)
prose = Kind("text", str)
file = Kind("the name of a file", str)
files = Kind('files by names, such as "{plotly: js/plotly.min.js}"', _files)
folder = Kind('"off" or a folder beside mkdocs.yml, such as "_freeze"', _folder)
dependencies = Kind(
    'globs from the folder of mkdocs.yml, such as "data/*.csv", "module:NAME" and "env:NAME"', _dependencies
)
