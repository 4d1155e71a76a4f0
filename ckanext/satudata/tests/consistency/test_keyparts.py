"""Where periods stand among sorted keys."""

from __future__ import annotations

import numpy as np
import pytest

from ckanext.satudata.consistency import keyparts
from ckanext.satudata.consistency.keys import PERIOD_SHIFT


class TestDistinctPeriods:
    @pytest.fixture(params=[0, 1 << 20], ids=["searched", "looked at"])
    def few(self, request, monkeypatch):
        monkeypatch.setattr(keyparts, "_FEW", request.param)

    @pytest.mark.usefixtures("few")
    @pytest.mark.parametrize("sizes", [{}, {7: 1}, {7: 3, 8: 1, 40: 2}])
    def test_are_found_with_their_keys(self, sizes):
        keys = np.array(
            [(period << PERIOD_SHIFT) + i for period, n in sizes.items() for i in range(n)],
            dtype=np.int64,
        )
        found = keyparts.distinct_periods(keys)
        assert [period for period, _ in found] == list(sizes)
        for period, place in found:
            assert keys[place].size == sizes[period]
            assert set((keys[place] >> PERIOD_SHIFT).tolist()) == {period}
