"""Dense lines lose points that no screen tells apart, and nothing else."""

from __future__ import annotations

import re

import numpy as np
import pytest

from mkdocs_chainrule.show.thin import COLUMN, thin

RNG = np.random.default_rng(0)


def path(x, y) -> str:
    return "M " + " \nL ".join(f"{a:.6f} {b:.6f}" for a, b in zip(x, y, strict=True)) + " "


def points(text: str) -> np.ndarray:
    return np.array(re.findall(r"-?\d+\.?\d*", text), float).reshape(-1, 2)


@pytest.fixture(scope="module")
def noise():
    x, y = np.linspace(10, 210, 6400), RNG.normal(size=6400).cumsum()
    y[3000] = 500.0  # a spike of one point
    return x, y


def test_a_dense_line_keeps_its_ends_and_the_range_of_each_column(noise):
    x, y = noise
    kept = points(thin(path(x, y)))
    assert len(kept) < 3 * 200 / COLUMN
    assert kept[0] == pytest.approx([10, y[0]], abs=0.06)
    assert kept[-1] == pytest.approx([210, y[-1]], abs=0.06)
    for column in np.unique(x // COLUMN)[1:-1]:
        inside = y[x // COLUMN == column]
        seen = kept[np.abs(kept[:, 0] - (column + 0.5) * COLUMN) < COLUMN / 2 + 0.1, 1]
        assert seen.max() >= inside.max() - 0.06
        assert seen.min() <= inside.min() + 0.06


def test_gaps_stay(noise):
    x, y = noise
    assert thin(path(x[:3000], y[:3000]) + path(x[3500:], y[3500:])).count("M") == 2


@pytest.mark.parametrize(
    "kept",
    [
        path(np.linspace(0, 200, 300), np.zeros(300)),
        path(np.cos(np.linspace(0, 6, 5000)), np.sin(np.linspace(0, 6, 5000))),
        path(np.linspace(0, 9, 5000), np.zeros(5000)) + "z",
        "M 0 3 C 0.795609 3 1.55874 2.683901 2.12132 2.12132 z",
        "",
    ],
    ids=["few points", "not from left to right", "closed", "curves", "nothing"],
)
def test_other_paths_stay_as_they_are(kept):
    assert thin(kept) == kept
