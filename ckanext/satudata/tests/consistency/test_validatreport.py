from __future__ import annotations

import json

import pytest
from jsonschema import Draft4Validator

from ckanext.satudata.consistency.checks import CHECKS
from ckanext.satudata.consistency.validatreport import to_validatreport
from ckanext.satudata.rules import shipped

from .worlds import BOOK, KECAMATAN, NEED, candidate, cell, check, figures, public

ONE, TWO = KECAMATAN[:2]

_KEYS = {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}
_RULE = {
    "type": "object",
    "required": ["language", "expression"],
    "properties": {
        "language": {"type": "string"},
        "expression": {"type": "string", "minLength": 1},
        "description": {"type": "string"},
        "explanation": {"type": "string"},
    },
}

#: The structure as the ESSnet's report (version 1.0.1) describes it, in our own words.
SHAPE = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "type", "event", "data", "value"],
        "properties": {
            "id": {"type": "string"},
            "event": {
                "type": "object",
                "required": ["time", "actor"],
                "properties": {"time": {"type": "string"}, "actor": {"type": "string"}},
            },
            "data": {
                "type": "object",
                "required": ["source", "target"],
                "properties": {
                    "source": _KEYS,
                    "target": _KEYS,
                    "description": {"type": "string"},
                },
            },
        },
        "oneOf": [
            {
                "required": ["rule"],
                "properties": {
                    "type": {"enum": ["validation"]},
                    "value": {"enum": ["0", "1", "NA"]},
                    "rule": {
                        "allOf": [
                            _RULE,
                            {
                                "required": ["severity"],
                                "properties": {
                                    "severity": {"enum": ["information", "warning", "error"]}
                                },
                            },
                        ]
                    },
                },
            },
            {
                "required": ["aggregate"],
                "properties": {
                    "type": {"enum": ["aggregation"]},
                    "value": {"type": "string"},
                    "aggregate": _RULE,
                },
            },
        ],
    },
}


def converted(report, tables=(), **changes):
    return to_validatreport(
        report,
        BOOK,
        **{
            "rules": shipped(),
            "report_id": "lap-1",
            "time": "2026-01-31T08:00:00+07:00",
            "actor": "ckanext-satudata 0.1.0",
            "subject": "milik-sendiri",
            "tables": tables,
            **changes,
        },
    )


@pytest.fixture
def mine():
    rows = [
        ("2025", ONE, "1234", "beras"),
        ("2025", ONE, "1234", "beras"),
        ("2025", TWO, "9", "gula"),
    ]
    return candidate(figures(NEED, [cell(a, b, c, d) for a, b, c, d in rows]), coverage="xx")


@pytest.fixture
def report(mine):
    return check(mine, public(1, NEED, [cell("2025", ONE, "5120", "beras")]), limit=1)


class TestToValidatreport:
    @pytest.mark.parametrize("lang", ["id", "en"])
    def test_has_the_shape_of_the_standard(self, report, mine, lang):
        results = json.loads(json.dumps(converted(report, mine.tables, lang=lang)))
        Draft4Validator(SHAPE).validate(results)
        assert len({r["id"] for r in results}) == len(results)

    def test_a_finding_names_rule_data_and_value(self, report, mine):
        results = converted(report, mine.tables)
        (one,) = [
            r for r in results if r["type"] == "validation" and r["rule"]["id"] == "nilai-berbeda"
        ]
        assert one["value"] == "0"
        assert one["rule"]["severity"] == "error"
        assert "abs_tol" in one["rule"]["expression"]
        assert one["rule"]["language"] == f"satudata {report.ruleset}"
        assert one["data"]["target"] == [[NEED, "2025", ONE, "beras"]]
        assert one["data"]["source"] == [
            ["res0", "Data", "2", "Nilai"],
            ["dataset-1", "r1", NEED, "2025", ONE, "beras"],
        ]
        assert "1.234 ton" in one["data"]["description"]
        assert one["data"]["satudata"]["other"]["value"] == 5120.0

    def test_what_could_not_be_judged_is_not_available(self, report):
        values = {
            r["rule"]["id"]: r["value"] for r in converted(report) if r["type"] == "validation"
        }
        assert values["kecamatan-tidak-lengkap"] == "NA"

    def test_rules_without_findings_passed(self, report):
        passed = {
            r["rule"]["id"]: r["data"]["target"]
            for r in converted(report)
            if r["type"] == "validation" and r["value"] == "1"
        }
        everything = {rule for c in CHECKS for rule in c.emits}
        assert set(passed) == everything - set(report.counts)
        assert set(map(str, passed.values())) == {"[['milik-sendiri']]"}

    def test_counts_what_is_not_listed(self, report):
        counts = {
            r["aggregate"]["expression"]: (r["value"], r["data"]["source"])
            for r in converted(report)
            if r["type"] == "aggregation"
        }
        value, sources = counts["count(nilai-berbeda)"]
        assert value == "2"
        assert len(sources) == 1

    def test_knows_rules_that_are_gone(self, report):
        from ckanext.satudata.consistency.rules import RuleSet

        results = converted(report, rules=RuleSet("0", {}))
        Draft4Validator(SHAPE).validate(json.loads(json.dumps(results)))

    def test_a_finding_within_the_dataset_names_both_cells(self, report, mine):
        (one,) = [
            r
            for r in converted(report, mine.tables)
            if r["type"] == "validation" and r["rule"]["id"] == "kunci-ganda"
        ]
        assert [s[2] for s in one["data"]["source"]] == ["3", "2"]
