"""Keys put together and counted by the compiled part, beside the arrays' own way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata.consistency import keys as packing
from ckanext.satudata.consistency.keys import PERIOD_SHIFT, REGION_SHIFT
from ckanext.satudata.consistency.vocabulary import Dimension, Indicator
from ckanext.satudata.native import kernel

SPLIT = Indicator(
    id=1,
    code="X",
    name="x",
    konsep="x",
    definition="x",
    ukuran="harga",
    unit="orang",
    dimensions=(Dimension("komoditas", "komoditas", 20, 6),),
)

TABLES = st.lists(st.integers(0, 60), min_size=1, max_size=6)


def column(values, dtype=np.int64) -> np.ndarray:
    return np.array(values, dtype=dtype)


@st.composite
def coded(draw, rows: int):
    """A table and the numbers of some rows, or None where one value holds for all."""
    table = column(draw(TABLES))
    if draw(st.booleans()):
        return None, table
    numbers = st.integers(-1, len(table) - 1)
    return column(draw(st.lists(numbers, min_size=rows, max_size=rows)), np.int32), table


class TestPackCoded:
    @given(data=st.data(), rows=st.integers(0, 12))
    def test_packs_as_arrays_of_values_are_packed(self, data, rows):
        parts = [data.draw(coded(rows)) for _ in range(3)]
        values = [
            np.broadcast_to(table[:1], (rows,)) if codes is None else table[codes]
            for codes, table in parts
        ]
        found = packing.pack_coded(SPLIT, rows, parts[0], parts[1], {"komoditas": parts[2]})
        wanted = packing.pack(SPLIT, values[0], values[1], {"komoditas": values[2]})
        np.testing.assert_array_equal(found, wanted)

    @pytest.mark.parametrize("value", [-1, 1 << 17, 1 << 40])
    def test_an_index_outside_its_bits_is_refused(self, value):
        codes, fine = column([0, 1], np.int32), (None, column([5]))
        with pytest.raises(packing.LayoutError, match="wilayah"):
            packing.pack_coded(SPLIT, 2, fine, (codes, column([1, value, 1])), {})

    def test_an_index_that_does_not_occur_may_be_anything(self):
        codes, fine = column([0, 0], np.int32), (None, column([5]))
        found = packing.pack_coded(SPLIT, 2, fine, (codes, column([1, -1])), {})
        assert packing.region_of(found).tolist() == [1, 1]

    def test_a_foreign_dimension_is_refused(self):
        one = (None, column([1]))
        with pytest.raises(packing.LayoutError, match="umur"):
            packing.pack_coded(SPLIT, 1, one, one, {"umur": one})


@st.composite
def sorted_keys(draw):
    parts = st.tuples(st.integers(0, 4), st.integers(0, 30), st.integers(0, 3))
    found = draw(st.sets(parts, max_size=80))
    return column(sorted((p << PERIOD_SHIFT) | (r << REGION_SHIFT) | c for p, r, c in found))


class TestPartsOf:
    @given(keys=sorted_keys(), whole_of=st.lists(st.integers(0, 9), min_size=1, max_size=25))
    def test_counts_as_a_dictionary_does(self, keys, whole_of):
        wanted: dict[int, list[int]] = {}
        for row, key in enumerate(keys.tolist()):
            region = int(packing.region_of(column([key]))[0])
            whole = whole_of[region] if region < len(whole_of) else 0
            if whole:
                group = int(packing.with_region(column([key]), whole)[0])
                wanted.setdefault(group, []).append(row)
        groups, first, present = packing.parts_of(keys, column(whole_of))
        assert dict(zip(groups.tolist(), present.tolist(), strict=True)) == {
            group: len(rows) for group, rows in wanted.items()
        }
        assert first.tolist() == [wanted[group][0] for group in groups.tolist()]
        periods = packing.period_of(groups)
        assert bool((periods[1:] >= periods[:-1]).all())

    @settings(max_examples=10, deadline=None)
    @given(periods=st.integers(1, 3), classes=st.integers(700, 3000))
    def test_many_groups_of_one_period(self, periods, classes):
        grid = np.meshgrid(np.arange(periods), [2, 3], np.arange(classes), indexing="ij")
        period, region, rest = (a.ravel() for a in grid)
        keys = (period << PERIOD_SHIFT) | (region << REGION_SHIFT) | rest
        groups, _, present = packing.parts_of(keys, column([0, 0, 1, 1]))
        assert groups.size == periods * classes
        assert set(present.tolist()) == {2}


class TestBuffers:
    def test_a_number_beyond_the_table_reads_nothing(self):
        keys = np.zeros(1, dtype=np.int64)
        codes = column([7], np.int32)
        one = (None, column([1]), 5, 5)
        assert kernel.pack((one, (codes, column([1, 2]), 0, 5)), keys) == 1

    @pytest.mark.parametrize(("shift", "width"), [(-1, 3), (0, 0), (60, 4), (64, 1)])
    def test_no_bits_beyond_the_key(self, shift, width):
        with pytest.raises(ValueError, match="no such bits"):
            kernel.pack(((None, column([1]), shift, width),), np.zeros(1, dtype=np.int64))

    def test_an_empty_table_is_refused(self):
        with pytest.raises(ValueError, match="empty table"):
            kernel.pack(((None, column([]), 0, 3),), np.zeros(1, dtype=np.int64))

    @pytest.mark.parametrize("count", [0, 33])
    def test_a_key_has_some_parts_and_not_too_many(self, count):
        with pytest.raises(ValueError, match="so many parts"):
            kernel.pack(((None, column([1]), 0, 3),) * count, np.zeros(1, dtype=np.int64))

    @pytest.mark.parametrize("part", [[None, column([1]), 0, 3], (None, column([1]), 0), None])
    def test_a_part_is_complete(self, part):
        with pytest.raises(TypeError):
            kernel.pack((part,), np.zeros(1, dtype=np.int64))

    def test_results_have_the_size_of_the_keys(self):
        keys, one = column([1, 2]), column([0])
        with pytest.raises(ValueError, match="codes"):
            kernel.pack(((None, one, 0, 3), (column([0], np.int32), one, 3, 3)), keys)
        with pytest.raises(ValueError, match="present"):
            kernel.tally(keys, one, 43, 26, np.empty_like(keys), np.empty_like(keys), one)

    @pytest.mark.parametrize("shifts", [(26, 43), (43, 0), (63, 26), (43, -1)])
    def test_no_other_layout_of_keys(self, shifts):
        keys = column([1])
        with pytest.raises(ValueError, match="no such bits"):
            kernel.tally(keys, keys, *shifts, keys.copy(), keys.copy(), keys.copy())


class TestPeriods:
    @given(keys=sorted_keys())
    def test_each_period_begins_where_it_first_stands(self, keys):
        starts = np.empty(5, dtype=np.int64)
        count = kernel.periods(keys, PERIOD_SHIFT, starts)
        _, wanted = np.unique(packing.period_of(keys), return_index=True)
        assert starts[:count].tolist() == wanted.tolist()

    def test_no_start_is_written_beyond_its_room(self):
        keys = np.arange(3) << PERIOD_SHIFT
        with pytest.raises(ValueError, match="more periods"):
            kernel.periods(keys, PERIOD_SHIFT, np.empty(2, dtype=np.int64))
