from __future__ import annotations

import pytest

from ckanext.satudata.consistency.findings import Finding, Location, Report, Severity
from ckanext.satudata.consistency.records import COLUMNS, to_records
from ckanext.satudata.rules import shipped

from .worlds import BOOK, HOME, KECAMATAN, NEED, candidate, cell, check, figures, public

ONE = KECAMATAN[0]


class TestToRecords:
    def test_tells_a_difference_in_fixed_columns(self):
        mine = candidate(figures(NEED, [cell("2025-07", ONE, "1234.5", "beras")]))
        report = check(mine, public(1, NEED, [cell("2025-07", ONE, "5120.0", "beras")]))
        first, *_ = to_records(report, BOOK, rules=shipped(), tables=mine.tables)
        assert list(first) == list(COLUMNS)
        expected = {
            "severity": "error",
            "outcome": "fail",
            "rule": "nilai-berbeda",
            "table": "tabel0.xlsx",
            "sheet": "Data",
            "row": 2,
            "column": "C",
            "header": "Nilai",
            "indicator": NEED,
            "indicator_name": "Kebutuhan",
            "region": ONE,
            "region_name": "Kecamatan Nama 2",
            "period": "2025-07",
            "dimensions": "Beras",
            "value": 1234.5,
            "other_value": 5120.0,
            "difference": -3885.5,
            "unit": "ton",
            "tolerance": 0.05,
            "tolerance_kind": "rounding",
            "cause": "unknown",
            "other_organization": "DKP",
            "other_dataset": "Judul dataset-1",
            "other_dataset_name": "nama-dataset-1",
            "other_indicator": NEED,
            "other_row": None,
        }
        assert {name: first[name] for name in expected} == expected

    def test_tells_the_other_cell(self):
        report = check(candidate(figures(NEED, [cell("2025", HOME, "5", "beras")] * 2)))
        first, *_ = to_records(report, BOOK, "en", rules=shipped())
        assert (first["row"], first["other_row"], first["other_column"]) == (3, 2, "C")

    def test_what_does_not_apply_is_none(self):
        report = Report(
            [Finding("dokumen", 1, Severity.INFORMATION, location=Location(5))], {}, "1", 0
        )
        (only,) = to_records(report, BOOK, rules=shipped())
        empty = {k for k, v in only.items() if v is None}
        assert empty == set(COLUMNS) - {
            "severity", "outcome", "rule", "rule_version", "title", "message", "ruleset"
        }  # fmt: skip

    @pytest.mark.parametrize("lang", ["id", "en"])
    def test_every_column_has_a_heading(self, lang):
        assert all(titles[lang] for titles in COLUMNS.values())
