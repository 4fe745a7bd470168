"""Files of our own: written whole or not at all, read only if regular, of a size, and as written.

Whatever else stands in the place of one counts as damaged: a link, a folder, a pipe that nobody writes to, a
device that never ends. Files of others are digested piece by piece, whatever their size.
"""

from __future__ import annotations

import contextlib
import errno
import json
import math
import os
import re
import stat
from hashlib import sha256
from io import FileIO
from threading import get_ident
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.session.data import digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST = 1 << 28
"""Bytes of the largest file that we write; no larger one is read."""
SEAL = re.compile(rb"[0-9a-f]{64}\n")
"""What a sealed file begins with."""

_PIECE = 1 << 20
_ZEROS = bytes(_PIECE)
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
# A pipe that nobody writes to does not hold us up; Windows has neither, and would change line ends.
_READING = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file aside and move it into place, so that nobody ever reads half of it.

    Raises:
        OSError: It cannot be written, or is so large that nobody would read it.
    """
    if len(content) > LARGEST:
        raise OSError(errno.EFBIG, f"its results are larger than {LARGEST >> 20} MiB")
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}.{get_ident()}.part")
    try:
        aside.unlink(missing_ok=True)
        with aside.open("xb") as file:  # new: a link of this name would be written through
            file.write(content)
        aside.replace(path)
    finally:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)


def read_whole(path: str | Path, most: int = LARGEST) -> bytes:
    """Return the content of a regular file.

    Raises:
        OSError: It is not there, not to be read, no regular file, or has more than `most` bytes.
    """
    with _opened(path, _NOFOLLOW) as file:
        size = os.fstat(file.fileno()).st_size
        if size > most:
            raise OSError(errno.EFBIG, "it is too large")
        return file.readall()


def read_start(path: str | Path, count: int) -> bytes:
    """Return how a regular file begins; it raises as `read_whole` does."""
    with _opened(path, _NOFOLLOW) as file:
        return file.read(count)


def parsed(content: bytes, *, strict: bool = False) -> Any:
    """Return the data of some JSON.

    Args:
        content: The text.
        strict: Whether numbers have to be finite, as strangers' have.

    Raises:
        ValueError: It is none, or nested too deep.
    """
    numbers: dict[str, Any] = {"parse_constant": _refuse, "parse_float": _finite} if strict else {}
    try:
        return json.loads(content, **numbers)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _refuse(number: str) -> Any:
    raise ValueError(f"{number} is no number")


def _finite(number: str) -> float:
    value = float(number)
    return value if math.isfinite(value) else _refuse(f"{number:.40}")


def as_json(data: Any) -> bytes:
    """Return data as JSON, in which a file's name may have bytes that are no text.

    Raises:
        ValueError: They are nested too deep, or hold what JSON cannot.
    """
    try:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        raise ValueError("nested too deep") from None
    return text.encode("utf-8", "surrogatepass")


def write_sealed(path: Path, data: Any) -> None:
    """Write JSON data below a line with their digest, which tells a file that is damaged."""
    content = as_json(data)
    write_whole(path, f"{digest(content)}\n".encode() + content)


def read_sealed(path: Path) -> Any:
    """Return the data that `write_sealed` wrote.

    Raises:
        OSError: The file is not there, or not to be read.
        ValueError: It is not what was written.
    """
    seal, _, content = read_whole(path).partition(b"\n")
    if seal != digest(content).encode():
        raise ValueError("not what was written")
    return parsed(content)


def file_digest(path: str, ends: bytes | None = None) -> str | None:
    """Return a digest of a file's content, or None if it is no regular file or cannot be read.

    Args:
        path: The file, which may be a link to one.
        ends: What its lines are to end with, if it is text; of what is none the answer is None then.
    """
    try:
        with _opened(path) as file:
            return _digest(file.fileno()) if ends is None else _digest_of_text(file.fileno(), ends)
    except (OSError, ValueError):
        return None


def text_size(path: str, ends: bytes) -> int | None:
    """Return how large a file of text would be if its lines ended so."""
    try:
        with _opened(path) as file:
            return sum(map(len, _as_text(file.fileno(), ends)))
    except (OSError, ValueError):
        return None


def _opened(path: str | Path, flags: int = 0) -> FileIO:
    """Open a regular file; what is none is not even opened, as that alone can do something to a device."""
    status = os.stat(path, follow_symlinks=not flags & _NOFOLLOW)  # noqa: PTH116 - so for a path of either kind
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")
    file = FileIO(os.open(path, _READING | flags))
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise OSError(errno.EINVAL, "it is no regular file")


def _digest(fd: int) -> str:
    """Return a digest of a file: its SHA-256, or, if whole pieces are zeros, one of the rest and of where.

    So what is not there of a file with holes is not read either.
    """
    found, zeros = sha256(), []
    at, size = 0, os.fstat(fd).st_size
    while piece := _piece(fd, size - at):
        if piece == _ZEROS:
            end = max(at + _PIECE, _data(fd, at + _PIECE, size) // _PIECE * _PIECE)
            zeros.append([at, end])
            at = os.lseek(fd, end, os.SEEK_SET)
            continue
        found.update(piece)
        at += len(piece)
    return digest([found.hexdigest(), _joined(zeros), size]) if zeros else found.hexdigest()


def _joined(spans: list[list[int]]) -> list[list[int]]:
    """Return spans with those in one that touch: how the zeros came to be there makes no difference."""
    joined: list[list[int]] = []
    for start, end in spans:
        if joined and joined[-1][1] == start:
            joined[-1][1] = end
        else:
            joined.append([start, end])
    return joined


def _data(fd: int, at: int, size: int) -> int:
    """Return where a file has its next data, as far as the system knows of holes."""
    try:
        return os.lseek(fd, at, os.SEEK_DATA)
    except OSError as error:  # there is none behind, or no such question here
        return size if error.errno == errno.ENXIO else at
    except AttributeError:  # pragma: no cover - Windows
        return at


def _piece(fd: int, most: int) -> bytes:
    piece = b""
    while (left := min(_PIECE, most) - len(piece)) > 0 and (more := os.read(fd, left)):
        piece = piece + more if piece else more
    return piece


def _digest_of_text(fd: int, ends: bytes) -> str:
    found = sha256()
    for piece in _as_text(fd, ends):
        found.update(piece)
    return found.hexdigest()


def _as_text(fd: int, ends: bytes) -> Iterator[bytes]:
    """Yield a file of text with other ends of lines; ValueError if it is none."""
    left, kept = os.fstat(fd).st_size, b""
    while piece := _piece(fd, left):
        left -= len(piece)
        if b"\0" in piece:
            raise ValueError("no text")
        piece = kept + piece
        kept = b"\r" if piece.endswith(b"\r") else b""  # the other half may follow
        piece = piece.removesuffix(kept).replace(b"\r\n", b"\n")
        yield piece if ends == b"\n" else piece.replace(b"\n", ends)
    yield kept
