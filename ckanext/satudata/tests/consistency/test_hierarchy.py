from __future__ import annotations

from datetime import date

import numpy as np

from ckanext.satudata.consistency.hierarchy import Hierarchy
from ckanext.satudata.consistency.vocabulary import Code

from .worlds import BOOK, DESA, HOME, KECAMATAN, OLD, YOUNG

TREE = BOOK.regions.hierarchy


def index(*codes: str) -> np.ndarray:
    return np.array([BOOK.regions.codes[c].index for c in codes], dtype=np.int64)


class TestHierarchy:
    def test_knows_parents_also_of_the_total_and_of_strangers(self):
        asked = np.concatenate([index(DESA[0], KECAMATAN[0], HOME), [0, 999]])
        expected = [*index(KECAMATAN[0], HOME), 0, 0, 0]
        assert TREE.parents_of(asked).tolist() == expected

    def test_knows_who_has_children(self):
        asked = np.concatenate([index(HOME, KECAMATAN[0], KECAMATAN[1]), [0, 999]])
        assert TREE.has_children(asked).tolist() == [True, True, False, False, False]

    def test_lists_children_in_code_order(self):
        home = int(index(HOME)[0])
        expected = index(*sorted([*KECAMATAN, OLD, YOUNG])).tolist()
        assert TREE.children(home).tolist() == expected
        assert TREE.children(int(index(DESA[0])[0])).tolist() == []

    def test_lists_levels(self):
        levels = TREE.levels_below(int(index(HOME)[0]))
        assert sorted(levels) == [1, 2]
        assert levels[2].tolist() == index(*DESA).tolist()

    def test_knows_when_codes_hold(self):
        days = np.array(
            [date(2019, 12, 31).toordinal(), date(2020, 1, 1).toordinal(),
             date(2023, 7, 1).toordinal()]
        )  # fmt: skip
        valid = TREE.valid(index(OLD, YOUNG, HOME)[None, :], days[:, None])
        assert valid.tolist() == [[True, False, True], [False, False, True], [False, True, True]]

    def test_a_circle_of_parents_ends(self):
        circle = Hierarchy([Code("a", 1, "a", "b"), Code("b", 2, "b", "a")])
        assert len(circle.levels_below(1)) <= 3
