"""Rich display: any object becomes a bundle of representations by MIME type, as Jupyter's protocol has it."""

from __future__ import annotations

import re
import sys
from base64 import b64encode
from json import dumps, loads
from pprint import pformat
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.session.block import CAPTION, REPLAY, Bundle, holds_json
from mkdocs_chainrule.worker import figures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.figure import Figure

_METHODS = {
    "_repr_html_": "text/html",
    "_repr_markdown_": "text/markdown",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_jpeg_": "image/jpeg",
    "_repr_latex_": "text/latex",
    "_repr_json_": "application/json",
    "_repr_javascript_": "application/javascript",
    "_repr_pdf_": "application/pdf",
}
_WIDTH = 79
# What a script draws from its data: the HTML of the same would hold all of that again.
_DRAWN = re.compile(r"application/vnd\.(?:plotly|vega|vegalite|chainrule\.bokeh)\b")
# An address differs from build to build and says nothing to a reader.
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+(?=>)")

receivers: list[Callable[[Bundle], None]] = []
"""Where bundles go: to the last of them."""


def emit(bundle: Bundle) -> None:
    """Send a bundle to the output of the block that runs."""
    receivers[-1](bundle)


def display(
    *objects: object,
    caption: str | None = None,
    alt: str | None = None,
    id: str | None = None,  # noqa: A002 - as HTML has it
) -> None:
    """Show objects in the page, in order, each by the richest representation that it has.

    Args:
        objects: What is to be shown.
        caption: What stands under it, of one object.
        alt: What it shows in words, for those who do not see it.
        id: What links call it: one that begins with `fig-`, as in `[](#fig-loss)`.
    """
    said = {name: str(text) for name, text in (("caption", caption), ("alt", alt), ("id", id)) if text}
    if said and len(objects) != 1:
        raise TypeError(f"{next(iter(said))}= is of one object: call display() for each")
    if id and not re.fullmatch(r"fig-[\w-]+", id):
        raise ValueError(f'id={id!r}: let it begin with "fig-", as in "fig-loss"')
    for value in objects:
        show(value, said)


def display_as_ipython(*objects: Any, raw: bool = False, metadata: Any = None, **more: Any) -> None:
    """Show objects, or the representations that each is, as IPython's `display` takes them.

    What is said of an object, its caption, alt and id, is taken as `display` takes it.
    """
    if raw:
        for value in objects:
            publish(value, metadata)
        return
    display(*objects, **{name: more[name] for name in ("caption", "alt", "id") if name in more})


def publish(data: dict[str, Any], metadata: dict[str, Any] | None = None, **_: Any) -> None:
    """Show representations by their types."""
    emit(_portable_bundle(data, metadata or {}))


def show(value: object, said: dict[str, str] | None = None, *, is_last: bool = False) -> None:
    """Show one object, as `display` and a block's last expression do, with what is `said` of it.

    A figure that the last expression's object holds is shown in its turn, with all that are open then.
    """
    if figures.is_animation(value):
        emit(_with(figures.film(value), said))
        return
    if not figures.is_figure(value):
        shown = bundle(value)
        figure = _its_figure(value) if shown.data.keys() == {"text/plain"} else None
        if figure is None:
            emit(_with(shown, said))
            return
        if is_last:
            return
        value = figure
    if not figures.is_empty(value):
        emit(_with(figures.bundle(value), said))
    figures.close(value)


def _its_figure(value: object) -> Figure | None:
    """Return the open figure of an object that says nothing of itself, such as a grid of seaborn's."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or type(value).__repr__ is not object.__repr__:
        return None
    held = filter(figures.is_figure, getattr(value, "__dict__", {}).values())
    return next((figure for figure in held if pyplot.fignum_exists(getattr(figure, "number", -1))), None)


def _with(shown: Bundle, said: dict[str, str] | None) -> Bundle:
    return Bundle(shown.data, {**shown.metadata, CAPTION: said}) if said else shown


def show_open_figures() -> None:
    """Show the figures that are open, and close them."""
    for figure in figures.take_open():
        show(figure)


def bundle(value: object) -> Bundle:
    """Return all representations of a value; whatever a `_repr_*_` method raises is the caller's to tell."""
    if figures.is_figure(value):
        return figures.bundle(value)
    data: dict[str, Any] = {}
    metadata: dict[str, Any] = {}
    # A class has its instances' methods, which it cannot answer.
    for contents, about in () if isinstance(value, type) else _representations(value):
        data = {mime: content for mime, content in contents.items() if _is_content(mime, content)} | data
        metadata = about | metadata
        if any(map(_DRAWN.match, data)):
            break
    data.setdefault("text/plain", plain(value))
    if REPLAY in data and callable(plot := getattr(value, "plot", None)):
        data["image/svg+xml"] = _end_of_replay(plot)
    return _portable_bundle(data, metadata)


def _end_of_replay(plot: Callable[[], Figure]) -> Any:
    import numpy as np  # noqa: PLC0415 - what replays is the engine's, and has it

    with np.errstate(over="ignore"):  # ticks are sought far beyond what an axis holds
        return figures.bundle(plot()).data["image/svg+xml"]


def _portable_bundle(data: dict[str, Any], metadata: dict[str, Any]) -> Bundle:
    return Bundle({mime: _portable(mime, content) for mime, content in data.items()}, _json(metadata))


def _representations(value: object) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    # A replay's picture is drawn here, as all figures are.
    drawn = {"image/svg+xml"} if type(value).__module__.startswith("chainrule.") else None
    data, metadata = _with_metadata(_call(value, "_repr_mimebundle_", include=None, exclude=drawn))
    yield _dict(data), _dict(metadata)
    for method, mime in _METHODS.items():
        content, about = _with_metadata(_call(value, method))
        yield {mime: content}, {mime: about} if about else {}


def _is_content(mime: str, content: Any) -> bool:
    """Tell whether it is of a kind that its type has: what a notebook does not take is none here either."""
    return (
        content is not None if holds_json(mime) else isinstance(content, str | bytes | bytearray | memoryview)
    )


def _dict(answer: Any) -> dict[str, Any]:
    return answer if isinstance(answer, dict) else {}


def _call(value: object, name: str, **arguments: object) -> Any:
    # Looked up on the class: objects that invent attributes (mocks, proxies) have any name but mean none.
    method = getattr(type(value), name, None)
    if not callable(method):
        return None
    try:
        return getattr(value, name)(**arguments)
    except NotImplementedError:
        return None


def _with_metadata(answer: Any) -> tuple[Any, Any]:
    return answer if isinstance(answer, tuple) and len(answer) == 2 else (answer, None)


def _portable(mime: str, content: Any) -> Any:
    if isinstance(content, bytes | bytearray | memoryview):
        text_like = mime.startswith("text/") or mime.endswith("+xml")
        return bytes(content).decode("utf-8", "replace") if text_like else b64encode(content).decode()
    if holds_json(mime):
        return _json(content)
    return content if isinstance(content, str) else str(content)


def _json(content: Any) -> Any:
    """Return a copy in JSON's own types, or raise TypeError here, where the author's line is known."""
    return loads(dumps(content))


def plain(value: object) -> str:
    """Return the text of a value: its repr, long containers over several lines, without addresses."""
    text = _pretty(value) if hasattr(type(value), "_repr_pretty_") else repr(value)
    if len(text) > _WIDTH and type(value) in {list, tuple, dict, set, frozenset}:
        text = pformat(value, width=_WIDTH, compact=True, sort_dicts=False)
    return _ADDRESS.sub("", text)


def _pretty(value: object) -> str:
    """Return the text of a value that knows how IPython prints it."""
    module: Any = sys.modules.get("IPython.lib.pretty")
    return str(module.pretty(value)) if module else repr(value)
