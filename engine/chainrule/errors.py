"""What can go wrong, as one tree. Each message says what happened, where, and what to do instead.

ChainruleError
├── UsageError (TypeError)           an argument that an operation does not take
│   ├── AssignmentError              an element of a Value, or an array in place
│   ├── ComparisonError              `ndarray == value`
│   └── UnsupportedError             a NumPy function, or a form of it, that has no VJP here
├── ShapeError (ValueError)          shapes that do not fit together
├── BackwardError (RuntimeError)     `backward` where there is no gradient to take
│   └── StaleDataError               `.data` was assigned between forward and backward
├── AnomalyError (ArithmeticError)   NaN, under `detect_anomaly()`
├── GraphFormatError (ValueError)    JSON that is no graph, or of another version
└── GraphTooLargeError (ValueError)  a graph that the form asked for cannot hold
"""

from __future__ import annotations


class ChainruleError(Exception):
    """Any error of the engine."""


class UsageError(ChainruleError, TypeError):
    """An argument that an operation does not take."""


class AssignmentError(UsageError):
    """An element of a Value was assigned, or an array was changed in place by one."""


class ComparisonError(UsageError):
    """An array was compared with a Value by `==` or `!=`."""


class UnsupportedError(UsageError):
    """A NumPy function, or a form of it, that cannot be differentiated here."""


class ShapeError(ChainruleError, ValueError):
    """Shapes that do not fit together."""


class BackwardError(ChainruleError, RuntimeError):
    """`backward` was called where there is no gradient to take."""


class StaleDataError(BackwardError):
    """`.data` was assigned between forward and backward."""


class AnomalyError(ChainruleError, ArithmeticError):
    """An operation turned numbers into NaN, under `detect_anomaly()`."""


class GraphFormatError(ChainruleError, ValueError):
    """JSON that is no graph, or of another version."""


class GraphTooLargeError(ChainruleError, ValueError):
    """A graph that the form asked for cannot hold."""
