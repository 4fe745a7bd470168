"""Files of our own: written whole or not at all, and read only if they are as they were written."""

from __future__ import annotations

import contextlib
import json
import os
from threading import get_ident
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.session.data import digest

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file aside and move it into place, so that nobody ever reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}.{get_ident()}.part")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    finally:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)


def write_sealed(path: Path, data: Any) -> None:
    """Write JSON data below a line with their digest, which tells a file that is damaged."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    content = text.encode("utf-8", "surrogatepass")
    write_whole(path, f"{digest(content)}\n".encode() + content)


def read_sealed(path: Path) -> Any:
    """Return the data that `write_sealed` wrote.

    Raises:
        OSError: The file is not there, or not to be read.
        ValueError: It is not what was written.
    """
    seal, _, content = path.read_bytes().partition(b"\n")
    if seal != digest(content).encode():
        raise ValueError("not what was written")
    return json.loads(content)
