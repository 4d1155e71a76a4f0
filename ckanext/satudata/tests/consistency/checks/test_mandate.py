from __future__ import annotations

from ckanext.satudata.consistency.findings import Outcome, Severity

from ..worlds import KECAMATAN, NEED, candidate, cell, check, figures, found, held_by, public

ONE, TWO = KECAMATAN[:2]
HELD = held_by(NEED, "dkp")


def rice(where: str, text: str, when: str = "2025"):
    return cell(when, where, text, "beras")


def judged(cells, *known, book=HELD):
    return check(candidate(figures(NEED, cells, within=book)), *known, within=book)


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
