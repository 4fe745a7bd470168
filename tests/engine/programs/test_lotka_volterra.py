"""Hunters and prey, integrated by Runge and Kutta. Right: SciPy's integrator, of the sensitivities too."""

import pytest

pytest.importorskip("scipy")

from scipy.integrate import solve_ivp
from scipy.optimize import minimize

import chainrule.numpy as np
from chainrule import grad, jit, value_and_grad

TRUE = np.array([0.6, 0.3, 0.8, 0.25])
BEGIN = np.array([3.0, 1.5])
STEPS, DT = 60, 0.1


def lotka_volterra(z, _, params):
    a, b, c, d = params
    prey, hunters = z
    return np.array([a * prey - b * prey * hunters, d * prey * hunters - c * hunters])


def rk4(f, z, t, dt, params):
    k1 = f(z, t, params)
    k2 = f(z + dt / 2 * k1, t + dt / 2, params)
    k3 = f(z + dt / 2 * k2, t + dt / 2, params)
    k4 = f(z + dt * k3, t + dt, params)
    return z + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def simulate(params, steps=STEPS, every=10):
    z, seen = BEGIN, []
    for step in range(steps):
        z = rk4(lotka_volterra, z, step * DT, DT, params)
        if (step + 1) % every == 0:
            seen.append(z)
    return np.array(seen)


def by_scipy(params):
    """The states where they are seen, and their derivatives along the parameters, as one larger system."""

    def larger(t, y):
        (x, h), S = y[:2], y[2:].reshape(2, 4)
        a, b, c, d = params
        jacobian = np.array([[a - b * h, -b * x], [d * h, d * x - c]])
        direct = np.array([[x, -x * h, 0, 0], [0, 0, -h, x * h]])
        return np.concatenate([lotka_volterra(y[:2], t, params), (jacobian @ S + direct).ravel()])

    times = np.arange(1, 7) * 10 * DT
    start = np.concatenate([BEGIN, np.zeros(8)])
    path = solve_ivp(larger, (0, times[-1]), start, "DOP853", times, rtol=1e-11, atol=1e-11).y
    return path[:2].T, path[2:].reshape(2, 4, -1)


def loss(log_params, data):
    predicted = simulate(np.exp(log_params), 10 * len(data))
    return np.mean((np.log(predicted) - np.log(data)) ** 2)


def test_states_and_slopes_are_scipys():
    states, sensitivities = by_scipy(TRUE)
    assert np.allclose(simulate(TRUE), states, rtol=1e-5)
    for kind in (0, 1):
        slope = grad(lambda params, kind=kind: simulate(params)[-1][kind])(TRUE)
        assert np.allclose(slope, sensitivities[kind, :, -1], rtol=1e-4, atol=1e-4)


@pytest.mark.slow
def test_fit_recovers_what_made_the_data():
    data, _ = by_scipy(TRUE)
    start = np.log(np.array([0.5, 0.35, 0.7, 0.3]))
    assert np.allclose(jit(grad(loss))(start, data[:1]), grad(loss)(start, data[:1]), rtol=1e-9)
    found = minimize(
        value_and_grad(loss),
        start,
        args=(data,),
        jac=True,
        method="L-BFGS-B",
        options={"gtol": 1e-10, "ftol": 1e-16},
    )
    assert np.allclose(np.exp(found.x), TRUE, rtol=1e-3)
