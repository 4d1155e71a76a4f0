from __future__ import annotations

import pytest

from ckanext.satudata.consistency import compare
from ckanext.satudata.consistency.checks import sums

from ..worlds import (
    AREA,
    CENSUS,
    DESA,
    HOME,
    KECAMATAN,
    NEED,
    OLD,
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


def parts(*texts: str, when: str = "2020", what: str = "beras"):
    return [cell(when, k, t, what) for k, t in zip(KECAMATAN, texts, strict=False)]


def total(text: str, when: str = "2020", what: str = "beras"):
    return cell(when, HOME, text, what)


FOUR = parts("10.0", "20.0", "30.0", "40.0")


class TestRecap:
    def test_names_sum_and_total(self):
        report = check(candidate(figures(NEED, [*FOUR, total("110.0")])))
        (finding,) = found(report, "rekap")
        assert report.blocked
        assert (finding.value, finding.other.value, finding.difference) == (110.0, 100.0, 10.0)
        assert finding.key.region == HOME
        assert finding.location.row == 6
        assert finding.params["parts"] == 4
        assert finding.params["public_parts"] == 0
        assert finding.tolerance.kind == "rounding"
        assert finding.tolerance.amount == pytest.approx(0.25)

    @pytest.mark.parametrize(("text", "fails"), [("100.2", False), ("100.3", True), ("100", False)])
    def test_grants_the_rounding_of_every_part_and_the_whole(self, text, fails):
        report = check(candidate(figures(NEED, [*FOUR, total(text)])))
        assert bool(found(report, "rekap")) is fails

    def test_whole_numbers_of_things_are_exact(self):
        cells = [cell("2020", k, "100") for k in KECAMATAN]
        assert not check(candidate(figures(CENSUS, [*cells, cell("2020", HOME, "400")]))).blocked
        report = check(candidate(figures(CENSUS, [*cells, cell("2020", HOME, "401")])))
        (finding,) = found(report, "rekap")
        assert (finding.difference, finding.tolerance.amount) == (1.0, 0.0)

    def test_adds_the_indicators_tolerance(self):
        cells = [cell("2020", k, "1.00") for k in KECAMATAN]
        fine = check(candidate(figures(AREA, [*cells, cell("2020", HOME, "4.27")])))
        assert not found(fine, "rekap")
        report = check(candidate(figures(AREA, [*cells, cell("2020", HOME, "4.28")])))
        assert found(report, "rekap")[0].tolerance.kind == "absolute"

    def test_float_noise_is_no_difference(self):
        cells = [cell("2020", k, "0.1000000") for k in KECAMATAN[:3]]
        cells += [cell("2020", KECAMATAN[3], "0"), cell("2020", HOME, "0.3000000")]
        assert not found(check(candidate(figures(NEED, cells))), "rekap")

    def test_only_additive_indicators(self):
        report = check(candidate(figures(PRICE, [*FOUR, total("9999")])))
        assert not found(report, "rekap")

    def test_says_nothing_while_a_part_is_missing(self):
        report = check(candidate(figures(NEED, [*FOUR[:3], total("9999.0")])))
        assert not found(report, "rekap")

    @pytest.mark.parametrize(
        ("when", "extra", "evaluated"),
        [
            ("2020", [], True),
            ("2019", [], False),
            ("2019", [OLD], True),
            ("2025", [], False),
            ("2025", [YOUNG], True),
            ("2020", [OLD], True),
        ],
    )
    def test_parts_are_those_valid_at_the_end_of_the_period(self, when, extra, evaluated):
        cells = [*parts("10", "20", "30", "40", when=when), total("9999", when)]
        cells += [cell(when, k, "5", "beras") for k in extra]
        report = check(candidate(figures(NEED, cells)))
        assert bool(found(report, "rekap")) is evaluated
        if evaluated and extra != [OLD]:
            assert found(report, "rekap")[0].params["sum"] == 100 + 5 * len(extra)
        if (when, extra) == ("2020", [OLD]):
            assert found(report, "rekap")[0].params["sum"] == 100

    def test_every_level(self):
        cells = [cell("2020", DESA[0], "3", "beras"), cell("2020", DESA[1], "4", "beras")]
        report = check(
            candidate(figures(NEED, [*cells, cell("2020", KECAMATAN[0], "17", "beras")]))
        )
        (finding,) = found(report, "rekap")
        assert finding.key.region == KECAMATAN[0]

    def test_each_period_and_classification_by_itself(self):
        cells = [*FOUR, total("100.0"), *parts("1", "1", "1", "1", what="gula")]
        cells += [
            total("50", what="gula"),
            *parts("1", "1", "1", "1", when="2021"),
            total("4", "2021"),
        ]
        (finding,) = found(check(candidate(figures(NEED, cells))), "rekap")
        assert (finding.key.period, finding.key.rest["komoditas"]) == ("2020", "gula")


class TestAcrossPublications:
    def test_the_total_against_public_parts(self):
        report = check(
            candidate(figures(NEED, [total("110.0")])),
            public(7, NEED, FOUR[:2], by="dkp"),
            public(8, NEED, FOUR[2:], by="bulog"),
        )
        (finding,) = found(report, "rekap")
        assert finding.params["variant"] == "bagian-publik"
        assert finding.params["public_parts"] == 4
        assert finding.params["sources"] == ["BULOG", "DKP"]
        assert (finding.value, finding.other.value) == (110.0, 100.0)

    def test_the_last_part_against_a_public_total(self):
        report = check(
            candidate(figures(NEED, FOUR[3:])),
            public(7, NEED, FOUR[:3]),
            public(8, NEED, [total("170.0")], by="bps"),
        )
        (finding,) = found(report, "rekap")
        assert finding.params["variant"] == "total-publik"
        assert finding.params["public_parts"] == 3
        assert (finding.value, finding.other.value, finding.difference) == (100.0, 170.0, -70.0)
        assert finding.other.organization == "bps"
        assert finding.location.row == 2

    def test_figures_that_are_all_public_are_not_the_candidates_fault(self):
        report = check(
            candidate(figures(NEED, [cell("2020", OLD, "1", "beras")])),
            public(7, NEED, [*FOUR, total("170.0")]),
        )
        assert not found(report, "rekap")

    def test_the_candidates_figure_counts_before_the_public_one(self):
        report = check(candidate(figures(NEED, FOUR)), public(7, NEED, [*FOUR[:3], total("100.0")]))
        assert not report.blocked

    def test_the_mandate_holders_figure_counts_before_others(self):
        book = held_by(NEED, "dkp")
        others = [cell("2020", KECAMATAN[0], "10.04", "beras")]
        report = check(
            candidate(figures(NEED, [total("100.6")], within=book)),
            public(1, NEED, others, by="bulog"),
            public(2, NEED, FOUR, by="dkp"),
            within=book,
        )
        assert found(report, "rekap")[0].params["sum"] == 100.0

    @pytest.mark.parametrize("small", [0, 1000])
    @pytest.mark.parametrize("at_once", [1, 1_000_000])
    def test_batches_change_nothing(self, small, at_once, monkeypatch):
        monkeypatch.setattr(compare, "SMALL", small)
        monkeypatch.setattr(sums, "AT_ONCE", at_once)
        years = [str(y) for y in range(2020, 2023)]
        known = [
            public(i, NEED, [cell(y, k, "10", "beras") for y in years])
            for i, k in enumerate(KECAMATAN)
        ]
        report = check(candidate(figures(NEED, [total("41", y) for y in years[:2]]
                                               + [total("49", years[2])])), *known)  # fmt: skip
        assert [f.key.period for f in found(report, "rekap")] == ["2022"]
