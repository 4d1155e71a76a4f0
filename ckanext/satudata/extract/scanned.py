"""A delimited text without any oddity, its cells left where they stand in the file's bytes.

:class:`Frame` stands for the polars frame of such a text. What is asked of every table it answers
from the bytes (:mod:`~ckanext.satudata.native`); whatever else somebody wants of it, he gets of
the polars frame, which is then read by the general reader. So a large table that is in order never
becomes a frame, and one that is not is treated as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ..consistency.frozen import frozen
from ..native import kernel

if TYPE_CHECKING:
    import polars as pl


#: How tables hold their cells.
AnyFrame: TypeAlias = "pl.DataFrame | Frame"
AnyColumn: TypeAlias = "pl.Series | Column"
#: What the kernel says where it was given too little room.
_NO_ROOM = -2
#: What is in a file.
Text: TypeAlias = "bytes | memoryview"


@frozen
class _Text:
    """The bytes, and where their cells begin.

    Attributes:
        data: UTF-8.
        starts: of each cell in rows, and one beyond the last; shape ``(rows * width + 1,)``.
        width: number of columns.
        read: reads the same bytes in general.
        columns: those asked for, by their first row and their number.
    """

    data: Text
    starts: npt.NDArray[np.uint32]
    width: int
    read: Callable[[], pl.DataFrame]
    columns: dict[tuple[int, int], Column] = field(default_factory=dict)

    @cached_property
    def _rooms(self) -> dict[int, npt.NDArray[np.int32]]:
        """What is asked for at once comes in large pages; what no column uses costs nothing."""
        rooms = np.empty((self.width, self.starts.size // self.width), dtype=np.int32)
        return dict(enumerate(rooms))

    def room(self, index: int, first: int) -> npt.NDArray[np.int32]:
        """Room for a number of each cell of a column from a row on."""
        room = self._rooms.pop(index, None)
        if room is None:
            room = np.empty(self.starts.size // self.width, dtype=np.int32)
        return room[first:]

    @cached_property
    def polars(self) -> pl.DataFrame:
        """The polars frame of all rows."""
        frame = self.read()
        rows = self.starts.size // self.width
        if frame.shape != (rows, self.width):
            raise RuntimeError(f"read as {frame.shape}, but scanned as {rows, self.width}")
        return frame


@frozen
class Frame:
    """All rows from one on; see the module. Everything not defined here is the polars frame's.

    Attributes:
        text: the cells.
        first: the first row.
    """

    text: _Text
    first: int = 0

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.polars, name)

    @property
    def polars(self) -> pl.DataFrame:
        """The polars frame of these rows."""
        return self.text.polars.slice(self.first)

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.text.width

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.text.starts.size // self.text.width - self.first

    def below(self, offset: int) -> Frame:
        """The rows from one on, counted from the first of these."""
        return replace(self, first=self.first + min(offset, self.height))

    def top(self, count: int) -> Iterator[tuple[str | None, ...]]:
        """The first rows."""
        places = np.arange(min(count, self.height))
        return zip(*(self.column(c).texts(places) for c in range(self.width)), strict=True)

    def row(self, index: int) -> tuple[str | None, ...]:
        """One row."""
        return tuple(self.item(index, c) for c in range(self.width))

    def item(self, row: int, column: int) -> str | None:
        """One cell; None where it is empty."""
        return self.column(column)[row]

    def column(self, index: int) -> Column:
        """One column."""
        return self.text.columns.setdefault((self.first, index), Column(self, index))


@frozen
class Column:
    """One column of a :class:`Frame`.

    Attributes:
        frame: whose column it is.
        index: 0-based.
    """

    frame: Frame
    index: int

    def __len__(self) -> int:
        return self.frame.height

    def __getitem__(self, row: int) -> str | None:
        return self.texts(np.array([row]))[0]

    @property
    def _place(self) -> tuple[Text, npt.NDArray[np.uint32], int, int, int]:
        text = self.frame.text
        return text.data, text.starts, text.width, self.index, self.frame.first

    @property
    def series(self) -> pl.Series:
        """The same column of the polars frame."""
        return self.frame.polars.get_column(str(self.index))

    def slice(self, offset: int) -> Column:
        """The rows from one on."""
        return self.frame.below(offset).column(self.index)

    def texts(self, rows: npt.NDArray[np.int64]) -> list[str | None]:
        """The cells of some rows.

        Raises:
            IndexError: there is no such row.
        """
        return kernel.texts(*self._place, np.ascontiguousarray(rows, dtype=np.int64))

    @cached_property
    def numbered(self) -> tuple[npt.NDArray[np.int32], list[str], int]:
        """Position of each cell among the different texts, -1 where it is empty; these texts.

        The third is how many cells are empty.
        """
        codes = self.frame.text.room(self.index, self.frame.first)
        return codes, *kernel.number(*self._place, codes)

    def evidence(
        self, missing: npt.NDArray[np.uint8]
    ) -> tuple[int | None, int | None, int | None, frozenset[str]] | None:
        """What the first cells say of their notation, if each is empty or digits with separators.

        Args:
            missing: filled; 1 where a cell is empty. As many rows as it has are looked at.

        Returns:
            The first rows that are written in Indonesian notation only, in English notation only,
            and in either; the separators of the last kind. None where some cell is no such number.
        """
        found = kernel.evidence(*self._place, missing)
        if found is None:
            return None
        _, *firsts, separators = found
        indonesian, english, both = (None if first < 0 else first for first in firsts)
        shown = frozenset(s for bit, s in ((1, "."), (2, ",")) if separators & bit)
        return indonesian, english, both, shown

    def figures(self, notation: str) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int8]] | None:
        """Values, NaN where a cell is empty, and digits behind the decimal separator.

        Args:
            notation: ``id``, ``en`` or ``plain``.

        Returns:
            Both, or None where some cell is not written in this notation or is too large.
        """
        values, decimals = np.empty(len(self)), np.empty(len(self), dtype=np.int8)
        read = kernel.figures(*self._place, notation[0], values, decimals)
        return (values, decimals) if read else None


def scan(
    data: Text,
    delimiter: str,
    width: int,
    rows: int,
    most: int,
    read: Callable[[], pl.DataFrame],
    *,
    plain: bool,
) -> Frame | None:
    """The cells of a text that leaves no question how it is read.

    In it every line has the same number of cells, above one; lines end with LF or CR LF, and each
    has some text; a cell is quoted as a whole or not at all, and a quoted one holds a text without
    quotes or line breaks.

    Args:
        data: UTF-8.
        delimiter: one character of ASCII.
        width: cells of a line.
        rows: about how many lines there are; where there are more, all are counted first.
        most: with more lines than this it is not taken.
        read: reads the same bytes as a polars frame.
        plain: whether only ASCII without NUL is taken.

    Returns:
        Its frame, or None for any other text.
    """
    starts = np.empty(min(rows, most) * width + 1, dtype=np.uint32)
    found = kernel.scan(data, delimiter, width, plain, starts)
    if found == _NO_ROOM and (lines := kernel.lines(data)) <= most:
        starts = np.empty(lines * width + 1, dtype=np.uint32)
        found = kernel.scan(data, delimiter, width, plain, starts)
    if found < 0:
        return None
    return Frame(_Text(data, starts[: found * width + 1], width, read))


def column(frame: AnyFrame, index: int) -> AnyColumn:
    """One column of either kind of frame."""
    return frame.column(index) if isinstance(frame, Frame) else frame.get_column(str(index))


def below(frame: AnyFrame, offset: int) -> AnyFrame:
    """The rows from one on of either kind of frame."""
    return frame.below(offset) if isinstance(frame, Frame) else frame.slice(offset)


def first_rows(frame: AnyFrame, count: int) -> Iterator[tuple[str | None, ...]]:
    """The first rows of either kind of frame."""
    return frame.top(count) if isinstance(frame, Frame) else frame.head(count).iter_rows()


def has_empty(cells: AnyColumn) -> bool:
    """Whether some cell of either kind of column is empty."""
    if isinstance(cells, Column):
        return cells.numbered[2] > 0
    return cells.null_count() > 0


def series(cells: AnyColumn) -> pl.Series:
    """Either kind of column as the polars one."""
    return cells.series if isinstance(cells, Column) else cells


def texts(cells: AnyColumn, rows: npt.NDArray[np.int64]) -> list[str | None]:
    """The cells of some rows of either kind of column."""
    return cells.texts(rows) if isinstance(cells, Column) else cells.gather(rows).to_list()


def distinct(cells: AnyColumn) -> list[str]:
    """The different texts of either kind of column."""
    if isinstance(cells, Column):
        return cells.numbered[1]
    return cells.drop_nulls().unique(maintain_order=True).to_list()
