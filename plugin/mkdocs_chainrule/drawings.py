"""What Outputs look like, kept beside the store: what did not change is not drawn anew.

Showing is a pure function of a block's Output, its showing options and the site's settings, so a digest of
these is its key, and a changed style draws what it bears on and runs nothing.
"""

from __future__ import annotations

import functools
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.options import OPTIONS
from mkdocs_chainrule.run.environment import package_version
from mkdocs_chainrule.run.store import write_whole
from mkdocs_chainrule.show import draw as draw_anew
from mkdocs_chainrule.show.settings import ShowSettings

if TYPE_CHECKING:
    from mkdocs_chainrule.block import Block, Output

_SHOWING = sorted({option.name for option in OPTIONS if option.affects == "show"} | {"expect", "setup"})
_SETTINGS = [field.name for field in fields(ShowSettings) if field.name != "save"]
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Drawing:
    """A result as HTML, with the files that go with it: name, address in the page, content."""

    html: str
    files: tuple[tuple[str, str, bytes], ...] = ()


class Drawings:
    """The drawings of a site, a file for each page.

    Args:
        folder: Where the files are; without one, everything is drawn.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._before: dict[str, dict[str, Any]] = {}
        self._now: dict[str, dict[str, Any]] = {}

    def draw(self, identity: str, block: Block, output: Output, settings: ShowSettings) -> str:
        """Return a block's result as HTML, drawn now or before.

        Args:
            identity: What tells the Output from any other of any page.
            block: The block.
            output: What it showed.
            settings: How it is shown.
        """
        if self._folder is None or not output.items or output.failure is not None:
            return draw_anew(block, output, settings)
        shelf, key = settings.prefix.partition("-")[0], _key(identity, block, settings)
        known = self._shelf(shelf).get(key)
        if known is not None and _saved(known, settings):
            self._now[shelf][key] = known
            return str(known["html"])
        drawing = _draw(block, output, settings)
        files = [[name, url, b64encode(content).decode()] for name, url, content in drawing.files]
        self._now[shelf][key] = {"html": drawing.html, "files": files}
        return drawing.html

    def flush(self) -> None:
        """Write the pages whose drawings changed."""
        for shelf, drawings in self._now.items():
            if self._folder and drawings.keys() != self._before[shelf].keys():
                text = json.dumps(drawings, ensure_ascii=False, separators=(",", ":"))
                content = text.encode("utf-8", "surrogatepass")
                try:
                    write_whole(self._folder / f"{shelf}.json", _digest(content) + b"\n" + content)
                except OSError:
                    return  # the store has told

    def _shelf(self, name: str) -> dict[str, Any]:
        if name not in self._before:
            assert self._folder is not None
            self._before[name], self._now[name] = _read(self._folder / f"{name}.json"), {}
        return self._before[name]


def _read(path: Path) -> dict[str, Any]:
    """Return a page's drawings; none if there are none that can be trusted."""
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
        return dict(json.loads(content)) if digest == _digest(content) else {}
    except (OSError, ValueError):
        return {}


def _digest(content: bytes) -> bytes:
    return sha256(content).hexdigest().encode()


def _key(identity: str, block: Block, settings: ShowSettings) -> str:
    options = [block.options.get(name) for name in _SHOWING]
    place = [str(block.place), block.kind]
    data = [_version(), identity, place, options, [getattr(settings, name) for name in _SETTINGS]]
    return sha256(repr([*data, settings.save is None]).encode()).hexdigest()


@functools.cache
def _version() -> str:
    """Return what tells one state of the code that draws from another."""
    drawn_by = sorted(path for folder in (_HERE, _HERE / "show") for path in folder.glob("*.py"))
    states = [(path.name, path.stat().st_mtime_ns) for path in drawn_by]
    return f"{package_version()} {states}"


def _draw(block: Block, output: Output, settings: ShowSettings) -> Drawing:
    if settings.save is None:
        return Drawing(draw_anew(block, output, settings))
    save, files = settings.save, []

    def keep(name: str, content: bytes) -> str:
        url = save(name, content)
        files.append((name, url, content))
        return url

    html = draw_anew(block, output, replace(settings, save=keep))
    return Drawing(html, tuple(files))


def _saved(known: dict[str, Any], settings: ShowSettings) -> bool:
    """Save a drawing's files again, and tell whether they have the addresses that it names."""
    save = settings.save
    return all(
        save is not None and save(name, b64decode(content)) == url for name, url, content in known["files"]
    )
