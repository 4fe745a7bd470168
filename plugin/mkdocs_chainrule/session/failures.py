"""Why a block has no result, in the author's terms: her own line, her own frames, one line of words."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from mkdocs_chainrule.session.block import Failure, Place, limits

if TYPE_CHECKING:
    from mkdocs_chainrule.session.block import Block


def of_timeout(block: Block, place: Place) -> Failure:
    """Return the failure of a block that did not end."""
    message = f"ran longer than {limits(block).timeout:g} s and was stopped; {more('timeout', block)}"
    return Failure("timeout", message, place)


def of_start(why: str, place: Place) -> Failure:
    """Return the failure of a block whose process never began to run it."""
    return Failure("crash", f"its process never began, {why}; build again", place)


def more(option: str, block: Block) -> str:
    """Return what to do about a limit that is too low."""
    where = f'{option}="…"' if block.kind == "fence" else f"{option}: … in mkdocs.yml"
    return f"give it more with {where}"


def of_death(exit_code: int, place: Place) -> Failure:
    """Return the failure of a block whose process is gone.

    Args:
        exit_code: As `subprocess` has it: the negative number of the signal that killed it.
        place: The last line that is known of it.
    """
    how = f"exited with code {exit_code}" if exit_code >= 0 else f"was killed by {_signal_name(-exit_code)}"
    return Failure("crash", f"its process {how} before the block ended", place)


def _signal_name(number: int) -> str:
    from signal import Signals  # noqa: PLC0415 - rarely wanted

    with suppress(ValueError):
        return Signals(number).name
    return f"signal {number}"


def of_absence(expected: str, place: Place) -> Failure:
    """Return the failure of a block whose exception did not come."""
    return Failure("exception", f"expected {expected}, but the block ended without an exception", place)


def of_skip(block: Block, cause: Failure) -> Failure:
    """Return the failure of a block that did not run because of an earlier one."""
    what = {
        "exception": "raised an exception",
        "timeout": "ran too long",
        "memory": "needed too much memory",
        "crash": "ended the process",
    }
    return Failure("skipped", f"did not run, because {cause.place} {what[cause.kind]}", block.place)


def is_expected(block: Block, failure: Failure | None) -> bool:
    """Tell whether the failure is the exception that the block's `expect` asks for, and so no problem.

    As with `except`, the name of any class that it derives from will do, with its module or without.
    """
    expected = block.options.get("expect")
    if not expected or failure is None or failure.kind not in {"exception", "memory"}:
        return False
    types = failure.types or (failure.message.partition(":")[0],)
    return any(expected in (name, name.rpartition(".")[2]) for name in types)


def of_another(failure: Failure, block: Block) -> Failure:
    """Return a failure with what was expected instead, if it is an exception and another was expected."""
    expected = limits(block).expect
    if not expected or failure.kind != "exception" or is_expected(block, failure):
        return failure
    return replace(failure, message=f"expected {expected}, but there came {failure.message}")


def goes_on(block: Block, failure: Failure | None) -> bool:
    """Tell whether the blocks after this one run."""
    if failure is None or is_expected(block, failure):
        return True
    return failure.kind == "exception" and limits(block).on_error == "continue"
