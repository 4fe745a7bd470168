"""The module in which a session runs: a real `__main__`, so classes pickle and Values find their names."""

from __future__ import annotations

import builtins
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

from mkdocs_chainrule.worker.display import display


def install(page: str) -> ModuleType:
    """Install a fresh `__main__` for the page, and `display` among the builtins."""
    module = ModuleType("__main__")
    module.__file__ = page  # inspect looks for the source of classes there
    # With a spec of this name multiprocessing does not try to run the page in its children.
    module.__spec__ = ModuleSpec("__main__", None)
    module.__dict__["__builtins__"] = builtins
    builtins.display = display  # type: ignore[attr-defined]  # the one name that a block finds there
    sys.modules["__main__"] = module
    sys.argv = [page]
    return module
