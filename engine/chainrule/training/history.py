"""What a training did: the loss of every step, metrics by epoch, and how the fit grew."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import tables
from chainrule.charts.replay import ChartLayer, Panel, Replay, thinned
from chainrule.training.moments import GHOSTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from chainrule.training.snapshots import Shot, Snapshots

_MOST_LOSSES = 300  # points of a loss curve: what an eye can use


@dataclass(eq=False)
class History:
    """What a training did.

    Attributes:
        losses: The loss of every step, on its own batch, before its update.
        metrics: Figures by name, one for each epoch.
        meanings: What each of `metrics` is an average of.
        epochs: Epochs completed.
        stopped: Why the training ended before its last epoch; empty if it did not.
        seconds: How long it took.
        uncompiled: Why its steps were not compiled by `jit`; empty if they were.
        rng: The Generator that the training sampled from.
        snapshots: How the fit grew.

    Examples:
        >>> import numpy as np
        >>> from chainrule import fit, mse, nn, optim
        >>> x = np.linspace(-1, 1, 20)[:, None]
        >>> model = nn.Linear(1, 1, rng=0)
        >>> history = fit(model, (x, 2 * x), loss=mse, optimizer=optim.SGD(lr=0.5), epochs=30)
        >>> history.steps, history.losses[-1] < 1e-6
        (30, True)
    """

    snapshots: Snapshots
    losses: list[float] = field(default_factory=list)
    metrics: dict[str, list[float]] = field(default_factory=dict)
    meanings: dict[str, str] = field(default_factory=dict)
    epochs: int = 0
    stopped: str = ""
    seconds: float = 0.0
    uncompiled: str = ""
    rng: np.random.Generator | None = None

    @property
    def steps(self) -> int:
        """How many steps were made."""
        return len(self.losses)

    def record(self, meaning: str, name: str, figure: float) -> None:
        """Add a figure of this epoch, and what it means."""
        self.metrics.setdefault(name, []).append(figure)
        self.meanings[name] = meaning

    def latest(self) -> dict[str, float]:
        """Return the figures of the last epoch."""
        return {name: figures[-1] for name, figures in self.metrics.items()}

    def plot(self) -> Figure:
        """Return a Matplotlib figure: the loss, and data, curve and residual if inputs are single numbers."""
        return self.replay().plot()

    def replay(self) -> Replay:
        """Return the training as frames: what was seen of the model, the loss and the parameters."""
        snapshots, shots = self.snapshots, self.snapshots.shots()
        steps = [shot.step for shot in shots]
        panels = [*snapshots.panels(shots), self._loss_panel(steps), *snapshots.parameter_panels(shots)]
        return Replay(
            panels,
            [f"step {step:,} of {self.steps:,}" for step in steps],
            steps=steps,
            ghosts=[index for index, step in enumerate(steps[:-1]) if step in GHOSTS],
            figures=self._figures(shots),
        )

    def _figures(self, shots: Sequence[Shot]) -> dict[str, list[float]]:
        """Return what is known of each moment in numbers: the loss of the step there, and what was seen."""
        losses = [self.losses[min(shot.step, self.steps - 1)] for shot in shots if self.losses]
        looks = [shot.look.figures for shot in shots if shot.look is not None]
        seen = {name: [look[name] for look in looks] for name in (looks[-1] if looks else ())}
        return {name: numbers for name, numbers in {"loss": losses, **seen}.items() if numbers}

    def _loss_panel(self, steps: Sequence[int]) -> Panel:
        """Return the loss against the step; many steps are averaged in groups, the first maybe short."""
        losses = np.asarray(self.losses)
        group = -(-len(losses) // _MOST_LOSSES) or 1
        starts = np.unique([0, *range(len(losses) % group, len(losses), group)])[: len(losses)]
        means = [float(part.mean()) for part in np.split(losses, starts[1:]) if len(part)]
        name = "loss" if group == 1 else f"mean loss of {group} steps"
        spans = [(0, int(np.searchsorted(starts, step))) for step in steps]
        curve = ChartLayer("loss", "line", starts.tolist(), means, spans=spans, role="loss")
        wide = bool(means) and min(means) > 0 and max(means) > 50 * min(means)
        return Panel("step", name, [curve], log=wide, timeline=True)

    def __repr__(self) -> str:
        figures = "".join(f", {name} {figure:.4g}" for name, figure in self.latest().items())
        stopped = f", stopped: {self.stopped}" if self.stopped else ""
        return f"History({self.epochs} epochs, {self.steps:,} steps{figures}{stopped})"

    def to_markdown(self) -> str:
        """Return the metrics of up to ten epochs as a table, and below it what they are."""
        rows = [
            (str(epoch + 1), *(tables.number(figures[epoch], 4) for figures in self.metrics.values()))
            for epoch in thinned(self.epochs, 10)
        ]
        table = tables.markdown(("epoch", *self.metrics), rows, ">" * (1 + len(self.metrics)))
        meanings = "; ".join(f"{name}: {meaning}" for name, meaning in self.meanings.items())
        said = [f"{meanings}."] if meanings else []
        return "\n\n".join([table, *said]) + (f"\nStopped: {self.stopped}." if self.stopped else "")

    def _repr_mimebundle_(self, **wanted: Any) -> dict[str, Any]:
        """Show the training: a replay, its final picture, a table, or a line."""
        return self.replay().bundle(repr(self), self.to_markdown(), **wanted)
