"""Run micrograd's own engine tests with our Value in micrograd's place.

Nothing of them is copied: they are read from a checkout, or from the source distribution that pip fetches.
They compare with PyTorch, so they need it (extra `[bench]`).
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tarfile
import types
from pathlib import Path
from tempfile import TemporaryDirectory

RELEASE = "micrograd==0.1.0"


def fetch(folder: Path) -> Path:
    """Fetch the source distribution with pip, unpack it, and return its folder."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    subprocess.run([*command, "--dest", str(folder), RELEASE], check=True)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    return next(path for path in folder.iterdir() if path.is_dir())


def run(checkout: Path) -> dict[str, str]:
    """Run each test of the checkout's `test/test_engine.py`, and return "passed" or what went wrong."""
    _take_the_place_of_micrograd()
    file = checkout / "test" / "test_engine.py"
    spec = importlib.util.spec_from_file_location("micrograd_test_engine", file)
    tests = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tests)
    return {name: _outcome(test) for name, test in vars(tests).items() if name.startswith("test_")}


def run_release() -> dict[str, str]:
    """Do the same with the released source distribution."""
    with TemporaryDirectory() as folder:
        return run(fetch(Path(folder)))


def _outcome(test) -> str:
    try:
        test()
    except Exception as error:  # noqa: BLE001 - a failing test is a result
        return f"{type(error).__name__}: {error}"
    return "passed"


def _take_the_place_of_micrograd() -> None:
    import chainrule
    from chainrule import micrograd

    engine = types.ModuleType("micrograd.engine")
    engine.Value = chainrule.Value
    package = types.ModuleType("micrograd")
    package.engine, package.nn = engine, micrograd
    sys.modules.update({"micrograd": package, "micrograd.engine": engine, "micrograd.nn": micrograd})
