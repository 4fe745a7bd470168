"""How a fit grew: curve and parameters at a few dozen moments of a training."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.charts.replay import ChartLayer, Panel, thinned
from chainrule.modes import no_grad
from chainrule.transforms.elements import elements

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chainrule.value.value import Value

_MOST_FRAMES = 48
_MOST_POINTS = 200
_MOST_PARAMETERS = 16
_GRID = 81


@dataclass(frozen=True, slots=True)
class Frame:
    """A moment of a training: how many steps came before it, the model on the grid, and its parameters.

    There is no curve unless inputs are single numbers, and no parameters if they are too many to follow.
    """

    step: int
    curve: Sequence[float]
    parameters: Sequence[float]


@dataclass(eq=False)
class Snapshots:
    """A recorder of frames: dense at first, where a fit moves fast, and never more than 48.

    Frames are even in the square root of the step. Once there are too many, every second one is dropped and
    the spacing doubled: so the length of the training need not be known.

    Attributes:
        due: The step at which the next frame is taken.
        grids: Where the curve may be taken: even over the range of the inputs; else, for a model that takes
            only batches like them, at the inputs themselves. Once there is a curve, only where it is taken.
    """

    model: Callable[[Any], Any]
    parameters: Mapping[str, Value]
    frames: list[Frame] = field(default_factory=list)
    due: int = 0
    grids: list[np.ndarray] = field(default_factory=list)
    data: tuple[np.ndarray, np.ndarray] | None = None
    _spacing: float = 1.0
    _residual: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        numbers = self._numbers()
        few = sum(map(np.size, numbers)) <= _MOST_PARAMETERS
        self._followed = list(elements(list(self.parameters), numbers)) if few else []

    def see(self, batch: tuple[Any, ...]) -> None:
        """Keep a batch as the data that is drawn; the first one also says over which range the model is."""
        x, y = (np.asarray(part) for part in batch[:2])
        if not _single(x) or not _single(y) or len(x) != len(y) or x.dtype.kind != "f":
            return
        if self.data is None:
            even = np.linspace(x.min(), x.max(), _GRID).astype(x.dtype).reshape(-1, *x.shape[1:])
            self.grids = [even, x] if len(x) <= _MOST_POINTS else [even]
        few = thinned(len(x), _MOST_POINTS)
        self.data = x[few], y[few]

    def take(self, step: int) -> None:
        """Record a frame, and say when the next one is due."""
        if self.frames and self.frames[-1].step == step:
            return
        numbers = self._numbers()
        parameters = [element.of(numbers) for element in self._followed]
        self.frames.append(Frame(step, self._curve(), parameters))
        self._residual = self._left_over()
        if len(self.frames) > _MOST_FRAMES:
            del self.frames[1::2]
            self._spacing *= 2
        self.due = max(step + 1, round((step**0.5 + self._spacing) ** 2))

    def panels(self) -> list[Panel]:
        """Return the data and the fitted curve, if inputs are single numbers."""
        if not self.grids or self.data is None:
            return []
        x, y = (array.ravel().tolist() for array in self.data)
        curves = [frame.curve for frame in self.frames]
        grid = np.sort(self.grids[0].ravel()).tolist()
        points = ChartLayer("data", "points", x, y, role="data", residual=self._residual)
        curve = ChartLayer("model", "line", grid, curves[-1], frames=curves, role="model")
        return [Panel("x", "f(x)", [points, curve])]

    def parameter_panels(self) -> list[Panel]:
        """Return the parameters over the steps, if they are few: for the replay, not for the picture."""
        if not self._followed:
            return []
        steps = [frame.step for frame in self.frames]
        spans = [(0, count + 1) for count in range(len(steps))]
        lines = [
            ChartLayer(
                element.name, "line", steps, [frame.parameters[i] for frame in self.frames], spans=spans
            )
            for i, element in enumerate(self._followed)
        ]
        return [Panel("step", "parameter", lines, static=False)]

    def _curve(self) -> list[float]:
        for grid in self.grids:
            heights = self._heights(grid)
            if heights is not None:
                self.grids = [grid]
                return [float(f"{height:.4g}") for height in heights[np.argsort(grid.ravel(), kind="stable")]]
        self.grids = []
        return []

    def _left_over(self) -> list[float]:
        """Return what the model leaves of the data, if there is a curve."""
        if not self.grids or self.data is None:
            return []
        x, y = self.data
        heights = self._heights(x)
        return [] if heights is None else (y.ravel().astype(float) - heights).tolist()

    def _heights(self, grid: np.ndarray) -> np.ndarray | None:
        """Return the model on a grid, if it takes it: it may be made for batches of one size."""
        try:
            with no_grad():
                heights = np.asarray(self.model(grid), dtype=float).ravel()
        except Exception:  # noqa: BLE001 - the grid is ours; a training does not end for a picture
            return None
        return heights if len(heights) == grid.size else None

    def _numbers(self) -> list[Any]:
        return [value.data for value in self.parameters.values()]


def _single(array: np.ndarray) -> bool:
    """Return whether each row is a single number."""
    return array.ndim > 0 and array.size == len(array) and len(array) > 1
