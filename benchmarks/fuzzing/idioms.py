"""What random programs are made of: single lines, by what they make and what they take.

They stand in `idioms.txt`, an idiom a line: the kind of its result, and its text. `{s}`, `{v}`, `{m}`, `{t}`
stand for a number, a vector of n, a matrix of n by n, two such matrices; `{a}` for any of them, or an array of
some other shape; `{b}` for another of the kind of `{a}`, or a number; `{c}` for a constant. A result is one of
those kinds, "=" the kind of `{a}`, or "x" for any shape. Groups have a name and how often they are drawn from;
"plain" is for what has no derivative, "refused" for what `jit` refuses.
"""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

_HERE = Path(__file__).parent
_GROUP = re.compile(r"\[(\w+) ([\d.]+)\]")

HEAD = Template((_HERE / "head.txt").read_text(encoding="utf-8"))
"""How a program begins: what idioms name. It takes `k` and `w`, two numbers."""

IDIOMS: dict[str, list[tuple[str, str]]] = {}
"""All idioms by their group, each as its result and its text."""

WEIGHTS: dict[str, float] = {}
"""How often each group is drawn from."""

for _line in filter(None, (_HERE / "idioms.txt").read_text(encoding="utf-8").splitlines()):
    if _head := _GROUP.fullmatch(_line):
        WEIGHTS[_head[1]] = float(_head[2])
        _idioms = IDIOMS.setdefault(_head[1], [])
    else:
        _idioms.append((_line[0], _line[2:]))
