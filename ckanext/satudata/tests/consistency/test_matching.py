from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.consistency.keys import PERIOD_SHIFT, REGION_SHIFT
from ckanext.satudata.consistency.matching import (
    OrderError,
    Sieve,
    match,
    match_overlap,
    require_sorted,
    within_span,
)

sets = st.lists(st.integers(0, 60), unique=True).map(sorted)


def array(values) -> np.ndarray:
    return np.array(values, dtype=np.int64)


class TestMatch:
    @pytest.mark.parametrize("how", [match, match_overlap])
    @given(a=sets, b=sets)
    def test_finds_every_common_key(self, how, a, b):
        in_a, in_b = how(array(a), array(b))
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
            in_one, in_other = match_overlap(one, other)
            np.testing.assert_array_equal(one[in_one], np.intersect1d(a, b))
            np.testing.assert_array_equal(other[in_other], np.intersect1d(a, b))

    @pytest.mark.parametrize("at", [0, 1, 89, 90, 13_000, -1])
    def test_a_key_that_is_elsewhere_is_not_taken_for_another(self, at):
        a = self.grid(range(300), range(0, 180, 2))
        b = a.copy()
        b[at] += 1
        in_a, in_b = match_overlap(a, b)
        np.testing.assert_array_equal(a[in_a], np.delete(a, at))
        np.testing.assert_array_equal(a[in_a], b[in_b])

    def test_a_missing_key_makes_no_other_one_found(self):
        a = self.grid(range(300), range(90))
        b = np.delete(a, [5, 10_000, a.size - 1])
        in_a, in_b = match_overlap(a, b)
        np.testing.assert_array_equal(a[in_a], b)
        np.testing.assert_array_equal(in_b, np.arange(b.size))


class TestManyKeys:
    """A sieve spares most searches and must not lose a key."""

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
        in_a, in_b = match_overlap(a, b, Sieve(a))
        np.testing.assert_array_equal(a[in_a], np.intersect1d(a, b))
        np.testing.assert_array_equal(b[in_b], np.intersect1d(a, b))

    def test_most_keys_of_other_items_are_sieved_out(self):
        rng = np.random.default_rng(5)
        a = self.keys(rng, 100, np.arange(100), np.arange(4))
        b = self.keys(rng, 100, np.arange(100), np.arange(7, 12))
        possible = Sieve(a).possible(b)
        assert possible is not None
        assert possible.size < b.size / 4

    @pytest.mark.parametrize("n", [0, 1, 100])
    def test_few_keys_are_searched_as_they_are(self, n):
        rng = np.random.default_rng(5)
        a = self.keys(rng, 100, np.arange(100), np.arange(4))
        assert Sieve(a).possible(a[:n]) is None
        assert Sieve(a[:n]).possible(a) is None

    def test_keys_without_any_pattern_are_found(self):
        rng = np.random.default_rng(6)
        a = np.unique(rng.integers(0, 1 << 60, 300_000))
        b = np.unique(np.concatenate([a[::3], rng.integers(0, 1 << 60, 300_000)]))
        np.testing.assert_array_equal(a[match_overlap(a, b, Sieve(a))[0]], np.intersect1d(a, b))


class TestWithinSpan:
    @given(sets, st.integers(-5, 65), st.integers(-5, 65))
    def test_has_both_ends(self, values, low, high):
        found = array(values)[within_span(array(values), low, high)].tolist()
        assert found == [v for v in values if low <= v <= high]


class TestRequireSorted:
    def test_lets_order_pass(self):
        require_sorted(array([]), unique=True, what="nothing")
        require_sorted(array([1, 2]), unique=True, what="it")
        require_sorted(array([1, 1]), unique=False, what="it")

    @pytest.mark.parametrize(("keys", "unique"), [([2, 1], False), ([1, 1], True)])
    def test_refuses_disorder(self, keys, unique):
        with pytest.raises(OrderError, match="publication 7"):
            require_sorted(array(keys), unique=unique, what="publication 7")
