from __future__ import annotations

import numpy as np
import pytest

from ckanext.satudata.consistency.compare import Column, compare
from ckanext.satudata.consistency.scales import Scale, Scales
from ckanext.satudata.consistency.tolerance import Tolerance
from ckanext.satudata.consistency.vocabulary import Units

from .test_compare import publication
from .worlds import AREA, BOOK, NEED, PRICE


def scale(
    code: str, ours: float, theirs: float, decimals: int = 0, tolerance: Tolerance | None = None
) -> Scale | None:
    """The factor found between two values."""
    scales = Scales(BOOK.indicators[code], BOOK.units, max_power=9, min_factor=2)
    column = Column(np.array([1]), np.array([ours]), np.array([decimals], np.int8))
    granted = tolerance or Tolerance()
    found = compare(column, [publication(1, {1: theirs})], granted)
    assert len(found) == 1
    which = scales.classify(found, granted, 0.02)
    return scales.scales[which[0]] if which[0] >= 0 else None


class TestScales:
    def test_kilograms_given_as_tons(self):
        assert scale(NEED, 1_050_000.0, 1050.0) == Scale(1000.0, "kg", "ton")

    def test_tons_given_as_kilograms(self):
        assert scale(NEED, 1.05, 1050.0, 2) == Scale(0.001, "ton", "kg")

    def test_a_unit_between(self):
        assert scale(NEED, 10_500.0, 1050.0) == Scale(10.0, "kuintal", "ton")

    def test_a_factor_that_is_no_power_of_ten_of_its_own(self):
        assert scale(AREA, 2_163_820.0, 21_638.0) == Scale(100.0, "ha", "km2")

    def test_a_mere_shift_of_the_decimal_point(self):
        assert scale(PRICE, 135_000.0, 13_500.0) == Scale(10.0)
        assert scale(PRICE, 1_350.0, 13_500.0) == Scale(0.1)

    def test_rounding_counts_at_the_scale_of_each_value(self):
        assert scale(NEED, 24_531.0, 25.0) == Scale(1000.0, "kg", "ton")
        assert scale(NEED, 25_531.0, 25.0) is None

    def test_the_indicators_tolerance_counts(self):
        assert scale(PRICE, 136_000.0, 13_500.0) is None
        assert scale(PRICE, 136_000.0, 13_500.0, tolerance=Tolerance(relative=0.01)) == Scale(10.0)

    @pytest.mark.parametrize(
        ("ours", "theirs"), [(12.0, 1.0), (137.0, 14.0), (1050.0, 0.0), (-1000.0, 1.0), (20.0, 9.0)]
    )
    def test_small_numbers_and_zero_are_no_factor(self, ours, theirs):
        assert scale(NEED, ours, theirs) is None

    def test_an_unknown_unit_still_has_powers_of_ten(self):
        scales = Scales(BOOK.indicators[NEED], Units({}, {}), max_power=2, min_factor=2)
        assert [s.factor for s in scales.scales] == [0.01, 0.1, 10.0, 100.0]
        assert all(s.likely is None for s in scales.scales)
