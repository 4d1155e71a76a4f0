from __future__ import annotations

from dataclasses import replace

from ckanext.satudata.consistency.findings import Cause, Severity

from ..worlds import (
    BOOK,
    CENSUS,
    HOME,
    KECAMATAN,
    REGISTER,
    SHARE,
    candidate,
    cell,
    check,
    figures,
    found,
    public,
)

ONE = KECAMATAN[0]


class TestOtherDefinitions:
    def test_warns_and_lets_both_be_public(self):
        report = check(
            candidate(figures(REGISTER, [cell("2024", HOME, "448.850")])),
            public(7, CENSUS, [cell("2024", HOME, "462990")], by="bps"),
        )
        (finding,) = found(report, "definisi-lain")
        assert not report.blocked
        assert finding.severity is Severity.WARNING
        assert finding.cause is Cause.DEFINITION
        assert finding.indicator == REGISTER
        assert finding.other.indicator == CENSUS
        assert (finding.value, finding.other.value) == (448.85, 462.99)
        assert finding.difference == -14.14
        assert finding.params["definition"] == "Tercatat."
        assert finding.params["other_definition"] == "Berdomisili."

    def test_is_mutual(self):
        report = check(
            candidate(figures(CENSUS, [cell("2024", HOME, "462990")])),
            public(7, REGISTER, [cell("2024", HOME, "448.850")]),
        )
        assert report.counts["definisi-lain"] == 1

    def test_agreeing_values_need_no_note(self):
        report = check(
            candidate(figures(REGISTER, [cell("2024", HOME, "463")])),
            public(7, CENSUS, [cell("2024", HOME, "462990")]),
        )
        assert not found(report, "definisi-lain")

    def test_a_part_is_not_the_object_of_a_definition_without_parts(self):
        report = check(
            candidate(figures(REGISTER, [cell("2024", HOME, "1", "beras")])),
            public(7, CENSUS, [cell("2024", HOME, "462990")]),
        )
        assert not found(report, "definisi-lain")

    def test_another_period_or_region_is_another_object(self):
        report = check(
            candidate(figures(REGISTER, [cell("2024", HOME, "448.850")])),
            public(7, CENSUS, [cell("2023", HOME, "462990"), cell("2024", ONE, "9")]),
        )
        assert not found(report, "definisi-lain")

    def test_compares_equal_units_even_if_the_book_does_not_know_them(self):
        unknown = replace(BOOK.indicators[CENSUS], unit="kepala")
        other = replace(BOOK.indicators[REGISTER], unit="kepala", dimensions=())
        book = replace(BOOK, indicators={CENSUS: unknown, REGISTER: other})
        report = check(
            candidate(figures(CENSUS, [cell("2024", HOME, "5")], within=book)),
            public(7, REGISTER, [cell("2024", HOME, "7")], within=book),
            within=book,
        )
        assert found(report, "definisi-lain")[0].difference == -2.0

    def test_units_that_do_not_convert_are_not_compared(self):
        other = replace(BOOK.indicators[REGISTER], unit="ton")
        book = replace(BOOK, indicators={**BOOK.indicators, REGISTER: other})
        report = check(
            candidate(figures(CENSUS, [cell("2024", HOME, "5")])),
            public(7, REGISTER, [cell("2024", HOME, "7")]),
            within=book,
        )
        assert not found(report, "definisi-lain")

    def test_another_measure_is_no_other_definition(self):
        report = check(
            candidate(figures(CENSUS, [cell("2024", HOME, "462990")])),
            public(7, SHARE, [cell("2024", HOME, "12")]),
        )
        assert not found(report, "definisi-lain")
