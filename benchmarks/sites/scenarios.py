"""What is built, and the goals that we set ourselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Scenario:
    """A site, built by each tool beside the same pages unexecuted.

    Attributes:
        content: What its blocks do: a key of `generate.CONTENTS`.
        warm: Whether the store is filled by a build before, or emptied before each.
        limit: The goal; None where the figure is only reported.
        figure: What the goal is about: the "ratio" of wall times, the "extra" seconds, the "memory" ratio.
        usual: Whether it runs without being named.
    """

    key: str
    title: str
    pages: int
    blocks: int
    content: str
    warm: bool = False
    limit: float | None = None
    figure: Literal["ratio", "extra"] = "ratio"
    usual: bool = True


SCENARIOS = (
    Scenario("cold-small", "50 pages × 4 small blocks, cold", 50, 4, "small", limit=2.0),
    Scenario("cold-graph", "50 pages × 4 graphs, cold", 50, 4, "graph"),
    Scenario("cold-one-graph", "50 pages with one graph, cold", 50, 1, "graph", limit=4.0),
    Scenario("cold-plot", "50 pages with one plot, cold", 50, 1, "plot", limit=4.0),
    Scenario("cold-sleep", "12 pages that sleep 0.5 s, cold", 12, 1, "sleep", limit=3.8, figure="extra"),
    Scenario("warm-small", "50 pages × 4 small blocks, warm", 50, 4, "small", warm=True, limit=1.15),
    Scenario("warm-graph", "50 pages × 4 graphs, warm", 50, 4, "graph", warm=True, limit=1.2),
    Scenario("warm-plot", "50 pages with one plot, warm", 50, 1, "plot", warm=True, limit=1.2),
    Scenario(
        "scale-1000", "1,000 pages × 2 blocks, warm", 1000, 2, "small", warm=True, limit=1.15, usual=False
    ),
    Scenario(
        "scale-5000", "5,000 pages × 2 blocks, warm", 5000, 2, "small", warm=True, limit=1.15, usual=False
    ),
)

SERVE_LIMITS = {
    "prose": 1.15,  # a prose edit, ratio of the times until it shows
    "block": 0.4,  # a block edit, seconds more
    "growth": 0.2,  # MiB a rebuild, more than without the plugin
    "stop": 2.0,  # seconds after Ctrl-C until no process is left
}
