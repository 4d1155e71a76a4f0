from __future__ import annotations

import numpy as np

from ckanext.satudata.consistency.lookups import Sources

from .worlds import KECAMATAN, NEED, cell, figures, public

CELLS = [cell("2020", k, t) for k, t in zip(KECAMATAN, ("10.0", "20.0", "30.0"), strict=False)]


class TestSources:
    def test_finds_keys_in_any_order(self):
        mine = figures(NEED, CELLS)
        sources = Sources(mine, [], counted=False)
        asked = np.array([mine.keys[2], 5, mine.keys[0]])
        known = sources.find(asked)
        assert known.values.tolist() == [mine.values[2], 0.0, mine.values[0]]
        assert known.found.tolist() == [True, False, True]
        assert known.place.tolist() == [2, 0, 0]

    def test_equal_keys_get_equal_answers(self):
        mine = figures(NEED, CELLS)
        known = Sources(mine, [], counted=False).find(mine.keys[[1, 1, 0, 1]])
        assert known.values.tolist() == [20.0, 20.0, 10.0, 20.0]

    def test_without_a_candidate_of_its_own(self):
        _, published = public(1, NEED, CELLS)
        known = Sources(None, [published], counted=False).find(published.keys)
        assert known.origin.tolist() == [0, 0, 0]
        assert known.halves.tolist() == [0.05, 0.05, 0.05]
