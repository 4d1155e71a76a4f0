"""The measures of a table: which columns hold figures, and their cells as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..consistency.frozen import frozen
from ..consistency.vocabulary import CodeBook, Unit
from . import scanned
from .declaration import INDICATOR, Declaration, Field, Role
from .headers import Layout
from .notation import (
    Column,
    Evidence,
    Notation,
    Numbers,
    common,
    evidence,
    prepare,
    settle,
    to_numbers,
)
from .problems import Problems
from .raw import CellType, RawTable
from .rows import Mask
from .state import State
from .units import comes_whole

_RULES = {
    State.UNREADABLE: "angka-tak-terbaca",
    State.OTHER_NOTATION: "angka-tak-terbaca",
    State.SCIENTIFIC: "angka-ilmiah",
    State.FORMULA_ERROR: "sel-rumus-galat",
    State.UNCALCULATED: "sel-rumus-belum-dihitung",
    State.TOO_LARGE: "angka-terlalu-besar",
    State.NOT_A_NUMBER_CELL: "angka-jadi-tanggal",
}
_STATE_OF_TYPE = {
    CellType.ERROR: State.FORMULA_ERROR,
    CellType.UNCALCULATED: State.UNCALCULATED,
    CellType.DATE: State.NOT_A_NUMBER_CELL,
    CellType.BOOL: State.UNREADABLE,
}


@frozen
class Measure:
    """One column of figures.

    Attributes:
        column: 0-based column.
        group: columns of one group hold one measure and share a notation.
        indicator: its indicator's code, or None if rows or nobody says.
        unit: the unit as declared, or None.
        notation: the notation as declared, or None.
        normalize: for a wide column: extra field -> value.
    """

    column: int
    group: str
    indicator: str | None
    unit: str | None
    notation: str | None
    normalize: Mapping[str, str] = field(default_factory=dict)


class Measures:
    """All measures of a table.

    Args:
        table: the raw table.
        declaration: what its columns mean.
        layout: where they stand.
        book: the reference data.

    Attributes:
        declared: the measures that have a column.
        columns: column -> its cells taken apart.
        numbers: column -> its cells as numbers; set by :meth:`read`. Of a column whose notation
            is not settled they serve to find what else is wrong, and are no figures.
    """

    def __init__(
        self, table: RawTable, declaration: Declaration, layout: Layout, book: CodeBook
    ) -> None:
        self._table, self._declaration, self._layout, self._book = table, declaration, layout, book
        self.declared = _declared(declaration, layout)
        self._rows = table.frame.height - layout.start
        self.columns: dict[int, Column] = {
            m.column: self._prepared(m.column) for m in self.declared
        }
        self.numbers: dict[int, Numbers] = {}
        self._unsettled: set[int] = set()
        self._data: Mask = np.ones(self._rows, dtype=bool)

    def keep(self, data: Mask) -> None:
        """Forget the cells of rows that are no data, shape ``(n,)``."""
        self._data = data
        for column, cells in self.columns.items():
            if bool((data | (cells.state == State.MISSING)).all()):
                continue
            import polars as pl

            text = scanned.series(cells.text).set(pl.Series(~data), None)
            if isinstance(cells.text, scanned.Column):
                cells = prepare(text)
            state = np.where(data, cells.state, np.uint8(State.MISSING))
            self.columns[column] = replace(cells, text=text, state=state)

    def with_value(self) -> Mask:
        """Rows in which some column holds a figure, shape ``(n,)``."""
        out = np.zeros(self._rows, dtype=bool)
        for numbers in self.numbers.values():
            out |= numbers.state == State.OK
        return out

    def missing(self) -> int:
        """Number of cells of data rows without a figure."""
        return sum(
            int(((n.state == State.MISSING) & self._data).sum()) for n in self.numbers.values()
        )

    def readable(self) -> list[Measure]:
        """The measures whose notation is settled."""
        return [m for m in self.declared if m.column not in self._unsettled]

    def marks(self) -> list[str]:
        """All footnote marks that occur."""
        return list(dict.fromkeys(m for c in self.columns.values() for m in c.marks if m))

    def statuses(self, column: int, meaning: Mapping[str, int]) -> npt.NDArray[np.uint8]:
        """Status of each cell as its footnote mark says, shape ``(n,)``."""
        cells = self.columns[column]
        if len(cells.marks) == 1:
            return np.full(cells.mark.shape, meaning.get(cells.marks[0], 0), dtype=np.uint8)
        return np.array([meaning.get(m, 0) for m in cells.marks], dtype=np.uint8)[cells.mark]

    def unit(self, measure: Measure, problems: Problems) -> Unit | None:
        """The declared unit of a measure; None, with a finding, if there is none."""
        if not measure.unit:
            problems.once("tanpa-satuan", column=measure.column)
            return None
        unit = self._book.units.find(measure.unit)
        if unit is None:
            problems.once(
                "satuan-tidak-dikenal",
                column=measure.column,
                text=measure.unit,
                written=measure.unit,
            )
        return unit

    def read(self, problems: Problems) -> None:
        """Decide notations and read the numbers; what cannot be read becomes a finding."""
        found = {m.column: evidence(self.columns[m.column]) for m in self.declared}
        groups: dict[str, list[Measure]] = {}
        for m in self.declared:
            groups.setdefault(m.group, []).append(m)
        own = {name: settle([found[m.column] for m in members]) for name, members in groups.items()}
        for name, members in groups.items():
            notation = settle(
                [found[m.column] for m in members],
                declared=self._declared_notation(members[0]),
                table=common(n for other, n in own.items() if other != name),
                whole=self._whole(members),
            )
            if notation is Notation.MIXED:
                self._report_mixed(members, found, problems)
            elif notation is Notation.AMBIGUOUS:
                self._report_ambiguous(members, found, problems)
            for m in members:
                if notation in (Notation.MIXED, Notation.AMBIGUOUS):
                    self._unsettled.add(m.column)
                    self.numbers[m.column] = _either(self.columns[m.column])
                else:
                    self.numbers[m.column] = to_numbers(self.columns[m.column], notation)
        for m in self.declared:
            self._report_bad(m, problems)
        self._report_merged(problems)

    def _note(self, rule: str, row: int, column: int, problems: Problems, **params: Any) -> None:
        position = row + self._layout.start
        text = self._table.frame.item(position, column)
        problems.add(rule, row=position, column=column, text=text, **params)

    def _prepared(self, column: int) -> Column:
        cells = scanned.column(self._table.frame, column).slice(self._layout.start)
        prepared = prepare(cells, self._exact(column))
        types = self._table.types.get(column)
        if types is not None:
            types = types[self._layout.start :]
            for kind, state in _STATE_OF_TYPE.items():
                prepared.state[types == kind] = state
        return prepared

    def _exact(self, column: int) -> Mask | None:
        types = self._table.types.get(column)
        return None if types is None else types[self._layout.start :] == CellType.NUMBER

    def _declared_notation(self, measure: Measure) -> Notation | None:
        stated = measure.notation or self._declaration.notation
        return Notation(stated) if stated else None

    def _whole(self, members: list[Measure]) -> bool:
        units = [self._book.units.find(m.unit) if m.unit else None for m in members]
        return all(u is not None and comes_whole(u) for u in units)

    def _report_mixed(
        self, members: list[Measure], found: Mapping[int, Evidence], problems: Problems
    ) -> None:
        by_kind = {
            kind: next(
                (m.column, getattr(found[m.column], kind))
                for m in members
                if getattr(found[m.column], kind) is not None
            )
            for kind in ("indonesian", "english")
        }
        (column, row), (other_column, other) = by_kind["indonesian"], by_kind["english"]
        start = self._layout.start
        self._note(
            "notasi-campur",
            row,
            column,
            problems,
            other_row=other + start + self._table.first_row,
            other_column=other_column,
            other_header=self._layout.names.get(other_column, ""),
            other_text=self._table.frame.item(other + start, other_column),
        )

    def _report_ambiguous(
        self, members: list[Measure], found: Mapping[int, Evidence], problems: Problems
    ) -> None:
        for m in members:
            row = found[m.column].ambiguous
            if row is None:
                continue
            text = self.columns[m.column].text[row] or ""
            self._note(
                "notasi-taksa",
                row,
                m.column,
                problems,
                thousands=text.replace(".", "").replace(",", ""),
                fraction=text.replace(".", ","),
            )

    def _report_bad(self, measure: Measure, problems: Problems) -> None:
        numbers = self.numbers[measure.column]
        if not numbers.bad.any():
            return
        for state, rule in _RULES.items():
            rows = np.flatnonzero(numbers.state == state)
            kept = problems.left(rule)
            for row in rows[:kept].tolist():
                self._note(rule, row, measure.column, problems)
            problems.count(rule, rows.size - min(kept, rows.size))

    def _report_merged(self, problems: Problems) -> None:
        """One figure in a cell merged over several: whose it is, nobody can tell."""
        columns = {m.column for m in self.readable()}
        for top, left, bottom, right in self._table.merged:
            row = top - self._layout.start
            if row < 0 or not self._data[row : bottom - self._layout.start + 1].all():
                continue
            mine = sorted(c for c in columns if left <= c <= right)
            if mine and self._table.frame.item(top, left) is not None:
                self._note(
                    "sel-gabungan", row, left, problems, last_row=bottom + self._table.first_row
                )


def _either(cells: Column) -> Numbers:
    """Cells as numbers in whichever notation each of them fits."""
    first, second = to_numbers(cells, Notation.ID), to_numbers(cells, Notation.EN)
    fits = first.state == State.OK
    return Numbers(
        np.where(fits, first.values, second.values),
        np.where(fits, first.decimals, second.decimals),
        np.where(fits, first.state, second.state),
    )


def _declared(declaration: Declaration, layout: Layout) -> list[Measure]:
    target = next((f for f in declaration.extra if f.target), None)
    naming = {f.name for f in declaration.extra if f.concept == INDICATOR}
    out = []
    for f in declaration.fields:
        column = layout.columns.get(f.name)
        if column is None:
            continue
        if f.normalize and target is not None and f.role in (None, Role.MEASURE):
            out.append(_wide(f, column, target, naming))
        elif f.role is Role.MEASURE:
            out.append(Measure(column, f.name, f.indicator, f.unit, f.notation))
    return out


def _wide(f: Field, column: int, target: Field, naming: set[str]) -> Measure:
    """A wide column: its header names an indicator, or the target does."""
    named = next((v for k, v in f.normalize.items() if k in naming), None)
    return Measure(
        column=column,
        group=f"{target.name}/{named or ''}",
        indicator=f.indicator or target.indicator,
        unit=f.unit or target.unit,
        notation=f.notation or target.notation,
        normalize=f.normalize,
    )
