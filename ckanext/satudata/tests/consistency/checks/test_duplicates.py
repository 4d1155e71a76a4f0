from __future__ import annotations

import pytest

from ckanext.satudata.consistency.findings import Severity

from ..worlds import KECAMATAN, NEED, candidate, cell, check, figures, found

ONE, TWO = KECAMATAN[:2]


def rice(text: str, where: str = ONE):
    return cell("2025", where, text, "beras")


def judged(texts: list[str], tables: list[int]):
    return check(
        candidate(
            figures(NEED, [rice(t) for t in texts], tables=tables),
            tables=max(tables, default=0) + 1,
        )
    )


class TestDuplicateKeys:
    def test_names_both_cells(self):
        report = check(candidate(figures(NEED, [rice("1"), rice("5", TWO), rice("9")])))
        (finding,) = found(report, "kunci-ganda")
        assert report.blocked
        assert (finding.location.row, finding.other.location.row) == (4, 2)
        assert (finding.value, finding.other.value, finding.difference) == (9.0, 1.0, 8.0)
        assert finding.other.publication is None

    def test_the_same_value_twice_in_one_table_is_an_error_too(self):
        report = judged(["7", "7"], [0, 0])
        (finding,) = found(report, "kunci-ganda")
        assert report.blocked
        assert finding.params["variant"] == "nilai-sama"
        assert finding.cause is None

    def test_the_same_value_in_two_tables_is_told_but_allowed(self):
        report = judged(["7", "7.0"], [0, 1])
        (finding,) = found(report, "kunci-berulang")
        assert not report.blocked
        assert finding.severity is Severity.INFORMATION
        assert (finding.location.table, finding.other.location.table) == (1, 0)
        assert finding.other.resource == "res0"

    def test_different_values_in_two_tables_are_an_error(self):
        report = judged(["7", "9"], [0, 1])
        (finding,) = found(report, "kunci-ganda")
        assert report.blocked
        assert finding.params["variant"] == "antar-tabel"

    def test_agreeing_with_a_third_table_is_no_agreement(self):
        # 12 may stand for 11.6 as well as for 12.4, but those two differ.
        report = judged(["11.6", "12", "12.4"], [0, 1, 2])
        (finding,) = found(report, "kunci-ganda")
        assert {finding.value, finding.other.value} == {11.6, 12.4}
        assert report.counts["kunci-berulang"] == 2

    @pytest.mark.parametrize(("n", "pairs"), [(1, 0), (2, 1), (5, 4)])
    def test_counts_repetitions(self, n, pairs):
        assert judged(["7"] * n, [0] * n).counts.get("kunci-ganda", 0) == pairs

    def test_repetitions_in_several_tables_are_kept_apart(self):
        report = judged(["7", "7", "7", "7"], [0, 1, 0, 1])
        assert report.counts["kunci-ganda"] == 2
        assert report.counts["kunci-berulang"] == 1

    def test_different_objects_are_none(self):
        report = check(candidate(figures(NEED, [rice("1"), rice("1", TWO)])))
        assert not found(report, "kunci-ganda")
        assert not found(report, "kunci-berulang")
