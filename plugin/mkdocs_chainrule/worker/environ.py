"""An `os.environ` that tells which variables are asked for by name, and by whose code."""

from __future__ import annotations

import os
from _collections_abc import __file__ as _collections_file
from sys import _getframe
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping
    from types import FrameType

# What stands between the code that asks and `os.environ`.
_BETWEEN = {os.__file__, _collections_file, "<frozen os>", "<frozen _collections_abc>"}

if TYPE_CHECKING:
    Listener = Callable[[str, str | None, str], None]
    Environ = MutableMapping[str, str]
else:
    Environ = os._Environ  # noqa: SLF001 - there is no public class to derive from


def watch(listener: Listener) -> None:
    """Let `listener(name, value, file)` hear of each variable that code of `file` asks for.

    A copy of the whole environment, as programs make for their children, asks for none by name.
    """
    os.environ.__class__ = type("_Environ", (_Watched,), {"listener": staticmethod(listener)})


class _Watched(Environ):
    listener: Listener
    _copying: tuple[int, int] | None = None

    def __iter__(self) -> Iterator[str]:
        frame = _caller(_getframe(1))
        type(self)._copying = (id(frame), frame.f_lasti)  # noqa: SLF001 - our own class
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
    while frame.f_code.co_filename in _BETWEEN and frame.f_back is not None:
        frame = frame.f_back
    return frame
