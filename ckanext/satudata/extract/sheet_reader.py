"""XLSX, XLS and ODS -> :class:`~.raw.RawTable`, through calamine."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from .limits import Limits, ReadError, require_size
from .raw import CellType, RawTable
from .sheets import cells, ods, xls, xlsx
from .sheets.archive import Archive
from .sheets.scan import SheetScan
from .sniff import Container

if TYPE_CHECKING:
    import polars as pl
    from python_calamine import CalamineSheet, CalamineWorkbook


def read(
    path: str,
    container: Container,
    *,
    name: str,
    limits: Limits,
    sheet: str | None = None,
    head: int | None = None,
) -> list[RawTable]:
    """Read the visible sheets of a spreadsheet.

    Args:
        path: where the file is.
        container: its kind.
        name: what people call it.
        limits: sizes above which it is refused.
        sheet: read only this one.
        head: read only so many rows of each.

    Raises:
        ReadError: damaged, protected, with macros, without a visible sheet or without the
            one asked for, or too large.
    """
    import python_calamine as calamine

    with open(path, "rb") as file:
        content = file.read()
    scans = _scan(content, container, name, limits)
    try:
        book = calamine.load_workbook(io.BytesIO(content))
        visible, hidden = _sheets(book)
        if not visible:
            raise ReadError("tanpa-lembar", {"name": name})
        if sheet is not None:
            if sheet not in visible:
                raise ReadError(
                    "lembar-tidak-ada",
                    {"name": name, "sheet": sheet, "sheets": ", ".join(visible)},
                )
            visible = (sheet,)
        if head is None:
            hidden = tuple(n for n in hidden if book.get_sheet_by_name(n).to_python(nrows=1))
        tables = []
        for title in visible:
            source = book.get_sheet_by_name(title)
            scan = scans.get(title, SheetScan())
            require_size(
                source.total_height, source.total_width, name=name, sheet=title, limits=limits
            )
            tables.append(_table(source, scan, name=name, hidden=hidden, head=head))
    except calamine.PasswordError as error:
        raise ReadError("berkas-terkunci", {"name": name}) from error
    except ReadError:
        raise
    # calamine reports damage through several kinds of errors, and panics through others.
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError):
            raise
        raise ReadError("berkas-rusak", {"name": name}) from error
    if all(t.frame.height == 0 for t in tables):
        raise ReadError("berkas-kosong", {"name": name})
    return tables


def _scan(content: bytes, container: Container, name: str, limits: Limits) -> dict[str, SheetScan]:
    if container is Container.XLS:
        return xls.scan(content, name=name, limits=limits)
    archive = Archive(io.BytesIO(content), name=name, limits=limits)
    if container is Container.ODS:
        return ods.scan(archive, name=name, limits=limits)
    return xlsx.scan(archive, name=name, limits=limits)


def _sheets(book: CalamineWorkbook) -> tuple[tuple[str, ...], tuple[str, ...]]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    visible = tuple(m.name for m in sheets if m.visible == SheetVisibleEnum.Visible)
    return visible, tuple(m.name for m in sheets if m.name not in visible)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Make many lists without Python looking for cycles among them, which takes as long.

    Several threads may do so: the one that found the collector at work sets it to work again.
    """
    working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()


def _table(
    sheet: CalamineSheet, scan: SheetScan, *, name: str, hidden: tuple[str, ...], head: int | None
) -> RawTable:
    import polars as pl

    with _collector_paused():
        rows = sheet.to_python(skip_empty_area=False, nrows=head)
        width = max(map(len, rows), default=0)
        # Column by column: turning all rows at once is slower, it walks over the memory too often.
        columns = [list(map(itemgetter(i), rows)) for i in range(width)]
    marked = dict.fromkeys(scan.uncalculated, CellType.UNCALCULATED)
    marked.update(dict.fromkeys(scan.errors, CellType.ERROR))
    reach = max((c + 1 for _, c in marked), default=0)
    height = max([len(rows), *(r + 1 for r, _ in marked)]) if head is None else len(rows)
    rows.clear()
    series: dict[str, pl.Series] = {}
    types: dict[int, np.ndarray] = {}
    for i in range(max(width, reach)):
        values = columns[i] if i < width else ()
        texts, kinds = cells.column(values)
        if len(texts) < height:
            missing = height - len(texts)
            texts = texts.extend(pl.Series([None] * missing, dtype=pl.String))
            if kinds is not None:
                kinds = np.concatenate([kinds, np.zeros(missing, dtype=np.uint8)])
        if kinds is not None:
            types[i] = kinds
        series[str(i)] = texts
    for (row, column), kind in marked.items():
        if row >= height:
            continue
        types.setdefault(column, np.zeros(height, dtype=np.uint8))[row] = kind
        if kind is CellType.ERROR:
            series[str(column)] = series[str(column)].scatter(row, scan.errors[(row, column)])
    _show_percent(series, types, scan, height)
    merged = tuple(
        (top, left, bottom, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        if top < height
    )
    frame = pl.DataFrame(series)
    return RawTable(
        name=name,
        sheet=sheet.name,
        frame=frame,
        first_row=1,
        types=types,
        merged=merged,
        covered=_covered(frame, merged, scan, name),
        disguised={p: code for p, code in scan.disguised.items() if p[0] < height},
        words=scan.words,
        hidden_rows=frozenset(row for row in scan.hidden_rows if row < height),
        hidden_columns=frozenset(scan.hidden_columns),
        hidden=hidden,
    )


def _covered(
    frame: pl.DataFrame, merged: Sequence[tuple[int, int, int, int]], scan: SheetScan, name: str
) -> frozenset[tuple[int, int]]:
    """Cells under merged ones that hold something else than people see there.

    Raises:
        ReadError: merged cells overlap, as no program leaves them; all of them laid out could
            take memory without limit.
    """
    found = {
        (row, column)
        for row, column in scan.covered
        if row < frame.height and column < frame.width and frame.item(row, column) is not None
    }
    area = 0
    for top, left, bottom, right in merged:
        columns = frame.columns[left : right + 1]
        height = min(bottom + 1, frame.height) - top
        area += len(columns) * height
        if area > frame.height * frame.width:
            raise ReadError("berkas-rusak", {"name": name})
        seen = frame.item(top, left) if columns else None
        for column, texts in enumerate(frame[top : top + height, columns], left):
            rows = texts.is_not_null() & texts.ne_missing(seen)
            found.update((top + row, column) for row in rows.arg_true())
    return frozenset(found)


def _show_percent(
    series: dict[str, pl.Series], types: dict[int, np.ndarray], scan: SheetScan, height: int
) -> None:
    """Give cells formatted as per cent the text that people see, sign included."""
    by_column: dict[int, list[int]] = {}
    for row, column in scan.percent:
        if row < height and column in types and types[column][row] == CellType.NUMBER:
            by_column.setdefault(column, []).append(row)
    for column, rows in by_column.items():
        texts = series[str(column)]
        shown = [cells.as_percent(texts[row]) for row in rows]
        series[str(column)] = texts.scatter(rows, shown)
