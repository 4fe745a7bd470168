"""What blocks declare to depend on, since nobody sees them read it: files, folders, modules and variables."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.disk import file_digest
from mkdocs_chainrule.errors import Problem
from mkdocs_chainrule.session.data import digest
from mkdocs_chainrule.session.paths import is_local
from mkdocs_chainrule.session.reads import is_file
from mkdocs_chainrule.store.around import find_module

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mkdocs_chainrule.session.block import Block, Session
    from mkdocs_chainrule.store.around import Surroundings

_MAGIC = frozenset("*?[")


def declared(session: Session) -> set[str]:
    """Return what the blocks of a session declare to depend on."""
    given = [block for block in session.blocks if block.options.get("depends")]
    return {part for block in given for part in _of(block)}


def _of(block: Block) -> Iterator[str]:
    given = block.options.get("depends") or ""
    parts = given.split(",") if isinstance(given, str) else given
    yield from (part.strip() for part in parts if part.strip())


def declared_variables(session: Session) -> set[str]:
    """Return those that are variables of the environment, by their names."""
    return {what.partition(":")[2] for what in declared(session) if what.startswith("env:")}


def digests(session: Session, around: Surroundings, ends: bytes | None = None) -> dict[str, str | None]:
    """Return a digest for each thing that is declared, but for variables.

    Args:
        session: The session.
        around: The project as it is now; what was digested is kept there, as other pages may say the same.
        ends: How lines are to end of what is text; as they do, if not given.
    """
    found: dict[str, str | None] = {}
    for what in sorted(declared(session)):
        if not what.startswith("env:"):
            if (what, ends) not in around.known:
                around.known[what, ends] = _digest(what, around, ends)
            found[what] = around.known[what, ends]
    return found


def _digest(what: str, around: Surroundings, ends: bytes | None) -> str | None:
    kind, colon, name = what.rpartition(":")
    if colon and kind == "module":
        return _module_digest(name, around, ends)
    return _digest_of((around.relative(path), _file(path, ends)) for path in files(what, around))


def _file(path: str, ends: bytes | None) -> str | None:
    return file_digest(path, ends) or (file_digest(path) if ends else None)


def files(what: str, around: Surroundings) -> list[str]:
    """Return the files that a glob means, by absolute path, or all in a folder that it names, but our own."""
    if not _MAGIC & set(what):
        path = around.absolute(what)
        found = _below(path, around) if os.path.isdir(path) else [path]  # noqa: PTH112 - text
    else:
        found = _matching(what, around.root)
    return sorted(path for path in found if is_file(path) and not _is_refused(path, around))


def _matching(glob: str, root: str) -> list[str]:
    try:
        return list(map(str, Path(root).glob(glob)))
    except (OSError, ValueError):  # a part of it can be no name
        return []


def _is_refused(path: str, around: Surroundings) -> bool:
    return around.is_confined and not around.is_inside(path)


def _below(folder: str, around: Surroundings) -> Iterator[str]:
    """Yield the files in a folder and those below: not what builds write, nor what is hidden."""
    for place, names, found in os.walk(folder):
        kept = [name for name in names if not name.startswith(".") and name != "__pycache__"]
        names[:] = [name for name in kept if os.path.join(place, name) not in around.own]  # noqa: PTH118 - text
        yield from (os.path.join(place, name) for name in found if not name.startswith("."))  # noqa: PTH118


def unreadable(session: Session, around: Surroundings) -> Iterator[Problem]:
    """Yield what is declared and can be no input: a pipe or a device, of which nobody knows the end."""
    for block in session.blocks:
        for what in _of(block) if block.options.get("depends") else ():
            path = around.absolute(what)
            if ":" in what or _MAGIC & set(what) or not os.path.exists(path):  # noqa: PTH110 - text
                continue
            if not is_file(path) and not os.path.isdir(path):  # noqa: PTH112 - the same
                note = f"depends names {what}, which is neither a file nor a folder, and is not read"
                yield Problem(block.place, note, logging.WARNING)


def _module_digest(name: str, around: Surroundings, ends: bytes | None) -> str | None:
    origin = find_module(name, around.root)
    if not origin or not is_local(origin):
        return origin and Path(origin).name  # the version of an installed one is the environment's
    if _is_refused(origin, around):
        return None
    folder = Path(origin).parent if Path(origin).stem == "__init__" else None
    paths = sorted(folder.rglob("*.py")) if folder else [Path(origin)]
    return _digest_of((path.name, _file(str(path), ends)) for path in paths)


def _digest_of(data: Iterable[Any]) -> str:
    return digest(json.dumps(list(data)).encode())
