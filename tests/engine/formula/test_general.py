"""The primitives' page prints general forms: what they say is true of other sizes than those of the table."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np
import pytest

from chainrule.errors import UnsupportedError
from chainrule.formula.derivatives import general, operands
from chainrule.formula.mathml import mathml
from chainrule.formula.notation import substituted
from chainrule.primitives.table import PRIMITIVES, custom_vjp
from reading_mathml import read, summed

ELEMENTWISE = [((),), ((5,),), ((4, 2),)]
BINARY = [((), ()), ((5,), (5,)), ((4, 2), (2,)), ((3, 1), (1, 4))]
AXES = [{}, {"axis": 0}, {"axis": -1, "keepdims": True}, {"axis": (0, 2)}]
ALONG = [{"axis": -1}, {"axis": 0}]
X = ((4, 2, 3),)
JOINED = [(((2, 3), (4, 3), (1, 3)), {}), (((2, 3), (2, 1)), {"axis": 1}), (((5,), (2,)), {"axis": -1})]

# Shapes and parameters for what is not done to each number by itself, or has parameters.
CASES = {
    **{name: [(X, params) for params in AXES] for name in ("sum", "mean", "prod", "max", "min", "logsumexp")},
    **{
        name: [(X, {**params, "ddof": ddof}) for params in AXES for ddof in (0, 1)] for name in ("var", "std")
    },
    **{name: [(X, params) for params in ALONG] for name in ("softmax", "log_softmax")},
    "norm": [(X, {"axis": None}), (X, {"axis": 1}), (X, {"axis": (0, 1), "keepdims": True})],
    "cumsum": [(X, {}), (X, {"axis": 1})],
    "leaky_relu": [((shape,), {"slope": 0.3}) for (shape,) in ELEMENTWISE],
    "elu": [((shape,), {"alpha": 0.7}) for (shape,) in ELEMENTWISE],
    "clip": [(((4, 2), (), (2,)), {}), (((5,), (5,), (5,)), {})],
    "where": [(((4, 2), (2,), ()), {}), (((3,), (3,), (3,)), {})],
    "astype": [(X, {"dtype": np.float64})],
    "matmul": [(((4, 2), (2, 5)), {}), (((3, 4, 2), (3, 2, 5)), {})],
    "einsum": [(((4, 2), (2, 5)), {"subscripts": "ij,jk->ik"})],
    "inv": [(((4, 4),), {}), (((2, 3, 3),), {})],
    "solve": [(((4, 4), (4,)), {}), (((3, 3), (3, 5)), {}), (((2, 3, 3), (2, 3, 1)), {})],
    "det": [(((4, 4),), {}), (((2, 3, 3),), {})],
    "tril": [(((4, 4),), {"k": 0}), (((2, 3, 5),), {"k": -1})],
    "triu": [(((4, 4),), {"k": 0}), (((2, 3, 5),), {"k": 1})],
    "cholesky": [(((4, 4),), {}), (((2, 3, 3),), {})],
    "logabsdet": [(((4, 4),), {}), (((2, 3, 3),), {})],
    "pinv": [(((4, 2),), {}), (((2, 3, 4),), {})],
    "sliding_window_view": [(((5,),), {"window_shape": (2,), "axis": (0,)})],
    "windows_added": [(((3, 2),), {"shape": (4,), "window_shape": (2,), "axis": (0,)})],
    "reshape": [(((6,),), {"shape": (2, 3)}), (X, {"shape": (4, 6)})],
    "ravel": [(X, {})],
    "transpose": [(X, {})],
    "swapaxes": [(X, {"axis1": 1, "axis2": 2})],
    "expand_dims": [(X, {"axis": 1}), (((5,),), {"axis": -1})],
    "squeeze": [(((4, 1, 2),), {})],
    "broadcast_to": [(((5,),), {"shape": (4, 5)}), (((3, 1),), {"shape": (2, 3, 4)})],
    "flip": [(X, {})],
    "concatenate": JOINED,
    "stack": [(((2, 3), (2, 3), (2, 3)), {}), (((2, 3), (2, 3)), {"axis": 1})],
    "take": [(X, {"indices": np.array([1, 0, 1]), "axis": 1}), (((3, 4),), {"indices": [5, 5, 2]})],
    "getitem": [(X, {"index": (slice(None), 1)}), (((5,),), {"index": np.array([3, 0, 3])})],
    "scatter": [
        (((3,),), {"shape": (5,), "index": slice(0, 3)}),
        (((2, 3),), {"shape": (4, 3), "index": [3, 0]}),
    ],
}
REDUCED = {"sum", "mean", "prod", "max", "min", "var", "std", "logsumexp", "norm"}
NAMES = [name for name, entry in PRIMITIVES.items() if name != "stop_gradient" and not entry.said]


def cases(name):
    """Return shapes and parameters to look at; of a primitive that is not named above, what fits its row."""
    entry = PRIMITIVES[name]
    if name in CASES:
        return CASES[name]
    if not entry.elementwise:
        return [(entry.shapes, entry.example)]
    unary, binary = len(entry.vjps) == 1, len(entry.vjps) == 2
    return [
        (shapes, {})
        for shapes in (ELEMENTWISE if unary else BINARY if binary else [((5,),) * len(entry.vjps)])
    ]


def operand(shape, rng):
    """Return numbers of both signs, among them zeros, ones and equal ones; square arrays have an inverse."""
    if len(shape) > 1 and shape[-1] == shape[-2]:
        return rng.normal(size=shape) + 3 * np.eye(shape[-1])
    return np.round(rng.uniform(-1.2, 1.2, shape), 1)


class Page:
    """What the page's words and signs mean, for one operation: the functions that a formula read calls."""

    def __init__(self, name, xs, index, params):
        self.x, self.index, self.params = xs[index], index, params
        self.xs, self.name = xs, name
        self.axis = params.get("axis")

    def kept(self, reduced):
        """Return what was reduced with its axes again, and of a product with a vector that as a column."""
        if self.name in REDUCED:
            return np.reshape(reduced, np.sum(self.x, axis=self.axis, keepdims=True).shape)
        if self.name in ("det", "logabsdet"):
            return np.expand_dims(reduced, (-1, -2))
        return reduced[:, None] if self.name == "solve" and np.ndim(reduced) == 1 else reduced

    def sum(self, x, over=None):
        return (
            summed(x, self.x.shape) if over == "broadcast axes" else np.sum(x, axis=self.axis, keepdims=True)
        )

    def mean(self, x):
        return np.mean(x, axis=self.axis, keepdims=True)

    def added_at(self, g, index):
        whole = np.zeros_like(self.x)
        if self.name == "take" and self.axis is None:
            np.add.at(whole.reshape(-1), index, g)
        else:
            np.add.at(
                whole, (slice(None),) * (self.axis or 0) + (index,) if self.name == "take" else index, g
            )
        return whole

    def windows_added_up(self, g):
        return PRIMITIVES["windows_added"](g, shape=self.x.shape, **self.params)

    def part(self, g, _):
        axis = self.params.get("axis", 0)
        if self.name == "stack":
            return np.take(g, self.index, axis)
        lengths = [x.size if axis is None else x.shape[axis] for x in self.xs]
        return np.split(g, np.cumsum(lengths)[:-1], axis or 0)[self.index].reshape(self.x.shape)

    def summed_from_each(self, g):
        axis = self.axis or 0
        return np.flip(np.cumsum(np.flip(g, axis), axis), axis).reshape(self.x.shape)

    def contract(self, indices, *xs):
        return np.einsum(f"{indices}->{self.params['subscripts'].split('->')[0].split(',')[self.index]}", *xs)

    def namespace(self):
        own = {name: getattr(self, name) for name in vars(Page) if not name.startswith("_")}
        return {
            **PRIMITIVES,
            **{name: getattr(np, name) for name in dir(np) if not name.startswith("_")},
            "T": lambda x: np.swapaxes(x, -1, -2) if self.name != "transpose" else x.T,
            **self.params,
            **own,
        }


@pytest.mark.parametrize("name", NAMES)
def test_the_page_says_what_the_derivative_computes(name):
    entry, rng = PRIMITIVES[name], np.random.default_rng(15)
    for shapes, params in cases(name):
        xs = [operand(shape, rng) + 2 * (name == "prod") for shape in shapes]  # of zeros the page speaks
        with np.errstate(all="ignore"):
            out = entry.forward(*xs, **params)
            g = rng.normal(size=np.shape(out))
            for index, x in enumerate(xs):
                given = {**params, "index": index} if entry.variadic else params
                vjp = entry.vjp(index)
                computed = None if vjp is None else summed(vjp(g, out, *xs, **given), x.shape)
                assert_says(entry, Page(name, xs, index, params), g, out, computed)


def assert_says(entry, page, g, out, computed):
    """Assert that what is drawn for an operand, read and evaluated, is its gradient where that is finite."""
    forms = general(entry)
    form = forms[min(page.index, len(forms) - 1)]
    assert (form is None) == (computed is None)
    if form is None:
        return
    named = dict(zip(operands(entry, len(page.xs)), page.xs, strict=True))
    said = {
        **page.namespace(),
        **named,
        "n": page.x.size / np.size(out),
        "g": page.kept(g),
        "out": page.kept(out),
    }
    drawn = eval(read(mathml(form)), said)
    shape = page.x.shape
    drawn = np.reshape(drawn, shape) if np.size(drawn) == page.x.size else summed(drawn, shape)
    finite = np.isfinite(computed)
    assert np.allclose(drawn[finite], computed[finite], rtol=1e-4, atol=1e-5), mathml(form)


def test_a_number_that_depends_on_sizes_in_its_own_way_is_refused():
    @custom_vjp(lambda g, _, x: g * x.size**0.5)
    def scaled(x):
        return np.sum(x) * x.size**0.5

    with pytest.raises(UnsupportedError, match="write it with the shapes"):
        general(scaled, shapes=((3,),))


@pytest.mark.parametrize(
    ("name", "known", "drawn"),
    [
        ("power", {"b": 2.0}, "2·a·g"),
        ("power", {"b": 3.0}, "3·a2·g"),
        ("power", {"b": -1.0}, "\N{MINUS SIGN}ga2"),
        ("maximum", {"a": "x", "b": 0.0}, "{gif\u00a0x>0g2if\u00a0x=00otherwise"),
        ("mean", {}, "gn"),
    ],
)
def test_a_form_takes_other_names_and_numbers(name, known, drawn):
    form = substituted(general(PRIMITIVES[name])[0], known)
    assert "".join(ET.fromstring(mathml(form)).itertext()) == drawn


def test_it_says_that_a_gradient_is_summed_over_what_was_broadcast():
    whole, row = general(PRIMITIVES["add"], shapes=((2, 3), (3,)))
    assert whole == "g"
    assert "broadcast" in mathml(row)
    assert "∑" in mathml(row)
