"""Rich display: any object becomes a bundle of representations by MIME type, as Jupyter's protocol has it."""

from __future__ import annotations

import re
from base64 import b64encode
from json import dumps, loads
from pprint import pformat
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.session.block import REPLAY, Bundle, holds_json
from mkdocs_chainrule.worker import figures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
# An address differs from build to build and says nothing to a reader.
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+(?=>)")

receivers: list[Callable[[Bundle], None]] = []
"""Where bundles go: to the last of them."""


def emit(bundle: Bundle) -> None:
    """Send a bundle to the output of the block that runs."""
    receivers[-1](bundle)


def display(*objects: object) -> None:
    """Show objects in the page, in order, each by the richest representation that it has."""
    for value in objects:
        show(value)


def show(value: object) -> None:
    """Show one object, as `display` and a block's last expression do."""
    if figures.is_animation(value):
        emit(figures.film(value))
        return
    if not figures.is_figure(value):
        emit(bundle(value))
        return
    if not figures.is_empty(value):
        emit(figures.bundle(value))
    figures.close(value)


def show_open_figures() -> None:
    """Show the figures that are open, and close them."""
    for figure in figures.take_open():
        show(figure)


def bundle(value: object) -> Bundle:
    """Return all representations of a value; whatever a `_repr_*_` method raises is the caller's to tell."""
    data, metadata = {}, {}
    # A class has its instances' methods, which it cannot answer.
    for contents, about in () if isinstance(value, type) else _representations(value):
        data.update({mime: content for mime, content in contents.items() if content is not None})
        metadata.update(about)
    data.setdefault("text/plain", plain(value))
    if REPLAY in data and callable(plot := getattr(value, "plot", None)):
        data["image/svg+xml"] = figures.bundle(plot()).data["image/svg+xml"]
    return Bundle({mime: _portable(mime, content) for mime, content in data.items()}, _json(metadata))


def _representations(value: object) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for method, mime in _METHODS.items():
        content, about = _with_metadata(_call(value, method))
        yield {mime: content}, {mime: about} if about else {}
    # A replay's picture is drawn here, as all figures are.
    drawn = {"image/svg+xml"} if type(value).__module__.startswith("chainrule.") else None
    data, metadata = _with_metadata(_call(value, "_repr_mimebundle_", include=None, exclude=drawn))
    yield data or {}, metadata or {}


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
    text = repr(value)
    if len(text) > _WIDTH and type(value) in {list, tuple, dict, set, frozenset}:
        text = pformat(value, width=_WIDTH, compact=True, sort_dicts=False)
    return _ADDRESS.sub("", text)
