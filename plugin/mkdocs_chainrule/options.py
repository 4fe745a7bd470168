"""Every option that an author can set, as one table.

The fence's validator, the plugin's configuration, the limits of a block and the settings of its picture, and
the reference page all read `OPTIONS`, so an option is described once: where it may stand, its default, what
its text means, and what it does. The table is the last thing here, for its defaults are parsed as it is made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mkdocs_chainrule.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_UNITS: dict[str, dict[str, float]] = {
    "seconds": {"ms": 0.001, "s": 1, "min": 60, "h": 3600},
    "bytes": {"b": 1, "kib": 2**10, "mib": 2**20, "gib": 2**30, "kb": 1e3, "mb": 1e6, "gb": 1e9},
}
_DEPENDENCIES = {"module": r"[^\W\d]\w*(\.[^\W\d]\w*)*", "env": r"[^\s=]+"}
_YES = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


def _quantity(value: object, kind: str, default_unit: str, example: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d*)?|\.\d+)\s*([a-z]*)", str(value).strip().lower())
    unit = match and (match[2] or default_unit)
    if not match or unit not in _UNITS[kind] or float(match[1]) <= 0:
        raise OptionError(f"takes a positive number of {kind}, such as {example}")
    return float(match[1]) * _UNITS[kind][unit]


def _seconds(value: object) -> float:
    return _quantity(value, "seconds", "s", '"2" or "500 ms"')


def _size(unit: str, example: str) -> Callable[[object], int]:
    return lambda value: max(1, round(_quantity(value, "bytes", unit, example) / _UNITS["bytes"][unit]))


def _whole(lowest: int) -> Callable[[object], int]:
    def parse(value: object) -> int:
        if not re.fullmatch(r"\d+", str(value).strip()) or int(str(value)) < lowest:
            raise OptionError(f"takes a whole number, {lowest} or more")
        return int(str(value))

    return parse


def _flag(value: object) -> bool:
    flag = _YES.get(str(value).strip().lower())
    if flag is None:
        raise OptionError('takes "yes" or "no"')
    return flag


def _choice(*allowed: str) -> Callable[[object], str]:
    spelled = {word.lower(): word for word in allowed}

    def parse(value: object) -> str:
        # YAML reads a bare `no` or `off` as false, so what comes here may be a boolean.
        text = {"False": "none", "True": "yes"}.get(str(value), str(value)).strip()
        if text.lower() not in spelled:
            raise OptionError(f"takes one of {', '.join(allowed)}{_suggestion(text, allowed)}")
        return spelled[text.lower()]

    return parse


def _folder(value: object) -> str | None:
    # YAML reads `off` as false and `yes` as true.
    text = {"False": "off", "True": "_freeze"}.get(str(value), str(value)).strip().rstrip("/")
    if text.lower() in {"off", "no"}:
        return None
    if not text or Path(text).is_absolute() or ".." in Path(text).parts:
        raise OptionError('takes a folder beside mkdocs.yml, such as "_freeze"')
    return text


def _dependencies(value: object) -> tuple[str, ...]:
    parts = value if isinstance(value, list | tuple) else str(value).split(",")
    names = tuple(part for part in (str(part).strip() for part in parts) if part)
    for name in names:
        kind, colon, rest = name.partition(":")
        if colon and not (kind in _DEPENDENCIES and re.fullmatch(_DEPENDENCIES[kind], rest)):
            raise OptionError(f"takes globs, module:NAME and env:NAME, and not {name}")
        if not colon and (name.startswith("/") or re.search(r"\*\*[^/]|[^/]\*\*", name)):
            raise OptionError(f'takes globs from the folder of mkdocs.yml, such as "data/*.csv", not {name}')
    return names


def _like(pattern: str, what: str) -> Callable[[object], str]:
    def parse(value: object) -> str:
        if not re.fullmatch(pattern, str(value).strip()):
            raise OptionError(f"takes {what}")
        return str(value).strip()

    return parse


@dataclass(frozen=True, slots=True)
class Option:
    """One row of the table.

    Attributes:
        name: As it is typed.
        where: "plugin" (mkdocs.yml), "fence", or "both".
        written: What stands where nobody sets it, as an author would write it; None is nothing.
        parse: From what was typed to the value; raises OptionError with what it takes.
        affects: "run" if it bears on what the code does, "show" if only on the picture, "site" otherwise.
        meaning: One line for the reference page, odd cases included.
    """

    name: str
    where: Literal["plugin", "fence", "both"]
    written: str | None
    parse: Callable[[object], Any]
    affects: Literal["run", "show", "site"]
    meaning: str

    @property
    def default(self) -> Any:
        """The value where nobody sets it."""
        return None if self.written is None else self.parse(self.written)


def _suggestion(word: str, words: Iterable[str]) -> str:
    """Return which of some words was meant, in whatever case it was typed."""
    spelled = {known.lower(): known for known in words}
    close = get_close_matches(word.lower(), spelled, n=1)
    return f"; did you mean {spelled[close[0]]}?" if close else ""


def block_options(
    typed: Mapping[str, str], plugin: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], list[str]]:
    """Return all option values of a block, the fence's over the plugin's over the default, and what is wrong.

    The fence's are given as they were typed, the plugin's parsed. What is wrong is one message for each
    option that was left out of account.

    Examples:
        >>> values, wrong = block_options({"timeout": "500 ms", "tiemout": "2"}, {"memory": 512})
        >>> values["timeout"], values["memory"], values["on_error"]
        (0.5, 512, 'stop')
        >>> wrong
        ['unknown option tiemout="2"; did you mean timeout?']
    """
    inherited = {name for name, option in _BLOCK_OPTIONS.items() if option.where != "fence"}
    values = DEFAULTS | {name: value for name, value in (plugin or {}).items() if name in inherited}
    wrong = []
    for name, text in typed.items():
        if name not in FENCE_OPTIONS:
            wrong.append(_unknown(name, text))
            continue
        try:
            own = FENCE_OPTIONS[name].parse(text)
            # Of what is a list of things, a fence adds its own to the site's.
            values[name] = (*values[name], *own) if isinstance(own, tuple) and values[name] else own
        except OptionError as error:
            wrong.append(f'{name}="{text}": {name} {error}')
    return values, wrong


def _unknown(name: str, text: str) -> str:
    if name in PLUGIN_OPTIONS:
        return f"{name} is an option of the plugin in mkdocs.yml, not of a fence"
    typed = name if text == name else f'{name}="{text}"'  # SuperFences reads a bare word as its own value
    return f"unknown option {typed}{_suggestion(name, FENCE_OPTIONS)}"


OPTIONS: tuple[Option, ...] = (
    Option(
        "execute",
        "plugin",
        "auto",
        _choice("auto", "always", "never"),
        "site",
        "auto: run what neither store nor freeze answers; always: run all, and write the freeze; never: run "
        "nothing, and show HTML of no block raw.",
    ),
    Option(
        "freeze",
        "plugin",
        "off",
        _folder,
        "site",
        "A folder beside mkdocs.yml for results to commit, such as `_freeze`: `mkdocs build` then runs "
        "nothing and names what is stale, `mkdocs serve` runs it and writes it back.",
    ),
    Option("cache", "both", "yes", _flag, "run", "no: the blocks of its page run at every build."),
    Option(
        "depends",
        "both",
        None,
        _dependencies,
        "run",
        "What blocks read unseen, by comma: globs, `module:NAME`, `env:NAME`. A fence's add to the site's.",
    ),
    Option("timeout", "both", "30 s", _seconds, "run", "Time that one block may take."),
    Option(
        "memory",
        "both",
        "2048 MiB",
        _size("mib", '"512" or "2 GiB"'),
        "run",
        "Memory of one block, above the worker's base.",
    ),
    Option(
        "max_output",
        "plugin",
        "1 MiB",
        _size("b", '"100 KiB" or "1 MiB"'),
        "run",
        "Text of one block; the rest is cut, and said.",
    ),
    Option("workers", "plugin", None, _whole(1), "site", "Sessions that run at once; the cores if unset."),
    Option(
        "on_error",
        "both",
        "stop",
        _choice("stop", "continue"),
        "run",
        "After an exception the page's later blocks do not run (stop), or do (continue).",
    ),
    Option(
        "expect",
        "fence",
        None,
        _like(r"[A-Za-z_][\w.]*", 'the name of an exception, such as "ValueError"'),
        "run",
        "The exception that must come, shown as an example.",
    ),
    Option("seed", "plugin", "0", _whole(0), "run", "What random numbers of each session start from."),
    Option("seed", "fence", None, _whole(0), "run", "What random numbers start from, from this block on."),
    Option("setup", "plugin", None, str, "run", "A Python file to run before each page."),
    Option("setup", "fence", "no", _flag, "run", "yes: runs, and shows nothing."),
    Option("run", "fence", "yes", _flag, "run", "no: the source is shown and nothing runs."),
    Option(
        "output", "fence", "show", _choice("show", "none"), "show", "none: runs, and shows its source only."
    ),
    Option(
        "source",
        "both",
        "above",
        _choice("above", "below", "tabbed", "folded", "none"),
        "show",
        "Where the source stands beside its result.",
    ),
    Option(
        "graph", "both", "auto", _choice("auto", "mermaid", "svg", "dot"), "show", "How a graph is drawn."
    ),
    Option(
        "zoom",
        "both",
        None,
        _choice("scalar", "tensor", "layer"),
        "show",
        "The zoom of a graph that is seen first; if unset the one that the code asked for.",
    ),
    Option("title", "fence", None, str, "show", "A heading on the source, as in PyMdown."),
    Option("caption", "fence", None, str, "show", "A line under the result."),
    Option("alt", "fence", None, str, "show", "The result in words, for screen readers."),
    Option(
        "hl_lines",
        "fence",
        None,
        _like(r"\d+(-\d+)?(\s+\d+(-\d+)?)*", 'numbers, such as "1 3-5"'),
        "show",
        "Lines of the source to highlight, as in PyMdown.",
    ),
    Option(
        "linenums",
        "fence",
        None,
        _like(r"\d+(\s+\d+){0,2}", 'numbers, such as "1"'),
        "show",
        "The number of the first line, as in PyMdown.",
    ),
    Option(
        "allow_html", "plugin", "yes", _flag, "show", "no: rich display's HTML and SVG are not shown raw."
    ),
    Option(
        "mermaid_js",
        "plugin",
        None,
        str,
        "site",
        "Mermaid from this file of the site, instead of the public CDN that Material uses.",
    ),
)

FENCE_OPTIONS = {option.name: option for option in OPTIONS if option.where != "plugin"}
PLUGIN_OPTIONS = {option.name: option for option in OPTIONS if option.where != "fence"}
# Two names mean one thing in mkdocs.yml and another in a fence: a block carries the fence's, the later row.
_BLOCK_OPTIONS = {option.name: option for option in OPTIONS if option.affects != "site"}
DEFAULTS = {name: option.default for name, option in _BLOCK_OPTIONS.items()}
