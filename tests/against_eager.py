"""A jitted function beside the function itself."""

from __future__ import annotations

import numpy as np

from chainrule import Value, jit, trees


def number(leaf):
    return leaf.data if isinstance(leaf, Value) else leaf


def assert_same(ours, theirs, tolerance=1e-12):
    ours, theirs = trees.leaves(ours), trees.leaves(theirs)
    assert len(ours) == len(theirs)
    for one, other in zip(map(number, ours), map(number, theirs), strict=True):
        if isinstance(other, str):
            assert one == other
            continue
        assert np.shape(one) == np.shape(other)
        if np.ndim(other):
            assert one.dtype == other.dtype
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)


def check(function, *args, calls=3, tolerance=1e-12):
    jitted = jit(function)
    for _ in range(calls):
        assert_same(jitted(*args), function(*args), tolerance)
    return jitted
