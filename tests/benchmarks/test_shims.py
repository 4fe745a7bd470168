"""What other libraries' tests look like runs on our names, without a checkout of them."""

from __future__ import annotations

import subprocess

import pytest

from benchmarks import public
from building import REPOSITORY

pytestmark = pytest.mark.slow

MICROGRAD = """
from micrograd.engine import Value
from micrograd.nn import MLP


def test_engine():
    a, b = Value(-4.0), Value(2.0)
    ((a + b).relu() + a * b**3).backward()
    assert (a.grad, b.grad) == (8.0, -48.0)


def test_a_gradient_that_is_wrong():
    a = Value(1.0)
    (a * a).backward()
    assert a.grad == 1.0


def test_nn():
    assert len(MLP(2, [3, 1]).parameters()) == 13
"""

TINYGRAD = """
import unittest
import numpy as np
from tinygrad import Device, Tensor, dtypes
from tinygrad.helpers import DEV, Context, getenv
from tinygrad.renderer.nir import NIRRenderer
from tinygrad.tensor import _to_np_dtype


class Test(unittest.TestCase):
    @unittest.skipIf(isinstance(Device[Device.DEFAULT].renderer, NIRRenderer) or DEV.renderer, "elsewhere")
    def test_a_slope(self):
        x = Tensor([[1.0, -2.0], [3.0, 4.0]])
        out = (x.relu() * 2 + x.max(axis=1, keepdim=True)).sum()
        (slope,) = out.gradient(x)
        np.testing.assert_array_equal(slope.numpy(), [[4.0, 0.0], [2.0, 4.0]])
        assert slope.numpy().dtype == out.numpy().dtype == _to_np_dtype(dtypes.default_float) == np.float32

    def test_whole_numbers(self):
        x = Tensor([5, 6, 7])
        assert x.dtype == np.int32 and (x.argmax() << 1).item() == 4
        np.testing.assert_array_equal((x // 2).numpy(), [2, 3, 3])
        np.testing.assert_array_equal(x.div(Tensor([2, -4, 2]), rounding_mode="trunc").numpy(), [2, -1, 3])

    def test_shapes(self):
        x = Tensor.arange(6).reshape(2, 3)
        assert x.pad((1, 0, 0, 2)).shape == (4, 4) and x.pad(((0, 1), None)).shape == (3, 3)
        assert [part.shape for part in x.split([1, 2], dim=1)] == [(2, 1), (2, 2)]
        assert x.unfold(1, 2, 1).shape == (2, 2, 2) and x.flatten(0, 1).shape == (6,)
        np.testing.assert_array_equal(x.gather(1, Tensor([[2, 0]])).numpy(), [[2, 0]])
        np.testing.assert_array_equal(x.cummax(axis=0)[1].numpy(), [[0, 0, 0], [1, 1, 1]])

    def test_losses(self):
        x, y = Tensor([[0.0, 0.0], [2.0, 2.0]]), Tensor([1, 0])
        np.testing.assert_allclose(x.cross_entropy(y).item(), np.log(2), rtol=1e-6)
        np.testing.assert_allclose(x.log_softmax().nll_loss(y, ignore_index=1).item(), np.log(2), rtol=1e-6)

    def test_what_is_refused(self):
        with self.assertRaises(RuntimeError):
            Tensor.ones(2, 3).matmul(Tensor.ones(2, 3))
        with self.assertRaises(IndexError), Context(NOOPT=1):
            Tensor.ones(2, 3).sum(5)

    def test_a_slope_that_is_wrong(self):
        x = Tensor([1.0])
        assert x.exp().sum().gradient(x)[0].item() == getenv("SLOPE", 1.0)

    def test_what_there_is_not(self):
        Tensor([1.0, 2.0]).scatter(0, Tensor([1]), 3.0)

    def test_what_no_shim_can_stand_for(self):
        Tensor([1.0, 0.0]).nonzero(size=2)

    def test_simple_conv2d(self):
        raise AssertionError
"""

LIFELINES = """
import numpy as onp
import autograd.numpy as np
from autograd import elementwise_grad, grad, hessian, jacobian, value_and_grad
from autograd.builtins import DictBox
from autograd.differential_operators import make_jvp_reversemode
from autograd.extend import defvjp, primitive
from autograd.misc import flatten
from autograd.numpy import exp
from autograd.numpy.numpy_boxes import ArrayBox
from autograd.scipy.stats import norm
from autograd_gamma import gammaincc, gammainccln, gammaln


@primitive
def steep(x):
    return np.exp(x)


defvjp(steep, lambda out, x: lambda g: 2 * g * out)


def test_slopes():
    assert grad(steep)(0.0) == 2.0 and grad(grad(steep))(0.0) == 4.0
    assert value_and_grad(lambda a, x: a * exp(x), argnum=1)(2.0, 0.0) == (2.0, 2.0)
    assert hessian(lambda x: norm.logpdf(x).sum())(np.zeros(2)).tolist() == [[-1.0, 0.0], [0.0, -1.0]]
    squares = elementwise_grad(lambda a, x: a * x**2, argnum=1)
    assert squares(1.0, onp.arange(3.0)).tolist() == [0.0, 2.0, 4.0]
    along = make_jvp_reversemode(lambda p, x: p[0] * x + p[1])(onp.ones(2), onp.arange(3.0))
    onp.testing.assert_array_equal(along(onp.array([1.0, 2.0])), [2.0, 3.0, 4.0])


def test_parameters_by_name():
    tree = {"b": onp.array([1.0, 2.0]), "a": onp.array([3.0])}
    numbers, unflatten = flatten(tree)
    assert numbers.tolist() == [3.0, 1.0, 2.0]
    assert grad(lambda x: (unflatten(x)["b"] ** 2).sum())(numbers).tolist() == [0.0, 2.0, 4.0]
    assert np.stack(tree.values() if len(tree) == 1 else [tree["a"], tree["a"]]).shape == (2, 1)


def test_the_incomplete_gamma_function():
    onp.testing.assert_allclose(grad(gammainccln, 1)(1.0, 2.0), -1.0, rtol=1e-12)
    onp.testing.assert_allclose(grad(gammaln)(1.0), -0.5772156649, rtol=1e-9)


def test_along_its_first_argument():
    grad(gammaincc)(1.0, 2.0)


def test_what_there_is_not():
    jacobian(np.sin)


def test_a_slope_that_is_wrong():
    assert isinstance({}, DictBox) and not isinstance(1.0, ArrayBox) and grad(np.sin)(0.0) == 0.0
"""

CASES = {
    "micrograd": (
        MICROGRAD,
        {"test_engine": "passed", "test_nn": "passed", "test_a_gradient_that_is_wrong": "failed"},
    ),
    "tinygrad": (
        TINYGRAD,
        {
            **dict.fromkeys(("test_a_slope", "test_whole_numbers", "test_shapes", "test_losses"), "passed"),
            "test_what_is_refused": "passed",
            "test_a_slope_that_is_wrong": "failed",
            "test_what_there_is_not": "not offered",
            "test_what_no_shim_can_stand_for": "shim's limit",
        },
    ),
    "lifelines": (
        LIFELINES,
        {
            "test_slopes": "passed",
            "test_parameters_by_name": "passed",
            "test_the_incomplete_gamma_function": "passed",
            "test_along_its_first_argument": "not offered",
            "test_what_there_is_not": "not offered",
            "test_a_slope_that_is_wrong": "failed",
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_suite_counts_each_outcome_as_what_it_is(name, tmp_path):
    text, expected = CASES[name]
    (tmp_path / "test_theirs.py").write_text(text, "utf-8")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "All"]):
        subprocess.run([*git, *command], check=True)
    suite = public.Suite("HEAD", public.SUITES[name].shim, ("test_theirs.py",), {})
    outcomes = public.run(suite, tmp_path, REPOSITORY / "engine")
    assert {test.rpartition("::")[2]: public.kind(said) for test, said in outcomes.items()} == expected, (
        outcomes
    )
