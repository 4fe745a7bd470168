"""A site of what plays, built with each theme, and served."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from replaying import REPLAYS
from shown import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONFIG = """
site_name: Test
plugins: [search, chainrule]
markdown_extensions: [pymdownx.highlight]
"""
ANIMATION = """
```autograd{options}
import matplotlib.pyplot as plt
from matplotlib.animation import FuncAnimation
fig, ax = plt.subplots(figsize=(3, 1.5))
line, = ax.plot([0, 1], [0, 1])
def update(frame):
    line.set_ydata([0, frame / 10])
    return line,
FuncAnimation(fig, update, frames=10, blit=True)
```
"""
PLAYS, STILL = (ANIMATION.replace("{options}", options) for options in ("", ' replay="no"'))
LARGE = PLAYS.replace(
    "fig, ax =",
    """import numpy as np
fig, ax =""",
).replace(
    "line, =",
    """ax.plot(*np.random.default_rng(0).normal(size=(2, 9000)), ".", ms=1)
line, =""",
)
BOTH_TRAININGS = """
```autograd
import numpy as np
from chainrule import fit, mse, nn, optim
x = np.linspace(-1, 1, 20)[:, None]
def trained(optimizer, epochs):
    return fit(nn.Linear(1, 1, rng=0), (x, 2 * x), loss=mse, optimizer=optimizer, epochs=epochs)
display(trained(optim.SGD(lr=0.1), 30))
trained(optim.Adam(lr=0.1), 60)
```
"""
PAGES = {
    "both.md": f"# Both\n{BOTH_TRAININGS}",
    "index.md": f"# First\n{PLAYS}{PLAYS}[Second](second.md)\n",
    "second.md": f"# Second\n{PLAYS}\n[First](index.md)\n",
    "still.md": f"# Still\n{STILL}",
    "large.md": f"# Large\n{LARGE}",
    **{
        f"{name}.md": f"# {name}\n\n```autograd\n{code.strip()}\nshown\n```\n"
        for name, code in REPLAYS.items()
    },
}


@pytest.fixture(scope="session")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sites."""
    return tmp_path_factory.mktemp("playing")


@pytest.fixture(scope="session")
def playing(disk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the sites are served."""
    with served(tmp_path_factory, PAGES, CONFIG, disk) as url:
        yield url
