"""A site of graphs to ask and to step through, built with each theme, and served."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from building import REPOSITORY
from shown import TREE, served

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG = """
site_name: Test
plugins: [search, chainrule]
markdown_extensions: [pymdownx.highlight]
"""
DIAMOND = """
```autograd
from chainrule import Value
a, b = Value(1.0), Value(-6.0)
f = (a * b) * (a + b)
f.backward()
```
"""
ARRAYS = """
```autograd zoom="tensor"
import numpy as np
from chainrule import Value
x, w, bias = Value(np.ones((8, 4))), Value(np.ones((4, 2))), Value(np.ones(2))
y = (x @ w + bias).sum()
y.backward()
```
"""
RANDOM = """
```autograd source="none"
from reading_formulas import computation
computation({seed})
```
"""
TRAINING = """
```autograd
import numpy as np
from chainrule import fit, mse, nn, optim
x = np.linspace(-1, 1, 20)[:, None]
fit(nn.Linear(1, 1, rng=0), (x, 2 * x), loss=mse, optimizer=optim.SGD(lr=0.1), epochs=30)
```
"""
GRAPHS, A_PAGE = 100, 20
PAGES = {
    "index.md": (
        f"# Graphs\n{TREE.replace('{options}', '')}\nThe slope is `#!autograd e.grad:g`.\n"
        f"{DIAMOND}{ARRAYS}[Steps](steps.md)\n"
    ),
    "heard.md": f"# Heard\n{TREE.replace('{options}', '')}{DIAMOND}{TRAINING}",
    "steps.md": "# Steps\n" + 2 * TREE.replace("{options}", ' graph="steps"') + "\n[Graphs](index.md)\n",
} | {
    f"random{first}.md": "# Random\n"
    + "".join(RANDOM.replace("{seed}", str(seed)) for seed in range(first, first + A_PAGE))
    for first in range(0, GRAPHS, A_PAGE)
}


@pytest.fixture(scope="session")
def alive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the sites are served."""
    helper = (REPOSITORY / "tests/reading_formulas.py").read_text(encoding="utf-8")
    with served(tmp_path_factory, PAGES, CONFIG, reading_formulas=helper) as url:
        yield url
