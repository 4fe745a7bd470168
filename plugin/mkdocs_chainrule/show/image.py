"""An image that an object displays, in the size that the object wants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.show.markup import element
from mkdocs_chainrule.show.raster import pixels_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkdocs_chainrule.show.settings import ShowSettings

_LONGEST = 100_000


def show_image(kind: str, data: str, metadata: Mapping[str, Any], settings: ShowSettings) -> str | None:
    """Return an image given in base64, or None if it is none of that kind."""
    url = pixels_url(data, kind, settings)
    if url is None:
        return None
    alt = settings["alt"] or str(metadata.get("alt", ""))
    size = {name: round(metadata[name]) for name in ("width", "height") if _is_length(metadata.get(name))}
    return element("img", src=url, alt=alt, **size, class_="chainrule-image", loading="lazy")


def _is_length(value: object) -> bool:
    return isinstance(value, int | float) and 1 <= value < _LONGEST
