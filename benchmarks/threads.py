"""One thread for every numerical library; called before any of them is imported."""

from __future__ import annotations

import os

_COUNTS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
SETTINGS = {
    **dict.fromkeys(_COUNTS, "1"),
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
}


def one_thread() -> None:
    """Tell BLAS, OpenMP and XLA, through the environment, to use one thread."""
    os.environ.update(SETTINGS)
