from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.consistency.matching import (
    OrderError,
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
