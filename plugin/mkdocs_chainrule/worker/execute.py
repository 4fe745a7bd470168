"""Running the statements of a block, and showing what it leaves: its last value and its open figures."""

from __future__ import annotations

import builtins
import inspect
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from mkdocs_chainrule.session.block import Bundle, Place
from mkdocs_chainrule.worker import display, figures
from mkdocs_chainrule.worker.inline import compile_inline
from mkdocs_chainrule.worker.source import compile_fence

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from types import CodeType

    from mkdocs_chainrule.session.block import Block
    from mkdocs_chainrule.worker.source import Statement


class Execution:
    """A session's namespace, and what lasts from block to block beside it.

    Args:
        page: What the namespace's file is called.
        step: Is told the place of each statement before it runs.
    """

    def __init__(self, page: str, step: Callable[[Place], None]) -> None:
        self._names = _install_main(page).__dict__
        self._loops: set[str] = set()
        self._names["__loop_names__"] = self._loops  # they name no Value: the engine looks here
        self._step = step
        self._flags = 0
        self._runner: asyncio.Runner | None = None
        self.place = Place("")

    def run(self, block: Block) -> None:
        """Run a block, and show what it has to show; what it raises goes through."""
        self._at(block.place)
        if block.kind == "inline":
            self._run_inline(block)
            return
        try:
            statements, self._flags = compile_fence(block, self._flags)
            self._run_fence(statements)
        finally:
            display.show_open_figures()

    def _begin(self, statement: Statement) -> None:
        self._at(statement.place)
        self._loops.difference_update(statement.bound)
        self._loops.update(name for name, is_loop in statement.bound.items() if is_loop)

    def _at(self, place: Place) -> None:
        self.place = place
        self._step(place)

    def _run_inline(self, block: Block) -> None:
        code = compile_inline(block, self._flags)
        text = eval(code, self._names)  # noqa: S307 - it is our trade
        display.emit(Bundle({"text/plain": self._loop().run(text) if _is_coroutine(code) else text}))

    def _run_fence(self, statements: list[Statement]) -> None:
        if not any(_is_coroutine(statement.code) for statement in statements):
            for statement in statements:
                self._begin(statement)
                self._show(statement, eval(statement.code, self._names))  # noqa: S307 - the same
            return
        # As in a notebook, a block that awaits runs in a loop as a whole: create_task works in all of it.
        self._loop().run(self._run_awaiting(statements))

    def _loop(self) -> asyncio.Runner:
        if self._runner is None:
            from asyncio import Runner  # noqa: PLC0415 - few blocks await, and it takes its time

            self._runner = Runner()
        return self._runner

    async def _run_awaiting(self, statements: list[Statement]) -> None:
        for statement in statements:
            self._begin(statement)
            value = eval(statement.code, self._names)  # noqa: S307 - the same
            self._show(statement, await value if _is_coroutine(statement.code) else value)

    def _show(self, statement: Statement, value: Any) -> None:
        if statement.shown and value is not None and not figures.is_artists(value):
            display.show(value, is_last=True)


def _install_main(page: str) -> ModuleType:
    """Install a fresh `__main__`: a real one, so classes pickle and Values find their names."""
    module = ModuleType("__main__")
    module.__file__ = page  # inspect looks for the source of classes there
    # With a spec of this name multiprocessing does not try to run the page in its children.
    module.__spec__ = ModuleSpec("__main__", None)
    module.__dict__["__builtins__"] = builtins
    builtins.display = display.display  # type: ignore[attr-defined]  # the one name that a block finds there
    sys.modules["__main__"] = module
    sys.argv = [page]
    return module


def _is_coroutine(code: CodeType) -> bool:
    return bool(code.co_flags & inspect.CO_COROUTINE)
