"""The inputs of a stored result as they were, and whether they still are.

They are plain data, fit for a file that is committed: paths from the project's folder, digests of contents
and of values. What a developer's own variables hold is not to be read in them.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.machinery import PathFinder
from itertools import chain
from pathlib import Path
from typing import Any

from mkdocs_chainrule.session.block import Output, Session
from mkdocs_chainrule.session.data import digest, to_data
from mkdocs_chainrule.session.paths import is_local
from mkdocs_chainrule.session.reads import Reads, folder_digest, state, variables
from mkdocs_chainrule.session.versions import Versions

Seen = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the source of a session does not show, each with a digest; None for what was not there.

    Attributes:
        files: Files, by their paths from the project's folder.
        folders: Folders whose names it listed, the same.
        variables: Environment variables.
        missing: Modules that it imports and that were not there.
        depends: What its blocks declare.
        lines: Where its lines stand, if an Output names one.
    """

    files: Mapping[str, str | None]
    folders: Mapping[str, str]
    variables: Mapping[str, str | None]
    missing: tuple[str, ...]
    depends: Mapping[str, str | None]
    lines: str | None

    def __post_init__(self) -> None:
        if any("\0" in name for name in chain(self.files, self.folders, self.variables, self.missing)):
            raise ValueError("its inputs cannot be read")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What inputs and versions are compared with: the project's folder, and the environment."""

    root: str
    variables: Mapping[str, str]
    versions: Versions

    def absolute(self, path: str) -> str:
        """Return the path that is written from the project's folder."""
        return os.path.normpath(Path(self.root, path))


def surroundings(root: Path) -> Surroundings:
    """Return what is around a project now."""
    return Surroundings(os.path.realpath(root), variables(), Versions())


def take(session: Session, outputs: Iterable[Output], reads: Reads, around: Surroundings) -> Inputs | None:
    """Return the inputs of a session's outputs, or None if they changed while it ran."""
    if any(state(path) != seen for path, seen in reads.files.items()):
        return None
    return Inputs(
        {_relative(path, around.root): file_digest(path) for path in sorted(reads.files)},
        {_relative(path, around.root): reads.folders[path] for path in sorted(reads.folders)},
        {name: _value_digest(reads.variables[name]) for name in sorted(reads.variables)},
        tuple(sorted(reads.missing)),
        {what: _declared(what, around) for what in sorted(declared(session))},
        lines_digest(session) if _names_lines(session, outputs) else None,
    )


def changes(session: Session, inputs: Inputs, around: Surroundings, seen: Seen) -> Iterator[str]:
    """Yield in words what is no longer as it was; the first is reason enough to run again.

    Args:
        session: The session as it is now.
        inputs: What `take` returned.
        around: The project as it is now.
        seen: Sizes and times of change under which files are known to be unchanged.
    """
    yield from _changed_files(inputs, around, seen)
    for path, names in inputs.folders.items():
        if folder_digest(around.absolute(path)) != names:
            yield f"the files in {path} changed"
    for name, value in inputs.variables.items():
        if _value_digest(around.variables.get(name)) != value:
            yield f"the environment variable {name} changed"
    for name in inputs.missing:
        if find_module(name, around.root):
            yield f"the module {name} is there now"
    for what in sorted(declared(session)):
        if inputs.depends.get(what, ()) != _declared(what, around):
            yield f"{what} changed"
    if inputs.lines is not None and inputs.lines != lines_digest(session):
        yield "its lines moved, and it names them"


def _changed_files(inputs: Inputs, around: Surroundings, seen: Seen) -> Iterator[str]:
    for path, before in inputs.files.items():
        absolute = around.absolute(path)
        if state(absolute) != seen.get(path, ()) and file_digest(absolute) != before:
            yield f"{path} changed"


def seen_now(inputs: Inputs, around: Surroundings) -> Seen:
    """Return the sizes and times of change of the files among the inputs."""
    states = {path: state(around.absolute(path)) for path in inputs.files}
    return {path: seen for path, seen in states.items() if seen is not None}


def file_digest(path: str) -> str | None:
    """Return a digest of a file's content, or None if it cannot be read."""
    file = Path(path)
    try:
        # Nothing but files: what is named in a stranger's freeze may never end.
        return digest(file.read_bytes()) if file.is_file() else None
    except OSError:
        return None


def _value_digest(value: str | None) -> str | None:
    return None if value is None else digest(value.encode("utf-8", "surrogateescape"))


def _relative(path: str, root: str) -> str:
    try:
        return Path(os.path.relpath(path, root)).as_posix()
    except ValueError:  # on another drive of Windows
        return Path(path).as_posix()


def declared(session: Session) -> set[str]:
    """Return what the blocks of a session declare to depend on."""
    given = (block.options.get("depends") or "" for block in session.blocks)
    parts = (part for each in given for part in (each.split(",") if isinstance(each, str) else each))
    return {part.strip() for part in parts if part.strip()}


def _declared(what: str, around: Surroundings) -> str | None:
    kind, _, name = what.rpartition(":")
    if kind == "env":
        return _value_digest(around.variables.get(name))
    if kind == "module":
        return _module_digest(name, around.root)
    paths = sorted(path for path in Path(around.root).glob(what) if path.is_file())
    return _digest_of((_relative(str(path), around.root), file_digest(str(path))) for path in paths)


def _module_digest(name: str, root: str) -> str | None:
    origin = find_module(name, root)
    if not origin or not is_local(origin):
        return origin and Path(origin).name  # the version of an installed one is the environment's
    folder = Path(origin).parent if Path(origin).stem == "__init__" else None
    paths = sorted(folder.rglob("*.py")) if folder else [Path(origin)]
    return _digest_of((path.name, file_digest(str(path))) for path in paths)


def _digest_of(data: Iterable[Any]) -> str:
    return digest(json.dumps(list(data)).encode())


def find_module(name: str, root: str) -> str | None:
    """Return the file of a module as a worker finds it, or None, without importing it."""
    folders: list[str] | None = None
    origin: str | None = None
    for part in name.split("."):
        places = (folders,) if folders else ([root], None)
        spec = next(filter(None, (PathFinder.find_spec(part, place) for place in places)), None)
        if spec is None:
            return None
        folders = list(spec.submodule_search_locations or ())
        origin = spec.origin or next(iter(folders), None)
    return origin


def lines_digest(session: Session) -> str:
    """Return a digest of where the lines of a session stand."""
    return _digest_of([str(block.place), *map(str, block.lines)] for block in session.blocks)


def _names_lines(session: Session, outputs: Iterable[Output]) -> bool:
    """Tell whether an output names a line of its own: in a warning, a printed traceback, a failure."""
    files = {place.file for place in session.places}
    pattern = re.compile(rf'({"|".join(map(re.escape, sorted(files)))})(:\d|\\?", line \d)')
    return any(
        output.failure is not None or pattern.search(json.dumps(to_data(output), ensure_ascii=False))
        for output in outputs
    )
