"""From a raw table and its declaration to figures: the reading half of the gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from ..consistency.findings import Finding
from ..consistency.frozen import frozen
from ..consistency.observations import Figures, TableRef
from ..consistency.vocabulary import CodeBook
from .declaration import Declaration
from .figures import Assembly
from .headers import locate
from .limits import DEFAULT_LIMITS, Limits, ReadError
from .outside import numbers_of
from .personal import check_sheet, holds_any
from .problems import Problems
from .raw import RawTable
from .readers import read_tables
from .structure import check_shown, fingerprint
from .uncompared import check_without_figures, names_without_declaration


@frozen
class Extraction:
    """What was read from a file.

    Attributes:
        tables: where figures were read.
        figures: one entry per indicator, sorted by key.
        problems: what is wrong, at most :data:`~.problems.MOST` findings of a rule.
        missing: cells in which a figure is missing (missing marks, empty cells).
        rows: data rows.
        counts: rule id -> number of findings, also those beyond the listed ones.
        structure: SHA-256 of the table's headers and its declaration; empty where no header
            was found.
    """

    tables: tuple[TableRef, ...]
    figures: tuple[Figures, ...] = ()
    problems: tuple[Finding, ...] = ()
    missing: int = 0
    rows: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    structure: str = ""


def extract(
    path: str,
    *,
    name: str,
    format: str | None,
    declaration: Declaration,
    book: CodeBook,
    resource: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    table_index: int = 0,
) -> Extraction:
    """Read a file's figures.

    Args:
        path: where the file is.
        name: what people call it.
        format: format its owner or its name claims, or None.
        declaration: what its columns mean.
        book: the reference data.
        resource: id of the resource, or None.
        limits: sizes above which it is refused.
        table_index: position its table will have in the candidate.

    Raises:
        ReadError: the file cannot be read as a table; see ``rules/reading.yaml``.
    """
    tables = read_tables(path, name=name, format=format, limits=limits)
    table = _choose(tables, declaration, name)
    result = extract_table(table, declaration, book, table_index)
    problems = Problems(table_index, table.first_row, {})
    for other in tables:
        numbers = numbers_of(other, book) + len(other.disguised) if other is not table else 0
        if numbers:
            problems.add("lembar-tak-dideklarasikan", sheet=other.sheet, numbers=numbers)
        if other is not table and holds_any(other):
            problems.add("data-pribadi-lembar", sheet=other.sheet)
    for sheet in table.hidden:
        problems.add("lembar-tersembunyi", sheet=sheet)
    return replace(
        result,
        tables=tuple(replace(t, resource=resource) for t in result.tables),
        problems=(*result.problems, *problems.findings),
        counts={**result.counts, **problems.counts},
    )


def extract_table(
    table: RawTable, declaration: Declaration, book: CodeBook, table_index: int = 0
) -> Extraction:
    """Read the figures of one raw table.

    Args:
        table: the table.
        declaration: what its columns mean.
        book: the reference data.
        table_index: position the table will have in the candidate.
    """
    if declaration.reason:
        names = names_without_declaration(table)
        problems = Problems(table_index, table.first_row, names)
        check_without_figures(table, book, problems)
        check_sheet(table, names, problems)
        check_shown(table, (), book, problems)
        problems.add("tabel-tanpa-angka", reason=declaration.reason)
        return replace(_result(table, names, problems), structure=fingerprint(names, declaration))
    layout = locate(table, declaration)
    if layout is None:
        problems = Problems(table_index, table.first_row, {})
        expected = ", ".join(f.name for f in declaration.fields[:8])
        problems.add("judul-tidak-ditemukan", expected=expected)
        return _result(table, {}, problems)
    problems = Problems(table_index, table.first_row, layout.names)
    assembly = Assembly(table, declaration, layout, book, problems, table_index)
    figures = assembly.figures()
    if not figures and not any(f.blocks for f in problems.findings):
        problems.add("tabel-tanpa-isi")
    return replace(
        _result(table, layout.names, problems),
        structure=fingerprint(layout.names, declaration),
        figures=figures,
        missing=assembly.missing,
        rows=assembly.rows,
    )


def _result(table: RawTable, names: Mapping[int, str], problems: Problems) -> Extraction:
    headers = tuple(names.get(c, "") for c in range(table.frame.width))
    return Extraction(
        tables=(TableRef(None, table.name, table.sheet, headers),),
        problems=tuple(problems.findings),
        counts=dict(problems.counts),
    )


def _choose(tables: list[RawTable], declaration: Declaration, name: str) -> RawTable:
    if declaration.sheet is None or tables[0].sheet is None:
        return next((t for t in tables if t.frame.height), tables[0])
    for table in tables:
        if table.sheet == declaration.sheet:
            return table
    if len(tables) == 1:
        return tables[0]
    sheets = ", ".join(t.sheet or "" for t in tables)
    raise ReadError(
        "lembar-tidak-ada", {"name": name, "sheet": declaration.sheet, "sheets": sheets}
    )
