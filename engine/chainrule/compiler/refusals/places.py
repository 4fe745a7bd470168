"""Where in the author's program something is refused."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np

from chainrule.value import blame

_frame = sys._getframe
_BELOW = (str(Path(__file__).parents[2]) + os.sep, str(Path(np.__file__).parent) + os.sep)
"""The folders of the engine and of NumPy, which do what they are told."""


def place() -> str:
    """Return where the author's program is now, as the end of what is said of it."""
    frame = _frame(1)
    while frame.f_code.co_filename.startswith(_BELOW):
        if frame.f_back is None:
            return ""
        frame = frame.f_back
    return f", at {blame.where((frame.f_code, frame.f_lasti))}"
