"""What enters beside Values is taken rightly, or refused with what to do."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from chainrule import Value, grad, jit
from chainrule.errors import UsageError

NUMBERS = {
    "fraction": (Fraction(1, 4), 0.25),
    "decimal": (Decimal("0.25"), 0.25),
    "fractions": ([Fraction(1, 4), Fraction(1, 2)], [0.25, 0.5]),
    "decimals": (np.array([Decimal("0.25"), Decimal("0.5")]), [0.25, 0.5]),
    "mixed": (np.array([Fraction(1, 4), 2, 0.5, np.float32(1.0)], object), [0.25, 2.0, 0.5, 1.0]),
    "bool": (True, 1.0),
    "float16": (np.float16(0.5), 0.5),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_in_other_forms(name):
    given, expected = NUMBERS[name]
    assert np.array_equal(Value(given).data, expected)
    for found in (Value(2.0) * given, np.multiply(Value(2.0), given), np.multiply(given, Value(2.0))):
        assert np.array_equal(found.data, np.multiply(2.0, expected))
    assert np.array_equal((Value(np.ones(np.shape(expected))) + given).data, np.add(1.0, expected))


def test_fractions_on_either_side():
    assert grad(lambda x: Fraction(1, 2) * x + x / Decimal(4) + Fraction(3) ** x)(0.0) == 0.75 + np.log(3)
    assert jit(grad(lambda x: (x * Fraction(1, 2)).sum()))(np.ones(2)).tolist() == [0.5, 0.5]


MASKED = np.ma.masked_array([1.0, 2.0, 3.0], [False, True, False])
DAYS = np.array(["2024-01-01", "2024-01-03"], "datetime64[D]")
REFUSED = {
    "masked": (MASKED, r"np\.where\(mask, instead, data\)"),
    "unmasked": (np.ma.masked_array([1.0, 2.0]), "compressed"),
    "matrix": (np.asarray([[1.0, 2.0]]).view(np.matrix), r"np\.asarray\(matrix\)"),
    "days": (DAYS, r"not datetime64\[D\].*np\.timedelta64\(1, 'D'\) counts days"),
    "spans": (DAYS - DAYS[0], r"not timedelta64\[D\].*counts days"),
    "day": (DAYS[0], "counts days"),
    "span": (DAYS[1] - DAYS[0], "counts days"),
    "date": (dt.date(2024, 1, 1), "counts days"),
    "dates": ([dt.datetime(2024, 1, 1)], "counts days"),  # noqa: DTZ001
    "seconds": (dt.timedelta(seconds=3), "counts days"),
    "complex": (1j, "not complex"),
    "text": ("1.0", "not str"),
    "texts": (["1.0"], "not <U3"),
    "nothing": (None, "not NoneType"),
    "an object": (object(), "not object"),
    "an array of Values": (np.array([Value(1.0), None], object), r"chainrule\.numpy as np"),
    "too large": (Fraction(10**400), "compute with its logarithm"),
}


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_real_number_is_refused_by_name(name):
    given, says = REFUSED[name]
    with pytest.raises(UsageError, match=says):
        Value(given)
    with pytest.raises(UsageError, match=says):
        np.multiply(Value([1.0, 2.0, 3.0]), given)
    with pytest.raises(UsageError, match=says):
        Value([1.0, 2.0, 3.0]) * given
