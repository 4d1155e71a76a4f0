from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.consistency.vocabulary import Unit
from ckanext.satudata.extract.units import comes_whole, convert


class TestConvert:
    @given(
        st.integers(-(10**14), 10**14),
        st.integers(0, 6),
        st.sampled_from(["0.001", "1000", "0.01", "12", "0.000001", "1000000", "0.0009072"]),
    )
    def test_is_the_float_nearest_to_the_exact_product(self, digits, written, ratio) -> None:
        exact = Fraction(digits, 10**written)
        value = float(Decimal(digits) / 10**written)
        if Fraction(repr(value)) != exact:
            return
        converted, _ = convert(
            np.array([value]), np.array([written], dtype=np.int8), Decimal(ratio)
        )
        product = exact * Fraction(ratio)
        assert converted[0] == product.numerator / product.denominator

    @pytest.mark.parametrize(
        ("ratio", "decimals", "expected"),
        [("0.001", 0, 3), ("1000", 0, -3), ("1000", 2, -1), ("12", 0, -1), ("1", 2, 2)],
    )
    def test_decimals_follow_the_size(self, ratio: str, decimals: int, expected: int) -> None:
        _, shifted = convert(np.array([5.0]), np.array([decimals], dtype=np.int8), Decimal(ratio))
        assert shifted.tolist() == [expected]

    def test_rows_of_different_precision(self) -> None:
        values, _ = convert(
            np.array([12345.0, 0.1, 12.34]), np.array([0, 1, 2], dtype=np.int8), Decimal("0.001")
        )
        assert values.tolist() == [12.345, 0.0001, 0.01234]

    def test_huge_values_take_the_exact_way(self) -> None:
        values, _ = convert(np.array([123456789012345.0]), np.array([0], np.int8), Decimal(1000000))
        assert values.tolist() == [123456789012345000000.0]

    def test_missing_stays_missing(self) -> None:
        values, _ = convert(np.array([np.nan, 5.0]), np.zeros(2, np.int8), Decimal("0.1"))
        assert np.isnan(values[0])
        assert values[1] == 0.5


class TestComesWhole:
    @pytest.mark.parametrize(
        ("unit", "whole"),
        [
            (Unit("orang", "Orang", "cacah_orang", Decimal(1)), True),
            (Unit("ribu-orang", "Ribu Orang", "cacah_orang", Decimal(1000)), False),
            (Unit("rupiah", "Rupiah", "uang", Decimal(1)), True),
            (Unit("juta-rupiah", "Juta Rupiah", "uang", Decimal(1000000)), False),
            (Unit("rupiah-per-kg", "Rupiah/kg", "harga_massa", Decimal(1)), True),
            (Unit("ton", "Ton", "massa", Decimal(1000)), False),
            (Unit("persen", "Persen", "nisbah", Decimal("0.01")), False),
        ],
    )
    def test_units(self, unit: Unit, whole: bool) -> None:
        assert comes_whole(unit) is whole
