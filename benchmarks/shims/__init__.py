"""Other libraries' names for ours, so that their tests and programs run on Chainrule.

A shim only renames: a function is one expression of public names, without a derivative or a loop. What has no
counterpart is a `missing` name that says so when it is used.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class NotOfferedError(Exception):
    """A public name of the other library that Chainrule has no counterpart for."""


class InternalError(NotOfferedError):
    """A name of the other library's own machinery, which no shim can stand for."""


def module(name: str, names: Mapping[str, Any], fails: type[NotOfferedError] = NotOfferedError) -> ModuleType:
    """Enter a module among those that are imported; a name it does not have raises when it is used."""
    made = ModuleType(name)
    made.__path__ = []  # of a package, so that its parts can be entered too
    vars(made).update(names)
    vars(made)["__getattr__"] = lambda missed: _missing(name, missed, fails)
    sys.modules[name] = made
    parent, _, last = name.rpartition(".")
    if parent in sys.modules:
        setattr(sys.modules[parent], last, made)
    return made


def _missing(module: str, name: str, fails: type[NotOfferedError]) -> Missing:
    if name.startswith("__"):
        raise AttributeError(name)
    return Missing(f"{module}.{name}", fails)


class Missing:
    """A name without a counterpart: to call it, to look into it or to derive from it raises."""

    def __init__(self, name: str, fails: type[NotOfferedError]) -> None:
        self.__missing = fails(name)

    def __call__(self, *_: Any, **__: Any) -> Any:
        raise self.__missing

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name) if name.startswith("_") else self.__missing

    def __mro_entries__(self, _bases: Any) -> Any:
        raise self.__missing


class Record:
    """A plugin of pytest that keeps each test's outcome: `passed`, or the error's type and first line."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}

    def pytest_runtest_makereport(self, item: Any, call: Any) -> None:
        """Keep how a test went."""
        if call.when == "call" or call.excinfo is not None:
            error = None if call.excinfo is None else call.excinfo.value
            self.outcomes[item.nodeid] = "passed" if error is None else _said(error)

    def pytest_collectreport(self, report: Any) -> None:
        """Keep that a file could not be imported."""
        if report.failed:
            self.outcomes[report.nodeid] = f"collection: {str(report.longrepr).strip().splitlines()[-1]}"


def _said(error: BaseException) -> str:
    lines = str(error).splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}"
