"""What a disk can hold where our files were: valid entries, shelves and freezes, each changed in one way.

`mutate` changes every file that a build left. Most changes are of the data, and what is sealed is sealed again,
so that it comes past whoever looks at the seal or for JSON; others are of bytes, or put something else there.
It knows the shape of these files and nothing of the product, which may be an earlier one.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STORE = ".cache/plugin/chainrule"
_LARGE = 1 << 28
_HOSTILE = [
    "",
    "\0",
    "../../../outside.svg",
    "/etc/passwd",
    "/dev/zero",
    "\ud800",
    "\x1b]0;title\x07\x1b[2J\r",
    "\u202e\u2066",
    "WARNING -  forged\nERROR -  line",
    "</script><script>alert(1)</script><img src=x onerror=alert(1)>",
    "<svg width='1.2.3' height='-1'><use href='#a' id='a'/></svg>",
    '<div data-chainrule-block="1-1"></div>',
    "$$\\href{javascript:alert(1)}{x}$$",
    "9" * 400,
    "1e999",
    "nan",
]
_NUMBERS = [0, -1, 1.5, 2**31, 2**63, 2**70, -(10**30), 10**4000, 1e308, -0.0, True, 5e-324]
_OTHERS: list[Any] = [None, [], {}, "", 0, True, [[]], {"": None}, [None] * 3]


def mutate(root: Path, seed: int) -> list[str]:
    """Change each file that builds keep below a project's folder, and return the names of what was done.

    Args:
        root: The folder of mkdocs.yml, where a site was built.
        seed: What the choices start from.
    """
    choose = random.Random(seed)
    files = list(_files(root))
    return [f"{kind}: {_change(kind, path, files, choose)}" for kind, path in files]


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield what builds left, with its kind, in one order."""
    for kind, folder, pattern in (
        ("entry", root / STORE, "[0-9a-f][0-9a-f]/*.json"),
        ("shelf", root / STORE / "shown", "*.json"),
        ("freeze", root / "_freeze", "**/*.json"),
    ):
        files = (path for path in sorted(folder.glob(pattern)) if path.is_file() and not path.is_symlink())
        yield from ((kind, path) for path in files if path.stat().st_size < _LARGE)


def _change(kind: str, path: Path, files: list[tuple[str, Path]], choose: random.Random) -> str:
    where, ways = choose.choices([("data", _DATA), ("bytes", _BYTES), ("file", _FILE)], [6, 2, 2])[0]
    if where == "data" and not _is_json(path, kind):  # what was changed before
        where, ways = "file", _FILE
    name = choose.choice(sorted(ways))
    if where == "file":
        _FILE[name](path, choose.choice(files)[1])
        return name
    content = path.read_bytes()
    if kind != "freeze":
        content = content.partition(b"\n")[2]
    if where == "bytes":
        content = _BYTES[name](content, choose)
    else:
        data = json.loads(content)
        content = _written(_DATA[name](data, choose))
    is_sealed = kind != "freeze" and not (where == "bytes" and choose.random() < 0.3)
    path.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content if is_sealed else content)
    return name


def _is_json(path: Path, kind: str) -> bool:
    content = path.read_bytes()
    try:
        json.loads(content if kind == "freeze" else content.partition(b"\n")[2])
    except (ValueError, RecursionError):
        return False
    return True


def _written(data: Any) -> bytes:
    return data if isinstance(data, bytes) else json.dumps(data).encode()


def _parts(data: Any) -> list[tuple[Any, Any]]:
    """Return all parts of some data: what each stands in, and its key or index there."""
    found, left = [], [data]
    while left:
        holder = left.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        found += [(holder, key) for key in keys]
        left += [holder[key] for key in keys if isinstance(holder[key], dict | list)]
    return found


def _replacing(new: Callable[[Any, random.Random], Any]) -> Callable[[Any, random.Random], Any]:
    def change(data: Any, choose: random.Random) -> Any:
        if not (parts := _parts(data)):
            return new(data, choose)
        holder, key = choose.choice(parts)
        holder[key] = new(holder[key], choose)
        return data

    return change


def _another_type(old: Any, choose: random.Random) -> Any:
    return choose.choice([each for each in _OTHERS if type(each) is not type(old)])


def _nested(depth: int) -> Callable[[Any, random.Random], Any]:
    def nest(old: Any, choose: random.Random) -> Any:
        in_list = choose.random() < 0.5
        for _ in range(depth):
            old = [old] if in_list else {"a": old}
        return old

    return nest


def _repeated(old: Any, _: random.Random) -> Any:
    if isinstance(old, str):
        return (old or "x") * (1_000_000 // max(1, len(old)))
    if isinstance(old, list):
        return (old or [None]) * max(1, 3000 // max(1, len(old)))
    return [old] * 3000


def _without(data: Any, choose: random.Random) -> Any:
    if parts := _parts(data):
        holder, key = choose.choice(parts)
        del holder[key]
    return data


def _renamed(data: Any, choose: random.Random) -> Any:
    if named := [(holder, key) for holder, key in _parts(data) if isinstance(holder, dict)]:
        holder, key = choose.choice(named)
        other = choose.choice(named)[1] if choose.random() < 0.5 else choose.choice(_HOSTILE)
        holder[other] = holder.pop(key)
    return data


def _moved(data: Any, choose: random.Random) -> Any:
    if parts := _parts(data):
        (holder, key), (source, index) = choose.choice(parts), choose.choice(parts)
        holder[key] = json.loads(json.dumps(source[index]))
    return data


def _doubled_key(data: Any, _: random.Random) -> bytes:
    text = json.dumps(data)
    first = next(iter(data), "") if isinstance(data, dict) else ""
    return (text[:-1] + f", {json.dumps(first)}: 5}}" if first else text).encode()


def _no_number(data: Any, choose: random.Random) -> bytes:
    if parts := _parts(data):
        holder, key = choose.choice(parts)
        holder[key] = "@@"
    number = choose.choice(["NaN", "-Infinity", "1e999", "9" * 5000, "-0", "1E400", "0." + "0" * 5000 + "1"])
    return json.dumps(data).replace('"@@"', number).encode()


def _flipped(content: bytes, choose: random.Random) -> bytes:
    flipped = bytearray(content)
    for _ in range(choose.choice([1, 3, 50])):
        if flipped:
            flipped[choose.randrange(len(flipped))] ^= 1 << choose.randrange(8)
    return bytes(flipped)


def _inserted(content: bytes, choose: random.Random) -> bytes:
    at = choose.randrange(len(content) + 1)
    return (
        content[:at]
        + choose.choice([b"\0", b"\xff\xfe", b"[" * 1000, b"\xed\xa0\x80", b'"', b"}"])
        + content[at:]
    )


def _in_place_of(path: Path, make: Callable[[Path], object]) -> None:
    path.unlink()
    make(path)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(60 << 30)


_DATA: dict[str, Callable[[Any, random.Random], Any]] = {
    "type swapped": _replacing(_another_type),
    "hostile text": _replacing(lambda _, choose: choose.choice(_HOSTILE)),
    "odd number": _replacing(lambda _, choose: choose.choice(_NUMBERS)),
    "nested": _replacing(_nested(60)),
    "nested deep": _replacing(_nested(400)),
    "repeated": _replacing(_repeated),
    "part missing": _without,
    "key renamed": _renamed,
    "part moved": _moved,
    "key doubled": _doubled_key,
    "no number": _no_number,
}
_BYTES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "truncated": lambda content, choose: content[: choose.randrange(len(content) + 1)],
    "bits flipped": _flipped,
    "bytes inserted": _inserted,
    "nested without end": lambda _, choose: choose.choice([b"[", b'{"a":']) * 1_000_000,
    "10 MB of nesting": lambda *_: b"[" * 5_000_000 + b"]" * 5_000_000,
    "empty": lambda *_: b"",
    "line ends": lambda content, _: content.replace(b"\n", b"\r\n"),
    "byte order mark": lambda content, _: b"\xef\xbb\xbf" + content,
}
_FILE: dict[str, Callable[[Path, Path], object]] = {
    "another file": lambda path, other: path == other or not other.is_file() or shutil.copyfile(other, path),
    "a pipe": lambda path, _: _in_place_of(path, os.mkfifo),
    "a folder": lambda path, _: _in_place_of(path, Path.mkdir),
    "a device": lambda path, _: _in_place_of(path, lambda new: new.symlink_to("/dev/zero")),
    "a link to another": lambda path, other: _in_place_of(path, lambda new: new.symlink_to(other)),
    "a link to itself": lambda path, _: _in_place_of(path, lambda new: new.symlink_to(new.name)),
    "60 GB": lambda path, _: _in_place_of(path, _sparse),
    "gone": lambda path, _: path.unlink(),
}
