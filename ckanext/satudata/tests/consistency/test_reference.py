"""The engine against the rules' wording, spelled out with dicts and exact fractions."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ckanext.satudata.consistency import compare, period
from ckanext.satudata.consistency.checks import sums
from ckanext.satudata.consistency.findings import Outcome

from .worlds import (
    AREA,
    BOOK,
    CENSUS,
    NEED,
    PRICE,
    REGISTER,
    Cell,
    candidate,
    check,
    figures,
    found,
    held_by,
    public,
)

REGIONS = [*BOOK.regions.codes, "_T"]
PERIODS = ["2019", "2020", "2023-S1", "2023"]
TEXTS = ["0", "5", "5.0", "5.4", "5.5", "6", "1E+1", "14", "20", "25", "25.5", "5000", "-5"]


@dataclass(frozen=True)
class Value:
    """A written number, exactly."""

    number: Fraction
    half: Fraction

    @classmethod
    def of(cls, text: str, factor: int = 1) -> Value:
        decimal = Decimal(text)
        half = Fraction(Decimal(5).scaleb(decimal.as_tuple().exponent - 1))
        return cls(Fraction(decimal) * factor, half * factor)


def differs(a: Value, b: Value, code: str) -> bool:
    i = BOOK.indicators[code]
    largest = max(abs(a.number), abs(b.number))
    allowed = max(Fraction(i.abs_tol), Fraction(str(i.rel_tol)) * largest, a.half, b.half)
    return abs(a.number - b.number) > allowed


def children(region: str, when: str) -> list[str]:
    return [c.code for c in BOOK.regions.children(region, period.parse(when).end)]


def place(one: Cell) -> tuple[str, str, str]:
    return one[0], one[1], one[3]


def cells(code: str, texts=TEXTS):
    goods = ["_T", "beras"] if BOOK.indicators[code].dimensions else ["_T"]
    return st.tuples(
        st.sampled_from(PERIODS),
        st.sampled_from(REGIONS),
        st.sampled_from(texts),
        st.sampled_from(goods),
    )


def tables(code: str, **kw):
    return st.lists(cells(code, **kw), max_size=12)


def publications(code: str):
    unique = st.lists(cells(code), max_size=10, unique_by=place)
    return st.lists(st.tuples(st.sampled_from(["dkp", "bulog"]), unique), max_size=4)


@st.composite
def crowded(draw, code: str):
    """Two tables that know most regions of few periods, so that recapitulations occur."""
    goods = ["_T", "beras"] if BOOK.indicators[code].dimensions else ["_T"]
    mine, theirs = [], []
    for when in draw(st.lists(st.sampled_from(PERIODS), min_size=1, max_size=2, unique=True)):
        for what in goods:
            for where in REGIONS:
                owner = draw(st.sampled_from("mmmttb-"))
                if owner in "mb":
                    mine.append((when, where, draw(st.sampled_from(TEXTS)), what))
                if owner in "tb":
                    theirs.append((when, where, draw(st.sampled_from(TEXTS)), what))
    return mine, theirs


@st.composite
def summed(draw, code: str):
    """Two tables of one period, of which most wholes are the sums of their parts."""
    when, mine, theirs = draw(st.sampled_from(PERIODS)), [], []
    amounts: dict[str, int] = {}
    for where in sorted(BOOK.regions.codes, key=len, reverse=True):
        parts = children(where, when)
        right = sum(amounts.get(c, 0) for c in parts) if parts else draw(st.integers(0, 9))
        amounts[where] = right + draw(st.sampled_from([0, 0, 0, 0, 40]))
        owner = draw(st.sampled_from("mmtttb"))
        for table in [mine] * (owner in "mb") + [theirs] * (owner in "tb"):
            table.append((when, where, str(amounts[where]), "_T"))
    return mine, theirs


WORLDS = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
BATCHES = pytest.mark.parametrize("small", [0, 4, 10_000])


class TestAgainstWording:
    @BATCHES
    @pytest.mark.parametrize("code", [NEED, PRICE, CENSUS, AREA])
    @WORLDS
    @given(data=st.data())
    def test_different_values(self, code, small, data, monkeypatch):
        monkeypatch.setattr(compare, "SMALL", small)
        mine, known = data.draw(tables(code)), data.draw(publications(code))
        report = check(
            candidate(figures(code, mine)),
            *(public(i, code, c, by=by) for i, (by, c) in enumerate(known)),
        )
        expected = Counter(
            (row, i)
            for row, ours in enumerate(mine, start=2)
            for i, (_, theirs) in enumerate(known)
            for one in theirs
            if place(one) == place(ours) and differs(Value.of(ours[2]), Value.of(one[2]), code)
        )
        reported = found(report, "nilai-berbeda") + found(report, "satuan-skala")
        assert Counter((f.location.row, f.other.publication) for f in reported) == expected

    @BATCHES
    @pytest.mark.parametrize("code", [NEED, CENSUS, AREA])
    @WORLDS
    @given(data=st.data())
    def test_recapitulation(self, code, small, data, monkeypatch):
        monkeypatch.setattr(compare, "SMALL", small)
        monkeypatch.setattr(sums, "AT_ONCE", small + 1)
        mine, theirs = data.draw(crowded(code))
        report = check(candidate(figures(code, mine)), public(1, code, theirs))
        counted = BOOK.units.units[BOOK.indicators[code].unit].counts
        known = {place(c): c[2] for c in theirs} | {place(c): c[2] for c in mine}
        own = {place(c) for c in mine}
        expected = {
            (when, where, what)
            for when, where, what in known
            if fails(code, known, own, counted, when, where, what)
        }
        reported = {
            (f.key.period, f.key.region, f.key.rest.get("komoditas", "_T"))
            for f in found(report, "rekap")
        }
        assert reported == expected

    @pytest.mark.parametrize("code", [NEED, CENSUS])
    @WORLDS
    @given(data=st.data())
    def test_incomplete_regions(self, code, data):
        mine = data.draw(tables(code))
        report = check(candidate(figures(code, mine)))
        groups: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for when, where, _, what in mine:
            entry = BOOK.regions.get(where)
            if entry and entry.parent and where in children(entry.parent, when):
                groups[when, entry.parent, what].add(where)
        expected = {}
        for (when, parent, what), present in groups.items():
            valid = children(parent, when)
            if 2 * len(present) >= len(valid) > len(present):
                expected[when, parent, what] = sorted(set(valid) - present)
        reported = {
            (f.key.period, f.key.region, f.key.rest.get("komoditas", "_T")): f.params["missing"]
            for f in found(report, "kecamatan-tidak-lengkap")
        }
        assert reported == expected

    @BATCHES
    @pytest.mark.parametrize("code", [NEED, CENSUS])
    @WORLDS
    @given(data=st.data())
    def test_mandate(self, code, small, data, monkeypatch):
        monkeypatch.setattr(compare, "SMALL", small)
        mine, known = data.draw(tables(code)), data.draw(publications(code))
        book = held_by(code, "dkp")
        report = check(
            candidate(figures(code, mine, within=book)),
            *(public(i, code, c, by=by) for i, (by, c) in enumerate(known)),
            within=book,
        )
        cells = [c for by, table in known for c in table if by == "dkp"]
        held = {place(c): c[2] for c in cells}
        # Which of two values of the holder's counts is not what this is about.
        assume(len(held) == len(cells))
        counted = BOOK.units.units[BOOK.indicators[code].unit].counts
        shown = {place(c): c[2] for c in reversed(mine)}
        expected = Counter(p[0] for p in set(shown) - derived(code, shown, held, counted))
        reported = {f.key.period: f.params["objects"] for f in found(report, "mandat")}
        assert reported == expected
        assert all(f.outcome is Outcome.NOT_EVALUABLE for f in found(report, "mandat"))

    @BATCHES
    @pytest.mark.parametrize("code", [NEED, CENSUS])
    @WORLDS
    @given(data=st.data())
    def test_mandate_for_sums(self, code, small, data, monkeypatch):
        monkeypatch.setattr(compare, "SMALL", small)
        monkeypatch.setattr(sums, "AT_ONCE", small + 1)
        mine, theirs = data.draw(summed(code))
        book = held_by(code, "dkp")
        report = check(
            candidate(figures(code, mine, within=book)),
            public(1, code, theirs, by="dkp", within=book),
            within=book,
        )
        counted = BOOK.units.units[BOOK.indicators[code].unit].counts
        shown, held = ({place(c): c[2] for c in table} for table in (mine, theirs))
        expected = Counter(p[0] for p in set(shown) - derived(code, shown, held, counted))
        reported = {f.key.period: f.params["objects"] for f in found(report, "mandat")}
        assert reported == expected

    @pytest.mark.parametrize("code", [NEED, CENSUS])
    @WORLDS
    @given(data=st.data())
    def test_duplicates(self, code, data):
        mine = data.draw(tables(code, texts=["5", "5.4", "6"]))
        where = data.draw(st.lists(st.integers(0, 2), min_size=len(mine), max_size=len(mine)))
        report = check(candidate(figures(code, mine, tables=where), tables=3))
        objects: dict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
        for one, table in zip(mine, where, strict=True):
            objects[place(one)].append((table, one[2]))
        errors = repeated = 0
        for entries in objects.values():
            first: dict[int, str] = {}
            for table, text in entries:
                errors += table in first
                first.setdefault(table, text)
            inside = [first[t] for t in sorted(first)]
            unequal = [differs(Value.of(a), Value.of(b), code) for a, b in combinations(inside, 2)]
            errors += sum(unequal)
            repeated += sum(
                not differs(Value.of(a), Value.of(b), code) for a, b in pairwise(inside)
            )
        assert report.counts.get("kunci-ganda", 0) == errors
        assert report.counts.get("kunci-berulang", 0) == repeated


def derived(code, shown, held, counted) -> set[tuple[str, str, str]]:
    """What the holder has published, and what adds up from it, level by level."""
    known = dict(held)
    while True:
        more = {
            (when, where, what): text
            for (when, where, what), text in shown.items()
            if (when, where, what) not in known
            and BOOK.indicators[code].additive
            and where != "_T"
            and (parts := {(when, c, what) for c in children(where, when)})
            and parts <= set(known)
            and not fails(
                code, {**known, (when, where, what): text}, parts, counted, when, where, what
            )
        }
        if not more:
            return set(known)
        known |= more


def fails(code, known, own, counted, when, where, what) -> bool:
    """Whether a total differs from its parts."""
    parts = [(when, c, what) for c in children(where, when)] if where != "_T" else []
    if not BOOK.indicators[code].additive or not parts or any(p not in known for p in parts):
        return False
    if not own & {(when, where, what), *parts}:
        return False
    i = BOOK.indicators[code]
    whole = Value.of(known[when, where, what])
    values = [Value.of(known[p]) for p in parts]
    total = sum(v.number for v in values)
    halves = Fraction(0)
    for p in [(when, where, what), *parts]:
        exact = counted and Decimal(known[p]).as_tuple().exponent == 0
        halves += 0 if exact else Value.of(known[p]).half
    granted = max(
        Fraction(i.abs_tol), Fraction(str(i.rel_tol)) * max(abs(whole.number), abs(total))
    )
    return abs(whole.number - total) > halves + granted


class TestOtherDefinitions:
    @WORLDS
    @given(mine=tables(REGISTER), theirs=st.lists(cells(CENSUS), max_size=10, unique_by=place))
    def test_against_wording(self, mine, theirs):
        report = check(candidate(figures(REGISTER, mine)), public(1, CENSUS, theirs))
        known = {place(c): c[2] for c in theirs}
        expected = sorted(
            row
            for row, one in enumerate(mine, start=2)
            if place(one) in known
            and abs(Value.of(one[2]).number - Value.of(known[place(one)]).number / 1000)
            > max(Value.of(one[2]).half, Value.of(known[place(one)]).half / 1000)
        )
        assert sorted(f.location.row for f in found(report, "definisi-lain")) == expected


class TestSymmetry:
    @WORLDS
    @given(
        a=st.lists(cells(NEED), max_size=10, unique_by=place),
        b=st.lists(cells(NEED), max_size=10, unique_by=place),
    )
    def test_whoever_comes_second_is_stopped(self, a, b):
        def conflicts(mine, theirs):
            report = check(candidate(figures(NEED, mine)), public(1, NEED, theirs))
            return {
                (f.key.period, f.key.region, f.key.rest["komoditas"], f.rule)
                for rule in ("nilai-berbeda", "satuan-skala")
                for f in found(report, rule)
            }

        assert conflicts(a, b) == conflicts(b, a)
