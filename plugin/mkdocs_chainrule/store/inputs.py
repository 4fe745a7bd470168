"""The inputs of a stored result as they were, and whether they still are.

They are plain data, fit for a file that is committed: paths from the project's folder, digests of contents
and of values. What a developer's own variables hold is not to be read in them.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from mkdocs_chainrule.disk import file_digest, text_size
from mkdocs_chainrule.session.block import Output, Session
from mkdocs_chainrule.session.data import digest, to_data
from mkdocs_chainrule.session.reads import Reads, State, aspect, folder_digest, is_file, state
from mkdocs_chainrule.store.around import Surroundings
from mkdocs_chainrule.store.declared import declared_variables, digests

Seen = Mapping[str, State]

_LONGEST = 4096  # letters of a path, or of a name: no system takes more
_ENDS = (b"\n", b"\r\n")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the source of a session does not show, each with a digest; None for what was not there.

    Attributes:
        files: Files, by their paths from the project's folder.
        folders: Folders whose names it listed, the same.
        asked: What it asked of files without opening them, the same, and what was the answer.
        variables: Environment variables.
        imports: Modules that it imports, and where each is that is somebody's work.
        written: Files that it wrote, and that belong to its results.
        depends: What its blocks declare.
        lines: Where its lines stand, if an Output names one.
    """

    files: Mapping[str, str | None]
    folders: Mapping[str, str]
    variables: Mapping[str, str | None]
    imports: Mapping[str, str | None]
    depends: Mapping[str, str | None]
    lines: str | None
    asked: Mapping[str, str] = field(default_factory=dict)
    written: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = chain(self.paths, self.variables, self.imports)
        if any("\0" in name or len(name) > _LONGEST for name in names):
            raise ValueError("its inputs cannot be read")

    @property
    def paths(self) -> tuple[str, ...]:
        """All that is written from the project's folder."""
        return (*self.files, *self.folders, *self.asked, *self.written)


def take(session: Session, outputs: Iterable[Output], reads: Reads, around: Surroundings) -> Inputs | None:
    """Return the inputs of a session's outputs, or None if they changed while it ran."""
    around.look_again()
    if any(state(path) != seen for path, seen in reads.files.items()):
        return None
    if any(around.origin(name) is not None for name in reads.missing):
        return None
    relative = around.relative
    read = {name: around.variables.get(name) for name in declared_variables(session)} | dict(reads.variables)
    return Inputs(
        files={relative(path): file_digest(path) for path in sorted(reads.files)},
        folders={relative(path): reads.folders[path] for path in sorted(reads.folders)},
        variables={name: value_digest(read[name]) for name in sorted(read)},
        imports={name: around.origin(name) for name in reads.imports},
        depends=digests(session, around),
        lines=lines_digest(session) if _names_lines(session, outputs) else None,
        # What the session itself changed meanwhile is its own doing.
        asked={
            relative(path): said
            for path, said in sorted(reads.asked.items())
            if aspect(path, said.partition(" ")[0]) == said
        },
        written=tuple(relative(path) for path in reads.written if around.is_inside(path) and is_file(path)),
    )


def changes(session: Session, inputs: Inputs, around: Surroundings, seen: Seen) -> Iterator[str]:
    """Yield in words what is no longer as it was; the first is reason enough to run again.

    Args:
        session: The session as it is now.
        inputs: What `take` returned.
        around: The project as it is now.
        seen: States under which files are known to be unchanged.
    """
    for path, before in inputs.files.items():
        absolute = around.absolute(path)
        if state(absolute) != seen.get(path, ()) and file_digest(absolute) != before:
            yield f"{path} changed"
    for path, said in inputs.asked.items():
        if aspect(around.absolute(path), said.partition(" ")[0]) != said:
            yield f"{path} is no longer what it was"
    for name, where in inputs.imports.items():
        if around.origin(name) != where:
            yield (
                f"the module {name} is elsewhere now"
                if where is not None
                else f"the module {name} is there now"
            )
    now = digests(session, around)
    if inputs.depends != now:
        yield from (f"{what} changed" for what in now if inputs.depends.get(what, ()) != now[what])
    for path in inputs.written:
        if not is_file(around.absolute(path)):
            yield f"{path}, which it wrote, is gone"
    yield from _changed_elsewhere(session, inputs, around)


def changes_of_text(session: Session, inputs: Inputs, around: Surroundings) -> Iterator[str]:
    """Yield likewise what is another than was committed, whatever a checkout does to the ends of lines.

    What is installed is a matter of versions here, and whether it is at all: nothing runs.
    """
    for path in inputs.paths:
        if around.refuses(path):
            yield f"{path} lies outside the project, where this build does not look; it may have changed"
            return
    yield from _changed_texts(inputs, around)
    for name, where in inputs.imports.items():
        if (around.origin(name) or "") != (where or ""):
            yield _moved(name, where or None)
    if inputs.depends != digests(session, around):
        yield from _changed_depends(session, inputs, around)
    yield from _changed_elsewhere(session, inputs, around)


def _changed_texts(inputs: Inputs, around: Surroundings) -> Iterator[str]:
    for path, before in inputs.files.items():
        absolute = around.absolute(path)
        if file_digest(absolute) != before and before not in {file_digest(absolute, ends) for ends in _ENDS}:
            yield f"{path} changed"
    for path, said in inputs.asked.items():
        if not _is_still(around.absolute(path), said):
            yield f"{path} is no longer what it was"


def _changed_depends(session: Session, inputs: Inputs, around: Surroundings) -> Iterator[str]:
    as_text = [digests(session, around, ends) for ends in _ENDS]
    if inputs.depends not in as_text:
        changed = (what for what, now in as_text[0].items() if inputs.depends.get(what, ()) != now)
        yield f"{next(changed, 'what its blocks depend on')} changed"


def _moved(name: str, before: str | None) -> str:
    return f"the module {name} is {'there' if before is None else 'elsewhere'} now"


def _changed_elsewhere(session: Session, inputs: Inputs, around: Surroundings) -> Iterator[str]:
    for path, names in inputs.folders.items():
        if folder_digest(around.absolute(path)) != names:
            yield f"the files in {path} changed"
    if inputs.lines is not None and inputs.lines != lines_digest(session):
        yield "its lines moved, and it names them"


def changed_variables(values: Mapping[str, str | None], around: Surroundings) -> Iterator[str]:
    """Yield in words which variables do not have the values of which these are digests."""
    for name, value in values.items():
        if value_digest(around.variables.get(name)) != value:
            yield f"the environment variable {name} changed"


def _is_still(path: str, said: str) -> bool:
    of = said.partition(" ")[0]
    now = aspect(path, of)
    if now == said:
        return True
    *before, size = said.split(" ")
    return now.split(" ")[:-1] == before and size in {str(text_size(path, end)) for end in _ENDS}


def seen_now(inputs: Inputs, around: Surroundings) -> Seen:
    """Return the states of the files among the inputs."""
    states = {path: state(around.absolute(path)) for path in inputs.files}
    return {path: seen for path, seen in states.items() if seen is not None}


def value_digest(value: str | None) -> str | None:
    """Return a digest of a variable's value; of one that is not set there is none."""
    return None if value is None else digest(value.encode("utf-8", "surrogateescape"))


def lines_digest(session: Session) -> str:
    """Return a digest of where the lines of a session stand."""
    places = [[str(block.place), *map(str, block.lines)] for block in session.blocks]
    return digest(json.dumps(places).encode())


def _names_lines(session: Session, outputs: Iterable[Output]) -> bool:
    """Tell whether an output names a line of its own: in a warning, a printed traceback, a failure."""
    files = {place.file for place in session.places}
    pattern = re.compile(rf'({"|".join(map(re.escape, sorted(files)))})(:\d|\\?", line \d)')
    return any(
        output.failure is not None or pattern.search(json.dumps(to_data(output), ensure_ascii=False))
        for output in outputs
    )
