"""Pixels: an address of an image that a block made, as a file of the site where that is possible."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs_chainrule.show.settings import ShowSettings

_START = {"png": b"\x89PNG", "jpeg": b"\xff\xd8\xff", "gif": b"GIF8", "webp": b"RIFF"}


def image_url(url: str, settings: ShowSettings) -> str | None:
    """Return the address of a PNG that is given as a `data:` URL, or None for anything else.

    A file of its own is what a strict content security policy allows, and what a browser caches.
    """
    head, _, encoded = url.partition(",")
    return pixels_url(encoded, "png", settings) if head == "data:image/png;base64" else None


def pixels_url(encoded: str, kind: str, settings: ShowSettings) -> str | None:
    """Return the address of an image that is given in base64, or None if it is none of that kind."""
    try:
        image = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    if not image.startswith(_START[kind]):
        return None
    if settings.save is None:
        return f"data:image/{kind};base64,{base64.b64encode(image).decode()}"
    return save(image, kind, settings)


def save(content: bytes, kind: str, settings: ShowSettings) -> str:
    """Keep a file under the name of its content, so that what is the same is kept once."""
    assert settings.save is not None
    return settings.save(f"{hashlib.sha256(content).hexdigest()[:16]}.{kind}", content)
