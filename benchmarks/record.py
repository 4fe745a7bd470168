"""`results.json`: the last result of each part, with the machine, the versions and the date, and nothing private."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.json")


def save(part: str, result: dict[str, Any], versions: dict[str, str], path: Path = RESULTS) -> None:
    """Put one part's result into the file; the other parts stay as they are."""
    everything = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    everything[part] = {
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "machine": machine(),
        "versions": versions,
        **result,
    }
    text = json.dumps(dict(sorted(everything.items())), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def machine() -> dict[str, Any]:
    """Return what a reader needs to know of the machine."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def version(distribution: str) -> str | None:
    """Return an installed version, or None."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _processor() -> str:
    """Return the processor's name, with the widest vector unit that NumPy uses, which its name hides."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    fields = {key.strip(): value.strip() for key, value in fields.items()}
    name = fields.get("model name") or platform.processor() or platform.machine()
    return name + (", AVX-512" if "avx512f" in fields.get("flags", "").split() else "")
