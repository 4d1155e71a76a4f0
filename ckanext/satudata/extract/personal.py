"""Personal data in tables: found by its structure, and never shown in full.

UU 27/2022 on the protection of personal data asks for a ground before data about persons is
made public; a table of statistics has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Set

import numpy as np
import numpy.typing as npt

from ..consistency.patterns import pattern
from ..consistency.vocabulary import normalise
from . import scanned
from .declaration import Declaration, Role
from .headers import Layout
from .masking import (
    BARE_PHONE,
    EMAIL,
    LEAST_NIK,
    NAME,
    NIK,
    PHONE,
    kinds_in,
    mask,
    mask_name,
    without_end,
)
from .measures import Measures
from .problems import Problems
from .raw import RawTable
from .rows import Mask

Rows = npt.NDArray[np.int64]

#: What a cell must hold to be worth a closer look.
_GLANCE = pattern(r"@|\d(?:[ .\-]?\d){8}")


def check_personal(
    table: RawTable,
    declaration: Declaration,
    layout: Layout,
    data: Mask,
    measures: Measures,
    problems: Problems,
) -> None:
    """Note columns of personal data.

    Codes and periods of data rows are known, so these are searched only above and below the
    data, and measures also for numbers that are no figures.

    Args:
        table: the raw table.
        declaration: what its columns mean.
        layout: where they stand.
        data: the data rows, shape ``(n,)``.
        measures: the measures, read.
        problems: receives the findings.
    """
    around = np.concatenate([np.arange(layout.header), np.flatnonzero(~data) + layout.start])
    dimensions = {f.name for f in declaration.fields if f.role is Role.DIMENSION}
    labels = {
        layout.columns[f.name]
        for f in declaration.fields
        if f.role is Role.LABEL and f.of in dimensions and f.name in layout.columns
    }
    read = {layout.columns[n] for n in dimensions if n in layout.columns}
    rows = dict.fromkeys(read, around)
    for column, numbers in measures.numbers.items():
        large = np.flatnonzero(numbers.values >= LEAST_NIK) + layout.start
        rows[column] = np.unique(np.concatenate([around, large])) if large.size else around
    _search(table, rows, layout.names, labels | set(rows), problems)


def check_sheet(table: RawTable, names: Mapping[int, str], problems: Problems) -> None:
    """Note columns of personal data of a sheet in which nothing is compared.

    Args:
        table: the sheet.
        names: column -> header text, as far as there is a header.
        problems: receives the findings.
    """
    _search(table, {}, names, set(), problems)


def holds_any(table: RawTable) -> bool:
    """Whether a sheet that nobody declared holds personal data."""
    return any(_in_column(table, c, None, "") for c in range(table.frame.width))


def _search(
    table: RawTable,
    only: Mapping[int, Rows],
    names: Mapping[int, str],
    unnamed: Set[int],
    problems: Problems,
) -> None:
    """Search all columns.

    Args:
        table: the sheet.
        only: column -> positions of the rows to search, where not all are.
        names: column -> header text.
        unnamed: columns that hold no persons' names, whatever their header says.
        problems: receives the findings.
    """
    found: set[int] = set()
    for column in range(table.frame.width):
        held = _in_column(table, column, only.get(column), names.get(column, ""))
        for kind, rows in held.items():
            found.add(column)
            _note(table, column, kind, rows, problems)
    if not found:
        return
    from .guessing import words

    persons = words.load()["person"]
    for column, name in names.items():
        if column in found | unnamed or normalise(name.rpartition(" / ")[2]) not in persons:
            continue
        cells = table.frame.get_column(str(column))
        rows = [
            r for r in np.flatnonzero(cells.is_not_null().to_numpy()).tolist() if cells[r] != name
        ]
        if rows:
            _note(table, column, NAME, rows, problems)


def _in_column(
    table: RawTable, column: int, rows: Rows | None, header: str
) -> dict[str, list[int]]:
    """Kind -> positions in the frame of the rows that hold it."""
    if rows is not None and rows.size == 0:
        return {}
    found = _worth(scanned.column(table.frame, column), rows)
    if not found:
        return {}
    from .guessing import words

    bare = bool(header) and words.has_word(header, words.load()["phone"])
    seen: dict[str, set[str]] = {}
    out: dict[str, list[int]] = {}
    for row, text in found:
        if text not in seen:
            seen[text] = kinds_in(text)
            if bare and BARE_PHONE.fullmatch(text.strip()):
                seen[text].add(PHONE)
        for kind in seen[text]:
            out.setdefault(kind, []).append(row)
    return {kind: out[kind] for kind in (NIK, PHONE, EMAIL) if kind in out}


def _worth(cells: scanned.AnyColumn, rows: Rows | None) -> list[tuple[int, str]]:
    """The rows whose cell is worth a closer look, and the cells."""
    if isinstance(cells, scanned.Column):
        if rows is not None:
            texts = zip(rows.tolist(), cells.texts(rows), strict=True)
            return [(row, text) for row, text in texts if text and _GLANCE.search(text)]
        codes, different, _ = cells.numbered
        worth = np.array([bool(_GLANCE.search(text)) for text in different] + [False])
        return [(row, different[codes[row]]) for row in np.flatnonzero(worth[codes]).tolist()]
    if rows is None:
        rows = np.arange(len(cells))
    else:
        cells = cells.gather(rows)
    worth = np.flatnonzero(cells.str.contains(_GLANCE.pattern).fill_null(value=False).to_numpy())
    return [(int(rows[at]), cells[at]) for at in worth.tolist()]


def _note(table: RawTable, column: int, kind: str, rows: list[int], problems: Problems) -> None:
    text = str(table.frame.item(rows[0], column))
    hidden = mask_name(text) if kind == NAME else mask(text)
    if kind == PHONE and hidden == text:
        hidden = without_end(text)
    problems.add(
        "data-pribadi",
        row=rows[0],
        column=column,
        text=hidden,
        rows=len(rows),
        category=kind,
        variant=kind,
    )
