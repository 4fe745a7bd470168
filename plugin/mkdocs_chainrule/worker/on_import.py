"""What is done once a package has been imported, by whom and whenever that may be.

A worker does not import NumPy, Matplotlib or PyTorch for blocks that never ask for them; but when they come,
they come seeded and in the page's colours, as they do where they were loaded beforehand. What Matplotlib says
of the machine while it is imported goes to the author's log: no reader can do anything about it.
"""

from __future__ import annotations

import logging
import random
import sys
from importlib.abc import MetaPathFinder
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class AfterImport(MetaPathFinder):
    """Runs an action for each of some packages, when it has been imported.

    Args:
        actions: By the name of the package; one that is there already is not waited for.
    """

    def __init__(self, actions: Mapping[str, Callable[[], object]]) -> None:
        self._actions = {name: action for name, action in actions.items() if name not in sys.modules}
        self._sought: set[str] = set()

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - Python's signature
        target: ModuleType | None = None,  # noqa: ARG002 - the same
    ) -> ModuleSpec | None:
        """Find the package as Python would, and let its action follow its execution.

        Some only ask whether there is such a package: then the action goes on waiting.
        """
        if fullname not in self._actions or fullname in self._sought:
            return None
        self._sought.add(fullname)
        try:
            spec = find_spec(fullname)
        finally:
            self._sought.discard(fullname)
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            if action := self._actions.pop(fullname, None):
                action()

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]  # of this one loader
        return spec


_SPEAKERS = ("matplotlib", "matplotlib.font_manager")
SOWN = ("numpy", "chainrule", "torch")
"""The packages that draw random numbers from a state of their own."""


class Seed:
    """The seed of a session, for what is loaded now and for what comes later."""

    def __init__(self) -> None:
        self._number: int | None = None

    def sow(self, number: int | None) -> None:
        """Start `random` and what is loaded of SOWN; from 0 if no number was ever given."""
        if number is None and self._number is not None:
            return
        self._number = number or 0
        random.seed(self._number)
        for package in SOWN:
            if package in sys.modules:
                self.sow_in(package)

    def sow_in(self, package: str) -> None:
        """Start NumPy's legacy functions, which authors use, the engine's Generator, or PyTorch's."""
        number, module = self._number or 0, sys.modules[package]
        if package == "numpy":
            module.random.seed(number % 2**32)
        elif package == "chainrule":
            module.seed(number)
        elif hasattr(module, "manual_seed"):  # a folder of the author's may be called torch too
            module.manual_seed(number % 2**64)


class Remarks(logging.Filter):
    """Takes what Matplotlib says of the machine out of its logs, and tells it when there is somebody to tell.

    That a folder may not be written to, or that its list of fonts takes a while: it says so in the fork
    server, on behalf of nobody, or in a block, whose messages are part of the page.

    Examples:
        >>> remarks, heard = Remarks(), []
        >>> logger = logging.getLogger("matplotlib")
        >>> remarks.install()
        >>> logger.warning("%s is not a writable directory", "/.config")
        >>> remarks.tell(lambda *remark: heard.append(remark))
        >>> heard
        [('%s is not a writable directory', '/.config is not a writable directory')]
        >>> logger.removeFilter(remarks)
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, str] = {}
        self._receiver: Callable[[str, str], object] | None = None

    def install(self) -> None:
        """Listen from now on, once."""
        for name in _SPEAKERS:
            logging.getLogger(name).addFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a message is for the block: what Matplotlib says of a figure is."""
        template = str(record.msg)
        if record.name != _SPEAKERS[0] and " cache" not in template:
            return True
        self._said[template] = record.getMessage()
        if self._receiver:
            self._receiver(template, self._said[template])
        return False

    def tell(self, receiver: Callable[[str, str], object]) -> None:
        """Let somebody hear each message, those before included, after its template, which repeats."""
        self._receiver = receiver
        for template, text in self._said.items():
            receiver(template, text)


remarks = Remarks()
