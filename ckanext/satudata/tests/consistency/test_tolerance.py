from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ckanext.satudata.consistency.rules import Floor
from ckanext.satudata.consistency.tolerance import (
    Kind,
    Tolerance,
    agree,
    applied,
    half_units,
    limits,
    within,
)

from .worlds import BOOK, PRICE


def judge(a: str, b: str, tolerance: Tolerance | None = None) -> tuple[bool, float, Kind]:
    """Compare two numbers as they are written."""
    values, halves = [], []
    for text in (a, b):
        number = Decimal(text)
        values.append(np.array([float(number)]))
        halves.append(half_units(np.array([-number.as_tuple().exponent], dtype=np.int8)))
    same, limit, kind = agree(*values, *halves, tolerance or Tolerance())
    return bool(same[0]), float(limit[0]), Kind(int(kind[0]))


#: Numbers as agencies write them: up to fourteen digits, in tens or with decimals.
written = st.builds(
    lambda digits, exponent: (
        f"{digits}E{exponent}" if exponent > 0 else str(Decimal(digits).scaleb(exponent))
    ),
    st.integers(-(10**14), 10**14),
    st.integers(-6, 3),
)
tolerances = st.builds(
    Tolerance,
    st.sampled_from([0.0, 0.25, 1.0, 100.0]),
    st.sampled_from([0.0, 0.001, 0.1]),
    st.booleans(),
)


def exactly(a: str, b: str, tolerance: Tolerance) -> bool:
    """The rule's wording, in exact arithmetic."""
    x, y = Fraction(Decimal(a)), Fraction(Decimal(b))
    allowed = [
        Fraction(tolerance.absolute),
        Fraction(str(tolerance.relative)) * max(abs(x), abs(y)),
    ]
    if tolerance.rounding:
        coarser = max(Decimal(t).as_tuple().exponent for t in (a, b))
        allowed.append(Fraction(Decimal(5).scaleb(coarser - 1)))
    return abs(x - y) <= max(allowed)


class TestHalfUnits:
    def test_is_half_of_the_last_digit(self):
        decimals = np.array([0, 1, 3, -3], dtype=np.int8)
        assert half_units(decimals).tolist() == [0.5, 0.05, 0.0005, 500.0]

    @given(st.integers(-128, 127))
    def test_is_the_nearest_float_for_every_int8(self, decimals):
        found = half_units(np.array([decimals], dtype=np.int8))[0]
        assert found == float(Decimal(5).scaleb(-decimals - 1))


class TestAgree:
    @pytest.mark.parametrize(
        ("a", "b", "same"),
        [
            ("12.345", "12.34", True),  # exactly half a unit; the float difference is more
            ("12.345", "12.35", True),
            ("12.346", "12.34", False),
            ("12.34", "12.35", False),
            ("1E+3", "1499", True),
            ("1E+3", "1500", True),
            ("1E+3", "1501", False),
            ("448850", "462990", False),
            ("0", "0.5", True),
            ("-3", "3", False),
            ("0.3", "0.30000", True),
        ],
    )
    def test_rounding(self, a, b, same):
        assert judge(a, b)[0] is same

    def test_float_noise_is_no_difference(self):
        total = np.array([0.1]) + np.array([0.2])
        none = np.zeros(1)
        same, _, _ = agree(total, np.array([0.3]), none, none, Tolerance(rounding=False))
        assert same.tolist() == [True]

    def test_fifteen_digits_are_no_noise(self):
        a, b = np.array([100_000_000_000_000.0]), np.array([100_000_000_000_001.0])
        assert within(a, b, np.zeros(1)).tolist() == [False]

    def test_what_is_not_a_number_never_agrees(self):
        nothing = np.array([np.nan])
        assert not within(nothing, nothing, np.ones(1))[0]
        assert not within(nothing, np.ones(1), np.array([np.inf]))[0]

    @pytest.mark.parametrize(
        ("tolerance", "kind", "amount"),
        [
            (Tolerance(), Kind.ROUNDING, 0.5),
            (Tolerance(absolute=2.0), Kind.ABSOLUTE, 2.0),
            (Tolerance(absolute=2.0, relative=0.1), Kind.RELATIVE, 10.0),
            (Tolerance(absolute=0.4, relative=0.001), Kind.ROUNDING, 0.5),
            (Tolerance(absolute=0.5), Kind.ROUNDING, 0.5),
            (Tolerance(rounding=False), Kind.ABSOLUTE, 0.0),
        ],
    )
    def test_names_the_tolerance_that_decided(self, tolerance, kind, amount):
        _, limit, decided = judge("100", "40", tolerance)
        assert (decided, limit) == (kind, amount)

    def test_relative_goes_by_the_larger_magnitude(self):
        assert judge("90", "100", Tolerance(relative=0.1))[0]
        assert judge("-100", "-90", Tolerance(relative=0.1))[0]
        assert not judge("89", "100", Tolerance(relative=0.1))[0]

    @given(written, written, tolerances)
    def test_is_symmetric(self, a, b, tolerance):
        assert judge(a, b, tolerance) == judge(b, a, tolerance)

    @given(written, tolerances)
    def test_a_value_agrees_with_itself(self, a, tolerance):
        assert judge(a, a, tolerance)[0]

    @given(written, written, tolerances, st.floats(0, 1e6), st.floats(0, 0.5))
    def test_granting_more_never_makes_a_conflict(self, a, b, tolerance, absolute, relative):
        more = replace(
            tolerance,
            absolute=tolerance.absolute + absolute,
            relative=tolerance.relative + relative,
        )
        same, limit, _ = judge(a, b, tolerance)
        same_with_more, larger_limit, _ = judge(a, b, more)
        assert larger_limit >= limit
        assert same_with_more or not same

    @given(written, written, tolerances)
    @example("12.345", "12.34", Tolerance())
    @example("0.005", "0.00", Tolerance())
    def test_is_what_exact_arithmetic_says(self, a, b, tolerance):
        assert judge(a, b, tolerance)[0] is exactly(a, b, tolerance)

    @given(st.integers(-(10**9), 10**9), st.integers(1, 3), st.sampled_from([-1, 0, 1]), tolerances)
    def test_is_exact_at_the_border(self, digits, places, beyond, tolerance):
        coarse = Decimal(digits).scaleb(-places)
        fine = coarse + Decimal(5).scaleb(-places - 1) + Decimal(beyond).scaleb(-places - 3)
        assert judge(str(coarse), str(fine), tolerance)[0] is exactly(
            str(coarse), str(fine), tolerance
        )


class TestLimits:
    def test_keeps_shapes_and_order(self):
        a, b = np.array([1.0, 1000.0]), np.array([2.0, 1100.0])
        limit, kind = limits(a, b, np.full(2, 0.5), np.full(2, 0.05), Tolerance(0.0, 0.01))
        assert limit.tolist() == [0.5, 11.0]
        assert kind.tolist() == [Kind.ROUNDING, Kind.RELATIVE]


class TestTolerance:
    def test_is_the_larger_of_indicator_and_rule(self):
        price = replace(BOOK.indicators[PRICE], abs_tol=5.0)
        assert Tolerance.of(price) == Tolerance(5.0, 0.01, True)
        assert Tolerance.of(price, Floor(1.0, 0.05, False)) == Tolerance(5.0, 0.05, False)

    def test_is_told_in_words(self):
        assert applied(int(Kind.RELATIVE), 3.0).kind == "relative"
