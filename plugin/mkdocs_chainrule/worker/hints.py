"""What an author may have meant: by a name that is not there, or a line of a notebook; and what to import."""

from __future__ import annotations

import builtins
import re
import sys
import traceback
from contextlib import suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING

from chainrule.habits.imports import advice

if TYPE_CHECKING:
    from collections.abc import Iterable

# The names that everybody uses, and how they come.
_CUSTOMARY = {
    "np": "import numpy as np",
    "plt": "import matplotlib.pyplot as plt",
    "mpl": "import matplotlib as mpl",
    "pd": "import pandas as pd",
    "sns": "import seaborn as sns",
}
# Lines that only a notebook takes, and what to do about each.
_OF_NOTEBOOKS = (
    (re.compile(r"%matplotlib\b"), "notebooks: leave it out, as every open figure is shown"),
    (re.compile(r"%%?[A-Za-z]\w*"), "notebooks: leave it out"),
    (re.compile(r"!\s*[\w./-]+"), "the shell: call it by subprocess.run, or leave it out"),
    (re.compile(r"\?{1,2}[\w.]+$|[\w.]+\?{1,2}$"), "notebooks: leave it out"),
)
_LIKENESS = 0.7  # of what is suggested, as `difflib` counts it


def hint(error: BaseException, text: str) -> str:
    """Return what to add to the message of an exception: what was meant, or what to import or leave out."""
    if "did you mean" in text.lower():
        return ""
    with suppress(Exception):  # to look around may run an author's code
        if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
            return _of_name(error)
        if isinstance(error, AttributeError):
            return _meant(error.name, () if error.obj is None else dir(error.obj))
        if isinstance(error, ImportError):
            return _of_import(error, text)
        if isinstance(error, SyntaxError):
            return _of_notebook(error.text or "")
    return ""


def _of_name(error: NameError) -> str:
    name = error.name
    if name in _CUSTOMARY:
        return f"; {_CUSTOMARY[name]}"
    engine = sys.modules.get("chainrule")
    if engine is not None and name in engine.__all__:
        return f"; from chainrule import {name}"
    if name in sys.stdlib_module_names:
        return f"; import {name}"
    return _meant(name, _names_in_sight(error))


def _names_in_sight(error: NameError) -> set[str]:
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)][-1:]
    return set(dir(builtins)).union(*(frame.f_locals for frame in frames), *(f.f_globals for f in frames))


def _of_import(error: ImportError, text: str) -> str:
    if isinstance(error, ModuleNotFoundError) and (instead := advice(error.name)) and instead not in text:
        return f"; {instead}"
    wanted = re.search(r"cannot import name '(\w+)'", text)
    module = sys.modules.get(error.name or "")
    return _meant(wanted[1], dir(module)) if wanted and module else ""


def _of_notebook(line: str) -> str:
    for form, what_to_do in _OF_NOTEBOOKS:
        if command := form.match(line.strip()):
            return f"; {command[0]} is a command of {what_to_do}"
    return ""


def _meant(name: str | None, known: Iterable[str]) -> str:
    if not name:
        return ""
    private = name.startswith("_")
    names = [other for other in known if isinstance(other, str) and (private or not other.startswith("_"))]
    close = get_close_matches(name, names, n=1, cutoff=_LIKENESS)
    return f". Did you mean: '{close[0]}'?" if close else ""
