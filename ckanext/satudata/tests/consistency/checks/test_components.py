from __future__ import annotations

from dataclasses import replace

import pytest

from ckanext.satudata.consistency.findings import Outcome, Severity
from ckanext.satudata.consistency.rules import RuleSet, parse
from ckanext.satudata.consistency.vocabulary import Code, CodeList
from ckanext.satudata.rules import shipped

from ..worlds import (
    BOOK,
    HOME,
    KECAMATAN,
    NEED,
    PRICE,
    candidate,
    cell,
    check,
    figures,
    found,
    public,
)

RULE = "jumlah-rincian"


def goods(*codes: Code):
    """The world with another list of goods."""
    listed = CodeList("komoditas", "1", {c.code: c for c in codes})
    return replace(BOOK, codelists={**BOOK.codelists, "komoditas": listed})


SEXES = goods(Code("beras", 1, "Laki-laki"), Code("gula", 2, "Perempuan"))
TREE = goods(
    Code("beras", 1, "Beras"),
    Code("gula", 2, "Gula"),
    Code("premium", 3, "Premium", parent="beras"),
    Code("medium", 4, "Medium", parent="beras"),
)


def closed(mode: str = "non_null", relation: str = "equals") -> RuleSet:
    text = f"components: [{{codelist: komoditas, mode: {mode}, relation: {relation}}}]"
    return RuleSet.combined([shipped(), parse(f'version: "1"\n{text}')])


def judge(*parts: tuple[str, str], known=(), within=SEXES, rules=None, code=NEED):
    cells = [cell("2025", HOME, text, what) for what, text in parts]
    mine = candidate(figures(code, cells, within=within))
    report = check(mine, *known, within=within, rules=rules or closed())
    return report, found(report, RULE)


class TestComponents:
    def test_male_and_female_make_all(self):
        assert not judge(("beras", "40.0"), ("gula", "60.0"), ("_T", "100.0"))[1]
        report, (finding,) = judge(("beras", "40.0"), ("gula", "61.0"), ("_T", "100.0"))
        assert report.blocked
        assert (finding.value, finding.other.value) == (100.0, 101.0)
        assert finding.params["dimension"] == "komoditas"
        assert finding.params["parts"] == 2
        assert finding.key.rest == {"komoditas": "_T"}

    @pytest.mark.parametrize(("text", "fails"), [("100.1", False), ("100.3", True)])
    def test_grants_rounding_of_all_parts_and_the_whole(self, text, fails):
        assert bool(judge(("beras", "40.0"), ("gula", "60.0"), ("_T", text))[1]) is fails

    def test_a_part_may_be_public(self):
        known = public(1, NEED, [cell("2025", HOME, "60.0", "gula")], within=SEXES)
        _, (finding,) = judge(("beras", "40.0"), ("_T", "90.0"), known=[known])
        assert finding.params["variant"] == "bagian-publik"
        assert finding.params["sources"] == ["DKP"]

    def test_the_whole_may_be_public(self):
        known = public(1, NEED, [cell("2025", HOME, "90.0", "_T")], within=SEXES)
        _, (finding,) = judge(("beras", "40.0"), ("gula", "60.0"), known=[known])
        assert finding.params["variant"] == "total-publik"
        assert finding.other.organization == "dkp"

    def test_what_others_published_alone_is_not_judged_here(self):
        wrong = [cell("2025", HOME, t, w) for w, t in (("_T", "9"), ("beras", "1"), ("gula", "5"))]
        mine = candidate(figures(NEED, [cell("2025", KECAMATAN[0], "1", "beras")], within=SEXES))
        report = check(mine, public(1, NEED, wrong, within=SEXES), within=SEXES, rules=closed())
        assert not found(report, RULE)

    def test_asks_at_every_level(self):
        wrong = judge(
            *(("beras", "40.0"), ("gula", "60.0"), ("_T", "100.0")),
            *(("premium", "10.0"), ("medium", "20.0")),
            within=TREE,
        )[1]
        assert [f.key.rest["komoditas"] for f in wrong] == ["beras"]

    def test_only_additive_indicators(self):
        assert not judge(("beras", "1"), ("gula", "1"), ("_T", "9"), code=PRICE)[1]


class TestModes:
    """VTL 2.0, check_hierarchy: the same tables under every mode."""

    @pytest.mark.parametrize(
        ("mode", "outcome"),
        [
            ("non_null", None),
            ("non_zero", Outcome.FAIL),
            ("partial_null", Outcome.NOT_EVALUABLE),
            ("partial_zero", Outcome.FAIL),
            ("always_null", Outcome.NOT_EVALUABLE),
            ("always_zero", Outcome.FAIL),
        ],
    )
    def test_a_part_is_missing(self, mode, outcome):
        report, findings = judge(("beras", "40.0"), ("_T", "100.0"), rules=closed(mode))
        assert [f.outcome for f in findings] == ([outcome] if outcome else [])
        assert report.blocked is (outcome is Outcome.FAIL)

    @pytest.mark.parametrize(
        ("mode", "outcome"),
        [
            ("non_null", None),
            ("non_zero", Outcome.FAIL),
            ("partial_null", None),
            ("partial_zero", None),
            ("always_null", Outcome.NOT_EVALUABLE),
            ("always_zero", Outcome.FAIL),
        ],
    )
    def test_every_part_is_missing(self, mode, outcome):
        _, findings = judge(("_T", "100.0"), rules=closed(mode))
        assert [f.outcome for f in findings] == ([outcome] if outcome else [])

    @pytest.mark.parametrize("mode", ["non_zero", "partial_zero", "always_zero"])
    def test_zero_is_the_sum_of_nothing(self, mode):
        assert not judge(("_T", "0"), rules=closed(mode))[1]

    def test_what_cannot_be_judged_is_information_and_no_pass(self):
        report, (finding,) = judge(("beras", "40.0"), ("_T", "100.0"), rules=closed("partial_null"))
        assert finding.severity is Severity.INFORMATION
        assert finding.params["expected"] == 2
        assert report.counts[RULE] == 1


class TestOpenLists:
    @pytest.mark.parametrize(("text", "fails"), [("70.0", False), ("40.0", False), ("39.0", True)])
    def test_parts_may_not_exceed_the_whole(self, text, fails):
        findings = judge(("beras", "40.0"), ("_T", text), rules=closed("partial_zero", "at_least"))
        assert bool(findings[1]) is fails

    def test_commodities_are_an_open_list(self):
        _, (finding,) = judge(("beras", "40.0"), ("_T", "30.0"), rules=shipped())
        assert finding.params["variant"] == "melebihi"
