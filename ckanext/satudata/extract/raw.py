"""A sheet as it was read: nothing but text, with what the spreadsheet knew of its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..consistency.frozen import frozen

if TYPE_CHECKING:
    from .scanned import AnyFrame


class CellType(IntEnum):
    """What a cell was before it became text."""

    TEXT = 0
    NUMBER = 1
    DATE = 2
    BOOL = 3
    ERROR = 4
    #: A formula saved without its result, as programs write that do not calculate.
    UNCALCULATED = 5


@frozen
class RawTable:
    """One sheet, every cell as text.

    Attributes:
        name: name of the file, as people know it.
        sheet: name of the sheet, None for a text file.
        frame: columns ``"0"``, ``"1"`` ... of strings, header rows included; a cell without
            content is null. Row ``i`` is row ``first_row + i`` of the sheet.
        first_row: 1-based number of the first row, as a spreadsheet shows it.
        types: column number -> :class:`CellType` numbers, shape ``(rows,)``; a column that
            is not in it holds only text.
        merged: merged cells as (first row, first column, last row, last column), 0-based
            positions in the frame, both ends included. The text stands in the first cell.
        covered: cells that a merged one hides and that hold something else, as (row, column),
            0-based positions in the frame.
        short: positions of rows of a text file that have fewer cells than the widest row.
        widths: number of cells of each row in ``short``.
        disguised: (row, column), 0-based positions in the frame, of cells that show something else
            than they hold -> the number format that does so.
        words: column -> what formats show beside its numbers -> position of the first such row.
        hidden_rows: positions of rows that hold something and are not shown.
        hidden_columns: columns, likewise.
        hidden: names of the hidden sheets of the same file that hold anything; they are not read.
    """

    name: str
    sheet: str | None
    frame: AnyFrame
    first_row: int = 1
    types: Mapping[int, npt.NDArray[np.uint8]] = field(default_factory=dict)
    merged: tuple[tuple[int, int, int, int], ...] = ()
    covered: frozenset[tuple[int, int]] = frozenset()
    short: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    widths: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    disguised: Mapping[tuple[int, int], str] = field(default_factory=dict)
    words: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: tuple[str, ...] = ()

    def of_type(self, column: int, *wanted: CellType) -> npt.NDArray[np.bool_]:
        """Which cells of a column are of these types, shape ``(rows,)``."""
        types = self.types.get(column)
        if types is None:
            return np.full(self.frame.height, CellType.TEXT in wanted)
        return np.isin(types, [int(w) for w in wanted])
