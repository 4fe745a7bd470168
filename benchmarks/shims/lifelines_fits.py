"""Fits of lifelines that ask autograd, each of its kind: the same coefficients as under autograd itself.

It stands in a copy of lifelines. As a program it prints the coefficients as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import ClassVar

import autograd.numpy as np
import pytest
from lifelines import (
    CoxPHFitter,
    CoxTimeVaryingFitter,
    CRCSplineFitter,
    ExponentialFitter,
    GeneralizedGammaFitter,
    GeneralizedGammaRegressionFitter,
    LogLogisticAFTFitter,
    LogLogisticFitter,
    LogNormalAFTFitter,
    LogNormalFitter,
    MixtureCureFitter,
    PiecewiseExponentialFitter,
    PiecewiseExponentialRegressionFitter,
    SplineFitter,
    WeibullAFTFitter,
    WeibullFitter,
)
from lifelines.datasets import (
    load_diabetes,
    load_lcd,
    load_leukemia,
    load_rossi,
    load_stanford_heart_transplants,
    load_waltons,
)
from lifelines.fitters import ParametricRegressionFitter, ParametricUnivariateFitter
from numpy import diag, ravel, sqrt
from numpy.testing import assert_allclose

BREAKS = [20, 40]  # weeks, of the piecewise hazards of `rossi`


class InverseTimeHazard(ParametricUnivariateFitter):
    """A hazard of one's own: autograd has it of the cumulative one."""

    _fitted_parameter_names: ClassVar = ["alpha_"]

    def _cumulative_hazard(self, params, times):
        (alpha,) = params
        return alpha / (80 - times)


class Gompertz(ParametricUnivariateFitter):
    """A survival function of one's own."""

    _fitted_parameter_names: ClassVar = ["nu_", "b_"]
    _bounds: ClassVar = [(0.001, None), (0.001, None)]

    def _survival_function(self, params, times):
        nu, b = params
        return np.exp(-nu * np.expm1(b * times / 50))


class ProportionalOdds(ParametricRegressionFitter):
    """A regression of one's own."""

    _fitted_parameter_names: ClassVar = ["lambda_", "beta_", "rho_"]

    def _cumulative_hazard(self, params, times, covariates):
        odds = np.exp(np.dot(covariates["beta_"], params["beta_"]))
        scale = np.exp(np.dot(covariates["lambda_"], params["lambda_"]))
        shape = np.exp(np.dot(covariates["rho_"], params["rho_"]))
        return np.log1p(odds * (times / scale) ** shape)


class CureModel(ParametricRegressionFitter):
    """A regression of one's own, on who is cured."""

    _fitted_parameter_names: ClassVar = ["lambda_", "beta_", "rho_"]

    def _cumulative_hazard(self, params, times, covariates):
        uncured = 1 / (1 + np.exp(-np.dot(covariates["beta_"], params["beta_"])))
        scale = np.exp(np.dot(covariates["lambda_"], params["lambda_"]))
        shape = np.exp(np.dot(covariates["rho_"], params["rho_"]))
        survival = np.exp(-((times / scale) ** shape))
        return -np.log((1 - uncured) + uncured * survival)


def waltons(fitter):
    data = load_waltons()
    return fitter.fit(data["T"], data["E"])


def late(fitter):
    """Enter late, some observed more than once."""
    data = load_waltons()
    return fitter.fit(data["T"], data["E"], entry=data["T"] * 0.1, weights=1 + (data["T"] > 50))


def from_left(fitter):
    data = load_lcd()
    data = data[data["group"] == "alluvial_fan"]
    return fitter.fit_left_censoring(data["T"], data["E"])


def between(fitter):
    data = load_diabetes()
    return fitter.fit_interval_censoring(data["left"], data["right"])


def rossi(fitter, **options):
    return fitter.fit(load_rossi(), "week", "arrest", **options)


def rossi_from_left(fitter):
    return fitter.fit_left_censoring(load_rossi(), "week", "arrest")


def diabetes(fitter):
    return fitter.fit_interval_censoring(load_diabetes(), "left", "right", formula="gender")


def transplants(fitter):
    return fitter.fit(load_stanford_heart_transplants(), "event", "start", "stop", id_col="id")


def leukemia(fitter):
    data = load_leukemia()
    return fitter.fit(data["t"], data["status"])


def regressors(*names, **formulas):
    return {**dict.fromkeys(names, "1"), **formulas}


FITS = {
    "Weibull": lambda: waltons(WeibullFitter()),
    "Weibull, late entry and weights": lambda: late(WeibullFitter()),
    "Weibull, left censoring": lambda: from_left(WeibullFitter()),
    "Weibull, interval censoring": lambda: between(WeibullFitter()),
    "exponential": lambda: waltons(ExponentialFitter()),
    "log-normal": lambda: waltons(LogNormalFitter()),
    "log-normal, left censoring": lambda: from_left(LogNormalFitter()),
    "log-logistic": lambda: waltons(LogLogisticFitter()),
    "log-logistic, left censoring": lambda: from_left(LogLogisticFitter()),
    "piecewise exponential": lambda: waltons(PiecewiseExponentialFitter([20, 50])),
    "splines": lambda: waltons(SplineFitter([6.0, 50.0, 75.0])),
    "generalised gamma": lambda: waltons(GeneralizedGammaFitter()),
    "mixture with cured": lambda: leukemia(MixtureCureFitter(base_fitter=WeibullFitter())),
    "a cumulative hazard of one's own": lambda: waltons(InverseTimeHazard()),
    "a survival function of one's own": lambda: waltons(Gompertz()),
    "Weibull AFT": lambda: rossi(WeibullAFTFitter()),
    "Weibull AFT, both parameters": lambda: rossi(WeibullAFTFitter(), ancillary=True),
    "Weibull AFT, penalised": lambda: rossi(WeibullAFTFitter(penalizer=0.01, l1_ratio=0.1)),
    "Weibull AFT, left censoring": lambda: rossi_from_left(WeibullAFTFitter()),
    "Weibull AFT, interval censoring": lambda: diabetes(WeibullAFTFitter()),
    "log-normal AFT": lambda: rossi(LogNormalAFTFitter()),
    "log-logistic AFT": lambda: rossi(LogLogisticAFTFitter()),
    "generalised gamma regression": lambda: rossi(
        GeneralizedGammaRegressionFitter(penalizer=0.1),
        regressors=regressors("sigma_", "lambda_", mu_="age + fin"),
    ),
    "piecewise exponential regression": lambda: rossi(
        PiecewiseExponentialRegressionFitter(BREAKS, penalizer=0.1)
    ),
    "splines of an AFT": lambda: rossi(
        CRCSplineFitter(3, penalizer=0.01),
        regressors=regressors("gamma0_", "gamma1_", "gamma2_", beta_="age + fin"),
    ),
    "Cox, penalised": lambda: rossi(CoxPHFitter(penalizer=0.01, l1_ratio=0.1)),
    "Cox, a baseline of splines": lambda: rossi(
        CoxPHFitter(baseline_estimation_method="spline", n_baseline_knots=3)
    ),
    "Cox, a piecewise baseline": lambda: rossi(
        CoxPHFitter(baseline_estimation_method="piecewise", breakpoints=BREAKS)
    ),
    "Cox, varying with time": lambda: transplants(CoxTimeVaryingFitter(penalizer=0.1)),
    "a regression of one's own": lambda: rossi(
        ProportionalOdds(penalizer=0.01), regressors=regressors("lambda_", "rho_", beta_="age + fin - 1")
    ),
    "a regression on who is cured": lambda: rossi(
        CureModel(penalizer=0.01), regressors=regressors("lambda_", "rho_", beta_="fin")
    ),
}


def coefficients(fit):
    """Return what was fitted, and its standard errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = FITS[fit]()
    errors = sqrt(diag(fitted.variance_matrix_))
    params = fitted.params_ if hasattr(fitted, "params_") else fitted._fitted_parameters_
    return [ravel(params).tolist(), errors.tolist()]


@pytest.fixture(scope="session")
def under_autograd():
    """The coefficients under autograd itself, from a process of its own."""
    surroundings = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    command = [sys.executable, __file__]
    said = subprocess.run(command, env=surroundings, capture_output=True, check=True, text=True)
    return json.loads(said.stdout.splitlines()[-1])


@pytest.mark.parametrize("fit", FITS)
def test_the_same_coefficients(fit, under_autograd):
    params, errors = coefficients(fit)
    assert_allclose(params, under_autograd[fit][0], rtol=1e-5)
    assert_allclose(errors, under_autograd[fit][1], rtol=1e-4)


if __name__ == "__main__":
    print(json.dumps({fit: coefficients(fit) for fit in FITS}))
