"""Bold mutations of JSON data: what each is called, and what it does to a message."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

GRAPH = "application/vnd.chainrule.graph+json"
MIMES = (
    GRAPH,
    "application/vnd.chainrule.frames+json",
    "application/vnd.chainrule.replay+json",
    "application/vnd.plotly.v1+json",
    "application/vnd.chainrule.bokeh+json",
    "image/svg+xml",
    "image/png",
    "text/html",
    "text/markdown",
    "text/latex",
    "application/json",
    "text/plain",
)
OTHERS: tuple[Any, ...] = (None, True, 0, -1, 1.5, "", "x", [], {}, [None], {"a": []}, [[]], "nan")
NUMBERS: tuple[Any, ...] = (10**30, -(10**18), 2**63, 1e308, -1e308, 5e-324, float("inf"), float("-inf"))
NUMBERS += (float("nan"), -1, 0, 10**9, 10**400)
# What a reader of text may look for again and again.
UNITS = (
    *("[", "*", "_", "`", "> ", "![", "](", "| ", "1. ", "<b>", "</b>", "<i><b>", "<p>", "&#", "<!--", "-->"),
    *(
        "<svg ",
        "<svg>",
        "<a href=",
        '<a href="#fig-',
        "#fig-",
        "&lt;script ",
        "<script src=",
        "<script>",
        "<style>",
    ),
    *(
        "<table ",
        "<table>",
        "<td>",
        "<tr",
        "<!DOCTYPE ",
        "<?xml ",
        "url(#",
        'x="',
        "<p data-search-exclude>",
        "<h1>",
    ),
    *(
        "\\(",
        "\\[",
        "$",
        "$$",
        "\\left(",
        "{",
        "}",
        "\\sqrt",
        "\\sqrt{",
        "^",
        "^{",
        "_",
        "\\begin{align}",
        "&",
        "\\\\",
    ),
    *(
        "\x1b[1m",
        "\x1b[31mx",
        "\x1b[2J",
        "\x1b[1K",
        "\x1b[A",
        "\x1b]8;;",
        "\x1b[",
        "\b",
        "\r",
        "\t",
        "\n",
        " ",
        "x\b",
    ),
    *(
        "\x00",
        "\u202e",
        "\x07",
        "\x9b",
        "\ud800",
        "é",
        "𝔘",
        "\u0301",
        "<template>",
        "</div>",
        "chainrule-late",
        "url(",
    ),
)
DEPTHS = (50, 99, 101, 400, 1000, 10_000, 100_000)
DEEP = "@deep {} {}@"  # a text that stands for what no writer of JSON nests so deeply


def _places(data: Any) -> list[tuple[Any, Any]]:
    """Return where in JSON data something stands: what holds it, and its key."""
    found: list[tuple[Any, Any]] = []
    rest = [data]
    while rest:
        each = rest.pop()
        keys = each.keys() if isinstance(each, dict) else range(len(each)) if isinstance(each, list) else ()
        for key in keys:
            found.append((each, key))
            rest.append(each[key])
    return found


def _place(rng: Random, message: Any, kind: type | tuple[type, ...] = object) -> tuple[Any, Any]:
    places = _places(message)
    return rng.choice([(at, key) for at, key in places if isinstance(at[key], kind)] or places)


def _swap(rng: Random, message: Any, _: Any) -> Any:
    at, key = _place(rng, message)
    at[key] = copy.deepcopy(rng.choice(OTHERS))
    return message


def _nest(rng: Random, message: Any, _: Any) -> Any:
    at, key = _place(rng, message)
    depth = rng.choice(DEPTHS)
    if depth < 300:
        for _level in range(depth):
            at[key] = [at[key]] if depth % 2 else {"a": at[key]}
        return message
    at[key] = DEEP.format(rng.choice(("list", "dict")), depth)
    return message


def _number(rng: Random, message: Any, _: Any) -> Any:
    at, key = _place(rng, message, (int, float))
    at[key] = rng.choice(NUMBERS)
    return message


def _repeat(rng: Random, message: Any, _: Any) -> Any:
    at, key = _place(rng, message, (list, str))
    value = at[key] if isinstance(at[key], list | str) and at[key] else [at[key]]
    length = len(value) if isinstance(value, str) else len(json.dumps(value))
    times = min(10 ** rng.choice((2, 4, 5, 6)), 3_000_000 // max(1, length))
    at[key] = value * max(2, times)
    return message


def _cut(rng: Random, message: Any, _: Any) -> Any:
    at, key = _place(rng, message, (list, str))
    if isinstance(at[key], list | str):
        at[key] = at[key][: rng.randrange(len(at[key]) + 1)]
    return message


def _drop(rng: Random, message: Any, _: Any) -> Any:
    at, key = _place(rng, message)
    del at[key]
    return message


def _twice(rng: Random, message: Any, _: Any) -> Any:
    at, key = _place(rng, message)
    if isinstance(at, list):
        at.insert(key, copy.deepcopy(at[key]))
    else:
        at[f"{key} "] = copy.deepcopy(at[key])
    return message


def _rename(rng: Random, message: Any, _: Any) -> Any:
    data = message.get("data")
    if isinstance(data, dict) and data:
        name = rng.choice(list(data))
        message["data"] = {rng.choice(MIMES): data[name]}
    message["metadata"] = about(rng)
    return message


def about(rng: Random) -> Any:
    return rng.choice(
        (
            {},
            {"chainrule": {"kind": "figure"}},
            {"chainrule": {"kind": "figure", "remarks": [1], "alt": 7}},
            [],
        )
    )


def _splice(rng: Random, message: Any, messages: Mapping[str, Any]) -> Any:
    at, key = _place(rng, message)
    other = rng.choice(list(messages.values()))
    source, name = _place(rng, other) if not isinstance(other, str) else ([other], 0)
    at[key] = copy.deepcopy(source[name])
    return message


def hard(rng: Random) -> str:
    """Return a text of some units, again and again, up to a million characters."""
    length = 10 ** rng.choice((3, 4, 5, 6))
    units = [rng.choice(UNITS) for _ in range(rng.choice((1, 1, 2, 3)))]
    if rng.random() < 0.15:
        return "".join(f"{'    ' * n}- x\n" for n in range(rng.choice((40, 400))))
    if rng.random() < 0.5:
        return "".join(unit * (length // len(units) // len(unit)) for unit in units)
    return "".join(units) * (length // len("".join(units)))


def _write_hard(rng: Random, message: Any, _: Any) -> Any:
    at, key = _place(rng, message, str)
    at[key] = hard(rng)
    return message


def _controls(rng: Random, message: Any, _: Any) -> Any:
    at, key = _place(rng, message, str)
    if isinstance(at[key], str):
        place = rng.randrange(len(at[key]) + 1)
        at[key] = at[key][:place] + rng.choice(UNITS) * rng.choice((1, 3, 50)) + at[key][place:]
    return message


def _graph(rng: Random, message: Any, _: Any) -> Any:
    """Make a graph of another form: dense, long, wide, in a circle."""
    size = rng.choice((3, 30, 300, 3000, 30_000))
    nodes = [
        {"id": f"v{n}", "kind": rng.choice(("input", "interior", "operation", "layer", "fold")), "label": "a"}
        for n in range(size)
    ]
    pairs = {
        "long": [[f"v{n}", f"v{n + 1}"] for n in range(size - 1)],
        "wide": [[f"v{n}", f"v{size - 1}"] for n in range(size - 1)],
        "dense": [[f"v{i}", f"v{j}"] for j in range(min(size, 200)) for i in range(j)],
        "random": [sorted(rng.sample(range(size), 2)) for _ in range(3 * size)],
        "back": [[f"v{n + 1}", f"v{n}"] for n in range(size - 1)],
        "itself": [["v0", "v0"]],
    }
    form = rng.choice(list(pairs))
    edges = pairs[form] if form != "random" else [[f"v{i}", f"v{j}"] for i, j in pairs[form]]
    graph = {"version": 2, "zoom": rng.choice(("scalar", "tensor", "layer")), "nodes": nodes, "edges": edges}
    for node in rng.sample(nodes, min(size, 5)):
        node |= rng.choice(
            (
                {"count": 10**9},
                {"data": 1e308, "grad": "nan"},
                {"label": "x" * 10_000},
                {"group": "g"},
                {
                    "data": {
                        "shape": [10**9, 10**9],
                        "min": 0,
                        "mean": 0,
                        "max": "inf",
                        "numbers": [1] * 9,
                        "tile": [3, 3],
                    }
                },
                {"primitive": "add", "factors": [1e400, None], "terms": [{"axes": "ab,->b", "lengths": [8]}]},
            )
        )
    return {"data": {GRAPH: graph, "text/plain": "graph"}, "metadata": message.get("metadata", {})}


def _svg(rng: Random, _: Any, __: Any) -> Any:
    """Make a figure of another form: nested, of many ids, with references in a circle."""
    size = 10 ** rng.choice((1, 3, 4, 5))
    forms = {
        "nested": "<g>" * size + "</g>" * size,
        "many": '<path d="M0 0" fill="url(#a)"/>' * size,
        "ids": "".join(f'<g id="i{n}"><use href="#i{n + 1}"/></g>' for n in range(min(size, 20_000))),
        "texts": '<text font-size="0.0px" x="nan">x</text>' * size,
        "references": f'<path fill="{"url(#" * size}"/>',
        "entity": "&a;" * size,
    }
    head = rng.choice(
        ('width="1.2.3"', 'width="9e9pt" viewBox="0 0 1e999 1"', 'viewBox="a"', f'width="{"9" * 400}"')
    )
    start = '<!DOCTYPE svg [<!ENTITY a "aaaa">]>' if rng.random() < 0.2 else ""
    svg = f'{start}<svg xmlns="http://www.w3.org/2000/svg" {head}>{rng.choice(list(forms.values()))}</svg>'
    return {"data": {"image/svg+xml": svg, "text/plain": "figure"}, "metadata": about(rng)}


MUTATIONS: dict[str, Callable[[Random, Any, Any], Any]] = {
    "type swapped": _swap,
    "nested": _nest,
    "huge number": _number,
    "repeated": _repeat,
    "cut": _cut,
    "part missing": _drop,
    "part twice": _twice,
    "another kind's name": _rename,
    "part of another": _splice,
    "hard text": _write_hard,
    "control characters": _controls,
    "another graph": _graph,
    "another figure": _svg,
}
