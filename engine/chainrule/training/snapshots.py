"""How a fit grew: its parameters at some moments of a training, and the model as it was with them."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chainrule.charts.replay import ChartLayer, Panel
from chainrule.nn.module import Module, answering
from chainrule.optim.optimizer import assign, copied
from chainrule.training.followed import Followed
from chainrule.training.moments import Moment, Moments, chosen
from chainrule.training.pieces import pieces
from chainrule.training.views import Curve, Look, view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from chainrule.training.moments import Floats
    from chainrule.training.views import Boundary
    from chainrule.value.value import Value

_MOST = 60  # frames of a replay


class Shot(NamedTuple):
    """A moment that is shown, and how the model was seen then, if it can be."""

    step: int
    followed: Floats  # the heights of the lines that parameters are followed by
    look: Look | None = None
    hidden: Sequence[Any] = ()  # the weights of a hidden layer, whose pieces are shown


class Snapshots:
    """A recorder of a training: it notes parameters on the way, and looks at the model when asked."""

    def __init__(
        self,
        model: Callable[[Any], Any],
        parameters: Mapping[str, Value],
        loss: Callable[..., Any] | None = None,
    ) -> None:
        self.model, self.loss = model, loss
        self.moments = Moments()
        self._parameters = parameters
        self._values = list(parameters.values())
        self._pieces = pieces(model)
        self._view: Curve | Boundary | None = None
        self._is_new = True
        self._end: Look | None = None  # how the model was seen at the end
        self._shots: list[Shot] = []  # what was told of a training that has ended

    @cached_property
    def _followed(self) -> Followed:
        return Followed(self._parameters)  # its names are of no use to a training that nobody looks at

    @property
    def due(self) -> int:
        """The step at which the next moment is noted."""
        return self.moments.due

    def see(self, batch: tuple[Any, ...]) -> None:
        """Keep a batch as the data that is drawn: the first, which says what can be seen, and the last."""
        if self._is_new:
            self._view = view(batch[0], batch[1], self.loss)
            self._is_new = False
        elif self._view is not None:
            self._view.see(np.asarray(batch[0]), np.asarray(batch[1]))

    def take(self, step: int) -> None:
        """Note a moment."""
        if self._view is not None:
            self.moments.add(Moment(step, copied(self._values)))
        else:
            self.moments.add(Moment(step, (), self._followed.now()))

    def end(self, step: int) -> None:
        """Note the last moment, unless it is noted already, and look at the model as it is then."""
        kept = self.moments.kept
        if not kept or kept[-1].step != step:
            self.take(step)
        self._end = self._look()
        self._shots = []

    def shots(self) -> list[Shot]:
        """Return the moments of a replay, between which the picture changes about equally."""
        if not self._shots:
            self._shots = self._chosen()
        shots = self._shots
        if self._end is None:  # the training goes on
            self._shots = []
        return shots

    def panels(self, shots: Sequence[Shot]) -> list[Panel]:
        """Return the data and the model; and what its hidden neurons add, for the replay alone."""
        looks = [shot.look for shot in shots if shot.look is not None]
        if self._view is None or not looks:
            return []
        seen = self._view.panel(looks)
        if self._pieces is None or not isinstance(self._view, Curve):
            return [seen]
        x = [float(seen.layers[1].x[0]), float(seen.layers[1].x[-1])]
        hidden = [shot.hidden for shot in shots]
        lines = [
            ChartLayer(f"neuron {number + 1}", "line", x, [], piece=self._pieces.neuron(number, hidden))
            for number in range(self._pieces.count)
        ]
        return [seen, Panel("x", "what each hidden neuron adds", lines, static=False)]

    def parameter_panels(self, shots: Sequence[Shot]) -> list[Panel]:
        """Return the parameters over the steps, or their norms: for the replay, not for the picture."""
        if not self._followed.names:
            return []
        steps = [shot.step for shot in shots]
        spans = [(0, count + 1) for count in range(len(steps))]
        heights = np.array([shot.followed for shot in shots]).T.tolist()
        lines = [
            ChartLayer(name, "line", steps, line, spans=spans)
            for name, line in zip(self._followed.names, heights, strict=True)
        ]
        return [Panel("step", self._followed.kind, lines, static=False, timeline=True)]

    def _chosen(self) -> list[Shot]:
        shots = self._seen(self.moments.kept)
        pictures = [shot.look.picture if shot.look else shot.followed for shot in shots]
        if not all(map(np.size, pictures)):  # nothing is seen but the loss
            pictures = [np.array([shot.step**0.5]) for shot in shots]
        last = shots[-1].look if shots else None
        room = _MOST if self._view is None or last is None else min(_MOST, self._view.room(last))
        return [shots[index] for index in chosen(pictures, [shot.step for shot in shots], room)]

    def _seen(self, moments: Sequence[Moment]) -> list[Shot]:
        """Return the model as it was at each moment; at the last one only, if it is another model now."""
        shots: list[Shot] = []
        with self._as_before():
            for moment in reversed(moments):
                if moment.numbers:
                    assign(self._values, moment.numbers)
                shot = self._shot(moment)
                if not shots and shot.look and self._end and not _same(shot.look, self._end):
                    return [shot._replace(look=self._end)]
                shots.append(shot)
        is_seen = all(shot.look for shot in shots)
        return [shot if is_seen else shot._replace(look=None) for shot in reversed(shots)]

    def _shot(self, moment: Moment) -> Shot:
        followed = self._followed.now() if moment.followed is None else moment.followed
        hidden = self._pieces.now() if self._pieces is not None else ()
        return Shot(moment.step, followed, self._look(), hidden)

    @contextmanager
    def _as_before(self) -> Iterator[None]:
        """Let a model that answers have other parameters, and be afterwards as it was."""
        before, stamps = copied(self._values), [getattr(value, "assigned", 0) for value in self._values]
        with answering(self.model) if isinstance(self.model, Module) else nullcontext():
            try:
                yield
            finally:
                assign(self._values, before)
                for value, stamp in zip(self._values, stamps, strict=True):
                    value.assigned = stamp  # nothing is new to a backward pass that is still to come

    def _look(self) -> Look | None:
        with np.errstate(all="ignore"):  # of a training that explodes
            look = self._view.look(self.model) if self._view is not None else None
        if look is None:
            self._view = None
        return look


def _same(one: Look, other: Look) -> bool:
    return one.seen.shape == other.seen.shape and np.allclose(one.seen, other.seen, equal_nan=True)
