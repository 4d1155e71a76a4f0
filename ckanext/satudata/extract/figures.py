"""Putting a table's dimensions and measures together into figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from ..consistency.frozen import frozen
from ..consistency.keys import LayoutError, pack_coded
from ..consistency.observations import EXACT_LIMIT, Figures
from ..consistency.vocabulary import CodeBook, Indicator, Unit
from . import declaration as d
from .contradictions import check_headers
from .declaration import Declaration
from .dimensions import Axis
from .headers import Layout
from .measures import Measure, Measures
from .outside import check_outside
from .personal import check_personal
from .problems import Problems
from .raw import RawTable
from .rows import Mask, classify, mark_statuses
from .state import State
from .structure import check_columns, check_covered, check_short_rows, check_shown
from .subjects import Subjects
from .uncompared import check_uncompared
from .units import convert, same_unit

_Scalar = TypeVar("_Scalar", bound=np.generic)
#: Positions of rows, ascending.
Rows: TypeAlias = "npt.NDArray[np.int32] | npt.NDArray[np.int64]"


@frozen
class _Piece:
    """Figures of one column and one indicator, in file order."""

    indicator: Indicator
    keys: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    decimals: npt.NDArray[np.int8]
    status: npt.NDArray[np.uint8]
    rows: Rows
    column: int


class Assembly:
    """One table on its way to figures.

    Args:
        table: the raw table.
        declaration: what its columns mean.
        layout: where they stand.
        book: the reference data.
        problems: receives what is wrong.
        table_index: position of the table in the candidate.

    Attributes:
        missing: cells in which a figure is missing; set by :meth:`figures`.
        rows: data rows; set by :meth:`figures`.
    """

    def __init__(
        self,
        table: RawTable,
        declaration: Declaration,
        layout: Layout,
        book: CodeBook,
        problems: Problems,
        table_index: int,
    ) -> None:
        self._declaration, self._layout, self._book = declaration, layout, book
        self._table, self._problems, self._index = table, problems, table_index
        self.missing = 0
        self.rows = 0

    def figures(self) -> tuple[Figures, ...]:
        """Read everything; what cannot be read becomes a finding."""
        usable = check_columns(self._declaration, self._layout, self._problems)
        check_covered(self._table, self._layout, self._problems)
        subjects = Subjects(self._table, self._declaration, self._layout, self._book)
        measures = Measures(self._table, self._declaration, self._layout, self._book)
        blank, unknown = subjects.blank(), subjects.unknown()
        kinds = classify(
            subjects.frame,
            blank=blank,
            unknown=unknown,
            measures=list(measures.columns.values()),
            repeated=subjects.headers,
        )
        self.rows = int(kinds.data.sum())
        if not measures.declared:
            self._problems.add("tanpa-kolom-angka")
        check_short_rows(self._table, self._declaration, self._layout, kinds.data, self._problems)
        check_outside(
            self._table,
            self._declaration,
            self._layout,
            kinds.data,
            self._book,
            self._problems,
        )
        for row in np.flatnonzero(kinds.skipped)[: self._problems.left("baris-dilewati")].tolist():
            column, text = subjects.first_text(row)
            self._problems.add(
                "baris-dilewati", row=row + self._layout.start, column=column, text=text
            )
        measures.keep(kinds.data)
        measures.read(self._problems)
        check_uncompared(
            self._table,
            self._declaration,
            self._layout,
            kinds.data,
            measures,
            self._book,
            self._problems,
        )
        check_shown(self._table, measures.declared, self._book, self._problems)
        check_headers(
            self._table, self._declaration, self._layout, measures, self._book, self._problems
        )
        check_personal(
            self._table,
            self._declaration,
            self._layout,
            kinds.data,
            measures,
            self._problems,
        )
        statuses = mark_statuses(kinds.notes, measures.marks())
        with_value = measures.with_value()
        stated = all(m.unit for m in measures.declared)
        subjects.report(with_value, self._problems, units_declared=stated)
        if not usable:
            return ()
        # What is wrong with a column is told at once, also where its notation is in doubt.
        read = {m.column: self._pieces(m, measures, subjects, statuses) for m in measures.declared}
        self.missing = measures.missing()
        return self._merged([p for m in measures.readable() for p in read[m.column]])

    def _pieces(
        self, measure: Measure, measures: Measures, subjects: Subjects, statuses: Mapping[str, int]
    ) -> list[_Piece]:
        numbers = measures.numbers[measure.column]
        axes = subjects.axes(measure, self._problems)
        if axes is None:
            return []
        usable = numbers.state == State.OK
        for axis in axes.values():
            usable = usable if axis.whole else usable & axis.ok
        out = []
        for indicator, mine in self._indicators(measure, axes, usable):
            rows = np.arange(mine.size, dtype=np.int32) if mine.all() else np.flatnonzero(mine)
            piece = self._piece(indicator, measure, measures, axes, rows, statuses)
            if piece is not None:
                out.append(piece)
        return out

    def _indicators(
        self, measure: Measure, axes: dict[str, Axis], usable: Mask
    ) -> list[tuple[Indicator, Mask]]:
        axis = axes.pop(d.INDICATOR, None)
        if axis is not None:
            ids = np.unique(np.broadcast_to(axis.values, usable.shape)[usable])
            found = [(self._book.indicator_by_id(int(i)), usable & (axis.values == i)) for i in ids]
            return [(i, mask) for i, mask in found if i is not None]
        indicator = self._book.indicators.get(measure.indicator or "")
        if indicator is None:
            rule = "indikator-tidak-dikenal" if measure.indicator else "tanpa-indikator"
            self._problems.add(
                rule, column=measure.column, text=measure.indicator, indicator=measure.indicator
            )
            return []
        return [(indicator, usable)]

    def _piece(
        self,
        indicator: Indicator,
        measure: Measure,
        measures: Measures,
        axes: Mapping[str, Axis],
        rows: Rows,
        statuses: Mapping[str, int],
    ) -> _Piece | None:
        if rows.size == 0 or not self._knows(indicator, axes, measure):
            return None
        converted = self._converted(indicator, measure, measures, axes.get(d.UNIT), rows)
        if converted is None:
            return None
        rows, values, decimals = converted
        if values.size and (values.max() > EXACT_LIMIT or values.min() < -EXACT_LIMIT):
            large = (values > EXACT_LIMIT) | (values < -EXACT_LIMIT)
            kept = self._problems.left("angka-terlalu-besar")
            for row in rows[large][:kept].tolist():
                self._cell("angka-terlalu-besar", measure, row, indicator=indicator.code)
            self._problems.count("angka-terlalu-besar", max(0, int(large.sum()) - kept))
            rows, values, decimals = rows[~large], values[~large], decimals[~large]
        status = _at(measures.statuses(measure.column, statuses), rows)
        if d.STATUS in axes:
            stated = _at(axes[d.STATUS].values, rows).astype(np.uint8)
            status = np.where(stated > 0, stated, status)
        parts = {
            name: (None if axis.codes is None else _at(axis.codes, rows), axis.table)
            for name, axis in axes.items()
            if name not in (d.UNIT, d.STATUS)
        }
        period, region = parts.pop(d.PERIOD), parts.pop(d.REGION)
        try:
            keys = pack_coded(indicator, rows.size, period, region, parts)
        except LayoutError as error:
            self._problems.add(
                "kode-di-luar-kunci",
                column=measure.column,
                indicator=indicator.code,
                detail=str(error),
            )
            return None
        return _Piece(indicator, keys, values, decimals, status, rows, measure.column)

    def _knows(self, indicator: Indicator, axes: Mapping[str, Axis], measure: Measure) -> bool:
        """Whether the indicator has all the dimensions that the table splits it by."""
        own = {x.name for x in indicator.dimensions}
        foreign = set(axes) - own - {d.REGION, d.PERIOD, d.UNIT, d.STATUS}
        for concept in sorted(foreign):
            self._problems.add(
                "dimensi-bukan-milik-indikator",
                column=measure.column,
                indicator=indicator.code,
                concept=concept,
                dimensions_known=", ".join(sorted(own)) or "–",
            )
        return not foreign

    def _converted(
        self,
        indicator: Indicator,
        measure: Measure,
        measures: Measures,
        axis: Axis | None,
        rows: Rows,
    ) -> tuple[Rows, npt.NDArray[np.float64], npt.NDArray[np.int8]] | None:
        """Values in the indicator's unit, for the rows whose unit allows it."""
        numbers = measures.numbers[measure.column]
        units = list(self._book.units.units.values())
        if axis is not None:
            positions = _at(axis.values, rows)
            present = np.unique(positions).tolist()
        else:
            declared = measures.unit(measure, self._problems)
            if declared is None:
                return None
            present = [units.index(declared)]
            positions = np.broadcast_to(np.int64(present[0]), rows.shape)
        values, decimals = _at(numbers.values, rows), _at(numbers.decimals, rows)
        if len(present) == 1 and len(measures.columns[measure.column].suffixes) == 1:
            ratio = self._book.units.ratio(units[present[0]].code, indicator.unit)
            if ratio is not None:
                return rows, *convert(values, decimals, ratio)
        keep = np.ones(rows.shape, dtype=bool)
        for position in present:
            unit, mine = units[position], positions == position
            foreign = self._foreign_suffix(measure, measures, unit, rows, mine)
            keep[foreign] = False
            mine = mine & ~foreign
            ratio = self._book.units.ratio(unit.code, indicator.unit)
            if ratio is None:
                keep[mine] = False
                self._unit_problem(indicator, measure, unit, rows[mine])
            elif mine.all():
                values, decimals = convert(values, decimals, ratio)
            else:
                # Several measures may share the cells; the original stays as it was read.
                values, decimals = values.copy(), decimals.copy()
                values[mine], decimals[mine] = convert(values[mine], decimals[mine], ratio)
        if keep.all():
            return rows, values, decimals
        return rows[keep], values[keep], decimals[keep]

    def _unit_problem(self, indicator: Indicator, measure: Measure, unit: Unit, rows: Rows) -> None:
        wanted = self._book.units.units.get(indicator.unit)
        self._problems.add(
            "satuan-tidak-cocok",
            row=int(rows[0]) + self._layout.start if rows.size else None,
            column=measure.column,
            indicator=indicator.code,
            written=unit.in_text,
            expected=wanted.in_text if wanted else indicator.unit,
            rows=int(rows.size),
        )

    def _foreign_suffix(
        self,
        measure: Measure,
        measures: Measures,
        unit: Unit,
        rows: Rows,
        mine: Mask,
    ) -> Mask:
        """Cells in which a unit is written that is not the declared one."""
        column = measures.columns[measure.column]
        bad = np.zeros(rows.shape, dtype=bool)
        for number, suffix in enumerate(column.suffixes[1:], start=1):
            cells = mine & (column.suffix[rows] == number)
            if not cells.any() or same_unit(suffix, unit, self._book):
                continue
            bad |= cells
            known = suffix == "rp" or self._book.units.find(suffix) is not None
            rule = "satuan-dalam-sel" if known else "angka-tak-terbaca"
            kept = self._problems.left(rule)
            for row in rows[cells][:kept].tolist():
                self._cell(rule, measure, row, written=suffix, expected=unit.in_text)
            self._problems.count(rule, int(cells.sum()) - min(kept, int(cells.sum())))
        return bad

    def _cell(self, rule: str, measure: Measure, row: int, **params: str) -> None:
        text = self._table.frame.item(row + self._layout.start, measure.column)
        self._problems.add(
            rule, row=row + self._layout.start, column=measure.column, text=text, **params
        )

    def _merged(self, pieces: list[_Piece]) -> tuple[Figures, ...]:
        by_indicator: dict[int, list[_Piece]] = {}
        for piece in pieces:
            by_indicator.setdefault(piece.indicator.id, []).append(piece)
        first = self._table.first_row + self._layout.start
        out = []
        for group in by_indicator.values():
            sizes = [p.rows.size for p in group]
            columns = np.repeat(np.array([p.column for p in group], dtype=np.int16), sizes)
            rows = _joined([p.rows.astype(np.int32, copy=False) for p in group]) + np.int32(first)
            out.append(
                Figures.sorted(
                    group[0].indicator,
                    _joined([p.keys for p in group]),
                    _joined([p.values for p in group]),
                    _joined([p.decimals for p in group]),
                    _joined([p.status for p in group]),
                    np.full(rows.shape, self._index, dtype=np.int16),
                    rows,
                    columns,
                )
            )
        return tuple(out)


def _joined(arrays: list[npt.NDArray]) -> npt.NDArray:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


def _at(values: npt.NDArray[_Scalar], rows: Rows) -> npt.NDArray[_Scalar]:
    """Values of some rows, ascending and each once; not a copy where that is all of them."""
    if values.shape == (1,):
        return np.broadcast_to(values, rows.shape)
    return values if rows.size == values.size else values[rows]
