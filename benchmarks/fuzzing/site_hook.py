"""A hook of MkDocs for the sites of `fuzz-site`: it writes down when each block is shown, and for how long."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from mkdocs_chainrule.site import results

_show: Any = results.show
_log = Path(os.environ["CHAINRULE_FUZZ_LOG"]).open("a", buffering=1, encoding="utf-8")  # noqa: SIM115 - to the end


def _told(*what: object) -> None:
    _log.write(json.dumps(what) + "\n")


def _timed(block: Any, source: str, output: Any, *rest: Any, **more: Any) -> Any:
    place, start = str(block.place), time.monotonic()
    _told("begin", place)
    try:
        return _show(block, source, output, *rest, **more)
    finally:
        has_items = any(hasattr(item, "data") or getattr(item, "text", "") for item in output.items)
        _told("end", place, time.monotonic() - start, has_items)


results.show = _timed
