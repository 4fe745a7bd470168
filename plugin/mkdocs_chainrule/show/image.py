"""An image that an object displays, in the size that the object wants."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.show.markup import element
from mkdocs_chainrule.show.raster import pixels_url, save

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdocs_chainrule.show.settings import ShowSettings

_MOVING = {"gif": b"GIF8", "webp": b"RIFF"}
_LONGEST = 100_000


def show_image(kind: str, data: str, metadata: Mapping[str, Any], settings: ShowSettings) -> str | None:
    """Return an image given in base64, or None if it is none of that kind."""
    url = _moving_url(data, kind, settings) if kind in _MOVING else pixels_url(data, kind, settings)
    if url is None:
        return None
    alt = settings["alt"] or str(metadata.get("alt", ""))
    size = {name: round(metadata[name]) for name in ("width", "height") if _is_length(metadata.get(name))}
    return element("img", src=url, alt=alt, **size, class_="chainrule-image", loading="lazy")


def _is_length(value: object) -> bool:
    return isinstance(value, int | float) and 1 <= value < _LONGEST


def _moving_url(data: str, kind: str, settings: ShowSettings) -> str | None:
    """Return the address of an image of a kind that may move."""
    try:
        image = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    if not image.startswith(_MOVING[kind]):
        return None
    if settings.save is None:
        return f"data:image/{kind};base64,{base64.b64encode(image).decode()}"
    return save(image, kind, settings)
