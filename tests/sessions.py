"""Running blocks as the plugin does, without a site: real workers, one pool for all tests of a process."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.run.pool import Pool
from mkdocs_chainrule.session.block import Block, Bundle, Missing, Place, Session, Stream

if TYPE_CHECKING:
    from mkdocs_chainrule.session.block import Output

PAGE = "docs/page.md"


def fence(source: str, line: int = 3, **options: Any) -> Block:
    """A fence that opens at `line`, so that its first line of code is one below."""
    lines = tuple(Place(PAGE, line + 1 + n) for n in range(source.count("\n") + 1))
    return Block(source, "fence", Place(PAGE, line), lines, options)


def inline(source: str, line: int = 3, **options: Any) -> Block:
    return Block(source, "inline", Place(PAGE, line), (), options)


def session(*blocks: Block | str, **options: Any) -> Session:
    """A session of fences, each with a line of prose above it."""
    placed = []
    line = 3
    for block in blocks:
        placed.append(fence(block, line, **options) if isinstance(block, str) else block)
        line = placed[-1].lines[-1].line + 3 if placed[-1].lines else line + 1
    return Session(PAGE, tuple(placed))


@functools.cache
def pool(start: Any = None) -> Pool:
    return Pool(Path(tempfile.mkdtemp(prefix="chainrule-tests-")), workers=2, start=start)


def run(*blocks: Block | str, start: Any = None, **options: Any) -> tuple[Output, ...]:
    return pool(start).submit(session(*blocks, **options)).result(timeout=60)


def run_one(source: str, **options: Any) -> Output:
    """Run a block that has to end well."""
    (output,) = run(source, **options)
    assert output.failure is None, output
    return output


def text(output: Output, name: str | None = None) -> str:
    """What the block wrote, to one stream or to both."""
    streams = [item for item in output.items if isinstance(item, Stream)]
    return "".join(stream.text for stream in streams if name in {None, stream.name})


def shown(output: Output, mime: str = "text/plain") -> list[Any]:
    """The representations of one type, in order."""
    return [item.data[mime] for item in output.items if isinstance(item, Bundle) and mime in item.data]


def missing(output: Output) -> list[str]:
    """What the block showed and a page does not hold."""
    return [item.note for item in output.items if isinstance(item, Missing)]
