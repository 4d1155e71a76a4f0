"""Wholes of parts, against a slow reference in fractions; and what stands out."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.consistency.aggregation import Method, combine, decimals, outliers

FIGURES = st.decimals(
    min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=4
) | st.integers(min_value=-(10**9), max_value=10**9).map(Decimal)
WEIGHTS = st.integers(min_value=0, max_value=10**7).map(Decimal)
PARTS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), FIGURES, min_size=1)


def _rounded(exact: Fraction, places: int) -> Decimal:
    """Half away from zero, by counting."""
    scaled = abs(exact) * 10**places
    whole = scaled.numerator // scaled.denominator
    if scaled - whole >= Fraction(1, 2):
        whole += 1
    return Decimal(whole if exact >= 0 else -whole).scaleb(-places)


class TestCombine:
    @given(PARTS)
    def test_sums_are_exact(self, parts: dict[str, Decimal]) -> None:
        found = combine(Method.SUM, dict(parts)).value
        assert found is not None
        assert Fraction(found) == sum((Fraction(v) for v in parts.values()), Fraction(0))

    @given(PARTS, st.data())
    def test_weighted_means_are_the_reference_rounded(
        self, parts: dict[str, Decimal], data: st.DataObject
    ) -> None:
        weights = {name: data.draw(WEIGHTS) for name in parts}
        found = combine(Method.WEIGHTED_MEAN, dict(parts), dict(weights))
        total = sum(Fraction(w) for w in weights.values())
        if total == 0:
            assert found.value is None
            assert found.unweighted == tuple(parts)
            return
        exact = sum((Fraction(parts[n]) * Fraction(weights[n]) for n in parts), Fraction(0)) / total
        places = max(decimals(v) for v in parts.values())
        assert found.value == _rounded(exact, places)

    @given(PARTS)
    def test_equal_weights_are_the_simple_mean(self, parts: dict[str, Decimal]) -> None:
        weights = dict.fromkeys(parts, Decimal(3))
        weighted = combine(Method.WEIGHTED_MEAN, dict(parts), dict(weights)).value
        assert weighted == combine(Method.MEAN, dict(parts)).value

    @given(PARTS)
    def test_extremes_are_among_the_parts(self, parts: dict[str, Decimal]) -> None:
        largest = combine(Method.LARGEST, dict(parts)).value
        smallest = combine(Method.SMALLEST, dict(parts)).value
        ordered = sorted(parts.values())
        assert (smallest, largest) == (ordered[0], ordered[-1])

    @given(PARTS, st.sampled_from(list(Method)), st.data())
    def test_a_missing_part_is_named_and_never_a_zero(
        self, parts: dict[str, Decimal], method: Method, data: st.DataObject
    ) -> None:
        gone = data.draw(st.sampled_from(sorted(parts)))
        known = {name: None if name == gone else value for name, value in parts.items()}
        found = combine(method, known, dict.fromkeys(parts, Decimal(1)))
        assert (found.value, found.missing) == (None, (gone,))

    def test_a_negative_or_missing_weight_is_named(self) -> None:
        parts = {"a": Decimal(1), "b": Decimal(2), "c": Decimal(3)}
        weights = {"a": Decimal(1), "b": Decimal(-1)}
        found = combine(Method.WEIGHTED_MEAN, parts, weights)
        assert (found.value, found.unweighted) == (None, ("b", "c"))

    def test_what_has_no_method_has_no_whole(self) -> None:
        assert combine(Method.NONE, {"a": Decimal(1)}).value is None


class TestOutliers:
    def test_names_what_is_far_from_the_rest(self) -> None:
        values = {"a": 10.0, "b": 11.0, "c": 9.0, "d": 10.5, "e": 9.5, "f": 40.0}
        assert set(outliers(values)) == {"f"}

    def test_the_sign_tells_the_side(self) -> None:
        values = {"a": 10.0, "b": 11.0, "c": 9.0, "d": 10.5, "e": 9.5, "f": -40.0}
        assert outliers(values)["f"] < 0

    @pytest.mark.parametrize(
        "values",
        [
            {"a": 1.0, "b": 1.0, "c": 1.0, "d": 100.0},
            {"a": 1.0, "b": 1.0, "c": 1.0, "d": 1.0, "e": 100.0},
        ],
    )
    def test_says_nothing_where_nothing_is_usual(self, values: dict[str, float]) -> None:
        assert outliers(values) == {}
