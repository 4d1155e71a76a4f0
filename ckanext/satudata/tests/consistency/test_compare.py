from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.consistency import compare as module
from ckanext.satudata.consistency.compare import Column, agreeing, compare, runs
from ckanext.satudata.consistency.matching import OrderError
from ckanext.satudata.consistency.observations import Publication, Published
from ckanext.satudata.consistency.tolerance import Kind, Tolerance


def column(pairs) -> Column:
    ordered = sorted(pairs)
    return Column(
        np.array([k for k, _ in ordered], dtype=np.int64),
        np.array([v for _, v in ordered], dtype=float),
        np.zeros(len(ordered), np.int8),
    )


def publication(number: int, table: dict[int, float]) -> Published:
    about = Publication(number, f"d{number}", "n", "t", "o", "O", "r", "R")
    one = column(table.items())
    return Published(about, one.keys, one.values, one.decimals, np.zeros(len(table), np.uint8))


values = st.integers(0, 4).map(float)
tables = st.dictionaries(st.integers(0, 12), values, max_size=12)
rows = st.lists(st.tuples(st.integers(0, 12), values), max_size=14)


def slowly(candidate: Column, published) -> Counter:
    """Every pair, one at a time."""
    return Counter(
        (row, which, float(theirs))
        for row, (key, ours) in enumerate(
            zip(candidate.keys.tolist(), candidate.values.tolist(), strict=True)
        )
        for which, one in enumerate(published)
        for other, theirs in zip(one.keys.tolist(), one.values.tolist(), strict=True)
        if other == key and abs(ours - theirs) > 1
    )


class TestCompare:
    @pytest.mark.parametrize("small", [0, 4, 1000], ids=["each", "some", "together"])
    @given(pairs=rows, published=st.lists(tables, max_size=5))
    def test_finds_what_a_slow_search_finds(self, small, pairs, published):
        candidate = column(pairs)
        public = [publication(i, t) for i, t in enumerate(published)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "SMALL", small)
            found = compare(candidate, public, Tolerance(absolute=1.0))
        assert slowly(candidate, public) == Counter(
            zip(found.rows.tolist(), found.publication.tolist(), found.theirs.tolist(), strict=True)
        )
        assert list(zip(found.rows, found.publication, strict=True)) == sorted(
            zip(found.rows, found.publication, strict=True)
        )
        for row, which, place, ours, theirs in zip(
            found.rows, found.publication, found.places, found.ours, found.theirs, strict=True
        ):
            assert candidate.values[row] == ours
            assert public[which].values[place] == theirs
            assert public[which].keys[place] == candidate.keys[row]

    @given(a=tables, b=tables)
    def test_a_conflict_is_mutual(self, a, b):
        there = compare(column(a.items()), [publication(1, b)], Tolerance())
        back = compare(column(b.items()), [publication(1, a)], Tolerance())
        assert there.ours.tolist() == back.theirs.tolist()
        assert there.theirs.tolist() == back.ours.tolist()
        assert there.limit.tolist() == back.limit.tolist()

    def test_converts_published_values_and_their_rounding(self):
        tons = publication(1, {1: 12.0, 2: 12.0})
        found = compare(column([(1, 12_400.0), (2, 12_600.0)]), [tons], Tolerance(), factor=1000.0)
        assert found.rows.tolist() == [1]
        assert found.theirs.tolist() == [12_000.0]
        assert found.limit.tolist() == [500.0]
        assert found.kind.tolist() == [Kind.ROUNDING]

    def test_names_rows_of_the_figures_a_column_was_taken_from(self):
        part = Column(
            np.array([1, 2]), np.array([5.0, 5.0]), np.zeros(2, np.int8), np.array([40, 7])
        )
        found = compare(part, [publication(1, {1: 9.0, 2: 9.0})], Tolerance())
        assert found.rows.tolist() == [7, 40]

    def test_a_value_that_is_no_number_is_a_conflict(self):
        found = compare(column([(1, 5.0)]), [publication(1, {1: float("nan")})], Tolerance(1e9))
        assert len(found) == 1

    @pytest.mark.parametrize("small", [0, 1000])
    def test_refuses_publications_in_disorder(self, small, monkeypatch):
        monkeypatch.setattr(module, "SMALL", small)
        good = publication(1, {1: 1.0, 2: 2.0})
        for keys in ([2, 1], [1, 1]):
            bad = Published(
                good.publication, np.array(keys), good.values, good.decimals, good.status
            )
            with pytest.raises(OrderError):
                compare(column([(1, 1.0)]), [publication(2, {0: 1.0}), bad], Tolerance())

    def test_refuses_a_candidate_in_disorder(self):
        bad = Column(np.array([2, 1]), np.zeros(2), np.zeros(2, np.int8))
        with pytest.raises(OrderError):
            compare(bad, [], Tolerance())


class TestRuns:
    def test_puts_small_ones_end_to_end_and_keeps_large_ones(self, monkeypatch):
        monkeypatch.setattr(module, "SMALL", 3)
        large = publication(3, dict.fromkeys(range(5), 0.0))
        made = runs(
            [publication(1, {9: 1.0}), large, publication(2, {}), publication(4, {1: 2.0, 2: 3.0})]
        )
        assert [run.single for run in made] == [True, False]
        assert made[0].keys is large.keys
        which, places = made[1].owners(np.arange(3))
        assert which.tolist() == [0, 3, 3]
        assert places.tolist() == [0, 0, 1]


class TestAgreeing:
    @given(pairs=rows, published=st.lists(tables, max_size=4))
    def test_names_rows_that_somebody_confirms(self, pairs, published):
        candidate = column(pairs)
        public = [publication(i, t) for i, t in enumerate(published)]
        expected = [
            row
            for row, (key, ours) in enumerate(
                zip(candidate.keys.tolist(), candidate.values.tolist(), strict=True)
            )
            if any(abs(t.get(key, 99) - ours) <= 1 for t in published)
        ]
        assert agreeing(candidate, public, Tolerance(absolute=1.0)).tolist() == expected
