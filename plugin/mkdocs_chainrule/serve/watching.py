"""What `mkdocs serve` listens to besides its own: what blocks read. And what it must not: what they write."""

from __future__ import annotations

import os
from fnmatch import fnmatch
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar

from mkdocs_chainrule.store.inputs import declared, find_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mkdocs.livereload import LiveReloadServer

    from mkdocs_chainrule.errors import Problem
    from mkdocs_chainrule.session.block import Outputs, Session


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
        self._written: set[str] = set()
        self._watched: set[str] = set()
        self._theirs: tuple[str, ...] = ()
        self._root = ""
        self._server: LiveReloadServer | None = None
        self._held: list[tuple[Callable[[Any], None], Any]] = []
        self._building = False
        self._lock = Lock()

    def begin(self, root: Path, always: Iterable[str | Path] = ()) -> None:
        """Begin a build, in which blocks may read other files than in the last, but some `always`."""
        self._root = os.path.realpath(root)
        self._building = True
        self.files = {os.path.realpath(path) for path in always}
        self._listed, self._globs = set(), set()

    def save(self, session: Session, outputs: Outputs) -> None:
        """Take note of what a session read and wrote."""
        if outputs.reads is not None:
            self.files.update(map(os.path.realpath, outputs.reads.files))
            self._listed.update(map(os.path.realpath, outputs.reads.folders))
            self._written.update(outputs.reads.written)
        elif outputs.origin is not None:
            self.files.update(map(self._absolute, outputs.origin.inputs.files))
            self._listed.update(map(self._absolute, outputs.origin.inputs.folders))
        for what in declared(session):
            self._declare(what)

    def listen(self, server: LiveReloadServer, docs: str, others: Iterable[str]) -> None:
        """Listen from now on, and pass over what blocks write.

        The server does not run yet. It watches the folder of pages already, and is going to watch the others.
        """
        schedule = server.observer.schedule

        def filtered(handler: Any, path: str, **options: Any) -> Any:
            tell = handler.on_any_event
            handler.on_any_event = lambda event: self._hear(tell, path, event)
            return schedule(handler, path, **options)

        observer: Any = server.observer  # its method is replaced: there is no other way in
        observer.schedule = filtered
        self._theirs = tuple(os.path.realpath(path) for path in (docs, *others))
        server.unwatch(docs)
        server.watch(docs)
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
        if os.path.realpath(event.src_path) not in self._written:
            tell(event)

    def _concerns(self, event: Any) -> bool:
        """Tell whether what happened in a watched folder happened to what blocks read there."""
        path = os.path.realpath(event.src_path)
        if path in self.files or (event.event_type != "modified" and str(Path(path).parent) in self._listed):
            return True
        name = Path(os.path.relpath(path, self._root)).as_posix()
        return any(fnmatch(name, pattern) for pattern in self._globs)

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
            self.files.update(str(path) for path in Path(self._root).glob(what))
            self.files.add(self._absolute(what))  # its folder is where files may appear

    def _absolute(self, path: str) -> str:
        return os.path.realpath(Path(self._root, path))
