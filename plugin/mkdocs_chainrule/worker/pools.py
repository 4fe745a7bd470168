"""Process pools of a block: their processes are forked, whatever start method they ask for.

A process that is spawned imports the program that started it, and looks there for what it is to call. A page
is no program that could be imported: the process finds nothing, ends, and the pool starts it anew for ever.
Where processes do not fork, one that is to be started is refused at once.
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

_REFUSAL = (
    "a block cannot start processes here: they would look for its functions in a program, and a page is "
    "none; put the functions in a module beside mkdocs.yml and call that as a program, or use threads"
)


def settle_if_loaded() -> None:
    """Do so if `multiprocessing` has been imported already."""
    if "multiprocessing.context" in sys.modules:
        settle()


def settle() -> None:
    """Let all start methods be `fork`, the default too, or be refused."""
    context: Any = sys.modules["multiprocessing.context"]
    contexts = context._concrete_contexts  # noqa: SLF001 - there is no public way to name another
    fork = contexts.get("fork")
    if fork is None:
        context.SpawnProcess._Popen = staticmethod(_refuse)  # noqa: SLF001 - the same
        return
    contexts.update({name: fork for name in ("spawn", "forkserver") if name in contexts})
    context._default_context._default_context = fork  # noqa: SLF001 - the same; Python 3.14 has another
    # 3.12 warns of forks beside threads: here it is the one that watches the time.
    warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*fork")


def _refuse(_: object) -> Any:
    raise RuntimeError(_REFUSAL)
