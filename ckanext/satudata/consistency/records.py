"""A report as a flat table: the same columns for CSV, XLSX and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .findings import Report
from .observations import TableRef
from .render import Renderer
from .rules import RuleSet
from .vocabulary import CodeBook
from .wording import NONE, column_letters

#: Columns in their order, with their headings. The names never change; new ones go last.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "severity": {"id": "Tingkat", "en": "Severity"},
    "outcome": {"id": "Hasil", "en": "Outcome"},
    "rule": {"id": "Aturan", "en": "Rule"},
    "rule_version": {"id": "Versi aturan", "en": "Rule version"},
    "title": {"id": "Temuan", "en": "Finding"},
    "message": {"id": "Penjelasan", "en": "Message"},
    "advice": {"id": "Yang perlu dilakukan", "en": "What to do"},
    "table": {"id": "Tabel", "en": "Table"},
    "sheet": {"id": "Lembar", "en": "Sheet"},
    "row": {"id": "Baris", "en": "Row"},
    "column": {"id": "Kolom", "en": "Column"},
    "header": {"id": "Judul kolom", "en": "Header"},
    "text": {"id": "Isi sel", "en": "Cell text"},
    "indicator": {"id": "Kode indikator", "en": "Indicator code"},
    "indicator_name": {"id": "Indikator", "en": "Indicator"},
    "region": {"id": "Kode wilayah", "en": "Region code"},
    "region_name": {"id": "Wilayah", "en": "Region"},
    "period": {"id": "Periode", "en": "Period"},
    "dimensions": {"id": "Rincian", "en": "Classification"},
    "value": {"id": "Nilai", "en": "Value"},
    "other_value": {"id": "Nilai pembanding", "en": "Other value"},
    "difference": {"id": "Selisih", "en": "Difference"},
    "unit": {"id": "Satuan", "en": "Unit"},
    "tolerance": {"id": "Toleransi", "en": "Tolerance"},
    "tolerance_kind": {"id": "Jenis toleransi", "en": "Kind of tolerance"},
    "cause": {"id": "Dugaan sebab", "en": "Probable cause"},
    "other_organization": {"id": "Instansi pembanding", "en": "Other organization"},
    "other_dataset": {"id": "Dataset pembanding", "en": "Other dataset"},
    "other_dataset_name": {"id": "Alamat dataset pembanding", "en": "Other dataset's name"},
    "other_indicator": {"id": "Kode indikator pembanding", "en": "Other indicator code"},
    "other_row": {"id": "Baris pembanding", "en": "Other row"},
    "other_column": {"id": "Kolom pembanding", "en": "Other column"},
    "ruleset": {"id": "Versi kumpulan aturan", "en": "Rule set"},
}


def to_records(
    report: Report,
    book: CodeBook,
    lang: str = "id",
    *,
    rules: RuleSet,
    tables: Sequence[TableRef] = (),
    organizations: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """One record per listed finding, with the keys of :data:`COLUMNS` in their order.

    Numbers stay numbers and codes stay codes, so that the table can be worked with; what
    does not apply is None. Cell texts are as they stand in the file: whoever writes CSV
    for spreadsheets must keep them from being read as formulas.

    Args:
        report: the report.
        book: names of indicators, units and codes.
        lang: ``id`` or ``en``.
        rules: the rules with their words.
        tables: the report's tables.
        organizations: id -> name, for mandate holders that a finding does not name.
    """
    renderer = Renderer(rules, book, lang, tables=tables, organizations=organizations)
    out = []
    for finding in report.findings:
        text = renderer.render(finding)
        where, other, key = finding.location, finding.other, finding.key
        table = tables[where.table] if where and 0 <= where.table < len(tables) else None
        cell = other.location if other else None
        values = (
            finding.severity.value,
            finding.outcome.value,
            finding.rule,
            finding.rule_version,
            text.title,
            text.message,
            _or_none(text.advice),
            table.name if table else None,
            table.sheet if table else None,
            where.row if where else None,
            _letters(where.column if where else None),
            where.header if where else None,
            where.text if where else None,
            finding.indicator,
            text.indicator if finding.indicator else None,
            key.region if key else None,
            _or_none(text.region),
            key.period if key else None,
            _or_none(text.dimensions),
            finding.value,
            other.value if other else None,
            finding.difference,
            _or_none(text.unit),
            finding.tolerance.amount if finding.tolerance else None,
            finding.tolerance.kind if finding.tolerance else None,
            finding.cause.value if finding.cause else None,
            other.organization_title if other else None,
            other.dataset_title if other else None,
            other.dataset_name if other else None,
            other.indicator if other else None,
            cell.row if cell else None,
            _letters(cell.column if cell else None),
            report.ruleset,
        )
        out.append(dict(zip(COLUMNS, values, strict=True)))
    return out


def _or_none(text: str) -> str | None:
    return None if text == NONE else text


def _letters(column: int | None) -> str | None:
    return None if column is None else column_letters(column)
