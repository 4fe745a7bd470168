"""What a fence asks of a graph and cannot have is a warning with its line; what a site asks is a note."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from projects import CONFIG

if TYPE_CHECKING:
    from projects import Project

PAGE = """# P

```autograd{ask}
import numpy as np
from chainrule import Value
{code}
```
"""
ARRAYS = "x = Value(np.ones((30, 20)))\n(x * x).sum().backward()"
LOOP = "x = Value(0.0)\nfor k in range(70):\n    x = x * 0.5 + k\nx"
SCIPY = "from scipy.special import erf\nerf(Value(0.5))"


def warned(project: Project, code: str, ask: str) -> str:
    project.page("index.md", PAGE.replace("{ask}", ask).replace("{code}", code))
    return project.build("--strict").stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "ask", "why"),
    [
        (ARRAYS, "nudge", "Arrays rest: take smaller ones"),
        (LOOP, "nudge", "This graph is too large to be moved"),
        (SCIPY, "nudge", "it knows no function of SciPy's"),
        ("Value(2.0)", "steps", "Nothing depends on this value"),
    ],
)
def test_what_cannot_be_had_is_a_warning_with_its_line(
    project: Project, code: str, ask: str, why: str
) -> None:
    told = warned(project, code, f' graph="{ask}"')
    assert re.search(rf'WARNING .*docs/index.md:3: graph="{ask}"', told), told
    assert why in told


def test_what_is_asked_of_all_pages_is_no_warning(project: Project) -> None:
    project.configure(CONFIG.replace("chainrule]", "chainrule: {graph: nudge}]"))
    told = warned(project, ARRAYS, "")
    assert "WARNING" not in told


def test_what_can_be_had_is_not_told_of(project: Project) -> None:
    assert "moves nothing" not in warned(project, "Value(2.0) * 3.0", ' graph="nudge"')
