from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.consistency import keys, period
from ckanext.satudata.consistency.vocabulary import Dimension, Indicator

from .worlds import BOOK, CENSUS, HOME, KECAMATAN, NEED, key

SPLIT = BOOK.indicators[NEED]


def column(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


class TestAddDimension:
    def test_takes_low_bits_and_keeps_the_others(self):
        first = keys.add_dimension((), "komoditas", "komoditas", 100)
        second = keys.add_dimension((first,), "jenis_kelamin", "jenis_kelamin", 2)
        assert first.shift + first.width == keys.REST_WIDTH
        assert second.shift + second.width == first.shift
        assert 1 << first.width > 2 * 100

    def test_refuses_a_name_twice(self):
        first = keys.add_dimension((), "a", "a", 3)
        with pytest.raises(keys.LayoutError, match="exists"):
            keys.add_dimension((first,), "a", "a", 3)

    def test_refuses_what_does_not_fit(self):
        first = keys.add_dimension((), "a", "a", 1 << 20)
        with pytest.raises(keys.LayoutError, match="bits"):
            keys.add_dimension((first,), "b", "b", 1 << 10)


class TestPack:
    @given(
        st.tuples(st.integers(0, (1 << 20) - 1), st.integers(0, (1 << 17) - 1), st.integers(0, 15)),
        st.tuples(st.integers(0, (1 << 20) - 1), st.integers(0, (1 << 17) - 1), st.integers(0, 15)),
    )
    def test_round_trip_and_order(self, one, two):
        packed = keys.pack(
            SPLIT,
            column(one[0], two[0]),
            column(one[1], two[1]),
            {"komoditas": column(one[2], two[2])},
        )
        assert keys.period_of(packed).tolist() == [one[0], two[0]]
        assert keys.region_of(packed).tolist() == [one[1], two[1]]
        assert keys.dimension_of(packed, SPLIT.dimensions[0]).tolist() == [one[2], two[2]]
        assert (packed >= 0).all()
        assert (packed[0] < packed[1]) == (one < two)

    @pytest.mark.parametrize(
        ("when", "where", "what"), [(1 << 20, 0, 0), (0, 1 << 17, 0), (0, 0, 16), (0, -1, 0)]
    )
    def test_refuses_an_index_outside_its_bits(self, when, where, what):
        with pytest.raises(keys.LayoutError, match="bits"):
            keys.pack(SPLIT, column(when), column(where), {"komoditas": column(what)})

    def test_refuses_an_unknown_dimension(self):
        with pytest.raises(keys.LayoutError, match="no dimension"):
            keys.pack(BOOK.indicators[CENSUS], column(0), column(0), {"komoditas": column(1)})

    def test_a_missing_dimension_is_the_total(self):
        with_total = keys.pack(SPLIT, column(5), column(5), {"komoditas": column(0)})
        assert keys.pack(SPLIT, column(5), column(5), {}).tolist() == with_total.tolist()


class TestSpans:
    def test_covers_whole_periods_and_nothing_else(self):
        inside = np.array([key(NEED, "2024", HOME, "gula"), key(NEED, "2025", KECAMATAN[1])])
        low, high = keys.period_span(np.sort(inside))
        assert low <= key(NEED, "2024", "_T") <= key(NEED, "2025", KECAMATAN[3], "gula") <= high
        assert key(NEED, "2023-12-31", KECAMATAN[3], "gula") < low
        # Of two periods with one first day the year sorts first, so its end is the border.
        assert high < key(NEED, "2025-S1", "_T")


class TestWithRegion:
    def test_changes_only_the_region(self):
        packed = column(key(NEED, "2025-07", KECAMATAN[0], "gula"))
        moved = keys.with_region(packed, BOOK.regions.codes[HOME].index)
        assert moved.tolist() == [key(NEED, "2025-07", HOME, "gula")]


class TestTranslate:
    PLAIN = Indicator(90, "P", "P", "k", "", "jumlah", "ton")
    OTHER = Indicator(
        91, "O", "O", "k", "", "jumlah", "ton", (Dimension("komoditas", "komoditas", 3, 2),)
    )

    def test_moves_a_dimension_to_its_place(self):
        packed = column(key(NEED, "2025", HOME, "gula"))
        moved, possible = keys.translate(packed, SPLIT, self.OTHER)
        assert possible.tolist() == [True]
        assert keys.dimension_of(moved, self.OTHER.dimensions[0]).tolist() == [2]
        assert keys.region_of(moved).tolist() == keys.region_of(packed).tolist()
        assert keys.period_of(moved).tolist() == keys.period_of(packed).tolist()

    def test_only_totals_have_a_counterpart_without_the_dimension(self):
        packed = column(key(NEED, "2025", HOME), key(NEED, "2025", HOME, "gula"))
        moved, possible = keys.translate(packed, SPLIT, self.PLAIN)
        assert possible.tolist() == [True, False]
        assert moved[0] == key(CENSUS, "2025", HOME)

    def test_a_code_that_does_not_fit_has_no_counterpart(self):
        packed = keys.pack(SPLIT, column(1), column(1), {"komoditas": column(9)})
        assert keys.translate(packed, SPLIT, self.OTHER)[1].tolist() == [False]

    def test_another_code_list_is_another_dimension(self):
        other = Indicator(
            92, "X", "X", "k", "", "jumlah", "ton", (Dimension("komoditas", "barang", 3, 4),)
        )
        packed = column(key(NEED, "2025", HOME, "gula"))
        assert keys.translate(packed, SPLIT, other)[1].tolist() == [False]


class TestDecode:
    def test_names_everything(self):
        found = keys.decode(SPLIT, key(NEED, "2025-Q3", HOME, "gula"), BOOK.codelists)
        assert found == keys.ObjectKey("2025-Q3", HOME, {"komoditas": "gula"})

    def test_shows_totals_and_unknown_indices(self):
        packed = keys.pack(
            SPLIT, column(period.parse("2025").packed), column(99), {"komoditas": column(0)}
        )
        found = keys.decode(SPLIT, int(packed[0]), BOOK.codelists)
        assert found == keys.ObjectKey("2025", "#99", {"komoditas": "_T"})


class TestEncode:
    def test_is_the_way_back_from_decoding(self):
        named = keys.ObjectKey("2025-Q3", HOME, {"komoditas": "gula"})
        assert keys.encode(SPLIT, named, BOOK.codelists) == key(NEED, "2025-Q3", HOME, "gula")

    def test_what_is_not_named_is_the_total(self):
        named = keys.ObjectKey("2025", "_T", {})
        assert keys.encode(SPLIT, named, BOOK.codelists) == key(NEED, "2025", "_T")

    @pytest.mark.parametrize(
        "named",
        [
            keys.ObjectKey("2025", "99.99", {}),
            keys.ObjectKey("2025", HOME, {"komoditas": "emas"}),
            keys.ObjectKey("2025", HOME, {"warna": "biru"}),
            keys.ObjectKey("kemarin", HOME, {}),
        ],
    )
    def test_what_is_unknown_has_no_key(self, named):
        with pytest.raises(ValueError, match=r".+"):
            keys.encode(SPLIT, named, BOOK.codelists)
