"""What Outputs look like, drawn once: by an Output, its showing options and the site's settings."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.pieces import key_of
from mkdocs_chainrule.show import draw

if TYPE_CHECKING:
    from mkdocs_chainrule.pieces import Piece, Shelves
    from mkdocs_chainrule.session.block import Block, Output
    from mkdocs_chainrule.show.settings import ShowSettings


def drawn(shelves: Shelves, identity: str, block: Block, output: Output, settings: ShowSettings) -> str:
    """Return a block's result as HTML, drawn now or before; an identity tells its Output from any other.

    A piece holds the files that go with it too: name, address in the page, content; and the remarks.
    """
    if not output.items or output.failure is not None:
        return draw(block, output, settings)
    shelf = settings.prefix.partition("-")[0]
    key = key_of(identity, replace(settings, save=None, remark=str, unshown=str), settings.save is None)
    piece = shelves.find(shelf, key)
    if piece is None or not _saved(piece, settings):
        unshown: list[Output] = []
        piece = _draw(block, output, replace(settings, unshown=unshown.append))
        if unshown:
            settings.unshown(unshown[0])
        else:  # what could not be drawn now may be another time, with more of it
            shelves.put(shelf, key, piece)
    for remark, how in piece["remarks"]:
        settings.remark(remark, **how)
    return str(piece["html"])


def _draw(block: Block, output: Output, settings: ShowSettings) -> Piece:
    files: list[tuple[str, str, str]] = []
    remarks: list[tuple[str, dict[str, Any]]] = []

    def keep(name: str, content: bytes) -> str:
        assert settings.save is not None
        url = settings.save(name, content)
        files.append((name, url, b64encode(content).decode()))
        return url

    def note(remark: str, **how: Any) -> None:
        remarks.append((remark, how))

    own = replace(settings, save=keep if settings.save else None, remark=note)
    return {"html": draw(block, output, own), "files": files, "remarks": remarks}


def _saved(piece: Piece, settings: ShowSettings) -> bool:
    """Save a drawing's files again, and tell whether they have the addresses that it names."""
    save = settings.save
    return all(
        save is not None and save(name, b64decode(content)) == url for name, url, content in piece["files"]
    )
