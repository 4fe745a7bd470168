"""SciPy's special functions on Values: forward SciPy's own, gradients the slopes, twice, eager and jit."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chainrule as cr
from chainrule import Value, check_grads, grad, hessian, jit
from chainrule.errors import ShapeError, UnsupportedError, UsageError

special = pytest.importorskip("scipy.special")
rows = pytest.importorskip("chainrule.primitives.special")
ours = pytest.importorskip("chainrule.scipy.special")

P, U, R = (0.3, 2.5), (0.1, 0.9), (-2.0, 2.0)
FIXED = {"polygamma": (2,), "gammainc": (1.5,), "gammaincc": (0.7,), "betainc": (1.5, 0.7), "stdtr": (3.5,)}
FIXED |= {"yn": (2,), **dict.fromkeys(["iv", "ive", "jv", "kv", "yv"], (1.5,))}
DOMAINS = {
    **dict.fromkeys(["polygamma", "gammaln", "loggamma", "gammainc", "gammaincc", "gamma", "gammasgn"], P),
    **dict.fromkeys(["digamma", "beta", "betaln", "xlogy", "i1", "j1", "j0", "i0", "y0", "y1"], P),
    **dict.fromkeys(["iv", "ive", "jv", "kv", "yn", "yv", "rgamma", "entr", "rel_entr", "kl_div"], P),
    **dict.fromkeys(["logit", "ndtri", "betainc", "xlog1py"], U),
    **dict.fromkeys(["erfinv"], (-0.8, 0.8)),
    **dict.fromkeys(["erfcinv"], (0.2, 1.8)),
}
NAMES = sorted(entry.name for entry in rows.ROWS.values())


def called(name):
    """The function with what has no gradient filled in, and how many operands remain."""
    function = getattr(ours if name == "polygamma" else special, name)
    fixed = FIXED.get(name, ())
    vjps = next(entry for entry in rows.ROWS.values() if entry.name == name).vjps
    return (lambda *xs: function(*fixed, *xs)), len(vjps) - len(fixed)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=2, deadline=None, derandomize=True)
@given(seed=st.integers(0, 999), shape=st.sampled_from([(), (3,), (2, 1)]))
@pytest.mark.slow
def test_rows(name, seed, shape):
    function, count = called(name)
    sample = np.random.default_rng(seed).uniform
    inputs = [sample(*DOMAINS.get(name, R), shape) for _ in range(count)]
    expected = getattr(special, name)(*FIXED.get(name, ()), *inputs)
    assert np.array_equal(function(*map(Value, inputs)).data, expected)
    check_grads(function, *inputs, order=2)
    weights = np.arange(1.0, 1.0 + np.size(expected)).reshape(shape)

    def loss(*xs):
        return np.sum(function(*xs) ** 2 * weights)

    for every in (loss, grad(loss), grad(lambda *xs: np.sum(grad(loss)(*xs) * weights))):
        for _ in range(2):
            np.testing.assert_allclose(jit(every)(*inputs), every(*inputs), rtol=1e-11)


@pytest.mark.parametrize(
    ("function", "x", "slope"),
    [
        (special.log_ndtr, -1e8, 1e8),
        (special.log_ndtr, 40.0, 0.0),
        (special.expit, 800.0, 0.0),
        (special.log_expit, -800.0, 1.0),
        (special.i1, 0.0, 0.5),
        (special.j1, 0.0, 0.5),
        (lambda x: special.xlogy(0.0, x), 0.0, 0.0),
        (lambda x: special.xlogy(x, 1.0), 0.0, 0.0),
        (lambda x: special.xlog1py(0.0, x), -1.0, 0.0),
        (special.gammaln, 1e300, np.log(1e300)),
    ],
)
def test_edges(function, x, slope):
    with np.errstate(all="ignore"):
        assert np.isclose(grad(function)(x), slope, rtol=1e-12)
        assert np.isclose(grad(lambda x: function(x).sum())(np.array([x])), slope, rtol=1e-12)


def test_single_stays_single():
    x = np.array([0.5, 1.5], np.float32)
    for name in ("gammaln", "erf", "ndtr", "digamma"):
        assert getattr(special, name)(Value(x)).dtype == np.float32
        assert grad(lambda x, name=name: getattr(special, name)(x).sum())(x).dtype == np.float32


def test_what_has_no_row_is_named():
    with pytest.raises(
        UnsupportedError, match=r"scipy\.special\.struve of a Value has no derivative here\. Take"
    ):
        special.struve(1.0, Value(2.0))
    with pytest.raises(UnsupportedError, match="take gammaln without where"):
        special.gammaln(Value([1.0, 2.0]), where=np.array([True, False]))
    with pytest.raises(UnsupportedError, match="along its last argument only"):
        grad(lambda a: special.gammainc(a, 2.0))(1.0)
    with pytest.raises(ShapeError, match=r"beta: shapes \(2,\) and \(3,\)"):
        special.beta(Value(np.ones(2)), np.ones(3))


def test_what_asks_nobody_names_our_path():
    with pytest.raises(UsageError, match=r"chainrule\.scipy"):
        grad(lambda x: special.polygamma(1, x).sum())(np.ones(2))


def test_chainrule_never_imports_scipy():
    code = """
import sys, numpy as np, chainrule as cr, chainrule.numpy
for name in cr.__all__: getattr(cr, name)
cr.grad(lambda x: cr.logsumexp(np.exp(x), b=[1.0, 2.0]))(np.ones(2))
assert "scipy" not in sys.modules
import chainrule.scipy
assert "scipy.special" not in sys.modules and "scipy.stats" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_everything_else_is_scipys():
    assert ours.gammaln is special.gammaln
    assert ours.struve is special.struve
    assert ours.logsumexp is cr.logsumexp
    assert set(dir(ours)) >= set(special.__all__)


@pytest.mark.parametrize("axis", [None, 0, 1, (0, 1)])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("shape", [(2, 3), (3,), (2, 1), ()], ids=str)
def test_logsumexp_with_weights(axis, keepdims, shape):
    rng = np.random.default_rng(3)
    x, b = 10 * rng.normal(size=(2, 3)), rng.uniform(0.1, 2.0, shape)

    def function(x, b):
        return cr.logsumexp(x, axis=axis, b=b, keepdims=keepdims)

    expected = special.logsumexp(x, axis=axis, b=b, keepdims=keepdims)
    np.testing.assert_allclose(function(x, b), expected, rtol=1e-13)
    check_grads(function, x, b, order=2)

    def loss(x, b):
        return np.sum(function(x, b) ** 2)

    for argnums in (0, 1):
        slope = grad(loss, argnums)
        np.testing.assert_allclose(jit(slope)(x, b), slope(x, b), rtol=1e-11)


def test_logsumexp_at_the_edges():
    assert cr.logsumexp([1000.0, 0.0], b=[0.0, 1.0]) == 0.0
    assert cr.logsumexp([np.inf, 0.0], b=[1.0, 1.0]) == np.inf
    assert cr.logsumexp([-np.inf, -np.inf], b=[1.0, 1.0]) == -np.inf
    assert cr.logsumexp([3.0, 1.0], b=[0.0, 0.0]) == -np.inf
    np.testing.assert_allclose(
        grad(lambda b: cr.logsumexp([2.0, 0.0], b=b))(np.array([0.0, 1.0])), [np.exp(2), 1]
    )
    with pytest.raises(UsageError, match="return_sign"):
        cr.logsumexp([1.0], return_sign=True)
    with pytest.raises(UsageError, match="keepdims by its name"):
        cr.logsumexp([1.0], 0, True)


COMPOSED = {
    "multigammaln": (lambda s, a: s.multigammaln(a, 3), (1.5, 4.0)),
    "softmax": (lambda s, x: s.softmax(x), R),
    "softmax of rows": (lambda s, x: s.softmax(x, axis=1), R),
    "log_softmax": (lambda s, x: s.log_softmax(x), R),
    "polygamma 0": (lambda s, x: s.polygamma(0, x), P),
}


@pytest.mark.parametrize("name", COMPOSED)
def test_compositions(name):
    function, domain = COMPOSED[name]
    x = np.random.default_rng(0).uniform(*domain, (2, 3))
    np.testing.assert_allclose(function(ours, x), function(special, x), rtol=1e-13)
    np.testing.assert_allclose(function(ours, Value(x)).data, function(special, x), rtol=1e-13)
    check_grads(lambda x: function(ours, x), x, order=2)

    def loss(x):
        return (function(ours, x) ** 3).sum()

    np.testing.assert_allclose(jit(hessian(loss))(x), hessian(loss)(x), rtol=1e-9, atol=1e-12)


def test_graphs_show_them_and_no_script_replays_them():
    x = Value(np.array([2.0, 3.0]), label="x")
    y = special.gammaln(x).sum().backward()
    assert "gammaln(x[1])" in str(y.graph("scalar"))
    z = special.gammaln(Value(2.0)).backward()
    assert '"program"' not in z.graph().to_json()
    assert "g * digamma(x" in z.graph().to_json()


def test_multigammaln_is_nan_or_refused_where_there_is_none():
    multigammaln = ours.multigammaln
    np.testing.assert_allclose(multigammaln(np.array([0.4, 3.0]), 2), [np.nan, special.multigammaln(3.0, 2)])
    np.testing.assert_allclose(
        jit(lambda a: multigammaln(a, 2))(np.array([0.4, 3.0])), multigammaln(np.array([0.4, 3.0]), 2)
    )
    for d in (0, 1.5, -2):
        with pytest.raises(UsageError, match="whole number of dimensions"):
            multigammaln(3.0, d)
