from __future__ import annotations

from dataclasses import replace

import pytest

from ckanext.satudata.consistency.findings import Outcome
from ckanext.satudata.consistency.rules import RuleSet, parse
from ckanext.satudata.rules import shipped

from ..worlds import BOOK, CENSUS, HOME, NEED, SHARE, candidate, cell, check, figures, found


def own(text: str) -> RuleSet:
    """The shipped rules with a kabupaten's file after them."""
    return RuleSet.combined([shipped(), parse(f'version: "1"\n{text}')])


#: The units of the small world know per cent as a ratio of its own.
PERCENT = own("measures: [{ukuran: persentase, bounds: {unit: persen, lower: 0, upper: 100}}]")


def one(code: str, text: str, rules: RuleSet = PERCENT):
    report = check(candidate(figures(code, [cell("2025", HOME, text)])), rules=rules)
    return report, found(report, "di-luar-batas")


class TestBounds:
    @pytest.mark.parametrize(("text", "fails"), [("0", False), ("100", False), ("100.01", True)])
    def test_a_percentage_ends_at_a_hundred(self, text, fails):
        report, findings = one(SHARE, text)
        assert bool(findings) is fails
        assert report.blocked is fails

    def test_names_value_limit_and_cell(self):
        _, (finding,) = one(CENSUS, "-5")
        assert finding.value == -5.0
        assert finding.params == {"variant": "terlalu-kecil", "limit": 0.0}
        assert finding.location.row == 2

    def test_an_exception_frees_an_indicator(self):
        rules = own(f"indicators: [{{indicator: {NEED}, bounds: {{lower: null}}}}]")
        assert one(NEED, "-5")[1]
        assert not one(NEED, "-5", rules)[1]

    def test_limits_are_converted_into_the_indicators_unit(self):
        rules = own(f"indicators: [{{indicator: {NEED}, bounds: {{unit: kg, upper: 2000}}}}]")
        assert not one(NEED, "2", rules)[1]
        (finding,) = one(NEED, "2.1", rules)[1]
        assert finding.params["limit"] == 2.0

    def test_limits_in_a_unit_that_cannot_be_converted_are_no_pass(self):
        rules = own(f"indicators: [{{indicator: {NEED}, bounds: {{unit: orang, upper: 2}}}}]")
        report, (finding,) = one(NEED, "1", rules)
        assert report.blocked
        assert finding.outcome is Outcome.NOT_EVALUABLE

    def test_a_measure_without_limits_has_none(self):
        free = replace(BOOK.indicators[CENSUS], ukuran="nilai")
        book = replace(BOOK, indicators={**BOOK.indicators, CENSUS: free})
        mine = candidate(figures(CENSUS, [cell("2025", HOME, "-5")], within=book))
        assert not found(check(mine, within=book), "di-luar-batas")
