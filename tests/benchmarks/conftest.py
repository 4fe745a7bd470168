"""A repository that looks like HIPS autograd's, as far as its shim reads it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Checkout = Callable[[Mapping[str, str]], Path]

AUTOGRAD = {
    "autograd/__init__.py": "def grad(f):\n    return lambda x: (f(x + 1e-6) - f(x - 1e-6)) / 2e-6\n",
    "autograd/numpy/__init__.py": "from numpy import *\n",
    "autograd/tracer.py": "class Node: ...\n",
    "autograd/util.py": "def func(f):\n    return f\n",
    "autograd/wrap_util.py": "from .util import func\n\n\ndef unary_to_nary(f):\n    return func(f)\n",
    "autograd/test_util.py": "from .wrap_util import unary_to_nary\n\ncombo_check = unary_to_nary\n",
    "autograd/misc/__init__.py": "",
    "autograd/misc/flatten.py": "from autograd import make_vjp\n\nflatten = lambda x: (x, make_vjp)\n",
    "autograd/misc/optimizers.py": "from autograd.misc import flatten\n\nadam = lambda x: flatten(x)[0]\n",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Make the repository, with some files more."""

    def make(files: Mapping[str, str]) -> Path:
        for name, text in {**AUTOGRAD, **files}.items():
            (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
            (tmp_path / name).write_text(text, "utf-8")
        git = ["git", "-C", str(tmp_path), "-c", "user.name=A", "-c", "user.email=a@example.org"]
        for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "All"]):
            subprocess.run([*git, *command], check=True)
        return tmp_path

    return make
