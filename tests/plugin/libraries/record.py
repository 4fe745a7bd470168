"""Writes down what libraries show, a file for each of those that are installed, or that are named.

`PYTHONPATH=tests python tests/plugin/libraries/record.py [PACKAGE ...]`
"""

from __future__ import annotations

import ast
import json
import multiprocessing
import os
import sys
import tempfile
from importlib.metadata import version

from libraries import CASES, RECORDED
from mkdocs_chainrule.worker import display
from mkdocs_chainrule.worker.libraries.hooks import HOOKS
from mkdocs_chainrule.worker.libraries.ids import Names
from mkdocs_chainrule.worker.on_import import AfterImport


def shown(case) -> list[dict[str, object]]:
    """What a case shows, as a worker gets it."""
    bundles = []
    names = Names(case.title)
    display.receivers.append(lambda bundle: bundles.append(names.settle(bundle)))
    tree, scope = ast.parse(case.source), {}
    last = tree.body.pop()
    exec(compile(tree, case.title, "exec"), scope)
    if isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), case.title, "eval"), scope)
        if value is not None:
            display.show(value)
    else:
        exec(compile(ast.Module([last], []), case.title, "exec"), scope)
    display.receivers.pop()
    return [{"data": dict(bundle.data), "metadata": dict(bundle.metadata)} for bundle in bundles]


def record(package: str) -> None:
    sys.meta_path.insert(0, AfterImport(HOOKS))
    os.chdir(tempfile.mkdtemp())
    found = {case.name: shown(case) for case in CASES if case.package == package and case.shown != "figure"}
    if kept := {name: bundles for name, bundles in found.items() if bundles}:
        text = json.dumps({"version": version(package), "shown": kept}, indent=1, ensure_ascii=False)
        (RECORDED / f"{package}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    packages = sys.argv[1:] or sorted({case.package for case in CASES if case.is_installed})
    for package in packages:  # some change how others show themselves
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            pool.apply(record, (package,))
