"""Kept reports as documents: for pages and the API, CSV, XLSX, text and ValidatReport."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import sqlalchemy as sa
import xlsxwriter
from ckan import model

from ckanext.satudata.consistency.findings import Finding, Location, Report, Severity
from ckanext.satudata.consistency.records import COLUMNS, to_records
from ckanext.satudata.consistency.render import Renderer
from ckanext.satudata.consistency.rules import Rule, RuleSet
from ckanext.satudata.consistency.validatreport import to_validatreport
from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.extract.formula_cells import harmless
from ckanext.satudata.extract.readers import ReadError
from ckanext.satudata.store.codebook import load_codebook

from . import catalogue
from .reports import Kept

_HEADINGS = {
    "id": {
        True: "DITAHAN",
        False: "LOLOS",
        "none": "Tidak ada temuan.",
        "checked": "angka diperiksa",
        "more": "{count} temuan lagi tidak ditampilkan.",
    },
    "en": {
        True: "HELD BACK",
        False: "PASSES",
        "none": "No findings.",
        "checked": "figures checked",
        "more": "{count} more findings are not listed.",
    },
}


def as_dict(kept: Kept, lang: str = "id") -> dict[str, Any]:
    """The report for pages and the API, texts in ``lang``."""
    book, rules = _words()
    renderer = _renderer(kept, book, rules, lang)
    return {
        "id": kept.id,
        "kind": kept.kind,
        "created": kept.created.isoformat(),
        "dataset": kept.dataset,
        "dataset_title": kept.dataset_title,
        "organization": kept.organization,
        "blocked": kept.report.blocked,
        "blocking": sum(f.blocks for f in kept.report.findings),
        "checked": kept.report.checked,
        "ruleset": kept.report.ruleset,
        "counts": dict(kept.report.counts),
        "tables": [asdict(t) for t in kept.tables],
        "findings": [
            {**asdict(f), "blocks": f.blocks, "texts": asdict(renderer.render(f))}
            for f in kept.report.findings
        ],
    }


def as_validatreport(kept: Kept, lang: str = "id") -> list[dict[str, Any]]:
    """The report in the ESS ValidatReport's shape."""
    book, rules = _words()
    return to_validatreport(
        kept.report,
        book,
        lang,
        rules=rules,
        report_id=kept.id,
        time=kept.created.isoformat(),
        actor=f"ckanext-satudata {version('ckanext-satudata')}",
        agent=kept.organization,
        trigger=kept.user,
        subject=kept.dataset or (kept.tables[0].name if kept.tables else None),
        tables=kept.tables,
        organizations=_organizations(kept.report),
    )


def as_csv(kept: Kept, lang: str = "id") -> str:
    """The findings as CSV for spreadsheets: with BOM, and no cell that starts a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS[c][lang] for c in COLUMNS)
    for record in _records(kept, lang):
        writer.writerow(_harmless(record[c]) for c in COLUMNS)
    return "\ufeff" + out.getvalue()


def as_xlsx(kept: Kept, lang: str = "id") -> bytes:
    """The findings as a workbook; texts are written as texts."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("Laporan" if lang == "id" else "Report")
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        for number, column in enumerate(COLUMNS):
            sheet.write_string(0, number, COLUMNS[column][lang], bold)
            sheet.set_column(number, number, 40 if column in ("message", "advice") else 16)
        records = _records(kept, lang)
        for row, record in enumerate(records, start=1):
            for number, column in enumerate(COLUMNS):
                value = record[column]
                if isinstance(value, (int, float)):
                    sheet.write_number(row, number, value, wrap)
                elif value is not None:
                    sheet.write_string(row, number, str(value), wrap)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(records)), len(COLUMNS) - 1)
    return out.getvalue()


def as_text(kept: Kept, lang: str = "id") -> str:
    """The report for a terminal."""
    book, rules = _words()
    renderer = _renderer(kept, book, rules, lang)
    words = _HEADINGS[lang]
    lines = [f"{words[kept.report.blocked]} – {kept.report.checked} {words['checked']}"]
    for finding in kept.report.findings:
        text = renderer.render(finding)
        mark = "✗" if finding.blocks else "!" if finding.severity is Severity.WARNING else "·"
        lines += [f"{mark} {text.title}: {text.message}", f"    → {text.advice}"]
    if not kept.report.findings:
        lines.append(words["none"])
    for rule, more in _unlisted(kept, rules, lang):
        lines.append(f"… {rule.title[lang]}: {more}")
    return "\n".join(lines)


def read_error(error: ReadError, lang: str = "id") -> str:
    """What to tell people about a file that cannot be read."""
    book, rules = _words()
    rule = rules.get(error.code)
    finding = Finding(
        rule=error.code,
        rule_version=rule.version if rule else 0,
        severity=Severity.ERROR,
        location=Location(0),
        params=error.params,
    )
    text = Renderer(rules, book, lang).render(finding)
    return f"{text.message} {text.advice}"


def as_sentences(findings: Iterable[Finding], lang: str = "id") -> list[str]:
    """What was found and what to do, a text each."""
    book, rules = _words()
    renderer = Renderer(rules, book, lang)
    texts = [renderer.render(finding) for finding in findings]
    return [f"{text.message} {text.advice}" for text in texts]


def _records(kept: Kept, lang: str) -> list[dict[str, Any]]:
    """The listed findings, and of each rule that has more a record that says how many."""
    book, rules = _words()
    listed = to_records(
        kept.report,
        book,
        lang,
        rules=rules,
        tables=kept.tables,
        organizations=_organizations(kept.report),
    )
    nothing = dict.fromkeys(COLUMNS)
    return listed + [
        {
            **nothing,
            "severity": rule.severity.value,
            "rule": rule.id,
            "rule_version": rule.version,
            "title": rule.title[lang],
            "message": more,
            "ruleset": kept.report.ruleset,
        }
        for rule, more in _unlisted(kept, rules, lang)
    ]


def _unlisted(kept: Kept, rules: RuleSet, lang: str) -> list[tuple[Rule, str]]:
    """Rules with more findings than are listed, and the sentence that says so."""
    listed = Counter(f.rule for f in kept.report.findings)
    return [
        (rules[rule], _HEADINGS[lang]["more"].format(count=count - listed[rule]))
        for rule, count in kept.report.counts.items()
        if count > listed[rule] and rule in rules
    ]


def _words() -> tuple[CodeBook, RuleSet]:
    return load_codebook(model.Session), catalogue.rules()


def _renderer(kept: Kept, book: CodeBook, rules: RuleSet, lang: str) -> Renderer:
    return Renderer(
        rules, book, lang, tables=kept.tables, organizations=_organizations(kept.report)
    )


def _organizations(report: Report) -> dict[str, str]:
    """Names of the bodies that findings speak of by id."""
    ids = {f.params["producer"] for f in report.findings if f.params.get("producer")}
    if not ids:
        return {}
    rows = model.Session.execute(
        sa.select(model.Group.id, model.Group.title, model.Group.name).where(
            model.Group.id.in_(ids)
        )
    )
    return {id_: title or name for id_, title, name in rows}


def _harmless(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(value)
    return "" if value is None else value
