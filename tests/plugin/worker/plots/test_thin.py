"""Dense lines lose points that no screen tells apart, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, IdentityTransform

from mkdocs_chainrule.worker.plots.thin import COLUMN, thin

RNG = np.random.default_rng(0)


def line(x, y) -> Path:
    return Path(np.column_stack([x, y]))


@pytest.fixture(scope="module")
def noise():
    x, y = np.linspace(10, 210, 6400), RNG.normal(size=6400).cumsum()
    y[3000] = 500.0  # a spike of one point
    return x, y


def test_a_dense_line_keeps_its_ends_and_the_range_of_each_column(noise):
    x, y = noise
    kept = thin(line(x, y), IdentityTransform()).vertices
    assert len(kept) < 3 * 200 / COLUMN
    assert kept[0] == pytest.approx([10, y[0]])
    assert kept[-1] == pytest.approx([210, y[-1]])
    for column in np.unique(x // COLUMN)[1:-1]:
        inside = y[x // COLUMN == column]
        seen = kept[kept[:, 0] // COLUMN == column, 1]
        assert (seen.max(), seen.min()) == (inside.max(), inside.min())


def test_what_is_dense_is_what_is_seen(noise):
    x, y = noise
    assert thin(line(x, y), Affine2D().scale(100, 1)) is None
    assert len(thin(line(x, y), Affine2D().scale(0.5, 1)).vertices) < 400


def test_gaps_stay(noise):
    x, y = noise
    y = np.where((x > 100) & (x < 110), np.nan, y)
    kept = thin(line(x, y), IdentityTransform()).vertices
    assert np.isnan(kept).any(axis=1).sum() == 1
    assert not ((kept[:, 0] > 100) & (kept[:, 0] < 110)).any()


@pytest.mark.parametrize(
    "kept",
    [
        line(np.linspace(0, 200, 250), np.zeros(250)),
        line(np.cos(np.linspace(0, 6, 5000)), np.sin(np.linspace(0, 6, 5000))),
        Path(np.column_stack([np.linspace(0, 9, 5000), np.zeros(5000)]), closed=True),
        Path.unit_circle(),
    ],
    ids=["few points", "not from left to right", "closed", "curves"],
)
def test_other_paths_stay_as_they_are(kept):
    assert thin(kept, IdentityTransform()) is None
