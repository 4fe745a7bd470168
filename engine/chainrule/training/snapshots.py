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
    """A moment of a training.

    Attributes:
        step: Steps made before it.
        curve: The model on the grid; empty if its inputs are not single numbers.
        parameters: The numbers it has learned; empty if they are more than a reader can follow.
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
        model: The model, a function of a batch.
        parameters: Its parameters by name.
        frames: What was recorded.
        due: The step at which the next frame is taken.
        grid: Where the curve is taken: even over the range of the inputs; at the inputs themselves, if the
            model takes only batches like them; None if there is no curve.
        data: The inputs and targets that are drawn.
    """

    model: Callable[[Any], Any]
    parameters: Mapping[str, Value]
    frames: list[Frame] = field(default_factory=list)
    due: int = 0
    grid: np.ndarray | None = None
    data: tuple[np.ndarray, np.ndarray] | None = None
    _spacing: float = 1.0
    _inputs: np.ndarray | None = None

    def see(self, batch: tuple[Any, ...]) -> None:
        """Keep a batch as the data that is drawn; the first one also says over which range the model is."""
        x, y = (np.asarray(part) for part in batch[:2])
        if not _single(x) or not _single(y) or len(x) != len(y) or x.dtype.kind != "f":
            return
        self.data = x.ravel(), y.ravel()
        if self.grid is None:
            self.grid = np.linspace(x.min(), x.max(), _GRID).astype(x.dtype).reshape(-1, *x.shape[1:])
            self._inputs = x if len(x) <= _MOST_POINTS else None

    def take(self, step: int) -> None:
        """Record a frame, and say when the next one is due."""
        if self.frames and self.frames[-1].step == step:
            return
        self.frames.append(Frame(step, self._curve(), self._numbers()))
        if len(self.frames) > _MOST_FRAMES:
            del self.frames[1::2]
            self._spacing *= 2
        self.due = max(step + 1, round((step**0.5 + self._spacing) ** 2))

    def panels(self) -> list[Panel]:
        """Return the data and the fitted curve, if inputs are single numbers."""
        if self.grid is None or self.data is None:
            return []
        x, y = (array[thinned(len(array), _MOST_POINTS)] for array in self.data)
        curves = [frame.curve for frame in self.frames]
        points = ChartLayer("data", "points", x.tolist(), y.tolist())
        curve = ChartLayer("model", "line", np.sort(self.grid.ravel()).tolist(), curves[-1], frames=curves)
        return [Panel("x", "f(x)", [points, curve])]

    def parameter_panels(self) -> list[Panel]:
        """Return the parameters over the steps, if they are few: for the replay, not for the picture."""
        names = _names(self.parameters)
        if not names:
            return []
        steps = [frame.step for frame in self.frames]
        spans = [(0, count + 1) for count in range(len(steps))]
        columns = zip(*(frame.parameters for frame in self.frames), strict=True)
        lines = [
            ChartLayer(name, "line", steps, y, spans=spans) for name, y in zip(names, columns, strict=True)
        ]
        return [Panel("step", "parameter", lines, static=False)]

    def _curve(self) -> list[float]:
        heights = self._heights()
        if heights is None and not self.frames:
            self.grid = self._inputs
            heights = self._heights()
        if self.grid is None or heights is None:
            self.grid = None
            return []
        return [float(f"{height:.4g}") for height in heights[np.argsort(self.grid.ravel(), kind="stable")]]

    def _heights(self) -> np.ndarray | None:
        """Return the model on the grid, if it takes the grid: it may be made for batches of one size."""
        if self.grid is None:
            return None
        try:
            with no_grad():
                heights = np.asarray(self.model(self.grid), dtype=float).ravel()
        except Exception:  # noqa: BLE001 - the grid is ours; a training does not end for a picture
            return None
        return heights if len(heights) == self.grid.size else None

    def _numbers(self) -> list[float]:
        if not _names(self.parameters):
            return []
        return [float(number) for value in self.parameters.values() for number in np.ravel(value.data)]


def _single(array: np.ndarray) -> bool:
    """Return whether each row is a single number."""
    return array.ndim > 0 and array.size == len(array) and len(array) > 1


def _names(parameters: Mapping[str, Value]) -> list[str]:
    """Return a name for each number of the parameters, if they are few enough to follow."""
    if sum(np.size(value.data) for value in parameters.values()) > _MOST_PARAMETERS:
        return []
    numbers = elements(list(parameters), [value.data for value in parameters.values()])
    return [element.name for element in numbers]
