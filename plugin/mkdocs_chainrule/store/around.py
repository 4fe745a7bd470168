"""What inputs and versions are compared with: the project as it is now, and the environment."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_chainrule.session.paths import is_local
from mkdocs_chainrule.session.reads import variables
from mkdocs_chainrule.session.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A project and its environment, as one build sees them.

    Attributes:
        root: The project's folder, without links.
        variables: Those of the environment.
        own: Folders that builds write to, by absolute path: they are nobody's input.
        is_confined: Whether nothing outside the project is looked at, not even through a link.
    """

    root: str
    variables: Mapping[str, str]
    versions: Versions
    own: tuple[str, ...] = ()
    is_confined: bool = False
    _origins: dict[str, str | None] = field(default_factory=dict, repr=False, compare=False)
    known: dict[object, str | None] = field(default_factory=dict, repr=False, compare=False)

    def absolute(self, path: str) -> str:
        """Return the path that is written from the project's folder."""
        return os.path.normpath(os.path.join(self.root, path))  # noqa: PTH118 - text, for every input

    def relative(self, path: str) -> str:
        """Return a path as it is written from the project's folder."""
        try:
            return Path(os.path.relpath(path, self.root)).as_posix()
        except ValueError:  # on another drive of Windows
            return Path(path).as_posix()

    def is_inside(self, path: str) -> bool:
        """Tell whether an absolute path stays in the project, links in it followed."""
        real = os.path.realpath(path)
        return f"{real}{os.sep}".startswith(self.root.rstrip(os.sep) + os.sep)

    def refuses(self, path: str) -> bool:
        """Tell whether this path, written from the project's folder, is not to be looked at."""
        return self.is_confined and not self.is_inside(self.absolute(path))

    def look_again(self) -> None:
        """Forget what was found of the project's files: a session that ran may have changed them."""
        self._origins.clear()
        self.known.clear()

    def origin(self, name: str) -> str | None:
        """Return where a module is found that is somebody's work, from the project's folder.

        Of one that is installed, the answer is no text, as its version tells it from another; of one that is
        not there it is None.
        """
        if name not in self._origins:
            found = find_module(name, self.root)
            self._origins[name] = found and (self.relative(found) if is_local(found) else "")
        return self._origins[name]


def surroundings(root: Path, own: Iterable[str | Path] = (), *, is_confined: bool = False) -> Surroundings:
    """Return what is around a project now."""
    for finder in sys.path_importer_cache.values():  # what was added since Python last looked counts
        if finder is not None and hasattr(finder, "invalidate_caches"):
            finder.invalidate_caches()
    real = os.path.realpath(root)
    folders = tuple(os.path.normpath(os.path.join(real, path)) for path in own)  # noqa: PTH118 - text
    return Surroundings(real, variables(), Versions(), folders, is_confined)


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
