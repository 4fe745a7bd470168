"""Mutated messages, many to a real build: what ends the build, or takes it too long or too much, is found.

Of a build that ends badly the case is sought that ended it: the block that was being shown, or else by halves.
Without it the others are built again, until a build is sound.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.fuzzing import site_cases
from benchmarks.fuzzing.cases import Case, case_of
from benchmarks.fuzzing.messages import recorded
from mkdocs_chainrule.run import events

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console

SECONDS, MEMORY = 10.0, 1 << 30
"""That a block's showing may take, and a build."""
_A_PAGE, _A_BUILD, _A_DISK = 8, 200, 20
_STUCK = 20.0  # seconds after which a block that is being shown is not waited for
_BUILDING = 400.0
_MOST_FINDINGS = 12  # of a batch, which is left then
_CONFIG = """site_name: Fuzz
plugins:
  - search
  - chainrule: {on_error: continue, timeout: 10, %s}
hooks: [hook.py]
"""


@dataclass(frozen=True)
class Finding:
    """What a case did to a build."""

    what: str
    case: str


@dataclass
class Found:
    """What came of all cases."""

    cases: int = 0
    past: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    slowest: float = 0.0
    memory: int = 0


@dataclass(frozen=True)
class Built:
    """A build: how it ended, what the hook wrote, and the most memory that it had."""

    ended: str
    log: list[list[Any]]
    memory: int
    said: str

    @property
    def unfinished(self) -> str | None:
        """The place of the block that was being shown."""
        last = self.log[-1] if self.log else ["end"]
        return last[1] if last[0] == "begin" else None


class Batch:
    """A folder with a site of some cases."""

    def __init__(self, root: Path, product: Path) -> None:
        self.root, self._product = root, product
        (root / "cases").mkdir()
        shutil.copy(site_cases.__file__, root / "fuzzed.py")
        shutil.copy(Path(__file__).with_name("site_hook.py"), root / "hook.py")
        self.configure('cache: "no"')

    def configure(self, option: str) -> None:
        """Let builds have an option."""
        (self.root / "mkdocs.yml").write_text(_CONFIG % option)

    def write(self, cases: Iterable[Case]) -> dict[str, Case]:
        """Write the pages of cases, and return these by their places."""
        docs = self.root / "docs"
        shutil.rmtree(docs, ignore_errors=True)
        docs.mkdir()
        (docs / "sane.md").write_text("# Sane\n\n```autograd\nprint(6 * 7)\n```\n")
        (docs / "index.md").write_text("# Home\n")
        places: dict[str, Case] = {}
        for number, case in enumerate(cases):
            (self.root / "cases" / str(case.seed)).write_bytes(case.route.encode() + b"\n" + case.payload)
            page = docs / f"p{number // _A_PAGE}.md"
            before = page.read_text() if page.exists() else "# P\n"
            if case.route == "inline":
                text = f"\n```autograd\nimport fuzzed\n```\n\nIt is `#!autograd fuzzed.text({case.seed})`.\n"
            else:
                text = f"\n```autograd{case.options}\nimport fuzzed\nfuzzed.send({case.seed})\n```\n"
            line = before.count("\n") + 2 + (4 if case.route == "inline" else 0)
            page.write_text(before + text)
            places[f"docs/{page.name}:{line}"] = case
        return places

    def build(self) -> Built:
        """Build the site, and stop what is stuck."""
        log = self.root / "log"
        log.write_text("")
        own = os.pathsep.join(str(self._product / part) for part in ("engine", "plugin"))
        environment = {
            **os.environ,
            "PYTHONPATH": own,
            "CHAINRULE_FUZZ_LOG": str(log),
            "NO_MKDOCS_2_WARNING": "1",
        }
        with (self.root / "said").open("w+b") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "mkdocs", "build"],
                cwd=self.root,
                env=environment,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
            resource.prlimit(process.pid, resource.RLIMIT_DATA, (4 << 30, 4 << 30))
            ended, memory = _watched(process, log)
        text = (self.root / "said").read_text("utf-8", "replace")
        return Built(ended, [json.loads(line) for line in log.read_text().splitlines()], memory, text)


def _watched(process: subprocess.Popen[bytes], log: Path) -> tuple[str, int]:
    start, memory = time.monotonic(), 0
    while process.poll() is None:
        time.sleep(0.1)
        memory = max(memory, _most_memory(process.pid))
        is_shown = log.read_bytes().rstrip().rpartition(b"\n")[2].startswith(b'["begin"')
        silent = time.time() - log.stat().st_mtime
        if time.monotonic() - start > _BUILDING or (is_shown and silent > _STUCK):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return "hangs", memory
    return "" if process.returncode == 0 else "ends the build", memory


def _most_memory(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(found[0].split()[1]) << 10 if found else 0


def _reason(built: Built) -> str:
    lines = [line for line in built.said.splitlines() if line.strip()]
    return lines[-1][:160] if lines and built.ended != "hangs" else ""


def fuzz_batch(batch: Batch, cases: list[Case], found: Found) -> None:
    """Build some cases, and note what each did."""
    rest = list(cases)
    for _ in range(_MOST_FINDINGS):
        places = batch.write(rest)
        built = batch.build()
        found.memory = max(found.memory, built.memory)
        if not built.ended:
            _note(batch, built, places, found)
            return
        guilty = places.get(built.unfinished or "") or _by_halves(batch, rest)
        found.findings.append(Finding(f"{built.ended} {_reason(built)}".strip(), str(guilty or "unknown")))
        if guilty is None:
            return
        rest.remove(guilty)


def _note(batch: Batch, built: Built, places: dict[str, Case], found: Found) -> None:
    past = {event[1] for event in built.log if event[0] == "end" and event[3]}
    for place, case in places.items():
        is_event = case.route == "channel" and _is_read(case.payload)
        found.past += place in past or is_event
    for _, place, seconds, _ in (event for event in built.log if event[0] == "end"):
        found.slowest = max(found.slowest, seconds)
        if seconds > SECONDS and place in places:
            found.findings.append(Finding(f"is shown in {seconds:.0f} s", str(places[place])))
    for line in built.said.splitlines():
        if "could not be run:" in line or "Exception in thread" in line:
            place = next((place for place in places if f"{place}:" in line), "")
            found.findings.append(Finding(line.strip()[-160:], str(places.get(place, "unknown"))))
    if "42" not in (batch.root / "site" / "sane" / "index.html").read_text("utf-8"):
        found.findings.append(Finding("costs a sane page", "unknown"))
    if built.memory > MEMORY:
        found.findings.append(Finding(f"takes {built.memory >> 20} MiB", "of a build"))


def _is_read(line: bytes) -> bool:
    event = events.read(line)
    return event is not None and not isinstance(event, events.Refused)


def _by_halves(batch: Batch, cases: list[Case]) -> Case | None:
    """Return the one case with which a build ends badly; None if it takes several."""
    while len(cases) > 1:
        half = cases[: len(cases) // 2]
        batch.write(half)
        if batch.build().ended:
            cases = half
            continue
        cases = cases[len(half) :]
    batch.write(cases)
    return cases[0] if cases and batch.build().ended else None


def fuzz_disk(batch: Batch, count: int, seed: int, found: Found) -> None:
    """Mutate what the last build left on disk, and build again: many mutations to a build."""
    try:
        disk: Any = importlib.import_module("benchmarks.fuzzing.disk")
    except ModuleNotFoundError:
        return
    batch.write(_plain(seed))
    done = 0
    while done < count:
        batch.configure("freeze: _freeze, execute: always")  # which writes all that is asked later
        batch.build()
        kinds = [kind for number in range(_A_DISK) for kind in disk.mutate(batch.root, seed + done + number)]
        batch.configure("freeze: _freeze" if done // _A_DISK % 2 else "execute: auto")
        built = batch.build()
        done += _A_DISK
        found.kinds.update(f"on disk: {kind}" for kind in kinds)
        found.cases, found.past = found.cases + len(kinds), found.past + len(kinds)
        found.memory = max(found.memory, built.memory)
        if built.ended:
            what = f"{built.ended} {_reason(built)}".strip()
            found.findings.append(Finding(what, f"disk, one of the {_A_DISK} seeds before {seed + done}"))


def _plain(seed: int) -> Iterator[Case]:
    messages = recorded()
    for number, (kind, message) in enumerate(messages.items()):
        if not isinstance(message, str):
            yield Case(seed + number, kind, (), "display", json.dumps(message).encode(), "")


def fuzz_site(console: Console, cases: int, seed: int, product: Path, disk: int = 0) -> bool:
    """Build mutated messages, and print what was found; tell whether nothing was."""
    messages = recorded()
    found = Found()
    start = time.monotonic()
    for first in range(seed, seed + cases, _A_BUILD):
        made = [case_of(number, messages) for number in range(first, min(first + _A_BUILD, seed + cases))]
        found.cases += len(made)
        for case in made:
            found.kinds.update(dict.fromkeys((case.kind.partition(" as ")[0], *case.done), 1))
        with tempfile.TemporaryDirectory(prefix="chainrule-fuzz-", ignore_cleanup_errors=True) as folder:
            batch = Batch(Path(folder), product)
            before = len(found.findings)
            fuzz_batch(batch, made, found)
        console.print(
            f"{found.cases} cases, {len(found.findings)} findings, {time.monotonic() - start:.0f} s"
        )
        for finding in found.findings[before:]:
            console.print(f"  {finding.case}: {finding.what}", markup=False)
    if disk:
        with tempfile.TemporaryDirectory(prefix="chainrule-fuzz-", ignore_cleanup_errors=True) as folder:
            fuzz_disk(Batch(Path(folder), product), disk, seed, found)
    return _report(console, found)


def _report(console: Console, found: Found) -> bool:
    for kind, count in sorted(found.kinds.items()):
        console.print(f"{count:6}  {kind}", markup=False)
    console.print(
        f"{found.cases} cases, {found.past} past the first parser; slowest block {found.slowest:.1f} s, "
        f"memory of a build {found.memory >> 20} MiB; {len(found.findings)} findings"
    )
    return not found.findings
