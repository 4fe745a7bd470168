"""Text as a terminal would leave it: what was overwritten is gone."""

from __future__ import annotations

import re

_ERASED = re.compile(r"[^\n\x08]\x08")
_ESCAPE = "\x1b"


def settle(text: str) -> str:
    r"""Return the text with carriage returns and backspaces carried out, colours left as they are.

    Examples:
        >>> settle("10 %\r 50 %\r100 %\ndone\n")
        '100 %\ndone\n'
    """
    if "\0" in text:
        text = text.replace("\0", "\ufffd")  # no page may hold it
    while "\x08" in text and _ERASED.search(text):
        text = _ERASED.sub("", text)
    if "\r" not in text:
        return text
    return "\n".join(_overwrite(line) for line in text.replace("\r\n", "\n").split("\n"))


def _overwrite(line: str) -> str:
    if "\r" not in line:
        return line
    written = [part for part in line.split("\r") if part]
    if _ESCAPE in line:  # where a colour stands is no column
        return written[-1] if written else ""
    result = ""
    for part in written:
        result = part + result[len(part) :]
    return result.rstrip()
