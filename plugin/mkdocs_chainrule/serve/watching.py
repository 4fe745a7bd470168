"""What `mkdocs serve` listens to besides its own: what blocks read. And what it must not: what is written.

Blocks write, and so do builds: the store, the freeze, the site. None of that is a reason to build again,
whatever is watched. And one save is one reason, through however many folders it is seen.
"""

from __future__ import annotations

import os
from fnmatch import fnmatch
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar

from mkdocs_chainrule.session.reads import state
from mkdocs_chainrule.store.around import find_module, surroundings
from mkdocs_chainrule.store.declared import declared, files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mkdocs.livereload import LiveReloadServer

    from mkdocs_chainrule.errors import Problem
    from mkdocs_chainrule.session.block import Outputs, Session
    from mkdocs_chainrule.session.reads import State
    from mkdocs_chainrule.store.around import Surroundings


class Watch:
    """The files around a site that is served, as its blocks use them.

    What happens while sessions run waits until it is known what they wrote. Folders are watched rather than
    files: MkDocs looks at each watched path in a thread of its own.
    """

    problems: ClassVar[list[Problem]] = []

    def __init__(self) -> None:
        self.files: set[str] = set()  # what blocks read
        self._listed: set[str] = set()
        self._globs: set[str] = set()
        self._trees: set[str] = set()
        self._written: set[str] = set()
        self._watched: set[str] = set()
        self._theirs: tuple[str, ...] = ()
        self._own: tuple[str, ...] = ()
        self._around: Surroundings
        self._told: dict[str, State | None] = {}
        self._root = ""
        self._server: LiveReloadServer | None = None
        self._held: list[tuple[Callable[[Any], None], Any]] = []
        self._building = False
        self._lock = Lock()

    def begin(self, root: Path, always: Iterable[str | Path] = (), own: Iterable[str | Path] = ()) -> None:
        """Begin a build, in which blocks may read other files than in the last, but some `always`.

        What is written in folders of its `own` is no reason for another.
        """
        self._root = os.path.realpath(root)
        self._own = tuple(os.path.realpath(root / path) + os.sep for path in own)
        self._building = True
        self.files = {os.path.realpath(path) for path in always}
        self._listed, self._globs, self._trees = set(), set(), set()
        self._around = surroundings(root, self._own)

    def save(self, session: Session, outputs: Outputs) -> None:
        """Take note of what a session read and wrote."""
        if outputs.reads is not None:
            self.files.update(map(os.path.realpath, outputs.reads.files))
            self._listed.update(map(os.path.realpath, outputs.reads.folders))
            self.files.update(map(os.path.realpath, outputs.reads.asked))
            self._written.update(outputs.reads.written)
        elif outputs.origin is not None:
            self.files.update(map(self._absolute, outputs.origin.inputs.files))
            self._listed.update(map(self._absolute, outputs.origin.inputs.folders))
            self.files.update(map(self._absolute, outputs.origin.inputs.asked))
            self._written.update(map(self._absolute, outputs.origin.inputs.written))
        for what in declared(session):
            self._declare(what)

    def listen(self, server: LiveReloadServer, watched: Iterable[str], others: Iterable[str]) -> None:
        """Listen from now on, and pass over what blocks write, and builds.

        The server does not run yet. It has watched some already, and is going to watch the others.
        """
        watched = list(watched)
        schedule = server.observer.schedule

        def filtered(handler: Any, path: str, **options: Any) -> Any:
            tell = handler.on_any_event
            handler.on_any_event = lambda event: self._hear(tell, path, event)
            return schedule(handler, path, **options)

        observer: Any = server.observer  # its method is replaced: there is no other way in
        observer.schedule = filtered
        self._theirs = tuple(os.path.realpath(path) for path in (*watched, *others))
        for path in watched:
            server.unwatch(path)
            server.watch(path)
        self._server = server
        self.end()

    def end(self) -> None:
        """End a build: watch what blocks read now, and tell what happened meanwhile."""
        folders = set(self._folders())
        if self._server is not None:
            for folder in self._watched - folders:
                self._server.unwatch(folder)
            for folder in folders - self._watched:
                self._server.watch(folder, recursive=False)
            self._watched = folders
        with self._lock:
            self._building = False
            held, self._held = self._held, []
        for tell, event in held:
            self._tell(tell, event)

    def _hear(self, tell: Callable[[Any], None], path: str, event: Any) -> None:
        if event.is_directory or (os.path.realpath(path) in self._watched and not self._concerns(event)):
            return
        with self._lock:
            if self._building:
                self._held.append((tell, event))
                return
        self._tell(tell, event)

    def _tell(self, tell: Callable[[Any], None], event: Any) -> None:
        ends = (event.src_path, getattr(event, "dest_path", ""))
        paths = [path for path in map(os.path.realpath, filter(None, ends)) if not self._is_written(path)]
        now = {path: state(path) for path in paths}
        if any(self._told.get(path, ()) != now[path] for path in paths):  # another folder may have told
            self._told |= now
            tell(event)

    def _is_written(self, path: str) -> bool:
        """Tell whether blocks or builds write this file."""
        is_compiled = f"{os.sep}__pycache__{os.sep}" in path
        return is_compiled or path in self._written or path.startswith(self._own)

    def _concerns(self, event: Any) -> bool:
        """Tell whether what happened in a watched folder happened to what blocks read there."""
        path = os.path.realpath(event.src_path)
        if path in self.files or (event.event_type != "modified" and str(Path(path).parent) in self._listed):
            return True
        name = Path(os.path.relpath(path, self._root)).as_posix()
        return any(fnmatch(name, pattern) for pattern in self._globs) or any(self._is_in_trees(path))

    def _is_in_trees(self, path: str) -> Iterator[bool]:
        for tree in self._trees:
            if Path(path).is_relative_to(tree):
                yield not any(part.startswith(".") for part in Path(path).relative_to(tree).parts)

    def _folders(self) -> Iterator[str]:
        for folder in {Path(path).parent for path in self.files} | set(map(Path, self._listed)):
            if not any(folder.is_relative_to(path) for path in self._theirs) and folder.is_dir():
                yield str(folder)

    def _declare(self, what: str) -> None:
        kind, colon, name = what.partition(":")
        if kind == "module":
            self.files.update(filter(None, [find_module(name, self._root)]))
        elif not colon:
            self._globs.add(what)
            self.files.update(map(os.path.realpath, files(what, self._around)))
            if os.path.isdir(folder := self._absolute(what)):  # noqa: PTH112 - text
                self._trees.add(folder)
            self.files.add(self._absolute(what))  # its folder is where files may appear

    def _absolute(self, path: str) -> str:
        return os.path.realpath(Path(self._root, path))
