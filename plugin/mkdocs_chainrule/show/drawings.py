"""What Outputs look like, drawn once: by an Output, its showing options and the site's settings."""

from __future__ import annotations

from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from mkdocs_chainrule.pieces import Piece, key_of
from mkdocs_chainrule.show import draw

if TYPE_CHECKING:
    from mkdocs_chainrule.pieces import Shelves
    from mkdocs_chainrule.session.block import Block, Output
    from mkdocs_chainrule.show.settings import ShowSettings


def drawn(shelves: Shelves, identity: str, block: Block, output: Output, settings: ShowSettings) -> str:
    """Return a block's result as HTML, drawn now or before; an identity tells its Output from any other.

    The files that go with it are saved again, and the remarks are made again.
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
    for remark, once, asked in piece.remarks:
        settings.remark(remark, once=once, asked=asked)
    return piece.html


def _draw(block: Block, output: Output, settings: ShowSettings) -> Piece:
    files: list[tuple[str, str, str]] = []
    remarks: list[tuple[str, bool, str]] = []

    def keep(name: str, content: bytes) -> str:
        assert settings.save is not None
        url = settings.save(name, content)
        files.append((name, url, b64encode(content).decode()))
        return url

    def note(remark: str, *, once: bool = False, asked: str = "") -> None:
        remarks.append((remark, once, asked))

    own = replace(settings, save=keep if settings.save else None, remark=note)
    html = draw(block, output, own)
    return Piece(html, tuple(files), tuple(remarks))


def _saved(piece: Piece, settings: ShowSettings) -> bool:
    """Save a drawing's files again, and tell whether they have the addresses that it names."""
    save = settings.save
    with suppress(ValueError):  # of what is no base64
        files = [(name, url, b64decode(content, validate=True)) for name, url, content in piece.files]
        return all(save is not None and save(name, content) == url for name, url, content in files)
    return False
