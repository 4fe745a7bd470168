"""A page of thirty slips: one build tells each, with its line and what to write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pymdownx
import pytest

from projects import CONFIG

if TYPE_CHECKING:
    from projects import Project

# What stands in a page, and a part of what is told of it. `»` marks its line, where that is not the first.
HEADS = [
    ("```Autograd\n1\n```", "write ```autograd"),
    ("```autogard\n1\n```", "write ```autograd"),
    ("```auto-grad\n1\n```", "write ```autograd"),
    ("```{autograd}\n1\n```", "write ```autograd"),
    ("```chainrule\n1\n```", "write ```autograd"),
    ("```python autograd\n1\n```", "write ```autograd"),
    ("```{.python .autograd}\n1\n```", "write ```autograd"),
    ('```autograd on-error="continue"\n1\n```', 'write ```autograd on_error="continue"'),
    ("```autograd timeout=2\n1\n```", 'write ```autograd timeout="2"'),
    ("```autograd timeout=“2”\n1\n```", 'write ```autograd timeout="2"'),
    ('```python exec="on"\n1\n```', "list markdown-exec"),
    ("text\n\n»    ```autograd\n    1\n    ```", "begin its lines at the margin"),
    ('```autograd tiemout="2"\n1\n```', "did you mean timeout?"),
    ('```autograd session="a"\n1\n```', "the blocks of a page share their names"),
    ('```autograd source="tabbed-left"\n1\n```', 'write source="tabbed"'),
    ('```autograd timeout="soon"\n1\n```', "takes a positive number of seconds"),
    ('```autograd workers="2"\n1\n```', "is an option of the plugin in mkdocs.yml"),
    ('```autograd alt="a" alt="b"\n1\n```', "write it once"),
]
RUNS = [
    ("```autograd\n»%%time\n1\n```", "measure by time.perf_counter()"),
    ("```autograd\n»!head data.csv\n```", "subprocess.run"),
    ("```autograd\n»len?\n```", "help(name)"),
    ("```autograd\n»>>> 1 + 1\n```", "leave out prompts"),
    ("```autograd\n»$ pip install x\n```", "a prompt of the shell"),
    ("```autograd\n»x = (1,\n```", "'(' was never closed"),
    ("```autograd\n»if True\n    1\n```", "expected ':'"),
    ("```autograd\n»np.ones(3)\n```", "import numpy as np"),
    ("```autograd\n»Value(2.0)\n```", "from chainrule import Value"),
    ("```autograd\n»MLP(2, [3, 1])\n```", "from chainrule.micrograd import MLP"),
    ("```autograd\n»open('data.csv')\n```", "write docs/data.csv"),
    ("Text »`#!autograd 1 +`.", "SyntaxError"),
]


@pytest.mark.skipif(
    pymdownx.__version_info__ < (12, 1),
    reason="an older SuperFences takes what follows two heads that it drops for a fence",
)
def test_thirty_slips_are_told_in_one_build(project: Project) -> None:
    slips = HEADS + RUNS
    assert len(slips) == 30
    page = "# Slips\n\n" + "\n\n".join(source for source, _ in slips) + "\n\n```autograd\n6 * 7\n```\n"
    lines, line = [], 3
    for source, _ in slips:
        lines.append(line + source.partition("»")[0].count("\n") * ("»" in source))
        line += source.count("\n") + 2
    project.configure(CONFIG.replace("[chainrule]", "[chainrule: {on_error: continue}]"))
    project.page("index.md", page.replace("»", ""))
    project.page("data.csv", "1\n")
    run = project.build("--strict")
    assert run.returncode == 1
    told = dict(re.findall(r"mkdocs_chainrule: docs/index\.md:(\d+): (.*)", run.stderr))
    missed = [
        (number, source, part, told.get(str(number)))
        for number, (source, part) in zip(lines, slips, strict=True)
        if part not in told.get(str(number), "")
    ]
    assert missed == []
    assert len(re.findall(r"mkdocs_chainrule: docs/index\.md:\d+:", run.stderr)) == 30
    assert ">42</pre>" in project.html()
