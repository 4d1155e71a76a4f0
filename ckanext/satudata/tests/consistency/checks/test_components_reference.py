"""Sums of a classification against VTL's wording, spelled out with dicts and exact fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata.consistency.findings import Outcome
from ckanext.satudata.consistency.vocabulary import TOTAL

from ..worlds import HOME, KECAMATAN, NEED, candidate, cell, check, figures, found, public
from .test_components import RULE, TREE, closed

CHILDREN = {TOTAL: ["beras", "gula"], "beras": ["premium", "medium"]}
CODES = [TOTAL, "beras", "gula", "premium", "medium"]
TEXTS = ["0", "1", "2.0", "3", "5", "10"]

cells = st.dictionaries(
    st.tuples(st.sampled_from([HOME, KECAMATAN[0]]), st.sampled_from(CODES)),
    st.sampled_from(TEXTS),
    max_size=9,
)


def half(text: str) -> Fraction:
    return Fraction(Decimal(5).scaleb(Decimal(text).as_tuple().exponent - 1))


def expected(mode: str, relation: str, known: dict, own: set) -> dict:
    """Wholes and what is said of them."""
    out = {}
    for (where, whole), text in known.items():
        parts = CHILDREN.get(whole, [])
        there = [p for p in parts if (where, p) in known]
        if not parts or not own & {(where, whole), *((where, p) for p in there)}:
            continue
        complete = len(there) == len(parts)
        total = sum((Fraction(known[where, p]) for p in there), Fraction(0))
        value = Fraction(text)
        granted = half(text) + sum((half(known[where, p]) for p in there), Fraction(0))
        beyond = total - value if relation == "at_least" else abs(value - total)
        judged = {
            "non_null": complete,
            "partial_null": complete,
            "always_null": complete,
            "partial_zero": bool(there),
            "non_zero": value != 0 or total != 0,
            "always_zero": True,
        }[mode]
        missing = {
            "partial_null": bool(there) and not complete,
            "always_null": not complete,
        }.get(mode, False)
        if judged and beyond > granted:
            out[where, whole] = Outcome.FAIL
        elif missing:
            out[where, whole] = Outcome.NOT_EVALUABLE
    return out


class TestAgainstWording:
    @pytest.mark.parametrize("relation", ["equals", "at_least"])
    @pytest.mark.parametrize(
        "mode",
        ["non_null", "non_zero", "partial_null", "partial_zero", "always_null", "always_zero"],
    )
    @settings(max_examples=30)
    @given(mine=cells, theirs=cells)
    def test_wholes_and_parts(self, mode, relation, mine, theirs):
        def rows(table):
            return [cell("2025", where, text, what) for (where, what), text in table.items()]

        report = check(
            candidate(figures(NEED, rows(mine), within=TREE)),
            public(1, NEED, rows(theirs), within=TREE),
            within=TREE,
            rules=closed(mode, relation),
        )
        reported = {(f.key.region, f.key.rest["komoditas"]): f.outcome for f in found(report, RULE)}
        assert reported == expected(mode, relation, {**theirs, **mine}, set(mine))
