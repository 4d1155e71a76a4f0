from __future__ import annotations

import pytest

from ckanext.satudata.consistency.findings import Outcome, Severity

from ..worlds import (
    CENSUS,
    DESA,
    HOME,
    KECAMATAN,
    NEED,
    OLD,
    YOUNG,
    candidate,
    cell,
    check,
    figures,
    found,
)

RULE = "kecamatan-tidak-lengkap"


def judged(cells, **fields):
    return check(candidate(figures(NEED, cells), **fields))


def missing(report) -> list[list[str]]:
    return [f.params["missing"] for f in found(report, RULE)]


class TestIncompleteRegions:
    def test_names_the_missing_one(self):
        report = judged([cell("2020", k, "5", "beras") for k in KECAMATAN[:3]])
        (finding,) = found(report, RULE)
        assert not report.blocked
        assert finding.severity is Severity.WARNING
        assert finding.key.region == HOME
        assert finding.params["missing"] == [KECAMATAN[3]]
        assert finding.params["missing_names"] == ["Nama 5"]
        assert (finding.params["present"], finding.params["expected"]) == (3, 4)

    def test_a_complete_table_is_fine(self):
        assert missing(judged([cell("2020", k, "5", "beras") for k in KECAMATAN])) == []

    @pytest.mark.parametrize(("n", "speaks"), [(1, False), (2, True), (3, True)])
    def test_speaks_from_half_of_them_on(self, n, speaks):
        report = judged([cell("2020", k, "5", "beras") for k in KECAMATAN[:n]])
        assert bool(found(report, RULE)) is speaks

    @pytest.mark.parametrize(
        ("when", "lacking"),
        [
            ("2019", [OLD]),
            ("2020", []),
            ("2023-S1", []),
            ("2023", [YOUNG]),  # the year's end is after the split
            ("2025", [YOUNG]),
        ],
    )
    def test_goes_by_the_codes_valid_at_the_end_of_the_period(self, when, lacking):
        report = judged([cell(when, k, "5", "beras") for k in KECAMATAN])
        assert missing(report) == ([lacking] if lacking else [])

    def test_a_code_that_no_longer_holds_replaces_none(self):
        report = judged([cell("2020", k, "5", "beras") for k in (*KECAMATAN[:3], OLD)])
        assert missing(report) == [[KECAMATAN[3]]]

    def test_each_period_and_classification_by_itself(self):
        cells = [cell("2020", k, "5", "beras") for k in KECAMATAN]
        cells += [cell("2021", k, "5", "beras") for k in KECAMATAN[1:]]
        cells += [cell("2020", k, "5", "gula") for k in KECAMATAN[:3]]
        report = judged(cells)
        found_in = {(f.key.period, f.key.rest["komoditas"]) for f in found(report, RULE)}
        assert found_in == {("2021", "beras"), ("2020", "gula")}

    def test_every_level(self):
        report = judged([cell("2020", DESA[0], "5", "beras")])
        (finding,) = found(report, RULE)
        assert finding.key.region == KECAMATAN[0]
        assert finding.params["missing"] == [DESA[1]]

    def test_a_repeated_row_counts_once(self):
        cells = [cell("2020", KECAMATAN[0], "5", "beras")] * 4
        assert missing(judged(cells)) == []


class TestPromise:
    def test_a_promise_makes_it_an_error_whatever_the_share(self):
        report = judged([cell("2020", KECAMATAN[0], "5", "beras")], coverage=HOME)
        (finding,) = found(report, RULE)
        assert report.blocked
        assert finding.severity is Severity.ERROR
        assert finding.params["variant"] == "dijanjikan"
        assert finding.params["missing"] == list(KECAMATAN[1:])

    def test_a_promise_covers_lower_levels(self):
        report = judged([cell("2020", DESA[0], "5", "beras")], coverage=HOME)
        (finding,) = found(report, RULE)
        assert report.blocked
        assert (finding.key.region, finding.params["missing"]) == (HOME, [DESA[1]])

    def test_a_table_of_totals_promises_no_parts(self):
        assert not judged([cell("2020", HOME, "5", "beras")], coverage=HOME).blocked

    def test_a_kept_promise_is_fine(self):
        cells = [cell("2020", k, "5", "beras") for k in KECAMATAN]
        assert not judged(cells, coverage=HOME).blocked

    def test_a_promise_about_an_unknown_region_cannot_be_judged(self):
        report = judged([cell("2020", k, "5", "beras") for k in KECAMATAN], coverage="99.99")
        (finding,) = found(report, RULE)
        assert report.blocked
        assert finding.outcome is Outcome.NOT_EVALUABLE
        assert finding.params["coverage"] == "99.99"
        assert RULE not in report.evaluated

    def test_errors_are_never_crowded_out_by_warnings(self):
        warned = [cell(f"{y}", k, "5", "beras") for y in range(2000, 2010) for k in KECAMATAN]
        report = check(
            candidate(
                figures(NEED, warned),
                figures(CENSUS, [cell("2020", DESA[0], "5")]),
                coverage=KECAMATAN[0],
            ),
            limit=1,
        )
        assert [f.severity for f in found(report, RULE)] == [Severity.ERROR, Severity.WARNING]
        assert report.blocked
        assert report.counts[RULE] == 11
