"""Every option that an author can set, as one table, in the groups of the reference page.

The fence's validator, the plugin's configuration, the limits of a block and the settings of its picture, and
the reference page all read it, so an option is described once: where it may stand, its default, what it takes
and what it does. The table is the last thing here, for its defaults are parsed as it is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from mkdocs_chainrule.errors import OptionError
from mkdocs_chainrule.foreign import advice
from mkdocs_chainrule.kinds import (
    choice,
    dependencies,
    file,
    files,
    flag,
    folder,
    like,
    prose,
    seconds,
    size,
    suggestion,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdocs_chainrule.kinds import Kind


@dataclass(frozen=True, slots=True)
class Option:
    """One row of the table.

    Attributes:
        name: As it is typed.
        where: "plugin" (mkdocs.yml), "fence", or "both".
        written: What stands where nobody sets it, as an author would write it; None is nothing.
        parse: What it takes, and how that is read.
        affects: "run" if it bears on what the code does, "show" if only on the picture, "site" otherwise.
        meaning: One line for the reference page, odd cases included.
    """

    name: str
    where: Literal["plugin", "fence", "both"]
    written: str | None
    parse: Kind
    affects: Literal["run", "show", "site"]
    meaning: str

    @property
    def default(self) -> Any:
        """The value where nobody sets it."""
        return None if self.written is None else self.parse(self.written)


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
            wrong.append(advice(name, text) or f'{name}="{text}": {name} {error}')
    return values, wrong


def _unknown(name: str, text: str) -> str:
    if name in PLUGIN_OPTIONS:
        return f"{name} is an option of the plugin in mkdocs.yml, not of a fence"
    typed = name if text == name else f'{name}="{text}"'  # SuperFences reads a bare word as its own value
    return advice(name, text) or f"unknown option {typed}{suggestion(name, FENCE_OPTIONS)}"


CACHING: tuple[Option, ...] = (
    Option(
        "execute",
        "plugin",
        "auto",
        choice("auto", "always", "never"),
        "site",
        "auto: run what neither store nor freeze answers; always: run all, and write the freeze; never: run "
        "nothing, and show HTML of no block raw.",
    ),
    Option(
        "freeze",
        "plugin",
        "off",
        folder,
        "site",
        "A folder beside mkdocs.yml for results to commit, such as `_freeze`: `mkdocs build` then runs "
        "nothing and names what is stale, `mkdocs serve` runs it and writes it back.",
    ),
    Option("cache", "both", "yes", flag, "run", "no: the blocks of its page run at every build."),
    Option(
        "depends",
        "both",
        None,
        dependencies,
        "run",
        "What blocks read unseen, by comma: globs, `module:NAME`, `env:NAME`. A fence's add to the site's.",
    ),
)
LIMITS: tuple[Option, ...] = (
    Option("timeout", "both", "30 s", seconds, "run", "Time that one block may take."),
    Option(
        "memory",
        "both",
        "2048 MiB",
        size("mib", '"512" or "2 GiB"'),
        "run",
        "Memory of one block, above the worker's base.",
    ),
    Option(
        "max_output",
        "plugin",
        "1 MiB",
        size("b", '"100 KiB" or "1 MiB"'),
        "run",
        "Text and markup of one block, and 32 times as much of pictures, graphs and frames; the rest is left "
        "out, and said.",
    ),
    Option(
        "workers", "plugin", None, whole(1, 1024), "site", "Sessions that run at once; the cores if unset."
    ),
)
RUNNING: tuple[Option, ...] = (
    Option(
        "on_error",
        "both",
        "stop",
        choice("stop", "continue"),
        "run",
        "After an exception the page's later blocks do not run (stop), or do (continue).",
    ),
    Option(
        "expect",
        "fence",
        None,
        like(r"[A-Za-z_][\w.]*", 'the name of an exception, such as "ValueError"'),
        "run",
        "The exception that must come, shown as an example.",
    ),
    Option("seed", "plugin", "0", whole(0), "run", "What random numbers of each session start from."),
    Option("seed", "fence", None, whole(0), "run", "What random numbers start from, from this block on."),
    Option("setup", "plugin", None, file, "run", "A Python file to run before each page."),
    Option("setup", "fence", "no", flag, "run", "yes: runs, and shows nothing."),
    Option("run", "fence", "yes", flag, "run", "no: the source is shown and nothing runs."),
)
SOURCE: tuple[Option, ...] = (
    Option(
        "source",
        "both",
        "above",
        choice("above", "below", "tabbed", "folded", "none"),
        "show",
        "Where the source stands beside its result.",
    ),
    Option(
        "download",
        "both",
        "yes",
        flag,
        "show",
        "no: the page does not offer its code as a `.py` file; on any fence, for its page.",
    ),
    Option("title", "fence", None, prose, "show", "A heading on the source, as in PyMdown."),
    Option(
        "hl_lines",
        "fence",
        None,
        like(r"\d{1,5}(-\d{1,5})?(\s+\d{1,5}(-\d{1,5})?)*", 'numbers, such as "1 3-5"'),
        "show",
        "Lines of the source to highlight, as in PyMdown.",
    ),
    Option(
        "linenums",
        "fence",
        None,
        like(r"\d{1,9}(\s+\d{1,9}){0,2}", 'numbers, such as "1"'),
        "show",
        "The number of the first line, as in PyMdown.",
    ),
)
RESULT: tuple[Option, ...] = (
    Option(
        "output", "fence", "show", choice("show", "none"), "show", "none: runs, and shows its source only."
    ),
    Option(
        "caption",
        "fence",
        None,
        prose,
        "show",
        "A line under the result; `First | Second` are under its pictures, in their order.",
    ),
    Option(
        "alt",
        "fence",
        None,
        prose,
        "show",
        "The result in words, for screen readers; `First | Second` are those of its pictures.",
    ),
    Option(
        "id",
        "fence",
        None,
        like(
            r"fig-[\w-]+(\s+\|\s+fig-[\w-]+)*", 'what begins with fig-, such as "fig-loss" or "fig-a | fig-b"'
        ),
        "show",
        "What links call the result, or its pictures: `[](#fig-loss)` reads as its number.",
    ),
    Option(
        "numbered",
        "both",
        "no",
        flag,
        "show",
        "yes: what has a caption or an id is Figure 1, 2, … of its page; on any fence, for its page.",
    ),
    Option(
        "replay",
        "fence",
        "yes",
        flag,
        "show",
        "no: a History, a Chart or an animation does not play, and shows its final picture only.",
    ),
    Option("allow_html", "plugin", "yes", flag, "show", "no: rich display's HTML and SVG are not shown raw."),
    Option(
        "scripts",
        "plugin",
        None,
        files,
        "site",
        "Scripts that results load (Plotly's, Bokeh's, Vega's) from files of the site, by the names that the "
        "log says, instead of from their public addresses.",
    ),
)
GRAPHS: tuple[Option, ...] = (
    Option(
        "graph",
        "both",
        "auto",
        choice("auto", "mermaid", "svg", "dot", "steps", "nudge"),
        "show",
        "How a graph is drawn. auto and svg: when the site is built, with its Mermaid text, DOT and table "
        "below; mermaid: by Mermaid in the reader's browser, over that picture; dot: as DOT source; steps: "
        "as svg, to be stepped through; nudge: as svg, with a slider for each number below it.",
    ),
    Option(
        "begin",
        "both",
        "end",
        choice("end", "start"),
        "show",
        'Where graph="steps" opens. end: at the finished graph; start: at its first step, for a class. '
        "Without a script it is the finished graph.",
    ),
    Option(
        "direction",
        "both",
        "auto",
        choice("auto", "LR", "TB"),
        "show",
        "Where a graph's layers follow each other. auto: from left to right where that fits, else from top "
        "to bottom; LR; TB.",
    ),
    Option(
        "zoom",
        "both",
        None,
        choice("scalar", "tensor", "layer"),
        "show",
        "The zoom of a graph that is seen first; if unset the one that the code asked for.",
    ),
    Option(
        "mermaid_js",
        "plugin",
        None,
        file,
        "site",
        "Mermaid from this file of the site, instead of the public CDN that Material uses.",
    ),
)
OPTIONS = (*CACHING, *LIMITS, *RUNNING, *SOURCE, *RESULT, *GRAPHS)

FENCE_OPTIONS = {option.name: option for option in OPTIONS if option.where != "plugin"}
PLUGIN_OPTIONS = {option.name: option for option in OPTIONS if option.where != "fence"}
# Two names mean one thing in mkdocs.yml and another in a fence: a block carries the fence's, the later row.
_BLOCK_OPTIONS = {option.name: option for option in OPTIONS if option.affects != "site"}
DEFAULTS = {name: option.default for name, option in _BLOCK_OPTIONS.items()}
