from __future__ import annotations

from dataclasses import replace

import pytest

from ckanext.satudata.consistency.vocabulary import gist

from ..worlds import BOOK, CENSUS, HOME, NEED, candidate, cell, check, figures, found, public

RULE = "objek-serupa"
OTHER = "LOK.POPULASI"


def with_another(**changes):
    """The world with a code of somebody's own for the census' population."""
    values = {"id": 60, "code": OTHER, "konsep": "jumlah penduduk", **changes}
    mine = replace(BOOK.indicators[CENSUS], **values)
    return replace(BOOK, indicators={**BOOK.indicators, OTHER: mine})


def judge(book, text: str, *, known: str = "100"):
    mine = candidate(figures(OTHER, [cell("2025", HOME, text)], within=book))
    theirs = public(1, CENSUS, [cell("2025", HOME, known)], within=book)
    report = check(mine, theirs, within=book)
    return report, found(report, RULE)


class TestGist:
    @pytest.mark.parametrize(
        "name",
        [
            *("Penduduk", "Jumlah Penduduk (BPS)", "Data Penduduk Kabupaten", "PENDUDUK, jumlah"),
            "Banyaknya penduduk menurut kecamatan",
        ],
    )
    def test_leaves_what_is_measured(self, name):
        assert gist(name) == {"penduduk"}

    def test_keeps_what_tells_apart(self):
        assert gist("Penduduk miskin") != gist("Penduduk")

    def test_a_standards_code_says_nothing(self):
        assert gist("SD00282") == frozenset()


class TestSimilarObjects:
    def test_another_code_is_no_way_round(self):
        report, (finding,) = judge(with_another(), "120")
        assert report.blocked
        assert (finding.value, finding.other.value) == (120.0, 100.0)
        assert finding.other.indicator == CENSUS
        assert finding.params["other_code"] == CENSUS

    def test_the_same_value_is_no_matter(self):
        assert not judge(with_another(), "100")[1]

    def test_works_from_either_side(self):
        book = with_another()
        mine = candidate(figures(CENSUS, [cell("2025", HOME, "120")], within=book))
        theirs = public(1, OTHER, [cell("2025", HOME, "100")], within=book)
        assert len(found(check(mine, theirs, within=book), RULE)) == 1

    def test_units_are_converted(self):
        book = with_another(unit="ribu-orang")
        assert not judge(book, "5.00", known="5000")[1]
        (finding,) = judge(book, "5.01", known="5000")[1]
        assert finding.other.value == 5.0

    @pytest.mark.parametrize(
        "changes",
        [
            {"ukuran": "persentase", "unit": "persen"},
            {"unit": "ton"},
            {"name": "Penduduk miskin", "konsep": "penduduk miskin"},
        ],
    )
    def test_what_measures_something_else_is_left_alone(self, changes):
        assert not judge(with_another(**changes), "120")[1]

    def test_within_one_konsep_it_is_a_definition(self):
        report, findings = judge(with_another(konsep="SD00282"), "120")
        assert not findings
        assert found(report, "definisi-lain")
        assert not report.blocked

    def test_two_codes_in_one_dataset(self):
        book = with_another()
        mine = candidate(
            figures(OTHER, [cell("2025", HOME, "120")], within=book),
            figures(CENSUS, [cell("2025", HOME, "100")], within=book),
        )
        (finding,) = found(check(mine, within=book), RULE)
        assert finding.params["variant"] == "sendiri"

    def test_unread_figures_are_no_pass(self):
        from ckanext.satudata.consistency import engine
        from ckanext.satudata.rules import shipped

        book = with_another()
        mine = candidate(figures(OTHER, [cell("2025", HOME, "1")], within=book))
        report = engine.check(mine, {60: []}, shipped(), book, own_dataset=None)
        assert report.blocked
        assert RULE not in report.evaluated

    def test_indicators_that_are_unlike_cost_nothing(self):
        assert BOOK.lookalikes(BOOK.indicators[NEED]) == []
