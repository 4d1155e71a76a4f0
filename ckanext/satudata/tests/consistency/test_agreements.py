"""Agreements against their wording, spelled out with dicts and exact fractions."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.consistency.disagreement import disagreeing
from ckanext.satudata.consistency.tolerance import Tolerance

from .test_reference import TEXTS, WORLDS, Value, cells, differs, place, publications, tables
from .worlds import (
    BOOK,
    NEED,
    PRICE,
    agreed,
    candidate,
    check,
    entries,
    figures,
    found,
    key,
    public,
)

PARTIES = ["dagang", "dkp", "bulog"]


@st.composite
def agreements(draw, code: str):
    """Object -> party or None (everybody) -> text; at most one agreement speaks of an object."""
    out = {}
    for one in draw(st.lists(cells(code), max_size=8, unique_by=place)):
        if draw(st.booleans()):
            out[place(one)] = {None: one[2]}
            continue
        parties = draw(st.lists(st.sampled_from(PARTIES), min_size=2, max_size=3, unique=True))
        out[place(one)] = {p: draw(st.sampled_from(TEXTS)) for p in parties}
    return out


def recorded(code, said):
    return agreed(
        code,
        *(
            entry
            for (when, where, what), figures_ in said.items()
            for party, text in figures_.items()
            for entry in entries(code, [(when, where, text, what)], party)
        ),
    )


def stands(said, code, one, party) -> bool:
    """Whether a party's figure is the one on record as its own."""
    text = said.get(place(one), {}).get(party)
    return text is not None and not differs(Value.of(one[2]), Value.of(text), code)


def may_differ(said, code, one, by, other, other_by) -> bool:
    return by != other_by and stands(said, code, one, by) and stands(said, code, other, other_by)


class TestAgainstWording:
    @WORLDS
    @given(data=st.data())
    def test_a_candidate(self, data):
        code = data.draw(st.sampled_from([NEED, PRICE]))
        mine, known = data.draw(tables(code)), data.draw(publications(code))
        known = [(data.draw(st.sampled_from(PARTIES)), table) for _, table in known]
        said = data.draw(agreements(code))
        report = check(
            candidate(figures(code, mine)),
            *(public(i, code, table, by=by) for i, (by, table) in enumerate(known)),
            agreed=recorded(code, said),
            told=1000,
        )
        pairs = [
            (row, i, may_differ(said, code, ours, "dagang", one, by))
            for row, ours in enumerate(mine, start=2)
            for i, (by, table) in enumerate(known)
            for one in table
            if place(one) == place(ours) and differs(Value.of(ours[2]), Value.of(one[2]), code)
        ]
        reported = found(report, "nilai-berbeda") + found(report, "satuan-skala")
        assert Counter((f.location.row, f.other.publication) for f in reported) == Counter(
            (row, i) for row, i, allowed in pairs if not allowed
        )
        assert Counter(
            (f.location.row, f.other.publication) for f in found(report, "kesepakatan-keduanya")
        ) == Counter((row, i) for row, i, allowed in pairs if allowed)
        contradicting = [
            row
            for row, ours in enumerate(mine, start=2)
            for party, text in said.get(place(ours), {}).items()
            if party in (None, "dagang") and differs(Value.of(ours[2]), Value.of(text), code)
        ]
        assert (
            sorted(f.location.row for f in found(report, "bertentangan-kesepakatan"))
            == contradicting
        )

    @WORLDS
    @given(data=st.data())
    def test_what_is_public(self, data):
        shown = [
            (data.draw(st.sampled_from(PARTIES)), table)
            for table in data.draw(
                st.lists(st.lists(cells(NEED), max_size=8, unique_by=place), max_size=4)
            )
        ]
        said = data.draw(agreements(NEED))
        number = BOOK.indicators[NEED].id
        keys = disagreeing(
            [public(i, NEED, table, by=by)[1] for i, (by, table) in enumerate(shown)],
            Tolerance.of(BOOK.indicators[NEED]),
            recorded(NEED, said)[number],
        )
        expected = {
            key(NEED, *place(a)[:2], place(a)[2])
            for (by, one), (other_by, other) in combinations(shown, 2)
            for a in one
            for b in other
            if place(a) == place(b)
            and differs(Value.of(a[2]), Value.of(b[2]), NEED)
            and not may_differ(said, NEED, a, by, b, other_by)
        }
        assert set(keys.tolist()) == expected
