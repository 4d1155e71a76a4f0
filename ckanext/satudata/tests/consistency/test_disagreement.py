from __future__ import annotations

import numpy as np
import pytest

from ckanext.satudata.consistency.disagreement import disagreeing
from ckanext.satudata.consistency.observations import Publication, Published
from ckanext.satudata.consistency.tolerance import Tolerance


def public(*figures: tuple[int, float], decimals: int = 0) -> Published:
    return Published(
        Publication(1, "d", "d", "D", "o", "O", "r", "R"),
        np.array([key for key, _ in figures], dtype=np.int64),
        np.array([value for _, value in figures]),
        np.full(len(figures), decimals, dtype=np.int8),
        np.zeros(len(figures), dtype=np.uint8),
    )


EXACT = Tolerance(rounding=False)


class TestDisagreeing:
    @pytest.mark.parametrize("shown", [[], [public((1, 5.0), (2, 6.0))]])
    def test_one_table_alone_never(self, shown: list[Published]) -> None:
        assert disagreeing(shown, EXACT).tolist() == []

    def test_only_objects_that_differ_by_more(self) -> None:
        one = public((1, 10.0), (2, 10.0), (3, 10.0), (5, 1.0))
        other = public((1, 10.0), (2, 12.0), (3, 14.0), (4, 99.0))

        assert disagreeing([one, other], EXACT).tolist() == [2, 3]
        assert disagreeing([one, other], Tolerance(absolute=2.0)).tolist() == [3]
        assert disagreeing([one, other], Tolerance(relative=0.3)).tolist() == []

    def test_what_was_written_coarsely_agrees_with_what_it_rounds(self) -> None:
        coarse, fine = public((1, 12.0)), public((1, 12.4), decimals=1)

        assert disagreeing([coarse, fine], Tolerance()).tolist() == []
        assert disagreeing([fine, public((1, 12.0), decimals=1)], Tolerance()).tolist() == [1]

    def test_neighbours_may_agree_while_the_ends_do_not(self) -> None:
        shown = [public((7, 10.0)), public((7, 11.0)), public((7, 12.0))]

        assert disagreeing(shown, Tolerance(absolute=1.0)).tolist() == [7]
        assert disagreeing(shown[:2], Tolerance(absolute=1.0)).tolist() == []

    def test_the_same_as_comparing_every_pair(self) -> None:
        random = np.random.default_rng(7)
        shown = []
        for _ in range(6):
            keys = np.flatnonzero(random.random(200) < 0.4)
            shown.append(public(*((int(k), float(random.integers(0, 4))) for k in keys)))
        expected = set()
        for i, a in enumerate(shown):
            for b in shown[:i]:
                mine = dict(zip(a.keys.tolist(), a.values.tolist(), strict=True))
                theirs = dict(zip(b.keys.tolist(), b.values.tolist(), strict=True))
                expected |= {k for k in mine.keys() & theirs if abs(mine[k] - theirs[k]) > 2}

        found = disagreeing(shown, Tolerance(absolute=2.0, rounding=False)).tolist()

        assert found == sorted(expected)
        assert found
