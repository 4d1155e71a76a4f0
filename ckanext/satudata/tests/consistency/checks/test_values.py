from __future__ import annotations

from dataclasses import replace

import pytest

from ckanext.satudata.consistency.findings import Cause, Severity

from ..worlds import (
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
    held_by,
    public,
)

ONE, TWO = KECAMATAN[:2]


def rice(where: str, text: str):
    return cell("2025", where, text, "beras")


class TestDifferingValues:
    def test_names_both_values_both_sources_and_the_cell(self):
        report = check(
            candidate(figures(NEED, [rice(ONE, "1000"), rice(TWO, "1035")])),
            public(7, NEED, [rice(ONE, "1000"), rice(TWO, "1022")]),
        )
        (finding,) = found(report, "nilai-berbeda")
        assert report.blocked
        assert finding.severity is Severity.ERROR
        assert (finding.value, finding.other.value, finding.difference) == (1035.0, 1022.0, 13.0)
        assert (finding.key.region, finding.key.period) == (TWO, "2025")
        assert finding.key.rest == {"komoditas": "beras"}
        assert (finding.location.row, finding.location.column) == (3, 2)
        assert finding.location.header == "Nilai"
        assert finding.other.publication == 7
        assert finding.other.organization_title == "DKP"
        assert finding.other.dataset_name == "nama-dataset-7"
        assert (finding.tolerance.kind, finding.tolerance.amount) == ("rounding", 0.5)

    def test_equal_values_and_values_within_tolerance_pass(self):
        report = check(
            candidate(figures(PRICE, [rice(ONE, "13500"), rice(TWO, "13600")])),
            public(7, PRICE, [rice(ONE, "13500"), rice(TWO, "13500.4")]),
        )
        assert not report.blocked

    def test_another_object_is_no_conflict(self):
        report = check(
            candidate(figures(NEED, [rice(ONE, "1")])),
            public(
                7,
                NEED,
                [cell("2025", ONE, "5", "gula"), cell("2024", ONE, "5", "beras"), rice(TWO, "5")],
            ),
        )
        assert not found(report, "nilai-berbeda")

    def test_figures_of_the_same_dataset_will_be_replaced(self):
        mine = candidate(figures(NEED, [rice(ONE, "1")]))
        old = public(7, NEED, [rice(ONE, "5")], dataset="milik-sendiri")
        assert not found(check(mine, old), "nilai-berbeda")
        assert found(check(mine, old, own_dataset=None), "nilai-berbeda")

    def test_every_publication_and_every_row_is_compared(self):
        report = check(
            candidate(figures(NEED, [rice(ONE, "1"), rice(ONE, "2")])),
            public(7, NEED, [rice(ONE, "5")]),
            public(8, NEED, [rice(ONE, "2")], by="bulog"),
        )
        pairs = [(f.value, f.other.value) for f in found(report, "nilai-berbeda")]
        assert sorted(pairs) == [(1.0, 2.0), (1.0, 5.0), (2.0, 5.0)]

    @pytest.mark.parametrize(
        ("holder", "other", "relation"),
        [
            ("dkp", "dkp", "pemegang-mandat"),
            ("dagang", "dkp", "kutipan"),
            ("bulog", "dkp", "lain"),
            (None, "dkp", "lain"),
            ("dkp", "dagang", "sendiri"),
            ("dagang", "dagang", "sendiri"),
        ],
    )
    def test_tells_how_the_two_stand_to_the_mandate(self, holder, other, relation):
        book = held_by(NEED, holder)
        report = check(
            candidate(figures(NEED, [rice(ONE, "1300")], within=book)),
            public(7, NEED, [rice(ONE, "5120")], by=other),
            within=book,
        )
        (finding,) = found(report, "nilai-berbeda")
        assert finding.params["relation"] == relation
        assert finding.params.get("producer") == holder

    def test_the_mandate_holders_figure_comes_first_and_is_named(self):
        book = held_by(NEED, "dkp")
        report = check(
            candidate(figures(NEED, [rice(ONE, "1300")], within=book)),
            public(1, NEED, [rice(ONE, "5120")], by="bulog"),
            public(2, NEED, [rice(ONE, "5120")], by="dkp"),
            within=book,
        )
        first, second = found(report, "nilai-berbeda")
        assert (first.other.organization, second.other.organization) == ("dkp", "bulog")
        assert {first.params["producer_title"], second.params["producer_title"]} == {"DKP"}

    @pytest.mark.parametrize(
        ("text", "cause"),
        [
            ("13254", Cause.TRANSPOSED_DIGITS),
            ("13500", Cause.ROUNDING),
            ("99999", Cause.UNKNOWN),
        ],
    )
    def test_guesses_a_cause(self, text, cause):
        report = check(
            candidate(figures(NEED, [rice(ONE, text)])), public(7, NEED, [rice(ONE, "13524")])
        )
        assert found(report, "nilai-berbeda")[0].cause is cause

    def test_a_figure_of_another_definition_is_recognised(self):
        report = check(
            candidate(figures(CENSUS, [cell("2024", HOME, "448850"), cell("2024", ONE, "9")])),
            public(7, CENSUS, [cell("2024", HOME, "462990"), cell("2024", ONE, "4")]),
            public(8, REGISTER, [cell("2024", HOME, "448.850")]),
        )
        causes = {f.key.region: f.cause for f in found(report, "nilai-berbeda")}
        assert causes == {HOME: Cause.DEFINITION, ONE: Cause.UNKNOWN}


class TestDifferingScale:
    def test_kilograms_for_tons_are_a_matter_of_unit_only(self):
        report = check(
            candidate(figures(NEED, [rice(ONE, "1022000")])), public(7, NEED, [rice(ONE, "1022")])
        )
        (finding,) = found(report, "satuan-skala")
        assert not found(report, "nilai-berbeda")
        assert report.blocked
        assert finding.cause is Cause.UNIT_OR_SCALE
        assert finding.params["variant"] == "satuan"
        assert finding.params["factor"] == 1000.0
        assert finding.params["direction"]["en"] == "larger"
        assert finding.params["likely_unit"] == "kg"
        assert finding.params["stated_unit"] == "ton"

    def test_a_misplaced_point_names_no_unit(self):
        report = check(
            candidate(figures(PRICE, [rice(ONE, "1350")])), public(7, PRICE, [rice(ONE, "13500")])
        )
        (finding,) = found(report, "satuan-skala")
        assert finding.params["variant"] == "desimal"
        assert finding.params["factor"] == pytest.approx(10)
        assert finding.params["direction"]["en"] == "smaller"

    def test_each_conflict_has_exactly_one_of_the_two_rules(self):
        report = check(
            candidate(figures(NEED, [rice(ONE, "1022000"), rice(TWO, "77")])),
            public(7, NEED, [rice(ONE, "1022"), rice(TWO, "33")]),
        )
        assert (report.counts["satuan-skala"], report.counts["nilai-berbeda"]) == (1, 1)


class TestListing:
    def test_counts_are_exact_beyond_what_is_listed(self):
        cells = [cell(f"{year}", ONE, "1300", "beras") for year in range(1960, 2000)]
        others = [replace_text(c, "777") for c in cells]
        report = check(candidate(figures(NEED, cells)), public(7, NEED, others), limit=5)
        assert report.counts["nilai-berbeda"] == 40
        assert len(found(report, "nilai-berbeda")) == 5

    def test_unit_of_the_indicator_may_be_unknown(self):
        book = replace(BOOK, units=replace(BOOK.units, units={}))
        report = check(
            candidate(figures(NEED, [rice(ONE, "1300")])),
            public(7, NEED, [rice(ONE, "777")]),
            within=book,
        )
        assert report.counts["nilai-berbeda"] == 1


def replace_text(one, text: str):
    return (one[0], one[1], text, one[3])
