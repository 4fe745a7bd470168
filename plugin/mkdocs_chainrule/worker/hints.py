"""What an author may have meant: by a name that is not there, or a line of a notebook; and what to import."""

from __future__ import annotations

import builtins
import os
import re
import sys
import traceback
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from itertools import islice
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainrule.habits.imports import advice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# The names that everybody uses, and how they come.
_CUSTOMARY = {
    "np": "import numpy as np",
    "plt": "import matplotlib.pyplot as plt",
    "mpl": "import matplotlib as mpl",
    "pd": "import pandas as pd",
    "sns": "import seaborn as sns",
    "sp": "import sympy as sp",
    "tqdm": "from tqdm import tqdm",
    "Path": "from pathlib import Path",
    "partial": "from functools import partial",
    "reduce": "from functools import reduce",
    "dataclass": "from dataclasses import dataclass",
    "defaultdict": "from collections import defaultdict",
    "Counter": "from collections import Counter",
    "pprint": "from pprint import pprint",
    "Neuron": "from chainrule.micrograd import Neuron",
    "Layer": "from chainrule.micrograd import Layer",
    "MLP": "from chainrule.micrograd import MLP",
    "SGD": "from chainrule.optim import SGD",
    "Adam": "from chainrule.optim import Adam",
    "get_ipython": "a page has no IPython: leave it out",
    "In": "In [1]: is a prompt of notebooks: leave it out",
    "Out": "Out[1] is of notebooks: give the result a name",
}
_OF_IPYTHON = {"HTML", "IFrame", "Image", "JSON", "Latex", "Markdown", "Math", "SVG", "clear_output"}
_OUT = "leave it out"
# Lines that only a notebook or a terminal takes, and what to do about each.
_OF_NOTEBOOKS = (
    (re.compile(r"%%?(?:time|timeit|prun)\b"), f"notebooks: measure by time.perf_counter(), or {_OUT}"),
    (re.compile(r"%%capture\b"), 'notebooks: write output="none" on the fence'),
    (
        re.compile(r"%%(?:html|HTML|svg|SVG|latex|markdown)\b"),
        "notebooks: use display(), from IPython.display",
    ),
    (re.compile(r"%%(?:bash|sh|script|cmd)\b"), f"the shell: call it by subprocess.run, or {_OUT}"),
    (re.compile(r"%%(?:writefile|file)\b"), "notebooks: write the file by pathlib.Path.write_text"),
    (re.compile(r"%run\b"), "notebooks: import the file as a module"),
    (re.compile(r"%(?:cd|pwd|ls|env|set_env)\b"), f"notebooks: use os, or {_OUT}"),
    (re.compile(r"[%!]\s*(?:pip|conda)\b"), f"the shell: install where the site is built, and {_OUT}"),
    (re.compile(r"%%?[A-Za-z]\w*"), f"notebooks: {_OUT}"),
    (re.compile(r"!\s*[\w./-]+"), f"the shell: call it by subprocess.run, or {_OUT}"),
    (re.compile(r"\?{1,2}[\w.]+$|[\w.]+\?{1,2}$"), f"notebooks: write help(name), or {_OUT}"),
)
_PROMPTS = (
    (re.compile(r">>>"), "a prompt of Python: leave out prompts, and what was answered"),
    (re.compile(r"\.\.\. "), "a prompt of Python: leave out prompts, and what was answered"),
    (re.compile(r"\$ "), f"a prompt of the shell: call the command by subprocess.run, or {_OUT}"),
    (re.compile(r"In \[\d*\]:"), "a prompt of notebooks: leave it out"),
)
_ASSIGNED = re.compile(r"[\w.,\s]+=\s*(?=[!%])")
_NOT_OURS = {"site", "node_modules", "venv", "build", "dist"}
_MOST_FILES = 5000  # that are looked at for one that is not where it is sought
_NO_FILE = re.compile(r"'([^'\n]+)'$|^(\S+) not found")
_LIKENESS = 0.7  # of what is suggested, as `difflib` counts it


def hint(error: BaseException, text: str) -> str:
    """Return what to add to the message of an exception: what was meant, or what to import or leave out."""
    if "did you mean" in text.lower():
        return ""
    with suppress(Exception):  # to look around may run an author's code
        if isinstance(error, UnboundLocalError):
            return ""
        for kind, told in _BY_KIND.items():
            if isinstance(error, kind):
                return told(error, text)
    return ""


def _of_name(error: Any, _: str) -> str:
    name = error.name
    if name in _CUSTOMARY:
        return f"; {_CUSTOMARY[name]}"
    if name in _OF_IPYTHON:
        return f"; from IPython.display import {name}"
    if name in import_module("chainrule").__all__:
        return f"; from chainrule import {name}"
    if name in import_module("chainrule.nn").__all__:
        return f"; from chainrule import nn, and write nn.{name}"
    if name in sys.stdlib_module_names:
        return f"; import {name}"
    return _meant(name, _names_in_sight(error))


def _names_in_sight(error: NameError) -> set[str]:
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)][-1:]
    return set(dir(builtins)).union(*(frame.f_locals for frame in frames), *(f.f_globals for f in frames))


def _of_import(error: Any, text: str) -> str:
    if isinstance(error, ModuleNotFoundError) and (instead := advice(error.name)) and instead not in text:
        return f"; {instead}"
    wanted = re.search(r"cannot import name '(\w+)'", text)
    module = sys.modules.get(error.name or "")
    return _meant(wanted[1], dir(module)) if wanted and module else ""


def _of_attribute(error: Any, _: str) -> str:
    return _meant(error.name, () if error.obj is None else dir(error.obj))


def _of_notebook(error: Any, _: str) -> str:
    line = (error.text or "").strip()
    for form, said in _PROMPTS:
        if prompt := form.match(line):
            return f"; {prompt[0].strip()} is {said}"
    line = _ASSIGNED.sub("", line, count=1)
    for form, said in _OF_NOTEBOOKS:
        if command := form.match(line):
            return f"; {command[0]} is a command of {said}"
    return ""


def _of_file(error: Any, text: str) -> str:
    """Tell where a file is that is not where it was sought: beside the page, or elsewhere in the project."""
    said = _NO_FILE.search(text)
    name = str(error.filename or (said and (said[1] or said[2])) or "")
    if not name or Path(name).is_absolute():
        return ""
    where = "; paths start from the folder of mkdocs.yml"
    beside = Path(sys.argv[0]).parent / name
    if beside.is_file():
        return f"{where}: write {normpath(beside)}"
    wanted = Path(name).name
    found = next((path for path in islice(_files(), _MOST_FILES) if path.name == wanted), None)
    return f"{where}: write {found.as_posix()}" if found else where


def _files() -> Iterator[Path]:
    for folder, folders, files in os.walk("."):
        folders[:] = sorted(one for one in folders if not one.startswith((".", "_")) and one not in _NOT_OURS)
        yield from (Path(folder, name) for name in sorted(files))


def _meant(name: str | None, known: Iterable[str]) -> str:
    if not name:
        return ""
    private = name.startswith("_")
    names = [other for other in known if isinstance(other, str) and (private or not other.startswith("_"))]
    close = get_close_matches(name, names, n=1, cutoff=_LIKENESS)
    return f". Did you mean: '{close[0]}'?" if close else ""


_BY_KIND: dict[type[BaseException], Callable[[Any, str], str]] = {
    NameError: _of_name,
    AttributeError: _of_attribute,
    FileNotFoundError: _of_file,
    ImportError: _of_import,
    SyntaxError: _of_notebook,
}
