"""What can go wrong, as one tree. Each message says what happened, where, and what to do instead.

    ChainruleError
    ├── UsageError (TypeError)          an argument that an operation does not take
    │   ├── AssignmentError             an element of a Value, or an array in place
    │   ├── UnsupportedError            a NumPy function that has no VJP here
    │   ├── LayerError                  a layer that is none, or wants an example
    │   ├── ChartError                  a layer of a chart that it does not have
    │   └── DataError                   data that fit cannot make batches of
    ├── ShapeError (ValueError)         shapes that do not fit together
    ├── BackwardError (RuntimeError)    backward where there is no gradient to take
    │   └── StaleDataError              data assigned between forward and backward
    ├── GradientError (ArithmeticError) a gradient that is not the slope
    ├── NonFiniteLossError (the same)   a loss that is NaN or infinite, in fit
    ├── AnomalyError (the same)         NaN, under detect_anomaly()
    ├── CheckpointError (ValueError)    a file that does not fit the model
    ├── TraceError (RuntimeError)       what a jitted function may not do
    ├── GraphFormatError (ValueError)   JSON that is no graph, or of another version
    ├── GraphTooLargeError (the same)   a graph that the form cannot hold
    └── ForeignNameError (AttributeError) a name that another library has, and this one has not

In brackets is the error of Python that each is too.
"""

from __future__ import annotations

from typing import Any


class ChainruleError(Exception):
    """Any error of the engine."""


class UsageError(ChainruleError, TypeError):
    """An argument that an operation does not take."""


class AssignmentError(UsageError):
    """An element of a Value was assigned, or an array was changed in place by one."""


class UnsupportedError(UsageError):
    """A NumPy function, or a form of it, that cannot be differentiated here."""


class LayerError(UsageError):
    """A layer that cannot be called, or a model that cannot be shown without an example."""


class ChartError(UsageError):
    """A layer that a chart does not have, or points without heights."""


class DataError(UsageError):
    """Data that `fit` cannot make batches of."""


class ShapeError(ChainruleError, ValueError):
    """Shapes that do not fit together."""


class BackwardError(ChainruleError, RuntimeError):
    """`backward` was called where there is no gradient to take."""


class StaleDataError(BackwardError):
    """`.data` was assigned between forward and backward."""


class GradientError(ChainruleError, ArithmeticError):
    """A gradient that is not the slope."""


class NonFiniteLossError(ChainruleError, ArithmeticError):
    """A loss that is NaN or infinite; `history` is the `History` of the training up to then."""

    history: Any


class CheckpointError(ChainruleError, ValueError):
    """A file that does not fit the model that should be loaded from it."""


class TraceError(ChainruleError, RuntimeError):
    """A function under `jit` did what its trace cannot hold: branched on a number, changed an argument."""


class AnomalyError(ChainruleError, ArithmeticError):
    """An operation turned numbers into NaN, under `detect_anomaly()`."""


class GraphFormatError(ChainruleError, ValueError):
    """JSON that is no graph, or of another version."""


class GraphTooLargeError(ChainruleError, ValueError):
    """A graph that the form asked for cannot hold."""


class ForeignNameError(ChainruleError, AttributeError):
    """A name of another library, such as PyTorch's; the message says what is written here."""
