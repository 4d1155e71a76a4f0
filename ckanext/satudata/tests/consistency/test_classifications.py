"""What :func:`engine.classifications` leaves out must not be missed by any rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.satudata.consistency import engine, keys
from ckanext.satudata.consistency.observations import Published
from ckanext.satudata.consistency.relations import Relations
from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.rules import shipped

from .worlds import (
    AREA,
    BOOK,
    CENSUS,
    KECAMATAN,
    NEED,
    PRICE,
    REGISTER,
    candidate,
    cell,
    figures,
    key,
    public,
)

ONE = KECAMATAN[0]
RELATIONS = shipped().relations


def plain(*codes: str) -> CodeBook:
    """The code book with some indicators whose parts do not sum."""
    changed = {c: replace(BOOK.indicators[c], additive=False) for c in codes}
    return replace(BOOK, indicators={**BOOK.indicators, **changed})


PLAIN = plain(NEED, CENSUS, REGISTER)


def only(one: Published, rests) -> Published:
    keep = np.isin(keys.rest_of(one.keys), rests)
    columns = (one.keys, one.values, one.decimals, one.status)
    return Published(one.publication, *(c[keep] for c in columns))


def cells(code: str):
    goods = ["_T", "beras", "gula"] if BOOK.indicators[code].dimensions else ["_T"]
    return st.lists(
        st.tuples(
            st.sampled_from(["2023", "2023-S1"]),
            st.sampled_from([*BOOK.regions.codes, "_T"]),
            st.sampled_from(["0", "5", "5.4", "5000", "-5"]),
            st.sampled_from(goods),
        ),
        max_size=8,
        unique_by=lambda c: (c[0], c[1], c[3]),
    )


class TestClassifications:
    @pytest.mark.parametrize("book", [BOOK, PLAIN], ids=["additive", "plain"])
    @settings(max_examples=60, suppress_health_check=[HealthCheck.differing_executors])
    @given(data=st.data())
    def test_no_rule_finds_less(self, book, data):
        codes = [NEED, PRICE, CENSUS, REGISTER, AREA]
        mine = candidate(
            *(
                figures(code, drawn, within=book)
                for code in data.draw(st.lists(st.sampled_from(codes), max_size=2, unique=True))
                if (drawn := data.draw(cells(code)))
            )
        )
        known: dict[int, list[Published]] = {n: [] for n in engine.spans(mine, book, RELATIONS)}
        for position, code in enumerate(codes):
            number, one = public(position, code, data.draw(cells(code)), within=book)
            known.setdefault(number, []).append(one)
        wanted = engine.classifications(mine, book, RELATIONS)
        fewer = {
            number: [only(one, wanted[number]) if number in wanted else one for one in each]
            for number, each in known.items()
        }
        whole, part = (
            engine.check(mine, given_, shipped(), book, own_dataset=None)
            for given_ in (known, fewer)
        )
        assert part.counts == whole.counts
        assert part.findings == whole.findings

    def test_of_sums_all_parts_are_needed(self):
        mine = candidate(figures(NEED, [cell("2025", ONE, "1", "beras")]))
        assert engine.classifications(mine, BOOK) == {}

    def test_of_prices_only_the_same_goods(self):
        mine = candidate(figures(PRICE, [cell("2025", ONE, "1", "gula")]))
        rest = int(keys.rest_of(np.array([key(PRICE, "2025", ONE, "gula")]))[0])
        assert engine.classifications(mine, BOOK, RELATIONS) == {BOOK.indicators[PRICE].id: [rest]}

    def test_of_means_all_parts_where_the_list_holds_every_one(self):
        mine = candidate(figures(PRICE, [cell("2025", ONE, "1", "gula")]))
        assert engine.classifications(mine, BOOK, Relations()) == {}

    def test_other_definitions_in_their_own_layout(self):
        mine = candidate(figures(CENSUS, [cell("2025", ONE, "1")], within=PLAIN))
        found = engine.classifications(mine, PLAIN)
        assert found[BOOK.indicators[REGISTER].id] == [0]

    def test_one_need_for_all_outweighs_another_for_some(self):
        book = plain(REGISTER)
        mine = candidate(
            figures(REGISTER, [cell("2025", ONE, "1", "beras")], within=book),
            figures(CENSUS, [cell("2025", ONE, "1")], within=book),
        )
        assert (
            engine.classifications(mine, book)
            .keys()
            .isdisjoint({BOOK.indicators[REGISTER].id, BOOK.indicators[CENSUS].id})
        )

    def test_finely_split_figures_need_all(self, monkeypatch):
        monkeypatch.setattr(engine, "MOST_RESTS", 1)
        split = [cell("2025", ONE, "1", "gula"), cell("2025", ONE, "1", "beras")]
        mine = candidate(figures(PRICE, split))
        assert engine.classifications(mine, BOOK, RELATIONS) == {}
