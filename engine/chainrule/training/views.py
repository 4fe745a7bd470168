"""What can be seen of a model as it trains: a curve over one input, or a boundary between classes over two.

A view calls the model on places of its own, an even grid, and on the data that is drawn, all in one batch.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.charts import contours
from chainrule.charts.replay import ChartLayer, Panel, thinned
from chainrule.modes import no_grad

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Model = Callable[[Any], Any]

_MOST_POINTS = 200
_MOST_CLASSES = 6
_GRID = 81  # places on a curve
_SIDE = 25  # of the grid below a boundary
_MARGIN = 0.08  # of the range of the data: how far a boundary is seen beyond it
_MOST_LOOKS, _LEAST_LOOKS = 60, 12
_MOST_STEPS = 9000  # whole numbers of all the boundaries of a replay


class Look(NamedTuple):
    """A model at a moment.

    Attributes:
        seen: On the grid: its heights; or for each class how far it is ahead of all others.
        picture: What tells this look from others: by how much it differs, they differ to the eye.
        figures: Numbers by what they are, such as the largest error.
        rest: What is left of each point that is drawn; or whether it is in the wrong class.
    """

    seen: Floats
    picture: Floats
    figures: dict[str, float]
    rest: Floats


class Curve:
    """A model of single numbers: at even places over the range of its first batch, or at its inputs only."""

    def __init__(self, x: Floats, y: Floats) -> None:
        even = np.linspace(x.min(), x.max(), _GRID).astype(x.dtype).reshape(-1, *x.shape[1:])
        self._grids = [even, x[:0]]  # for a model that takes only batches like its own, the inputs
        self.see(x, y)

    def see(self, x: Floats, y: Floats) -> None:
        """Keep a batch as the data that is drawn; not for a model that is only seen at its first one."""
        if not len(self._grids[0]):
            return
        self._whole = x if len(x) <= _MOST_POINTS else None
        few = slice(None) if self._whole is not None else thinned(len(x), _MOST_POINTS)
        self.x, self.y = x[few], y[few]

    def look(self, model: Model) -> Look | None:
        """Return the model as it is now, or None if it does not take such a batch."""
        for grid in self._grids:
            if not len(grid) and self._whole is None:
                continue
            answers = _answers(model, np.concatenate([grid, self.x]), one=True)
            if answers is not None:
                self._grids = [grid]
                return self._seen(answers[: len(grid)] if len(grid) else answers, answers[len(grid) :])
        return None

    def _seen(self, heights: Floats, answers: Floats) -> Look:
        rest = self.y.ravel().astype(float) - answers
        heights = heights if len(self._grids[0]) else heights[np.argsort(self._places, kind="stable")]
        return Look(heights, heights, {"largest error": float(np.abs(rest).max())}, rest)

    @property
    def _places(self) -> Floats:
        [grid] = self._grids
        places: Floats = (grid if len(grid) else self.x).ravel()
        return places

    def panel(self, looks: Sequence[Look]) -> Panel:
        """Return the data, and the curve in each of the looks."""
        x, y = self.x.ravel().tolist(), self.y.ravel().tolist()
        curves = [look.seen.tolist() for look in looks]
        points = ChartLayer("data", "points", x, y, role="data", residual=looks[-1].rest.tolist())
        places = np.sort(self._places).tolist()
        return Panel(
            "x", "f(x)", [points, ChartLayer("model", "line", places, curves[-1], curves, role="model")]
        )

    def room(self, _last: Look) -> int:
        """Return how many looks a replay has room for: a curve is as long as any other."""
        return _MOST_LOOKS


class Boundary:
    """A model of two numbers that tells classes apart, on a grid that is a little larger than the data.

    Attributes:
        threshold: Where a single answer stands for one class or the other: where a loss sees no difference.
    """

    def __init__(self, x: Floats, classes: NDArray[np.intp], names: Sequence[str], threshold: float) -> None:
        few = thinned(len(x), _MOST_POINTS)
        self.x, self.classes, self.names, self.threshold = x[few], classes[few], names, threshold
        self._whole = len(few) == len(x)
        low, high = x.min(axis=0), x.max(axis=0)
        away = _MARGIN * np.where(high > low, high - low, 1)
        self.box = tuple(float(each) for each in np.column_stack([low - away, high + away]).ravel())
        sides = [np.linspace(begin, end, _SIDE) for begin, end in zip(low - away, high + away, strict=True)]
        self._grid = np.stack(np.meshgrid(*sides), axis=-1).reshape(-1, 2).astype(x.dtype)

    def see(self, x: Floats, y: Floats) -> None:
        """Keep the first data: which points are wrong is known of these."""

    def look(self, model: Model) -> Look | None:
        """Return the model as it is now, or None if it does not answer with classes."""
        answers = _answers(model, np.concatenate([self._grid, self.x]), one=len(self.names) == 2)
        if answers is None or (answers.ndim == 2 and answers.shape[1] != len(self.names)):
            return None
        ahead = self._ahead(answers)
        grid, own = ahead[: len(self._grid)], ahead[len(self._grid) :]
        wrong = own.argmax(axis=1) != self.classes
        name = "accuracy" if self._whole else f"accuracy on {len(wrong)} of the points"
        return Look(grid, np.tanh(grid), {name: float(1 - wrong.mean())}, wrong.astype(float))

    def _ahead(self, answers: Floats) -> Floats:
        """Return for each answer and each class how far that is ahead of the best of the others."""
        if answers.ndim == 1:
            over = answers - self.threshold
            return np.column_stack([-over, over])
        best = np.sort(answers, axis=1)
        others = np.where(answers == best[:, -1:], best[:, -2:-1], best[:, -1:])
        ahead: Floats = answers - others
        return ahead

    def panel(self, looks: Sequence[Look]) -> Panel:
        """Return the points of each class, the wrong ones known, and the boundary in each of the looks."""
        layers = []
        for number, name in enumerate(self.names):
            mine = self.classes == number
            x, y = self.x[mine].T.tolist()
            wrong = ["".join("1" if bad else "0" for bad in look.rest[mine]) for look in looks]
            layers.append(ChartLayer(name, "points", x, y, wrong=wrong))
        paths = [self._paths(look) for look in looks]
        left, right, low, high = self.box
        layers.append(ChartLayer("boundary", "paths", [left, right], [low, high], role="model", paths=paths))
        return Panel("x[0]", "x[1]", layers)

    def _paths(self, look: Look) -> list[list[int]]:
        fields = look.seen.T.reshape(-1, _SIDE, _SIDE)[:-1]  # what bounds the last class bounds another too
        return [path for field in fields for path in contours.steps(contours.zeros(field), field.shape)]

    def room(self, last: Look) -> int:
        """Return how many looks a replay has room for, by its last one: boundaries grow intricate."""
        return max(_LEAST_LOOKS, min(_MOST_LOOKS, _MOST_STEPS // (sum(map(len, self._paths(last))) or 1)))


def view(x: Any, y: Any, loss: Callable[..., Any] | None) -> Curve | Boundary | None:
    """Return how a model of such a batch can be seen, if it can."""
    x, y = np.asarray(x), np.asarray(y)
    if x.dtype.kind != "f" or x.ndim == 0 or len(x) < 2 or len(x) != len(y if y.ndim else [0]):
        return None
    if x.size == len(x):
        return Curve(x, y) if y.size == len(y) else None
    if x.shape[1:] != (2,):
        return None
    found = _classes(y)
    return found and Boundary(x, *found, _threshold(loss, y))


def _classes(y: NDArray[Any]) -> tuple[NDArray[np.intp], list[str]] | None:
    """Return of targets which class each is, and what the classes are called, if they are classes."""
    if y.ndim == 2 and y.shape[1] > 1 and np.isin(y, (0, 1)).all() and (y.sum(axis=1) == 1).all():
        y = y.argmax(axis=1)
    if y.size != len(y):
        return None
    values, classes = np.unique(y.ravel(), return_inverse=True)
    if len(values) < 2 or len(values) > _MOST_CLASSES or not np.array_equal(values, np.round(values)):
        return None
    return classes, [f"class {value:.0f}" for value in values]


def _threshold(loss: Callable[..., Any] | None, y: NDArray[Any]) -> float:
    """Return where a single answer is as far from one of two classes as from the other, as the loss sees it.

    That is zero for logits and for a hinge, and the middle for what answers with the class itself.
    """
    low, high = float(y.min()), float(y.max())
    if loss is None:
        return (low + high) / 2
    try:
        none = np.zeros(y[:1].shape)
        losses = [float(np.asarray(loss(none, np.full(none.shape, side)))) for side in (low, high)]
    except Exception:  # noqa: BLE001 - a loss of the author's may take other things
        return (low + high) / 2
    return 0.0 if math.isclose(*losses) else (low + high) / 2


def _answers(model: Model, batch: Floats, *, one: bool) -> Floats | None:
    """Return the model's answers, a number for each row only if it may be `one`; None without answers."""
    try:
        with no_grad():
            answers = np.asarray(model(batch), dtype=float)
    except Exception:  # noqa: BLE001 - the batch is ours; a training does not end for a picture
        return None
    if answers.size == len(batch):
        return answers.ravel() if one else None
    return answers if answers.ndim == 2 and len(answers) == len(batch) else None
