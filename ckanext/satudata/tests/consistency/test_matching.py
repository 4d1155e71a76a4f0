from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.consistency.keys import PERIOD_SHIFT, REGION_SHIFT
from ckanext.satudata.consistency.matching import (
    OrderError,
    look_up,
    match,
    require_sorted,
    unequal,
)

sets = st.lists(st.integers(0, 60), unique=True).map(sorted)


def array(values) -> np.ndarray:
    return np.array(values, dtype=np.int64)


class TestMatch:
    @given(a=sets, b=sets)
    def test_finds_every_common_key(self, a, b):
        in_a, in_b = match(array(a), array(b))
        assert array(a)[in_a].tolist() == sorted(set(a) & set(b))
        assert array(b)[in_b].tolist() == sorted(set(a) & set(b))


class TestGrids:
    """Tables with the same places in each period are matched without a search for each key."""

    @staticmethod
    def grid(periods, places) -> np.ndarray:
        return ((array(periods)[:, None] << PERIOD_SHIFT) | array(places)).ravel()

    @pytest.mark.parametrize("periods", [range(300), range(0, 300, 2), range(250, 600)])
    @pytest.mark.parametrize(
        "places", [range(90), range(40, 130), range(0, 400, 3), range(200, 260)]
    )
    def test_every_common_key_is_found(self, periods, places):
        a, b = self.grid(range(300), range(90)), self.grid(periods, places)
        for one, other in ((a, b), (b, a)):
            in_one, in_other = match(one, other)
            np.testing.assert_array_equal(one[in_one], np.intersect1d(a, b))
            np.testing.assert_array_equal(other[in_other], np.intersect1d(a, b))

    @pytest.mark.parametrize("at", [0, 1, 89, 90, 13_000, -1])
    def test_a_key_that_is_elsewhere_is_not_taken_for_another(self, at):
        a = self.grid(range(300), range(0, 180, 2))
        b = a.copy()
        b[at] += 1
        in_a, in_b = match(a, b)
        np.testing.assert_array_equal(a[in_a], np.delete(a, at))
        np.testing.assert_array_equal(a[in_a], b[in_b])

    def test_a_missing_key_makes_no_other_one_found(self):
        a = self.grid(range(300), range(90))
        b = np.delete(a, [5, 10_000, a.size - 1])
        in_a, in_b = match(a, b)
        np.testing.assert_array_equal(a[in_a], b)
        np.testing.assert_array_equal(in_b, np.arange(b.size))


class TestManyKeys:
    """Tables of the same days that differ in regions or classifications."""

    @staticmethod
    def keys(rng, periods: int, regions, items) -> np.ndarray:
        parts = np.meshgrid(np.arange(periods), regions, items, indexing="ij")
        period, region, item = (p.ravel().astype(np.int64) for p in parts)
        found = (period << PERIOD_SHIFT) | (region << REGION_SHIFT) | item
        return found[rng.random(found.size) < 0.9]

    @pytest.mark.parametrize(
        ("regions", "items"),
        [
            (np.arange(100), np.arange(4)),
            (np.arange(100), np.arange(7, 12)),
            (np.arange(60, 140), np.arange(2, 6)),
        ],
        ids=["same", "other items", "some in common"],
    )
    def test_every_common_key_is_found(self, regions, items):
        rng = np.random.default_rng(5)
        a = self.keys(rng, 100, np.arange(100), np.arange(4))
        b = self.keys(rng, 100, regions, items)
        in_a, in_b = match(a, b)
        np.testing.assert_array_equal(a[in_a], np.intersect1d(a, b))
        np.testing.assert_array_equal(b[in_b], np.intersect1d(a, b))

    def test_keys_without_any_pattern_are_found(self):
        rng = np.random.default_rng(6)
        a = np.unique(rng.integers(0, 1 << 60, 300_000))
        b = np.unique(np.concatenate([a[::3], rng.integers(0, 1 << 60, 300_000)]))
        np.testing.assert_array_equal(a[match(a, b)[0]], np.intersect1d(a, b))


class TestLookUp:
    @given(needles=st.lists(st.integers(0, 60)), haystack=sets)
    def test_finds_needles_in_any_order(self, needles, haystack):
        found, places = look_up(array(needles), array(haystack))
        assert found.tolist() == [i for i, n in enumerate(needles) if n in haystack]
        np.testing.assert_array_equal(array(haystack)[places], array(needles)[found])

    @pytest.mark.parametrize("step", [2, 3, 1000])
    def test_finds_what_stands_far_apart(self, step):
        haystack = np.arange(100_000)
        found, places = look_up(haystack[::step], haystack)
        np.testing.assert_array_equal(places, haystack[::step])
        assert found.size == places.size

    def test_takes_arrays_that_are_no_whole(self):
        haystack = np.arange(20)
        found, places = look_up(haystack[::-2], haystack[::3])
        np.testing.assert_array_equal(haystack[::3][places], haystack[::-2][found])
        assert sorted(haystack[::3][places]) == [3, 9, 15]


class TestRequireSorted:
    def test_lets_order_pass(self):
        require_sorted(array([]), unique=True, what="nothing")
        require_sorted(array([1, 2]), unique=True, what="it")
        require_sorted(array([1, 1]), unique=False, what="it")

    @pytest.mark.parametrize(("keys", "unique"), [([2, 1], False), ([1, 1], True)])
    def test_refuses_disorder(self, keys, unique):
        with pytest.raises(OrderError, match="publication 7"):
            require_sorted(array(keys), unique=unique, what="publication 7")


class TestUnequal:
    @given(
        pairs=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5))),
        factor=st.sampled_from([1.0, 2.0, 0.1]),
    )
    def test_finds_what_a_look_at_each_pair_finds(self, pairs, factor):
        a, b = np.array([0.0, 0.1, 1.0, 2.0, -3.5]), np.array([0.0, 1.0, 0.5, 2.0, -3.5, 20.0])
        rows, places = array([r for r, _ in pairs]), array([p for _, p in pairs])
        wanted = [i for i, (r, p) in enumerate(pairs) if a[r] != b[p] * factor]
        assert unequal(a, rows, b, places, factor).tolist() == wanted

    @pytest.mark.parametrize(("row", "place"), [(1, 0), (0, 2), (-1, 0), (0, -1)])
    def test_a_position_beyond_the_values_is_refused(self, row, place):
        with pytest.raises(IndexError):
            unequal(np.zeros(1), array([row]), np.zeros(2), array([place]), 1.0)

    def test_positions_come_in_pairs(self):
        with pytest.raises(ValueError, match="positions"):
            unequal(np.zeros(1), array([0]), np.zeros(1), array([0, 0]), 1.0)
