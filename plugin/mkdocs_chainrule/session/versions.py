"""The environment of a result: versions of Python, of this package, and of what a session imported."""

from __future__ import annotations

import functools
import platform
import re
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_chainrule.session.data import digest
from mkdocs_chainrule.session.reads import of_python

if TYPE_CHECKING:
    from collections.abc import Collection

OWN = "mkdocs-chainrule"
_PARTS = ("chainrule", *(f"mkdocs_chainrule.{room}" for room in ("session", "run", "worker")))


class Versions:
    """The versions of this process's environment, each looked up once."""

    def __init__(self) -> None:
        self._known: dict[str, str | None] = {}

    def of(self, packages: Collection[str], distributions: Collection[str] = ()) -> dict[str, str]:
        """Return the versions under which code that imports `packages` runs, and asks for `distributions`.

        What those packages require counts too: a figure that seaborn draws is Matplotlib's. A distribution
        that is not there has an empty version.

        Examples:
            >>> sorted(Versions().of(["yaml"]))
            ['mkdocs-chainrule', 'python', 'pyyaml']
        """
        names = {"python", OWN}
        wanted = [name for package in packages for name in _distributions(package)]
        wanted += ["numpy"] if "chainrule" in packages else []
        while wanted:
            name = wanted.pop()
            if name not in names and self.get(name) is not None:
                names.add(name)
                wanted += _requirements(name)
        names.update(map(_normal, distributions))
        return {name: self.get(name) or "" for name in sorted(names)}

    def get(self, name: str) -> str | None:
        """Return the version of a distribution, of `python`, or of this package; None if there is none."""
        if name not in self._known:
            self._known[name] = version_of(name)
        return self._known[name]


def version_of(name: str) -> str | None:
    """Return a version as it is now; ours with the state of the parts that run, if somebody works on them.

    That of Python has with it what the environment says of how it is to run.
    """
    if name == "python":
        settings = of_python()
        version = f"{platform.python_implementation()} {platform.python_version()}"
        return f"{version}+{settings}" if settings else version
    try:
        version = metadata.version(name)
    except (metadata.PackageNotFoundError, ValueError):
        return None
    return f"{version}{_source_digest()}" if name == OWN else version


def _source_digest() -> str:
    """Return what tells one state of a working copy of this package from another; nothing if installed."""
    files = working_copy()
    return f"+{digest(b''.join(path.read_bytes() for path in files))[:16]}" if files else ""


def working_copy() -> list[Path]:
    """Return the files of this package that bear on running, if somebody works on them; none if installed."""
    folders = [Path(spec.origin).parent for part in _PARTS if (spec := find_spec(part)) and spec.origin]
    if any("site-packages" in folder.parts for folder in folders):
        return []
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


@functools.cache
def _distributions(package: str) -> tuple[str, ...]:
    """Return the names of the distributions that bring a package, most of which are named like it."""
    try:
        return (_normal(metadata.distribution(package).name),)
    except (metadata.PackageNotFoundError, ValueError):
        return tuple(_normal(name) for name in _by_package().get(package, ()))


@functools.cache
def _by_package() -> dict[str, list[str]]:
    return dict(metadata.packages_distributions())


@functools.cache
def _requirements(name: str) -> tuple[str, ...]:
    needed = (each for each in metadata.requires(name) or () if "extra ==" not in each)
    return tuple(_normal(found[0]) for each in needed if (found := re.match(r"[\w.-]+", each)))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
