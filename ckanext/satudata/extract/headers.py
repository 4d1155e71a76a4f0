"""Finding a declared table inside a sheet: its header lines, its columns, its data rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..consistency.frozen import frozen
from ..consistency.patterns import pattern
from ..consistency.vocabulary import normalise
from .declaration import Declaration, Field
from .raw import RawTable
from .scanned import first_rows

#: A header stands within this many rows, or it is not found.
SEARCH = 100
#: Least share of the declared columns that a row must name to be taken for the header.
_ENOUGH = 0.5
_ORDINAL = pattern(r"\(?\s*(\d{1,3})\s*\)?")

Lines = list[list[str | None]]


@frozen
class Layout:
    """Where a declared table stands. All positions are 0-based in the frame.

    Attributes:
        header: first header line.
        start: first row below the header.
        names: column -> header text, unique within the table; every column with any text.
        columns: declared field name -> column.
        missing: declared fields without a column.
        extra: columns that are not declared.
        doubled: declared fields whose header stands over several columns -> those columns.
    """

    header: int
    start: int
    names: Mapping[int, str]
    columns: Mapping[str, int]
    missing: tuple[Field, ...]
    extra: tuple[int, ...]
    doubled: Mapping[str, tuple[int, ...]]


def locate(table: RawTable, declaration: Declaration) -> Layout | None:
    """Find the header and assign its columns to the declared fields.

    The declared row is tried first. If the names do not stand there, because a title line
    was added or removed since the table was declared, the first row that names most of the
    declared columns is taken.

    Returns:
        The layout, or None if no row names at least half of the declared columns.
    """
    top = _lines(table, SEARCH + declaration.header_rows)
    starts = list(range(min(len(top), SEARCH)))
    if declaration.header_row is not None:
        declared = declaration.header_row - table.first_row
        starts = [declared, *starts] if 0 <= declared < len(top) else starts
    best: Layout | None = None
    best_share = 0.0
    wanted = max(1, len(declaration.fields))
    for start in starts:
        layout = _assign(table, declaration, top, start)
        share = len(layout.columns) / wanted
        if share > best_share:
            best, best_share = layout, share
        if share == 1.0 or (start == starts[0] and declaration.header_row and share >= _ENOUGH):
            return layout
    return best if best_share >= _ENOUGH else None


def header_names(lines: Lines, table: RawTable, first: int) -> dict[int, str]:
    """Header text per column, unique: the texts of :func:`header_parts` joined.

    Args:
        lines: the header lines.
        table: where merged cells are known.
        first: position in the frame of the first of the lines.
    """
    names: dict[int, str] = {}
    used: dict[str, int] = {}
    for column, parts in header_parts(lines, table, first).items():
        name = " / ".join(" ".join(p.split()) for p in parts)
        key = normalise(name)
        used[key] = used.get(key, 0) + 1
        names[column] = name if used[key] == 1 else f"{name} ({used[key]})"
    return names


def header_parts(lines: Lines, table: RawTable, first: int) -> dict[int, tuple[str, ...]]:
    """The texts of a column's header lines, from the top, group headings repeated.

    A heading over several columns reaches to the right as long as its own line is empty
    and a lower line is not; in files that keep them, merged cells say it exactly.

    Args:
        lines: the header lines.
        table: where merged cells are known.
        first: position in the frame of the first of the lines.

    Returns:
        Column -> its texts, each once; columns without any are left out.
    """
    width = max((len(line) for line in lines), default=0)
    spread = [
        _spread(line, lines[i + 1 :], _merged_right(table, first + i, width))
        for i, line in enumerate(lines)
        if not is_numbering(line)
    ]
    found = {
        column: tuple(dict.fromkeys(text for line in spread if (text := line[column])))
        for column in range(width)
    }
    return {column: parts for column, parts in found.items() if parts}


def is_numbering(line: Sequence[str | None]) -> bool:
    """Whether a line only numbers the columns, as below printed headers: ``(1) (2) (3)``."""
    texts = [t.strip() for t in line if t and t.strip()]
    found = [_ORDINAL.fullmatch(t) for t in texts]
    numbers = [int(m.group(1)) for m in found if m]
    return len(texts) >= 2 and len(numbers) == len(texts) and numbers == _count_up(numbers)


def _count_up(numbers: list[int]) -> list[int]:
    return list(range(1, len(numbers) + 1))


def _lines(table: RawTable, count: int) -> Lines:
    return [
        [cell.strip() or None if cell else None for cell in row]
        for row in first_rows(table.frame, count)
    ]


def _assign(table: RawTable, declaration: Declaration, top: Lines, start: int) -> Layout:
    """The columns of a header at this row.

    A table may have been declared from a file that did not keep its merged cells; of the
    two ways to read group headings the one that fits the declaration better is taken.
    """
    stop = min(start + max(1, declaration.header_rows), len(top))
    lines = top[start:stop]
    while stop < len(top) and is_numbering(top[stop]):
        stop += 1
    layout = _matched(table, declaration, header_names(lines, table, start), start, stop)
    if table.merged and layout.missing and len(lines) > 1:
        unmerged = header_names(lines, replace(table, merged=()), start)
        other = _matched(table, declaration, unmerged, start, stop)
        if len(other.missing) < len(layout.missing):
            return other
    return layout


def _matched(
    table: RawTable, declaration: Declaration, names: dict[int, str], start: int, stop: int
) -> Layout:
    by_name: dict[str, list[int]] = {}
    for column, name in names.items():
        by_name.setdefault(normalise(name), []).append(column)
    columns: dict[str, int] = {}
    doubled: dict[str, tuple[int, ...]] = {}
    missing = []
    for f in declaration.fields:
        column = next(
            (c for c in by_name.get(normalise(f.name), ()) if c not in columns.values()), None
        )
        column = (
            column if column is not None else _unnamed(f.name, names, columns, table.frame.width)
        )
        if column is None:
            missing.append(f)
        else:
            columns[f.name] = column
    declared = {normalise(f.name) for f in declaration.fields}
    for f in declaration.fields:
        others = tuple(
            c
            for c, name in names.items()
            if c not in columns.values()
            and name.endswith(")")
            and normalise(name.rpartition(" (")[0]) == normalise(f.name)
            and normalise(name) not in declared
        )
        if others and f.name in columns:
            doubled[f.name] = (columns[f.name], *others)
    taken = set(columns.values()) | {c for group in doubled.values() for c in group}
    extra = tuple(c for c in range(table.frame.width) if c not in taken)
    return Layout(start, stop, names, columns, tuple(missing), extra, doubled)


def _unnamed(
    name: str, names: Mapping[int, str], taken: Mapping[str, int], width: int
) -> int | None:
    """The column of a field that is called by its place because the header is empty there."""
    found = re.fullmatch(r"kolom (\d+)", normalise(name))
    if not found:
        return None
    column = int(found.group(1)) - 1
    return (
        column if column < width and column not in names and column not in taken.values() else None
    )


def _merged_right(table: RawTable, row: int, width: int) -> dict[int, int]:
    """Column -> the column whose text a cell merged into it shows, for cells of one row."""
    return {
        column: left
        for top, left, bottom, right in table.merged
        if top <= row <= bottom and right > left
        for column in range(left + 1, min(right + 1, width))
    }


def _spread(
    line: Sequence[str | None], below: Lines, merged: Mapping[int, int]
) -> list[str | None]:
    under = {
        c for other in below if not is_numbering(other) for c, text in enumerate(other) if text
    }
    out: list[str | None] = []
    heading: str | None = None
    for column, text in enumerate(line):
        if text:
            heading = text if column in under else None
            out.append(text)
        elif column in merged:
            out.append(line[merged[column]])
        elif heading and column in under:
            out.append(heading)
        else:
            heading = None
            out.append(None)
    return out
