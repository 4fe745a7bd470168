"""A training or a chart that plays: its panels in the last frame, and the data for a script to show others.

Without a script the last frame is there, with ghosts of some before it, and four moments as small drawings;
so it is on paper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.assets import words
from mkdocs_chainrule.show.graphs.numbers import brief
from mkdocs_chainrule.show.markup import element, escape, folded, held
from mkdocs_chainrule.show.replays.axes import axes
from mkdocs_chainrule.show.replays.panels import PanelWriter
from mkdocs_chainrule.show.replays.player import moments, playing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mkdocs_chainrule.show.settings import ShowSettings

VERSIONS = frozenset({1, 2})
_FEWEST = 4  # frames that are worth to be played
_TOLD = 12  # frames that are told in words


def show_replay(data: Any, metadata: Mapping[str, Any], settings: ShowSettings) -> str | None:
    """Return a replay as HTML; None if it is not to play, has too little to show, or is none that we know."""
    if not settings["replay"]:
        return None
    try:
        if data["version"] not in VERSIONS or len(data["frames"]) < _FEWEST:
            return None
        return _figure(data, settings["alt"] or str(metadata.get("alt", "")))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):  # what a stranger wrote
        return None


def _figure(data: Mapping[str, Any], name: str) -> str:
    sentences = list(_sentences(data))
    last, steps = len(sentences) - 1, data.get("steps") or []
    panels = [panel if steps else {**panel, "timeline": False} for panel in data["panels"]]
    writers = [PanelWriter(p, axes(p, last + 1, steps), steps, data.get("ghosts") or ()) for p in panels]
    title = element("p", escape(data["title"]), class_="chainrule-caption") if data["title"] else ""
    shown = element("div", *(writer.figure(last) for writer in writers), class_="chainrule-charts")
    told = {"steps": steps, "sentences": sentences, "panels": [_moving(panel) for panel in panels]}
    small = _moments(writers[0], sentences) if not panels[0].get("timeline") else ""
    below = small + _in_words(sentences) + held(told)
    return playing(sentences[last], name, title, shown, below=below)


def _sentences(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield what each frame is, in words: "Step 640 of 10,000; loss 0.0123; largest error 0.31"."""
    told = data.get("figures") or {}
    figures = {name: told[name] for name in sorted(told, key=lambda name: (name != "loss", name))}
    for index, frame in enumerate(data["frames"]):
        numbers = [f"{name} {_number(name, each[index])}" for name, each in figures.items()]
        sentence = "; ".join([str(frame), *numbers])
        yield sentence[:1].upper() + sentence[1:]


def _number(name: str, number: float | None) -> str:
    if number is None:
        return str(words()["unknown"])
    return f"{brief(100 * number, 3)} %" if name.startswith("accuracy") else brief(number, 3)


def _moving(panel: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a script needs of a panel."""
    kept = ("x", "y", "role", "frames", "spans", "paths", "piece", "wrong", "residual")
    return {"layers": [{key: layer[key] for key in kept if key in layer} for layer in panel["layers"]]}


def _moments(writer: PanelWriter, sentences: Sequence[str]) -> str:
    drawn = [
        element(
            "figure", writer.small(frame, sentences[frame]), element("figcaption", escape(sentences[frame]))
        )
        for frame in moments(len(sentences))
    ]
    return element("div", *drawn, class_="chainrule-moments")


def _in_words(sentences: Sequence[str]) -> str:
    last = len(sentences) - 1
    few = sorted({round(index * last / (_TOLD - 1)) for index in range(_TOLD)})
    listed = element("ol", *(element("li", escape(sentences[frame])) for frame in few))
    return folded(words()["inWords"], listed)
