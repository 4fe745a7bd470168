"""What a session reads, observed from inside: files and folders, imports, and variables of the environment.

An audit hook hears what Python opens and lists, an `os.environ` of our own which variables are asked for, and
`asking.py` what is asked of files that are not opened. Nobody hears what C code opens, nor what another
process reads: that is for an author to declare.
"""

from __future__ import annotations

import ast
import functools
import itertools
import os
import re
import string
import sys
from _collections_abc import __file__ as _collections_file
from contextlib import suppress
from importlib.util import find_spec, source_from_cache
from os import O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY, fsdecode
from os.path import abspath, realpath
from pathlib import Path
from sys import _getframe
from typing import TYPE_CHECKING, Any, ClassVar

from mkdocs_chainrule.session.paths import is_local, not_local
from mkdocs_chainrule.session.reads import IMPLIED, Reads, State, folder_digest, state
from mkdocs_chainrule.worker.asking import Asking, standard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, MutableMapping
    from types import FrameType

    from mkdocs_chainrule.session.paths import Author

    Environ = MutableMapping[str, str]
else:
    Environ = os._Environ  # noqa: SLF001 - there is no public class to derive from

_OWN_NAMES = {"__main__", "__mp_main__", "mkdocs_chainrule"}
# What stands between the code that asks and `os.environ`.
_BETWEEN = {os.__file__, os.path.__file__, _collections_file, string.__file__}
_BETWEEN |= {f"<frozen {name}>" for name in ("os", "_collections_abc", os.path.__name__)}
_PATHS = ("pathlib.py", f"pathlib{os.sep}")  # one file, or a package
# What tells of the zone in which the machine is, and what Matplotlib looks at before anything is drawn.
_ZONE = re.compile(
    r"\b(localtime|mktime|ctime|asctime|strftime|tzname|tzset|timezone|altzone|daylight|datetime|today|"
    r"(from)?timestamp|Timestamp|astimezone|zoneinfo)\b|\bnow\("
)


class Observer:
    """Observes what a session reads.

    Args:
        root: The project's folder: files elsewhere are not the project's inputs.
        author: Tells which code is the author's.
    """

    def __init__(self, root: str, author: Author) -> None:
        self._root = realpath(root) + os.sep
        self._author = author
        self._files: dict[str, State | None] = {}
        self._folders: dict[str, str] = {}
        self._variables: dict[str, str | None] = {}
        self._written: set[str] = set()
        self._used: set[str] = set()
        self._authors: dict[str, bool] = {}
        self._busy = False
        self._handlers: dict[str, Callable[..., None]] = {"open": self._opened}
        self._handlers |= dict.fromkeys(("os.listdir", "os.scandir"), self._listed)
        self._handlers["os.rename"] = self._renamed
        self.asking = Asking(self)
        self._rc = f"{self._root}matplotlibrc"
        self._rc_before = state(self._rc)
        self._before = {name: os.environ.get(name) for name in IMPLIED}

    def install(self) -> None:
        """Take notes from now on."""
        not_local()  # known before anybody asks for a variable
        sys.addaudithook(self._audit)
        _Environ.listener = staticmethod(self._asked)
        environments: list[Any] = [os.environ, getattr(os, "environb", os.environ)]
        for environ in environments:
            environ.__class__ = _Environ
        self.asking.install()

    def uses(self, package: str) -> None:
        """Note that the session uses an installed package, which it need not have imported itself."""
        self._used.add(package)

    def reads(self, sources: Iterable[str]) -> Reads:
        """Return the notes, and what the sources of the blocks that ran say besides."""
        self._busy = self.asking.is_busy = True
        modules = {name: sys.modules[name] for name in _new_modules()}
        for module in modules.values():
            file = getattr(module, "__file__", None)
            if isinstance(file, str) and is_local(file):
                self._files.setdefault(self._named(file, elsewhere=abspath), state(file))
        texts = [*sources, *(_text(file) for file in self._files if file.endswith(".py"))]
        imported = {name for text in texts for name in _imported_names(text)}
        origins = {name: _origin(name) for name in imported}
        missing = {name for name, origin in origins.items() if origin is None}
        names = {name.partition(".")[0] for name in modules} | imported - missing | self._used
        packages = {name for name in names if _is_installed(name)} - _OWN_NAMES
        if "matplotlib" in packages:
            self._files.setdefault(self._rc, self._rc_before)
            self._knows(*IMPLIED[1:])
        if any(map(_ZONE.search, texts)):
            self._knows(*IMPLIED[:1])
        written = {name for name in self._written if not _is_nobodys(name)}
        imported -= {*_OWN_NAMES, *sys.builtin_module_names}
        asking = self.asking
        asked = {name: said for name, said in asking.asked.items() if realpath(name) not in self._written}
        return Reads(
            self._files,
            self._folders,
            self._variables,
            packages=tuple(sorted(packages)),
            imports=tuple(sorted(imported)),
            missing=tuple(sorted(missing & imported)),
            written=tuple(sorted(written)),
            asked=asked,
            dated=asking.dated,
            distributions=tuple(sorted(asking.distributions)),
        )

    def _knows(self, *names: str) -> None:
        for name in names:
            self._variables.setdefault(name, self._before[name])

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        handle = self._handlers.get(event)
        if handle is None or self._busy:
            return
        self._busy = self.asking.is_busy = True
        try:
            handle(*arguments)
        except (OSError, ValueError, TypeError, NotImplementedError):
            return  # what is wrong with the arguments is the author's to be told, by what she called
        finally:
            self._busy = self.asking.is_busy = False

    def _opened(self, path: Any, _mode: str | None, flags: int) -> None:
        if isinstance(path, int):
            return
        name, real = self._named(path), realpath(fsdecode(path))
        access = flags & (O_RDONLY | O_WRONLY | O_RDWR)
        reads = access != O_WRONLY and not flags & O_TRUNC and real not in self._written
        if reads and name.startswith(self._root) and is_local(name) and not Path(name).is_dir():
            source = source_from_cache(name) if name.endswith(".pyc") else name
            self._files.setdefault(source, state(source))
        if access != O_RDONLY:
            self._written.add(real)

    def _renamed(self, source: Any, target: Any, *_: Any) -> None:
        if realpath(fsdecode(source)) in self._written:
            self._written.add(realpath(fsdecode(target)))

    def _named(self, path: Any, elsewhere: Callable[[str], str] = realpath) -> str:
        """Return where a file stands in the project, a link in it counted as one; else where it is."""
        name = abspath(fsdecode(path))  # noqa: PTH100 - for every file that is opened: no object for each
        if f"{name}{os.sep}".startswith(self._root):
            return name
        real = realpath(name)
        return real if real.startswith(self._root) else elsewhere(name)

    def inside(self, path: Any) -> str | None:
        """Return where a file stands in the project; None for one that does not."""
        name = self._named(path)
        is_there = name.startswith(self._root) and is_local(name)
        return name if is_there and not self._author.wrote_page(name.removeprefix(self._root)) else None

    def asks(self, frame: FrameType | None) -> bool:
        """Tell whether this frame is the author's."""
        if frame is None:
            return False
        file = frame.f_code.co_filename
        if file not in self._authors:  # where it is takes longer to find out than most answers
            self._authors[file] = self._author.wrote(file)
        return self._authors[file]

    def _listed(self, path: Any) -> None:
        name = self._named("." if path is None else path)
        inside = f"{name}{os.sep}".startswith(self._root) and name not in self._folders
        if inside and self._is_for_author(_getframe(2)):  # the frame that called `listdir`, through the hook
            self._folders[name] = folder_digest(name)

    def _is_for_author(self, frame: FrameType | None) -> bool:
        """Tell whether the nearest frame outside the standard library is the author's."""
        while frame is not None and standard(frame.f_code.co_filename):
            if "importlib" in frame.f_code.co_filename:
                return False
            frame = frame.f_back
        return self.asks(frame)

    def _asked(self, name: str | bytes, value: str | bytes | None, file: str) -> None:
        # To tell whose code asks may ask for variables itself: `sysconfig` does, while it fills itself.
        if self._busy or (said := fsdecode(name)) in self._variables:
            return
        self._busy = True
        try:
            if self._author.wrote(file):
                self._variables[said] = None if value is None else fsdecode(value)
        finally:
            self._busy = False


class _Environ(Environ):
    """An `os.environ` that tells its listener which variables are asked for by name, and by whose code.

    A copy of the whole environment, as programs make for their children, asks for none by name.
    """

    listener: ClassVar[Any]  # of a name, its value or None, and the file that asks
    _copying: ClassVar[tuple[int, int] | None] = None

    def __iter__(self) -> Iterator[str]:
        frame = _caller(_getframe(1))
        _Environ._copying = (id(frame), frame.f_lasti)
        return super().__iter__()

    def __getitem__(self, name: str) -> str:
        frame = _caller(_getframe(1))
        copying = (id(frame), frame.f_lasti) == self._copying  # the very instruction that walks through all
        try:
            value = super().__getitem__(name)
        except KeyError:
            self.listener(name, None, frame.f_code.co_filename)
            raise
        if not copying:
            self.listener(name, value, frame.f_code.co_filename)
        return value


def _caller(frame: FrameType) -> FrameType:
    while _is_between(frame.f_code.co_filename) and frame.f_back is not None:
        frame = frame.f_back
    return frame


def _is_between(file: str) -> bool:
    return file in _BETWEEN or standard(file).startswith(_PATHS)


@functools.cache
def loaded() -> tuple[str, frozenset[str]]:
    """Return the last and all of the modules that are there before any session.

    Asked for first in the fork server: to look at all names in each worker would copy the pages that they
    are on.
    """
    return next(reversed(sys.modules)), frozenset(sys.modules)


def _new_modules() -> list[str]:
    """Return the modules that the session imported: those behind the last that was there before."""
    last, before = loaded()
    newest_first = list(itertools.takewhile(lambda name: name != last, reversed(sys.modules)))
    return [name for name in reversed(newest_first) if name not in before]


def _is_installed(package: str) -> bool:
    if package == "chainrule":  # also where it is a working copy: its state is part of the environment
        return True
    origin = _origin(package) if package not in sys.stdlib_module_names else None
    return bool(origin) and not is_local(str(origin))


def _origin(package: str) -> str | None:
    """Return the file or folder of a package, imported or not; None if there is none of that name."""
    if package in sys.modules:
        module = sys.modules[package]
        return getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", ())), "")
    try:
        spec = find_spec(package)
    except (ImportError, ValueError):
        return None
    return None if spec is None else spec.origin or next(iter(spec.submodule_search_locations or ()), "")


def _is_nobodys(written: str) -> bool:
    """Tell whether what was written is a device, or what Python compiled."""
    return written.startswith("/dev/") or f"{os.sep}__pycache__{os.sep}" in written


def _text(file: str) -> str:
    with suppress(OSError, ValueError):
        return Path(file).read_text(encoding="utf-8-sig")
    return ""


def _imported_names(source: str) -> Iterator[str]:
    with suppress(SyntaxError):
        for node in ast.walk(ast.parse(source)) if "import" in source else ():
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                yield node.module.partition(".")[0]
