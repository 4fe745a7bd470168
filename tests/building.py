"""Building sites as an author does, and serving what was built."""

from __future__ import annotations

import functools
import http.server
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parent.parent


def first_now(*cases: object) -> list[object]:
    """The cases of a test, of which `make test` runs the first and `make check` the others."""
    slow = pytest.mark.slow
    return [
        cases[0],
        *(pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=slow) for case in cases[1:]),
    ]


def skip_or_fail(reason: str) -> NoReturn:
    """Skip on a bare machine, and fail where everything must be there."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and under CI this may not be skipped")
    pytest.skip(reason)


def mkdocs(
    *arguments: str | Path, cwd: Path, script: str = "mkdocs", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the `mkdocs` console script, or another builder's, as an author does."""
    return subprocess.run(
        [Path(sys.executable).with_name(script), *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a built site, and give its address."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
