"""Whether a table has the columns it was declared with, and whole rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

import numpy as np

from ..consistency.vocabulary import CodeBook
from ..consistency.wording import NONE
from .declaration import Declaration, Field, Role, serialise
from .headers import Layout
from .measures import Measure
from .problems import Problems
from .raw import RawTable
from .rows import Mask

#: Columns without which figures can still be read.
_DISPENSABLE = frozenset({Role.IGNORE, Role.LABEL})


def check_columns(declaration: Declaration, layout: Layout, problems: Problems) -> bool:
    """Note columns that are missing, renamed or doubled.

    Returns:
        Whether every dimension has its column, so that figures have an object.
    """
    usable = True
    for f in layout.missing:
        renamed = _renamed(f, declaration, layout)
        if renamed is not None:
            problems.add(
                "judul-berubah", column=renamed, text=layout.names[renamed], expected=f.name
            )
        else:
            rule = "kolom-pelengkap-tidak-ada" if f.role in _DISPENSABLE else "kolom-tidak-ada"
            present = ", ".join(layout.names.values())
            problems.add(rule, expected=f.name, present=present[:300])
        usable = usable and f.role is not Role.DIMENSION
    for name, columns in layout.doubled.items():
        letters = ", ".join(_letters(c) for c in columns)
        problems.add("judul-ganda", column=columns[-1], text=name, columns=letters)
        usable = False
    return usable


def check_covered(table: RawTable, layout: Layout, problems: Problems) -> None:
    """Note what merged cells hide: programs read it, and people see something else."""
    for row, column in sorted(table.covered):
        if row >= layout.header:
            problems.add(
                "sel-gabungan",
                row=row,
                column=column,
                text=table.frame.item(row, column),
                last_row=row + table.first_row,
            )


def check_shown(
    table: RawTable, measures: Iterable[Measure], book: CodeBook, problems: Problems
) -> None:
    """Note where people who open the file see something else than is read from it.

    Args:
        table: the raw table.
        measures: its columns of figures.
        book: the reference data.
        problems: receives the findings.
    """
    for (row, column), code in sorted(table.disguised.items()):
        if not problems.left("tampilan-lain"):
            problems.count("tampilan-lain", 1)
            continue
        text = table.frame.item(row, column)
        if text is not None:
            problems.add("tampilan-lain", row=row, column=column, text=text, format=code)
    for m in measures:
        declared = book.units.find(m.unit) if m.unit else None
        for words, row in table.words.get(m.column, {}).items():
            shown = book.units.find(words)
            if declared and shown and book.units.ratio(shown.code, declared.code) not in (None, 1):
                problems.add(
                    "satuan-dalam-sel",
                    row=row,
                    column=m.column,
                    text=words,
                    written=words,
                    expected=declared.in_text,
                )
    if table.hidden_rows or table.hidden_columns:
        problems.add(
            "baris-kolom-tersembunyi",
            rows=len(table.hidden_rows),
            columns=", ".join(_letters(c) for c in sorted(table.hidden_columns)) or NONE,
        )


def fingerprint(names: Mapping[int, str], declaration: Declaration) -> str:
    """SHA-256 of a table's structure: its headers, in their order, and what they are said to mean.

    Args:
        names: column -> header text.
        declaration: the declaration the table is read with.
    """
    parts = [sorted(names.items()), serialise(declaration)]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def check_short_rows(
    table: RawTable, declaration: Declaration, layout: Layout, data: Mask, problems: Problems
) -> None:
    """Note data rows of a text file that end before a column that matters.

    Args:
        table: the raw table.
        declaration: what its columns mean.
        layout: where they stand.
        data: the data rows, shape ``(n,)``.
        problems: receives the findings.
    """
    needed = [
        layout.columns[f.name]
        for f in declaration.fields
        if f.role not in _DISPENSABLE and f.name in layout.columns
    ]
    if not needed or table.short.size == 0:
        return
    width = max(needed) + 1
    inside = table.short >= layout.start
    rows, widths = table.short[inside], table.widths[inside]
    bad = np.flatnonzero((widths < width) & data[rows - layout.start])
    for i in bad[: problems.left("baris-terpotong")].tolist():
        row = int(rows[i])
        text = " | ".join(c for c in table.frame.row(row) if c)
        problems.add("baris-terpotong", row=row, text=text, found=int(widths[i]), expected=width)


def _renamed(f: Field, declaration: Declaration, layout: Layout) -> int | None:
    """An undeclared column that stands where the missing one stood among its neighbours."""
    position = declaration.fields.index(f)
    before = [
        layout.columns[g.name] for g in declaration.fields[:position] if g.name in layout.columns
    ]
    after = [
        layout.columns[g.name]
        for g in declaration.fields[position + 1 :]
        if g.name in layout.columns
    ]
    low, high = max(before, default=-1), min(after, default=1 << 30)
    between = [c for c in layout.extra if low < c < high and c in layout.names]
    return between[0] if len(between) == 1 else None


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
