from __future__ import annotations

from dataclasses import replace

import pytest

from ckanext.satudata.consistency.findings import Outcome, Severity
from ckanext.satudata.consistency.rules import RuleError, RuleSet, parse
from ckanext.satudata.rules import shipped

from ..worlds import (
    AREA,
    BOOK,
    CENSUS,
    HOME,
    KECAMATAN,
    NEED,
    PRICE,
    REGISTER,
    candidate,
    cell,
    check,
    figures,
    found,
    public,
)

RULE = "rumus-contoh"
ONE = KECAMATAN[0]

#: Prices stand for consumption: like it they have commodities and do not add up.
FORMULA = f"""
version: "1"
formulas:
  - id: {RULE}
    version: 3
    severity: error
    title: {{id: Contoh, en: Example}}
    result: {{indicator: {NEED}, unit: kg}}
    equals: konsumsi * penduduk
    operands:
      konsumsi: {{indicator: {PRICE}, unit: rupiah-per-kg, region: above}}
      penduduk: {{indicator: [{CENSUS}, {REGISTER}], unit: orang}}
"""


def ruled(text: str = FORMULA) -> RuleSet:
    return RuleSet.combined([shipped(), parse(text)])


CONSUMPTION = public(1, PRICE, [cell("2025", HOME, "7.4", "beras")])
PEOPLE = public(2, CENSUS, [cell("2025", HOME, "1000"), cell("2025", ONE, "100")])


def judge(text: str, *known, where: str = HOME, what: str = "beras", rules=None, when="2025"):
    mine = candidate(figures(NEED, [cell(when, where, text, what)]))
    report = check(mine, *known, rules=rules or ruled())
    return report, found(report, RULE)


class TestFormulas:
    @pytest.mark.parametrize(
        ("text", "fails"), [("7.40", False), ("7.44", False), ("7.36", False), ("7.46", True)]
    )
    def test_holds_as_closely_as_figures_are_written(self, text, fails):
        # 7.4 × 1000 kg is anything from 7.35 to 7.45 ton.
        report, findings = judge(text, CONSUMPTION, PEOPLE)
        assert bool(findings) is fails
        assert report.blocked is fails

    def test_names_everything_that_was_used(self):
        _, (finding,) = judge("9.00", CONSUMPTION, PEOPLE)
        assert (finding.value, finding.other.value) == (9.0, 7.4)
        assert (finding.rule, finding.rule_version) == (RULE, 3)
        assert finding.params["formula"] == "konsumsi * penduduk"
        assert finding.params["operands"][1]["id"] == "penduduk = 1.000 orang (Penduduk, DKP)"

    def test_a_region_without_an_operand_takes_that_of_the_region_above(self):
        assert not judge("0.74", CONSUMPTION, PEOPLE, where=ONE)[1]
        assert judge("0.80", CONSUMPTION, PEOPLE, where=ONE)[1]

    def test_holds_with_any_indicator_an_operand_may_stand_for(self):
        registered = public(3, REGISTER, [cell("2025", HOME, "1.2", "beras")])
        assert not judge("8.88", CONSUMPTION, PEOPLE, registered)[1]
        (finding,) = judge("9.50", CONSUMPTION, PEOPLE, registered)[1]
        assert finding.other.value == 8.88

    def test_the_candidates_own_operands_come_first(self):
        mine = candidate(
            figures(NEED, [cell("2025", HOME, "14.8", "beras")]),
            figures(CENSUS, [cell("2025", HOME, "2000")]),
        )
        assert not found(check(mine, CONSUMPTION, rules=ruled()), RULE)

    def test_grants_the_tolerance_of_the_formula(self):
        rules = ruled(FORMULA + "    tolerance: {relative: 0.05}\n")
        assert not judge("7.70", CONSUMPTION, PEOPLE, rules=rules)[1]
        assert judge("8.00", CONSUMPTION, PEOPLE, rules=rules)[1]

    def test_without_rounding_only_the_computed_value_holds(self):
        rules = ruled(FORMULA + "    tolerance: {rounding: false}\n")
        assert not judge("7.40", CONSUMPTION, PEOPLE, rules=rules)[1]
        assert judge("7.41", CONSUMPTION, PEOPLE, rules=rules)[1]


class TestMissingOperands:
    def test_are_information_and_no_pass(self):
        report, (finding,) = judge("7.40", PEOPLE)
        assert not report.blocked
        assert finding.outcome is Outcome.NOT_EVALUABLE
        assert finding.severity is Severity.INFORMATION
        assert finding.params["missing"] == ["Harga"]
        assert finding.params["objects"] == 1

    def test_another_period_or_commodity_is_missing_too(self):
        for other in ({"when": "2024"}, {"what": "gula"}):
            (finding,) = judge("7.40", CONSUMPTION, PEOPLE, **other)[1]
            assert finding.outcome is Outcome.NOT_EVALUABLE

    def test_an_indicator_the_portal_does_not_have_is_named_by_its_code(self):
        rules = ruled(FORMULA.replace(f"indicator: {PRICE}", "indicator: LOK.ENTAH"))
        (finding,) = judge("7.40", PEOPLE, rules=rules)[1]
        assert finding.params["missing"] == ["LOK.ENTAH"]

    def test_operands_that_were_not_looked_up_block(self):
        from ckanext.satudata.consistency import engine

        mine = candidate(figures(NEED, [cell("2025", HOME, "7.4", "beras")]))
        report = engine.check(mine, {1: []}, ruled(), BOOK, own_dataset=None)
        assert report.blocked
        assert found(report, "rumus")[0].outcome is Outcome.NOT_EVALUABLE
        assert "rumus" not in report.evaluated

    def test_units_that_cannot_be_converted_block(self):
        report, _ = judge(
            "7.4", CONSUMPTION, PEOPLE, rules=ruled(FORMULA.replace("unit: kg}", "unit: orang}"))
        )
        assert report.blocked
        assert found(report, "rumus")[0].outcome is Outcome.NOT_EVALUABLE

    def test_division_by_zero_is_not_evaluable(self):
        rules = ruled(FORMULA.replace("konsumsi * penduduk", "konsumsi / penduduk"))
        nobody = public(2, CENSUS, [cell("2025", HOME, "0")])
        (finding,) = judge("7.4", CONSUMPTION, nobody, rules=rules)[1]
        assert finding.outcome is Outcome.NOT_EVALUABLE


class TestStaleResults:
    def test_a_changed_operand_is_told_and_not_held_back(self):
        results = public(3, NEED, [cell("2025", HOME, "7.40", "beras")], by="ketahanan")
        mine = candidate(figures(CENSUS, [cell("2025", HOME, "2000")]))
        report = check(mine, CONSUMPTION, results, rules=ruled())
        (finding,) = found(report, RULE)
        assert not report.blocked
        assert finding.severity is Severity.WARNING
        assert finding.indicator == NEED
        assert finding.other.organization == "ketahanan"
        assert (finding.value, finding.other.value) == (14.8, 7.4)
        assert finding.location.row == 2

    def test_what_still_holds_is_not_told(self):
        results = public(3, NEED, [cell("2025", HOME, "7.40", "beras")])
        mine = candidate(figures(CENSUS, [cell("2025", HOME, "1000")]))
        assert not found(check(mine, CONSUMPTION, results, rules=ruled()), RULE)

    def test_results_that_no_own_operand_touches_are_left_alone(self):
        results = public(3, NEED, [cell("2025", ONE, "9", "beras")])
        mine = candidate(figures(CENSUS, [cell("2025", HOME, "1000")]))
        assert not found(check(mine, CONSUMPTION, PEOPLE, results, rules=ruled()), RULE)


class TestAchievement:
    @pytest.mark.parametrize(
        ("better", "text", "fails"),
        [("higher", "80", False), ("higher", "125", True), ("lower", "125", False)],
    )
    def test_has_a_direction(self, better, text, fails):
        rules = ruled(
            f"""
version: "1"
formulas:
  - id: {RULE}
    version: 1
    severity: error
    title: {{id: Capaian, en: Attainment}}
    achievement: {better}
    result: {{indicator: {CENSUS}, unit: orang}}
    operands:
      realisasi: {{indicator: {AREA}, unit: km2}}
      target: {{indicator: {PRICE}, unit: rupiah-per-kg}}
"""
        )
        known = [
            public(1, AREA, [cell("2025", HOME, "8")]),
            public(2, PRICE, [cell("2025", HOME, "10")]),
        ]
        exact = replace(BOOK.indicators[CENSUS], unit="orang")
        book = replace(BOOK, indicators={**BOOK.indicators, CENSUS: exact})
        mine = candidate(figures(CENSUS, [cell("2025", HOME, text)], within=book))
        assert bool(found(check(mine, *known, within=book, rules=rules), RULE)) is fails


class TestShipped:
    def test_formulas_name_units_and_words_that_can_be(self):
        from ckanext.satudata.reference import shipped as reference
        from ckanext.satudata.reference import units

        known = {u.code for u in units.parse(reference.document("satuan"))}
        formulas = shipped().relations.formulas
        assert {"rumus-kebutuhan-pangan", "rumus-neraca-pangan"} <= set(formulas)
        for formula in formulas.values():
            assert {formula.unit, *(o.unit for o in formula.operands.values())} <= known
            assert shipped()[formula.id].title == formula.title

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            (("konsumsi * penduduk", "konsumsi ** 2"), "not arithmetic"),
            (("konsumsi * penduduk", "konsumsi * orang"), "operands"),
            (("version: 3", "version: x"), "'version'"),
            ((f"indicator: {NEED}", "indicator: [A, B]"), "one indicator"),
            (("severity: error", "severity: fatal"), "'severity'"),
            (("region: above", "region: below"), "'region'"),
            (("equals:", "equal:"), "unknown key"),
            (("id: rumus-contoh", "id: Rumus"), "'id'"),
        ],
    )
    def test_a_bad_formula_is_refused_and_named(self, change, says):
        with pytest.raises(RuleError, match="formulas 1") as caught:
            parse(FORMULA.replace(*change), source="f.yaml")
        assert says in str(caught.value)
