"""Reports, previews and questions as the templates need them: grouped, named, formatted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.consistency import period as periods
from ckanext.satudata.consistency import wording
from ckanext.satudata.consistency.case import VALUE_RULE
from ckanext.satudata.consistency.checks.jumps import RULE as JUMP
from ckanext.satudata.consistency.checks.recap import RULE as RECAP
from ckanext.satudata.consistency.findings import Finding, Location, Outcome, Severity
from ckanext.satudata.consistency.render import Renderer
from ckanext.satudata.consistency.rules import RuleSet
from ckanext.satudata.consistency.vocabulary import TOTAL, CodeBook
from ckanext.satudata.extract.guessing.messages import explain

#: Confidence from which a proposed column is not marked for a second look.
CERTAIN = 0.8
#: Answers offered with a question.
_OFFERED = 3
#: Figures shown of one row; a wide table has many.
_FIGURES = 4

_SEVERITIES = ("error", "warning", "information")


def report(
    document: Mapping[str, Any], lang: str, *, agency: str | None = None, rule: str | None = None
) -> dict[str, Any]:
    """A report for its page.

    Args:
        document: what ``satudata_report_show`` returns.
        lang: ``id`` or ``en``.
        agency: name of the producer whose data was checked.
        rule: show only findings of this rule.
    """
    rules = _rules(document, lang, agency)
    warnings = sum(r["total"] for r in rules if r["severity"] == "warning")
    titles = {
        "error": tk._("Must be settled first"),
        "warning": tk._("Please look at"),
        "information": tk._("Good to know"),
    }
    shown = [r for r in rules if rule is None or r["id"] == rule]
    return {
        **document,
        "agency": agency,
        "verdict": "blocked" if document["blocked"] else "warnings" if warnings else "passes",
        "errors": sum(r["total"] for r in rules if r["severity"] == "error"),
        "warnings": warnings,
        "files": list(dict.fromkeys(t["name"] for t in document["tables"])),
        "rules": rules,
        "severities": [
            {
                "name": severity,
                "title": titles[severity],
                "rules": [r for r in shown if r["severity"] == severity],
            }
            for severity in _SEVERITIES
            if any(r["severity"] == severity for r in shown)
        ],
    }


def _rules(document: Mapping[str, Any], lang: str, agency: str | None) -> list[dict[str, Any]]:
    """Findings grouped by rule, the heaviest rules first.

    A rule whose findings weigh differently stands under its heaviest weight.
    """
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for finding in document["findings"]:
        groups.setdefault(finding["rule"], []).append(finding)
    out = []
    for rule, listed in groups.items():
        total = max(document["counts"].get(rule, 0), len(listed))
        out.append(
            {
                "id": rule,
                "title": listed[0]["texts"]["title"],
                "severity": min((weight(f) for f in listed), key=_SEVERITIES.index),
                "total": total,
                "total_text": wording.number(total, lang),
                "more": total > len(listed),
                "findings": [
                    _finding(f, document["tables"], lang, agency, document["organization"])
                    for f in listed
                ],
            }
        )
    return sorted(out, key=lambda r: _SEVERITIES.index(r["severity"]))


def weight(finding: Mapping[str, Any]) -> str:
    """The severity under which a finding is shown; a rule that could not judge blocks."""
    return "error" if finding["blocks"] else finding["severity"]


def _finding(
    finding: Mapping[str, Any],
    tables: list[Mapping[str, Any]],
    lang: str,
    agency: str | None,
    organization: str,
) -> dict[str, Any]:
    texts = {k: v for k, v in finding["texts"].items() if v != wording.NONE}
    location, other = finding["location"], finding["other"]
    summed = _summed_side(finding)
    total = tk._("Sum of the parts ({count})").format(count=finding["params"].get("parts"))
    return {
        "severity": weight(finding),
        "where": _where(location, tables, lang),
        "object": [t for t in (texts.get("indicator"), texts.get("object")) if t],
        "value": texts.get("value"),
        "unit": texts.get("unit"),
        "text": location["text"] if location else None,
        "agency": total if summed == "own" else agency,
        "other": {
            **_other(other, texts, tables, lang, agency),
            **({"agency": total} if summed == "other" else {}),
            **({"agency": _earlier(finding, lang)} if finding["rule"] == JUMP else {}),
        }
        if other
        else None,
        "difference": _difference(finding, texts),
        "percent": _percent(finding["difference"], other, lang),
        "tolerance": texts.get("tolerance"),
        "cause": _cause(finding),
        "message": texts["message"],
        "advice": texts.get("advice"),
        "exemption": _exemption(finding, tables),
        "agreement": _agreement(finding),
        "proposal": _proposal(finding, organization),
        "lapsed": bool(finding["params"].get("lapsed")),
    }


def _exemption(
    finding: Mapping[str, Any], tables: list[Mapping[str, Any]]
) -> dict[str, Any] | None:
    """What the walidata would exempt to let the finding pass, or None."""
    params, location = finding["params"], finding["location"]
    if not params.get("exemptible") or not location:
        return None
    return {
        "resource_id": tables[location["table"]]["resource"],
        "kind": params["exemptible"],
        "column": params["column_name"],
        "structure": params["structure"],
    }


def _agreement(finding: Mapping[str, Any]) -> dict[str, str] | None:
    """The agreement that a finding rests on, or None."""
    params = finding["params"]
    if not params.get("agreement"):
        return None
    return {"id": params["agreement"], "number": params["number"]}


def _proposal(finding: Mapping[str, Any], organization: str) -> dict[str, str] | None:
    """What the form of a proposal is filled in with, where two agencies' figures differ."""
    other, key = finding["other"], finding["key"]
    theirs = other["organization"] if other else None
    if finding["rule"] != VALUE_RULE or not key or not theirs or theirs == organization:
        return None
    return {
        "indicator": finding["indicator"],
        "region": key["region"],
        "period": key["period"],
        **{f"rincian.{name}": code for name, code in key["rest"].items()},
        f"nilai.{organization}": finding["texts"]["value"],
        f"nilai.{theirs}": finding["texts"]["other_value"],
    }


def _summed_side(finding: Mapping[str, Any]) -> str | None:
    """Which of a finding's two values is not a cell's but the sum of several: own or other."""
    other = finding["other"]
    if finding["rule"] != RECAP or finding["outcome"] != Outcome.FAIL.value or not other:
        return None
    # A whole of the candidate is compared with the sum; a public whole is compared with.
    return "own" if other["organization"] else "other"


def _earlier(finding: Mapping[str, Any], lang: str) -> str:
    """What a figure that is far from its own past is compared with, with its period."""
    before = periods.parse(finding["key"]["period"]).previous
    return tk._("The period before: {period}").format(period=wording.period(before, lang))


def _where(
    location: Mapping[str, Any] | None, tables: list[Mapping[str, Any]], lang: str
) -> list[str]:
    """A cell in parts: file, sheet, row, column with its header."""
    if location is None:
        return []
    parts: list[str | None] = []
    if 0 <= location["table"] < len(tables):
        table = tables[location["table"]]
        parts += [table["name"], table["sheet"]]
    row, column = ("baris", "kolom") if lang == "id" else ("row", "column")
    if location["row"] is not None:
        parts.append(f"{row} {location['row']}")
    if location["column"] is not None:
        header = f" ({location['header']})" if location["header"] else ""
        parts.append(f"{column} {wording.column_letters(location['column'])}{header}")
    return [p for p in parts if p]


def _other(
    other: Mapping[str, Any],
    texts: Mapping[str, str],
    tables: list[Mapping[str, Any]],
    lang: str,
    agency: str | None,
) -> dict[str, Any]:
    name = other["dataset_name"]
    return {
        "value": texts.get("other_value"),
        "unit": texts.get("unit"),
        "agency": other["organization_title"] or (agency if other["location"] else None),
        "title": other["dataset_title"] or name,
        "url": tk.h.url_for("dataset.read", id=name) if name else None,
        "where": _where(other["location"], tables, lang),
    }


def _difference(finding: Mapping[str, Any], texts: Mapping[str, str]) -> str | None:
    """The difference with its sign: whether this table says more or less."""
    if not finding["difference"]:
        return None
    sign = "+" if finding["difference"] > 0 else "−"
    return " ".join([sign + texts["difference"], texts.get("unit", "")]).strip()


def _percent(difference: float | None, other: Mapping[str, Any] | None, lang: str) -> str | None:
    """The difference relative to the public figure, to one digit."""
    if not difference or not other or not other["value"]:
        return None
    share = round(100 * abs(difference) / abs(other["value"]), 1)
    return f"{'+' if difference > 0 else '−'}{wording.number(share, lang)} %"


def _cause(finding: Mapping[str, Any]) -> str | None:
    likely, stated = finding["params"].get("likely_unit"), finding["params"].get("stated_unit")
    if likely and stated:
        return tk._("the unit is probably {likely}, not {stated}").format(
            likely=likely, stated=stated
        )
    return finding["texts"]["cause"] if finding["cause"] != "unknown" else None


def preview(shown: Mapping[str, Any], lang: str, rules: RuleSet, book: CodeBook) -> dict[str, Any]:
    """The first rows as understood, for the column form.

    Args:
        shown: the preview that an action returned.
        lang: ``id`` or ``en``.
        rules: for the words of problems.
        book: for the words of problems.
    """
    renderer = Renderer(rules, book, lang)
    return {
        "figures": wording.number(shown["figures"], lang),
        "errors": any(rules[r].severity is Severity.ERROR for r in shown["counts"]),
        "problems": _problems(shown["problems"], None, renderer),
        "rows": [
            {
                "row": row["row"],
                "cells": [c for c in row["cells"] if c],
                "figures": [_figure(f, lang) for f in row["figures"][:_FIGURES]],
                "more": max(0, len(row["figures"]) - _FIGURES),
                "problems": _problems(row["problems"], row["row"], renderer),
            }
            for row in shown["rows"]
        ],
    }


def _figure(figure: Mapping[str, Any], lang: str) -> dict[str, Any]:
    items = [i["label"] for i in figure["items"] if i["code"] != TOTAL]
    region = figure["region"]["label"] if figure["region"]["code"] != TOTAL else None
    parts = [figure["indicator_name"], *items, region, period_name(figure["period"], lang)]
    return {
        "object": [p for p in parts if p],
        "value": wording.number(figure["value"], lang),
        "unit": figure["unit"],
    }


def _problems(
    problems: Iterable[Mapping[str, Any]], row: int | None, renderer: Renderer
) -> list[dict[str, str]]:
    out = []
    for problem in problems:
        text = renderer.render(
            Finding(
                rule=problem["rule"],
                rule_version=0,
                severity=Severity(problem["severity"]),
                location=Location(0, row, problem["column"], problem["header"], problem["text"]),
                params=problem["params"],
            )
        )
        advice = "" if text.advice == wording.NONE else text.advice
        out.append({"severity": problem["severity"], "message": text.message, "advice": advice})
    return out


def period_name(text: str | None, lang: str) -> str | None:
    """A period as people say it; a text that is none stays as it is."""
    if not text:
        return None
    try:
        return wording.period(periods.parse(text), lang)
    except ValueError:
        return text


def figures(
    results: Iterable[Mapping[str, Any]], book: CodeBook, lang: str
) -> list[dict[str, Any]]:
    """Public figures with the names of their codes.

    Args:
        results: what ``satudata_observation_list`` returns as ``results``.
        book: names of codes and units.
        lang: ``id`` or ``en``.
    """
    return [
        {
            **row,
            "region_name": row["region_name"] or row["region"],
            "period_name": period_name(row["period"], lang),
            "items": _items(row, book),
            "unit_label": book.units.units[row["unit"]].in_text
            if row["unit"] in book.units.units
            else row["unit"],
        }
        for row in results
    ]


def _items(row: Mapping[str, Any], book: CodeBook) -> list[str]:
    """Names of a figure's further classifications; totals say nothing and are left out."""
    indicator = book.indicators.get(row["indicator"])
    out = []
    for name, code in row["dimensions"].items():
        placed = indicator.dimension(name) if indicator else None
        codelist = book.codelists.get(placed.codelist) if placed else None
        entry = codelist.get(code) if codelist else None
        if code != TOTAL:
            out.append(entry.label if entry else code)
    return out


def guess_texts(entries: Iterable[Mapping[str, Any]], lang: str) -> list[dict[str, Any]]:
    """Questions about a proposed declaration in words, with the likeliest answers."""
    return [
        {
            "text": explain(entry, lang)["message"],  # pyright: ignore[reportArgumentType]
            "candidates": [c["label"] for c in entry["candidates"][:_OFFERED]],
        }
        for entry in entries
    ]


def column_letters(position: int) -> str:
    """A column's letters in a spreadsheet, counted from 0."""
    return wording.column_letters(position)
