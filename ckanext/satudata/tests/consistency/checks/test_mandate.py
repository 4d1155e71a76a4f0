from __future__ import annotations

from dataclasses import replace

import pytest

from ckanext.satudata.consistency.findings import Outcome, Severity
from ckanext.satudata.consistency.rules import RuleSet, parse
from ckanext.satudata.rules import shipped

from ..worlds import (
    DESA,
    HOME,
    KECAMATAN,
    NEED,
    PRICE,
    YOUNG,
    candidate,
    cell,
    check,
    figures,
    found,
    held_by,
    public,
)

ONE, TWO = KECAMATAN[:2]
HELD = held_by(NEED, "dkp")


def rice(where: str, text: str, when: str = "2025"):
    return cell(when, where, text, "beras")


def judged(cells, *known, book=HELD):
    return check(candidate(figures(NEED, cells, within=book)), *known, within=book)


#: All kecamatan of 2020, together 10.
PARTS = [rice(where, text, "2020") for where, text in zip(KECAMATAN, "1234", strict=True)]


class TestMandate:
    def test_nobody_precedes_the_mandate_holder(self):
        report = judged(
            [rice(ONE, "5"), rice(TWO, "5"), rice(ONE, "5", "2026")],
            public(7, NEED, [rice(ONE, "5")], by="dkp"),
        )
        first, second = found(report, "mandat")
        assert report.blocked
        assert {first.outcome, second.outcome} == {Outcome.NOT_EVALUABLE}
        assert (first.key.period, first.key.region, first.params["objects"]) == ("2025", TWO, 1)
        assert second.key.period == "2026"
        assert first.params["producer"] == "dkp"
        assert first.params["producer_title"] == "DKP"
        assert report.counts["mandat"] == 2

    def test_repeating_the_holders_figures_passes(self):
        report = judged(
            [rice(ONE, "5"), rice(TWO, "6")],
            public(7, NEED, [rice(ONE, "5")], by="dkp"),
            public(8, NEED, [rice(TWO, "6")], by="dkp"),
        )
        assert not report.blocked

    def test_somebody_elses_figure_is_no_mandate(self):
        report = judged([rice(ONE, "5")], public(7, NEED, [rice(ONE, "5")], by="bulog"))
        assert report.counts["mandat"] == 1

    def test_the_holder_itself_is_free(self):
        report = judged([rice(ONE, "5")], book=held_by(NEED, "dagang"))
        assert not report.blocked
        assert not found(report, "tanpa-mandat")

    def test_a_vacant_mandate_is_told(self):
        report = judged([rice(ONE, "5"), rice(TWO, "5")], book=held_by(NEED, None))
        (finding,) = found(report, "tanpa-mandat")
        assert not report.blocked
        assert finding.severity is Severity.INFORMATION

    def test_a_contradiction_of_the_holder_is_a_difference_not_a_gap(self):
        report = judged([rice(ONE, "7333")], public(7, NEED, [rice(ONE, "5120")], by="dkp"))
        assert not found(report, "mandat")
        assert report.counts["nilai-berbeda"] == 1


class TestDerivedWholes:
    """Who repeats all parts may add the row of the whole."""

    def held_back(self, whole: str, parts, *, by: str = "dkp", when: str = "2020") -> int:
        known = public(7, NEED, parts, by=by)
        return judged([rice(HOME, whole, when)], known).counts.get("mandat", 0)

    def test_the_sum_of_the_holders_parts_passes(self):
        report = judged([*PARTS, rice(HOME, "10", "2020")], public(7, NEED, PARTS))
        assert not report.blocked
        assert not found(report, "mandat")

    def test_parts_of_several_of_the_holders_tables_count(self):
        known = [public(n, NEED, [part], by="dkp") for n, part in enumerate(PARTS, start=7)]
        assert not found(judged([rice(HOME, "10", "2020")], *known), "mandat")

    @pytest.mark.parametrize(("whole", "count"), [("12", 0), ("13", 1), ("15", 1)])
    def test_only_a_sum_within_the_tolerance(self, whole, count):
        assert self.held_back(whole, PARTS) == count

    @pytest.mark.parametrize("missing", range(len(KECAMATAN)))
    def test_a_missing_part_holds_the_whole_back(self, missing):
        known = [part for n, part in enumerate(PARTS) if n != missing]
        assert self.held_back(str(10 - (missing + 1)), known) == 1

    def test_the_repeaters_own_part_is_none_of_the_holders(self):
        report = judged([*PARTS, rice(HOME, "10", "2020")], public(7, NEED, PARTS[:3], by="dkp"))
        (finding,) = found(report, "mandat")
        assert finding.params["objects"] == 2

    def test_parts_of_somebody_else_count_for_nothing(self):
        assert self.held_back("10", PARTS, by="bulog") == 1

    def test_parts_are_those_of_the_period(self):
        now = [rice(where, text, "2024") for where, text in zip(KECAMATAN, "1234", strict=True)]
        assert self.held_back("10", now, when="2024") == 1
        assert self.held_back("15", [*now, rice(YOUNG, "5", "2024")], when="2024") == 0

    def test_at_every_level_of_the_regions(self):
        report = judged(
            [rice(ONE, "3")], public(7, NEED, [rice(DESA[0], "1"), rice(DESA[1], "2")], by="dkp")
        )
        assert not found(report, "mandat")

    @pytest.mark.parametrize(
        ("first", "whole", "held_back"),
        [("3", "12", 0), ("3", "30", 1), ("8", "17", 2), ("8", "12", 2)],
    )
    def test_over_several_levels(self, first, whole, held_back):
        """A kecamatan of the holder's desa, and the kabupaten of it and of the others."""
        public_parts = [rice(DESA[0], "1", "2020"), rice(DESA[1], "2", "2020"), *PARTS[1:]]
        report = judged(
            [rice(ONE, first, "2020"), rice(HOME, whole, "2020")],
            public(7, NEED, public_parts, by="dkp"),
        )
        told = found(report, "mandat")
        assert sum(f.params["objects"] for f in told) == held_back

    def test_a_level_that_nobody_shows_is_not_made_up(self):
        public_parts = [rice(DESA[0], "1", "2020"), rice(DESA[1], "2", "2020"), *PARTS[1:]]
        report = judged([rice(HOME, "12", "2020")], public(7, NEED, public_parts, by="dkp"))
        assert report.counts["mandat"] == 1

    @pytest.mark.parametrize("measure", ["not additive", "additive"])
    def test_only_measures_that_add_up(self, measure):
        book = held_by(PRICE, "dkp")
        price = replace(book.indicators[PRICE], additive=measure == "additive")
        book = replace(book, indicators={**book.indicators, PRICE: price})
        report = check(
            candidate(figures(PRICE, [rice(HOME, "10", "2020")], within=book)),
            public(7, PRICE, PARTS, by="dkp", within=book),
            within=book,
        )
        assert report.counts.get("mandat", 0) == (measure == "not additive")

    def test_a_list_that_is_never_full_makes_no_whole(self):
        goods = [cell("2020", ONE, "1", "beras"), cell("2020", ONE, "2", "gula")]
        report = judged([cell("2020", ONE, "3")], public(7, NEED, goods, by="dkp"))
        assert report.counts["mandat"] == 1

    def test_a_full_list_makes_one(self):
        rules = shipped()
        full = parse('version: "1"\ncomponents: [{codelist: komoditas, relation: equals}]')
        goods = [cell("2020", ONE, "1", "beras"), cell("2020", ONE, "2", "gula")]

        def counted(whole: str, known) -> int:
            what = candidate(figures(NEED, [cell("2020", ONE, whole)], within=HELD))
            report = check(
                what,
                public(7, NEED, known, by="dkp"),
                within=HELD,
                rules=RuleSet.combined([rules, full]),
            )
            return report.counts.get("mandat", 0)

        assert counted("3", goods) == 0
        assert counted("9", goods) == 1
        assert counted("1", goods[:1]) == 1

    def test_the_holders_own_whole_is_still_compared(self):
        known = public(7, NEED, [*PARTS, rice(HOME, "10", "2020")], by="dkp")
        report = judged([rice(HOME, "17", "2020")], known)
        assert not found(report, "mandat")
        assert report.counts["nilai-berbeda"] == 1
