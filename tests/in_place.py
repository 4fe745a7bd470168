"""What may stand where a file of ours was."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_chainrule.session.data import digest

if TYPE_CHECKING:
    from collections.abc import Callable


def sealed(content: bytes) -> bytes:
    return digest(content).encode() + b"\n" + content


def socket_at(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as end, tempfile.TemporaryDirectory() as folder:
        end.bind(f"{folder}/s")  # the name of one is short
        Path(folder, "s").rename(path)


DEEP = b"[" * 5_000_000 + b"]" * 5_000_000
# What may stand where a file of ours was, and would hang, crash or fill whoever just reads it.
IN_PLACE: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a socket": socket_at,
    "an endless device": lambda path: path.symlink_to("/dev/zero"),
    "a link to nowhere": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "an endless file": lambda path: (path.touch(), os.truncate(path, 60 << 30)),
    "10 MB of nesting": lambda path: path.write_bytes(sealed(DEEP)),
    "unsealed nesting": lambda path: path.write_bytes(DEEP),
    "a list": lambda path: path.write_bytes(sealed(b"[1, [2, null]]")),
    "a number": lambda path: path.write_bytes(sealed(b"1e999")),
    "no number": lambda path: path.write_bytes(sealed(b"NaN")),
    "a huge number": lambda path: path.write_bytes(sealed(b"9" * 5000)),
    "lists for objects": lambda path: path.write_bytes(sealed(b'{"entry": [], "shown": [], "seen": []}')),
    "no text": lambda path: path.write_bytes(sealed(b"\xff\xfe\x00")),
    "nothing": Path.touch,
}
