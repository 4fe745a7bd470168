"""`chainrule.scipy.stats`: SciPy's numbers, and gradients that are the slopes, eager and jit."""

import numpy as np
import pytest

from chainrule import Value, check_grads, grad, hessian, jit
from chainrule.errors import UsageError

scipys = pytest.importorskip("scipy.stats")
ours = pytest.importorskip("chainrule.scipy.stats")

X = np.array([0.2, 0.55, 0.9])
K = np.array([0.0, 1.0, 3.0])
SHAPES = {
    "norm": (),
    "expon": (),
    "uniform": (),
    "laplace": (),
    "logistic": (),
    "cauchy": (),
    "gamma": (1.7,),
    "chi2": (3.5,),
    "beta": (1.7, 2.5),
    "lognorm": (0.8,),
    "weibull_min": (1.6,),
    "t": (4.5,),
    "poisson": (1.8,),
    "bernoulli": (0.3,),
    "binom": (5, 0.4),
}
CUMULATIVE = ("cdf", "sf", "logcdf", "logsf")
FIXED = {(name, method) for name in ("gamma", "chi2", "t") for method in ("cdf", "sf")} | {
    ("beta", "cdf")
}  # their slope along a shape parameter is refused
CASES = [
    (name, method)
    for name, distribution in vars(ours).items()
    if isinstance(distribution, ours.Distribution)
    for method in distribution.functions
]


def test_every_distribution_is_here():
    assert {name for name, _ in CASES} == set(SHAPES)
    assert all(getattr(ours, name).name == name for name in SHAPES)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "method"), CASES)
def test_distributions(name, method):
    distribution, reference = getattr(ours, name), getattr(scipys, name)
    function, shapes = getattr(distribution, method), SHAPES[name]
    x = K[: 2 if name == "bernoulli" else 3] if distribution.is_discrete else X
    rest = (1.0,) if distribution.is_discrete else (-0.1, 1.3)
    with np.errstate(divide="ignore"):
        for at in (x, x - 2.5, x + 0.5, 7.0, -3.0, 1):
            expected = getattr(reference, method)(at, *shapes, *rest)
            found = function(at, *shapes, *rest)
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-15)
            assert np.shape(found) == np.shape(expected)
        expected = getattr(reference, method)(x + rest[0], *shapes, *rest)
    x = x + rest[0]

    def of_all(x, shapes, rest):
        return function(x, *shapes, *rest)

    np.testing.assert_allclose(of_all(Value(x), shapes, rest).data, expected, rtol=1e-9)
    if distribution.is_discrete:
        check_grads(lambda p: function(x, *shapes[:-1], p, *rest), shapes[-1], order=2)
        return
    check_grads(lambda x, loc, scale: function(x, *shapes, loc, scale), x, *rest, order=2)
    if not any(method.endswith(each) and name == one for one, each in FIXED):
        for place, shape in enumerate(shapes):
            check_grads(
                lambda p, place=place: function(x, *shapes[:place], p, *shapes[place + 1 :], *rest),
                shape,
                order=2,
            )

    def loss(parameters):
        return np.sum(function(x, *shapes, parameters[0], parameters[1]))

    parameters = np.array(rest)
    for every in (loss, grad(loss), hessian(loss)):
        np.testing.assert_allclose(jit(every)(parameters), every(parameters), rtol=1e-9, atol=1e-12)


def test_parameters_as_scipy_takes_them():
    expected = scipys.t.logpdf(0.3, 4.0, 1.0, 2.0)
    for found in (
        ours.t.logpdf(0.3, 4.0, 1.0, 2.0),
        ours.t.logpdf(0.3, df=4.0, loc=1.0, scale=2.0),
        ours.t.logpdf(0.3, 4.0, scale=2.0, loc=1.0),
        ours.t(4.0, 1.0, 2.0).logpdf(0.3),
        ours.t(df=4.0, loc=1.0, scale=2.0).logpdf(0.3),
    ):
        assert np.isclose(found, expected, rtol=1e-12)
    assert np.allclose(ours.norm.pdf([0.0, 1.0], [1, 2], [1.0, 2.0]), scipys.norm.pdf([0, 1], [1, 2], [1, 2]))
    with pytest.raises(UsageError, match=r"t\.logpdf takes x, df, loc, scale"):
        ours.t.logpdf(0.3)
    with pytest.raises(UsageError, match=r"norm\.pdf takes x, loc, scale"):
        ours.norm.pdf(0.3, size=3)


def test_outside_of_the_support_nothing_has_a_gradient():
    for name in ("expon", "gamma", "beta", "uniform", "lognorm", "weibull_min"):
        shapes, distribution = SHAPES[name], getattr(ours, name)
        assert distribution.logpdf(-1.0, *shapes) == -np.inf
        slope = grad(
            lambda x, shapes=shapes, distribution=distribution: distribution.logpdf(x, *shapes).sum()
        )
        assert np.array_equal(slope(np.array([-1.0, -2.0])), [0, 0])


def test_logarithms_of_a_tail_keep_their_digits():
    far = np.array([1e10, 1e25])
    for method, x in (("logsf", far), ("logcdf", 1 / far)):
        function = getattr(ours.lognorm, method)
        np.testing.assert_allclose(function(x, 0.8), getattr(scipys.lognorm, method)(x, 0.8), rtol=1e-12)
        assert np.isfinite(grad(lambda x, f=function: np.sum(f(x, 0.8)))(x)).all()


def test_what_is_not_ours_is_scipys():
    assert ours.norm.ppf(0.975) == scipys.norm.ppf(0.975)
    assert ours.norm(1.0, 2.0).rvs(3, random_state=0).shape == (3,)
    assert ours.gumbel_r is scipys.gumbel_r
    assert ours.multivariate_normal(np.zeros(2)).rvs(random_state=0).shape == (2,)


S = np.array([[2.0, 0.3], [0.3, 1.0]])
M = np.array([0.1, -0.2])
POINTS = np.random.default_rng(0).normal(size=(2, 2, 2))


@pytest.mark.parametrize("method", ["logpdf", "pdf"])
@pytest.mark.parametrize(
    ("x", "mean", "cov"),
    [
        (POINTS[0, 0], M, S),
        (POINTS[0], M, S),
        (POINTS, M, S),
        (POINTS[0], M, np.array([1.0, 2.0])),
        (POINTS[0], M, 2.0),
        (POINTS[0, :, 0], np.array([0.5]), np.array([[2.0]])),
        (0.3, 0.1, 2.0),
    ],
    ids=["one", "rows", "many", "diagonal", "number", "a line", "a point"],
)
def test_multivariate_normal(method, x, mean, cov):
    function = getattr(ours.multivariate_normal, method)
    expected = getattr(scipys.multivariate_normal, method)(x, mean, cov)
    np.testing.assert_allclose(function(x, mean, cov), expected, rtol=1e-10)
    assert np.shape(function(x, mean, cov)) == np.shape(expected)

    def of_all(x, mean, cov):
        return function(x, mean, (cov + cov.T) / 2 if np.ndim(cov) == 2 else cov)

    check_grads(of_all, x, mean, cov, order=2)

    def loss(x, mean, cov):
        return np.sum(of_all(x, mean, cov))

    for argnums in range(3):
        slope = grad(loss, argnums)
        np.testing.assert_allclose(jit(slope)(x, mean, cov), slope(x, mean, cov), rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize(
    ("x", "size"),
    [
        (np.ones(1), 1),
        (np.ones((1, 1)), 1),
        (np.ones((3, 1)), 1),
        (np.ones((1, 2)), 2),
        (np.ones((3, 1, 2)), 2),
    ],
    ids=lambda x: str(np.shape(x) or ""),
)
def test_a_density_has_no_axis_of_length_1(x, size):
    rest = (np.zeros(size), np.eye(size))
    expected = scipys.multivariate_normal.logpdf(x, *rest)
    for found in (
        ours.multivariate_normal.logpdf(x, *rest),
        ours.multivariate_normal.logpdf(Value(x), *rest).data,
        jit(ours.multivariate_normal.logpdf)(x, *rest),
    ):
        np.testing.assert_allclose(found, expected)
        assert np.shape(found) == np.shape(expected)
    thirds = np.full((3, 1), 1 / 3)
    assert np.shape(ours.dirichlet.pdf(thirds, np.ones(3))) == ()


def test_multivariate_normal_by_default():
    assert np.isclose(ours.multivariate_normal.logpdf(0.5), scipys.multivariate_normal.logpdf(0.5))
    x = np.array([[0.5, 1.0], [0.1, 0.2]])
    ours_at, theirs = ours.multivariate_normal(M).logpdf(x), scipys.multivariate_normal(M).logpdf(x)
    assert np.allclose(ours_at, theirs)


FLAT = np.array([[2.0, 1.0, 1.0], [1.0, 1.5, -0.5], [1.0, -0.5, 1.5]])  # of rank 2


def test_multivariate_normal_of_few_directions():
    mean, free = np.array([0.1, -0.2, 0.3]), np.array([0.4, -0.3])
    within = mean + np.linalg.eigh(FLAT).eigenvectors[:, 1:] @ free
    points = np.stack([within, mean, within + 1.0])
    theirs = scipys.multivariate_normal(mean, FLAT, allow_singular=True)
    mine = ours.multivariate_normal(mean, FLAT, allow_singular=True)
    assert np.allclose(mine.logpdf(points), theirs.logpdf(points))
    assert np.allclose(mine.pdf(within), theirs.pdf(within))
    assert np.isclose(mine.entropy(), theirs.entropy())

    def along(free):
        point = mean + np.linalg.eigh(FLAT).eigenvectors[:, 1:] @ free
        return ours.multivariate_normal.logpdf(point, mean, FLAT, allow_singular=True)

    check_grads(along, free)
    assert np.allclose(jit(grad(along))(free), grad(along)(free))


def test_multivariate_entropy():
    def of_cov(cov):
        return ours.multivariate_normal.entropy(M, (cov + cov.T) / 2)

    assert np.isclose(of_cov(S), scipys.multivariate_normal.entropy(M, S))
    assert np.isclose(ours.multivariate_normal(M, S).entropy(), scipys.multivariate_normal(M, S).entropy())
    check_grads(of_cov, S)
    assert np.allclose(jit(grad(of_cov))(S), grad(of_cov)(S))


@pytest.mark.parametrize("method", ["logpdf", "pdf"])
@pytest.mark.parametrize(
    "x", [np.array([0.2, 0.3, 0.5]), np.array([0.2, 0.3]), np.array([[0.2, 0.4], [0.3, 0.1], [0.5, 0.5]])]
)
def test_dirichlet(method, x):
    alpha = np.array([1.5, 0.7, 2.0])
    function = getattr(ours.dirichlet, method)
    np.testing.assert_allclose(function(x, alpha), getattr(scipys.dirichlet, method)(x, alpha), rtol=1e-11)
    check_grads(function, x, alpha, order=2)
    slope = grad(lambda x, alpha: np.sum(function(x, alpha)), 1)
    np.testing.assert_allclose(jit(slope)(x, alpha), slope(x, alpha), rtol=1e-10)


@pytest.mark.parametrize("x", [0.5, 1, np.float64(0.5), np.float32(0.5), np.array(0.5)], ids=repr)
def test_a_density_of_a_number_is_a_float_under_jit_too(x):
    for function in (
        lambda x: ours.norm.pdf(x, 2.0, 1.5),
        ours.norm.logpdf,
        ours.norm.logcdf,
        lambda x: ours.multivariate_normal.logpdf(x, 0.5, 2.0),
    ):
        assert type(function(x)) is type(jit(function)(x)) is float


WRONG = {"poisson": (-1.0,), "bernoulli": (1.5,), "binom": (2.5, 0.4)}


@pytest.mark.parametrize(("name", "method"), CASES)
@np.errstate(all="ignore")  # SciPy divides by a scale of 0
@pytest.mark.slow
def test_nan_is_the_answer_where_it_is_scipys(name, method):
    function, reference, shapes = (
        getattr(getattr(ours, name), method),
        getattr(getattr(scipys, name), method),
        SHAPES[name],
    )
    wrong = WRONG.get(name, tuple(-each for each in shapes))
    scales = (
        []
        if hasattr(getattr(scipys, name), "pmf")
        else [(0.0, -1.0), (0.0, 0.0), (0.0, np.array([1.0, -2.0]))]
    )
    for x, args in [
        (np.nan, shapes),
        (np.array([np.nan, 1.0]), shapes),
        *((1.0, (*shapes, *each)) for each in scales),
    ]:
        np.testing.assert_allclose(function(x, *args), reference(x, *args), atol=1e-12)
        result = function(Value(x), *args)
        np.testing.assert_allclose(getattr(result, "data", result), reference(x, *args), atol=1e-12)
        np.testing.assert_allclose(jit(function)(x, *args), reference(x, *args), atol=1e-12)
    if shapes:
        assert np.isnan(function(1.0, *wrong))
        assert np.isnan(jit(function)(1.0, *wrong))
        assert np.isnan(function(1.0, *map(Value, wrong)).data)
