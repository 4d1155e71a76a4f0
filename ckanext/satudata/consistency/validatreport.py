"""A report in the shape of the ESS validation report.

Source: ESSnet ValidatIntegration, *Generic validation report structure* and its JSON schema,
version 1.0.1 (github.com/data-cleaning/ValidatReport). A report is an array of results; each
tells the event (when, by what, on whose behalf), the rule (language, expression, severity),
the data (source: what was used; target: what it is about; both arrays of keys, and a key is
an array) and a value: ``"0"`` failed, ``"1"`` passed, ``"NA"`` could not be judged. Counts are
``aggregation`` entries. The slots of event, rule and data may be extended; what the standard
has no slot for stands in ``data.satudata``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from .findings import Finding, Location, Outcome, Report
from .keys import ObjectKey
from .observations import TableRef
from .render import Renderer
from .rules import Rule, RuleSet
from .vocabulary import CodeBook

_VALUES = {Outcome.FAIL: "0", Outcome.NOT_EVALUABLE: "NA", Outcome.ERROR: "NA"}


def to_validatreport(
    report: Report,
    book: CodeBook,
    lang: str = "id",
    *,
    rules: RuleSet,
    report_id: str,
    time: str,
    actor: str,
    agent: str | None = None,
    trigger: str | None = None,
    subject: str | None = None,
    tables: Sequence[TableRef] = (),
    organizations: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """The report as a JSON-ready array.

    Args:
        report: the report.
        book: names of indicators, units and codes.
        lang: language of the texts, ``id`` or ``en``.
        rules: the rules with their words.
        report_id: identifier of the report; results are numbered below it.
        time: end of the check, ISO 8601.
        actor: software that judged, with its version.
        agent: who is responsible for the check, or None.
        trigger: who asked for it, or None.
        subject: what was judged, for passed rules: id of the dataset, or name of the file.
        tables: the report's tables.
        organizations: id -> name, for mandate holders that a finding does not name.

    Returns:
        One ``validation`` per listed finding, one per rule that ran and found nothing, and
        one ``aggregation`` per rule with findings, counting also those not listed.
    """
    event = {"time": time, "actor": actor, "agent": agent, "trigger": trigger}
    renderer = Renderer(rules, book, lang, tables=tables, organizations=organizations)
    language = f"satudata {report.ruleset}"
    out: list[dict[str, Any]] = []
    for position, finding in enumerate(report.findings, start=1):
        text = renderer.render(finding)
        rule = _rule(finding.rule, rules.get(finding.rule), language, lang)
        out.append(
            {
                "id": f"{report_id}/{position}",
                "type": "validation",
                "event": event,
                "rule": {**rule, "severity": finding.severity.value, "explanation": text.advice},
                "data": {
                    "source": _sources(finding, tables),
                    "target": _targets(finding, tables, subject),
                    "description": text.message,
                    "satudata": _details(finding),
                },
                "value": _VALUES[finding.outcome],
            }
        )
    whole = [[subject]] if subject else []
    for rule_id in report.evaluated:
        if not report.counts.get(rule_id):
            out.append(
                {
                    "id": f"{report_id}/{rule_id}",
                    "type": "validation",
                    "event": event,
                    "rule": _rule(rule_id, rules.get(rule_id), language, lang),
                    "data": {"source": whole, "target": whole, "description": ""},
                    "value": "1",
                }
            )
    for rule_id, count in report.counts.items():
        results = [
            [r["id"]]
            for r, f in zip(out[: len(report.findings)], report.findings, strict=True)
            if f.rule == rule_id
        ]
        out.append(
            {
                "id": f"{report_id}/{rule_id}/count",
                "type": "aggregation",
                "event": event,
                "aggregate": {
                    "language": language,
                    "expression": f"count({rule_id})",
                    "description": _title(rules.get(rule_id), rule_id, lang),
                },
                "data": {"source": results, "target": whole, "description": ""},
                "value": str(count),
            }
        )
    return out


def _rule(rule_id: str, rule: Rule | None, language: str, lang: str) -> dict[str, Any]:
    return {
        "id": rule_id,
        "version": rule.version if rule else None,
        "language": language,
        "expression": (rule.expression if rule else "") or rule_id,
        "severity": rule.severity.value if rule else "error",
        "description": (rule.description.get(lang) if rule else None)
        or _title(rule, rule_id, lang),
    }


def _title(rule: Rule | None, rule_id: str, lang: str) -> str:
    return rule.title.get(lang, rule_id) if rule else rule_id


def _targets(finding: Finding, tables: Sequence[TableRef], subject: str | None) -> list[list[str]]:
    if finding.key is not None:
        return [_key(finding.indicator, finding.key)]
    cell = _cell(finding.location, tables)
    return [cell] if cell else [[subject]] if subject else []


def _sources(finding: Finding, tables: Sequence[TableRef]) -> list[list[str]]:
    """The figures that were compared: who shows them, and where."""
    found = [_cell(finding.location, tables)]
    other = finding.other
    if other is not None:
        if other.location is not None:
            found.append(_cell(other.location, tables))
        elif other.dataset and other.resource and finding.key is not None:
            found.append([other.dataset, other.resource, *_key(other.indicator, finding.key)])
    return [f for f in found if f]


def _key(indicator: str | None, key: ObjectKey) -> list[str]:
    return [indicator or "", key.period, key.region, *key.rest.values()]


def _cell(where: Location | None, tables: Sequence[TableRef]) -> list[str]:
    if where is None or not 0 <= where.table < len(tables):
        return []
    table = tables[where.table]
    parts = (table.resource or table.name, table.sheet, where.row, where.header)
    return [str(p) for p in parts if p is not None]


def _details(finding: Finding) -> dict[str, Any]:
    data = asdict(finding)
    return {
        name: data[name]
        for name in (
            "outcome",
            "indicator",
            "key",
            "location",
            "value",
            "other",
            "difference",
            "tolerance",
            "cause",
            "params",
        )
    }
