"""The first rows of a table as a declaration understands them, for the person confirming it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from itertools import islice
from typing import Any

from ..consistency.findings import Finding
from ..consistency.frozen import frozen
from ..consistency.keys import decode
from ..consistency.observations import Figures, Status
from ..consistency.vocabulary import REGION, CodeBook, Indicator
from .declaration import Declaration
from .guessing import grid
from .observations import Extraction, extract_table
from .raw import RawTable


@frozen(slots=True)
class PreviewItem:
    """A dimension's value with its name.

    Attributes:
        dimension: name of the dimension.
        code: canonical code, ``_T`` for the total.
        label: its name, or the code where it has none.
    """

    dimension: str
    code: str
    label: str


@frozen(slots=True)
class PreviewFigure:
    """One figure as it was understood.

    Attributes:
        column: 0-based column of the cell.
        indicator: code of the indicator.
        indicator_name: its name.
        region: the region.
        period: canonical text of the period.
        items: further dimensions.
        value: in the indicator's unit.
        decimals: digits after the decimal point, as written, in the indicator's unit.
        unit: label of the indicator's unit.
        status: ``normal``, ``provisional``, ``estimated`` or ``forecast``.
    """

    column: int
    indicator: str
    indicator_name: str
    region: PreviewItem
    period: str
    items: tuple[PreviewItem, ...]
    value: float
    decimals: int
    unit: str
    status: str


@frozen(slots=True)
class PreviewProblem:
    """What is wrong with a cell, a row or the table.

    Attributes:
        rule: id of the rule.
        severity: its weight.
        column: 0-based column, or None for the whole row.
        header: the column's header, or None.
        text: the offending text, or None.
        params: what the rule's message needs besides.
    """

    rule: str
    severity: str
    column: int | None
    header: str | None
    text: str | None
    params: Mapping[str, Any]


@frozen(slots=True)
class PreviewRow:
    """One row of the file.

    Attributes:
        row: row number as a spreadsheet shows it.
        cells: its texts.
        figures: what it says.
        problems: what is wrong with it.
    """

    row: int
    cells: tuple[str | None, ...]
    figures: tuple[PreviewFigure, ...]
    problems: tuple[PreviewProblem, ...]


@frozen
class Preview:
    """The first rows, and what holds for the whole table. ``asdict`` of it is JSON-ready.

    Attributes:
        columns: header texts.
        rows: the first rows with data.
        problems: problems of the whole table.
        figures: number of figures in all rows read.
        missing: number of cells marked as having none.
        counts: rule -> number of problems in all rows read.
    """

    columns: tuple[str, ...]
    rows: tuple[PreviewRow, ...]
    problems: tuple[PreviewProblem, ...] = ()
    figures: int = 0
    missing: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


def preview(
    table: RawTable,
    declaration: Declaration,
    book: CodeBook,
    rows: int = 10,
    *,
    judged: Callable[[Extraction], Extraction] | None = None,
) -> Preview:
    """Show the first rows of a table as a declaration understands them.

    Notation and the like are decided from all rows the table has, so that what is shown is
    what the check will see; pass a table read with ``head`` to bound the work.

    Args:
        table: the sheet.
        declaration: what its columns mean.
        book: code lists, units and indicators.
        rows: how many rows to show.
        judged: what becomes of the reading before it is shown: exempted findings are none.
    """
    read = extract_table(table, declaration, book)
    if judged is not None:
        read = judged(read)
    by_row: dict[int, list[PreviewProblem]] = defaultdict(list)
    general: list[PreviewProblem] = []
    counts: dict[str, int] = defaultdict(int)
    for finding in read.problems:
        counts[finding.rule] += 1
        row = finding.location.row if finding.location else None
        (general if row is None else by_row[row]).append(_problem(finding))
    shown = list(islice(_data_rows(table, declaration), rows))
    wanted = {row for row, _ in shown}
    figures: dict[int, list[PreviewFigure]] = defaultdict(list)
    for block in read.figures:
        for row, figure in _figures(block, wanted, book):
            figures[row].append(figure)
    before = min(wanted, default=0)
    # A problem above the first data row is one of the header, hence of the table.
    for row in sorted(r for r in by_row if r < before):
        general += by_row.pop(row)
    return Preview(
        columns=tuple(f.name for f in declaration.fields),
        rows=tuple(
            PreviewRow(
                row,
                cells,
                tuple(sorted(figures[row], key=lambda f: f.column)),
                tuple(by_row.get(row, ())),
            )
            for row, cells in shown
        ),
        problems=tuple(general),
        figures=sum(map(len, read.figures)),
        missing=read.missing,
        counts=dict(counts),
    )


def _data_rows(
    table: RawTable, declaration: Declaration
) -> Iterator[tuple[int, tuple[str | None, ...]]]:
    """Row number and cells of each row below the header that is not blank."""
    if declaration.header_row is not None:
        start = declaration.header_row - table.first_row + declaration.header_rows
    else:
        found = grid.read(table)
        start = 0 if found.header is None else found.header + found.header_rows
    for i, cells in enumerate(table.frame.slice(start).iter_rows(), start=start):
        if any(cells):
            yield table.first_row + i, cells


def _figures(
    block: Figures, wanted: set[int], book: CodeBook
) -> Iterator[tuple[int, PreviewFigure]]:
    indicator = block.indicator
    unit = book.units.units.get(indicator.unit)
    for i in range(len(block)):
        row = int(block.row[i])
        if row not in wanted:
            continue
        key = decode(indicator, int(block.keys[i]), book.codelists)
        yield (
            row,
            PreviewFigure(
                column=int(block.column[i]),
                indicator=indicator.code,
                indicator_name=indicator.name,
                region=_item(REGION, REGION, key.region, book),
                period=key.period,
                items=tuple(
                    _item(name, _codelist(indicator, name), code, book)
                    for name, code in key.rest.items()
                ),
                value=float(block.values[i]),
                decimals=int(block.decimals[i]),
                unit=unit.label if unit else indicator.unit,
                status=Status(int(block.status[i])).name.lower(),
            ),
        )


def _codelist(indicator: Indicator, dimension: str) -> str:
    found = indicator.dimension(dimension)
    return found.codelist if found else dimension


def _item(dimension: str, codelist: str, code: str, book: CodeBook) -> PreviewItem:
    entry = book.codelists[codelist].get(code) if codelist in book.codelists else None
    return PreviewItem(dimension, code, entry.label if entry else code)


def _problem(finding: Finding) -> PreviewProblem:
    where = finding.location
    return PreviewProblem(
        rule=finding.rule,
        severity=finding.severity.value,
        column=where.column if where else None,
        header=where.header if where else None,
        text=where.text if where else None,
        params=dict(finding.params),
    )
