"""The dimensions of a table: which cells say them, what they mean, and whether names agree."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..consistency.vocabulary import TOTAL, CodeBook, normalise
from . import declaration as d
from . import scanned
from .codes import TOTAL_WORDS, Cell, Trouble, agrees
from .declaration import Declaration, Field, Role
from .dimensions import PERIOD_CONCEPTS, Axis, combine_periods, number_cells, resolver
from .headers import Layout
from .measures import Measure
from .problems import Problems
from .raw import RawTable
from .rows import Mask

_ATTRIBUTES = frozenset({d.UNIT, d.STATUS})
_NO_CANDIDATES = {"candidates": "–"}
#: Rows without a region that are searched for a word such as "Jumlah" elsewhere.
_MOST_SEARCHED = 10_000


class Subjects:
    """What the rows of a table speak of.

    Args:
        table: the raw table.
        declaration: what its columns mean.
        layout: where they stand.
        book: the reference data.

    Attributes:
        frame: the rows below the header, merged cells of dimensions filled in.
        headers: column -> header text, of the dimension columns.
    """

    def __init__(
        self, table: RawTable, declaration: Declaration, layout: Layout, book: CodeBook
    ) -> None:
        self._table, self._declaration, self._layout, self._book = table, declaration, layout, book
        every = (*declaration.fields, *declaration.extra)
        self._fields = [f for f in every if _is_subject(f)]
        self._labels = {
            f.name: layout.columns[f.name]
            for f in declaration.fields
            if f.role is Role.LABEL and f.of and f.name in layout.columns
        }
        self._label_of = {
            f.of: f.name for f in declaration.fields if f.of and f.name in self._labels
        }
        self.frame = self._filled()
        self._unit_columns = {
            layout.columns[f.name]
            for f in self._fields
            if f.concept == d.UNIT and f.name in layout.columns
        }
        self._axes: dict[str, Axis] = {}
        self._unknown_fields: list[Field] = []
        for f in self._fields:
            self._read(f)
        self.headers = {
            a.column: layout.names.get(a.column, "")
            for f in self._fields
            if f.name in self._axes
            and (a := self._axes[f.name]).column is not None
            and f.concept not in _ATTRIBUTES
        }

    def blank(self) -> Mask:
        """Rows in which no dimension column has a text, shape ``(n,)``."""
        axes = self._over_columns()
        if not axes or not all(axis.has_blank for axis in axes):
            return np.zeros(self.frame.height, dtype=bool)
        return np.logical_and.reduce([axis.blank for axis in axes])

    def unknown(self) -> Mask:
        """Rows in which some dimension column is blank or not understood, shape ``(n,)``."""
        out = np.zeros(self.frame.height, dtype=bool)
        for axis in self._over_columns():
            if not axis.whole:
                out |= ~axis.ok
        return out

    def first_text(self, row: int) -> tuple[int | None, str | None]:
        """The first dimension cell of a row that has a text: its column and the text."""
        for column in self.headers:
            text = self.frame.item(row, column)
            if text:
                return column, text
        return None, None

    def axes(self, measure: Measure, problems: Problems) -> dict[str, Axis] | None:
        """Everything that a measure's cells speak of: concept -> axis.

        A missing region or period is noted once and gives None: such figures have no object.
        """
        axes: dict[str, Axis] = {}
        for f in self._fields:
            axis = self._axes.get(f.name)
            if axis is None and f.name in measure.normalize:
                axis = self._constant(f, measure.normalize[f.name], measure.column, problems)
            if axis is not None:
                axes[f.concept or ""] = axis
        times = {c: axes.pop(c) for c in list(axes) if c in PERIOD_CONCEPTS}
        period, trouble = combine_periods(times)
        if trouble is not None:
            problems.once(trouble.rule, **trouble.params)
        if d.REGION not in axes:
            problems.once("tanpa-wilayah")
        if period is None or d.REGION not in axes:
            return None
        axes[d.PERIOD] = period
        if d.UNIT in axes:
            axes[d.UNIT] = self._with_declared_unit(axes[d.UNIT], measure)
        return axes

    def report(self, with_value: Mask, problems: Problems, *, units_declared: bool) -> None:
        """Note what is not understood, for rows that hold a figure.

        Args:
            with_value: those rows, shape ``(n,)``.
            problems: receives the findings.
            units_declared: whether all measures have a unit of their own, so that a blank
                unit cell leaves nothing open.
        """
        for f in self._unknown_fields:
            problems.once("dimensi-tak-dikenal", field=f.name, concept=f.concept or "–")
        for name, axis in self._axes.items():
            if axis.column is None:
                continue
            bad = np.zeros_like(with_value) if axis.whole else with_value & ~axis.ok
            if units_declared and axis.column in self._unit_columns:
                bad &= ~axis.blank
            self._report_column(axis, np.flatnonzero(bad), problems)
            if name in self._label_of:
                self._report_labels(name, axis, with_value, problems)
        for f in self._fields:
            axis = self._axes.get(f.name)
            if axis is not None and axis.column is None and not axis.ok[0]:
                trouble = axis.troubles[0]
                problems.add(
                    "tetapan-tak-dikenal",
                    text=f.constant,
                    field=f.name,
                    constant=f.constant,
                    cause_rule=trouble.rule if trouble else "–",
                )

    def _report_column(self, axis: Axis, rows: npt.NDArray[np.int64], problems: Problems) -> None:
        assert axis.codes is not None
        column = axis.column or 0
        blank, unknown = Trouble("dimensi-kosong"), Trouble("kode-tidak-dikenal", _NO_CANDIDATES)
        troubles = [t or unknown for t in axis.troubles] + [blank]
        rules = list(dict.fromkeys(t.rule for t in troubles))
        numbered = np.array([rules.index(t.rule) for t in troubles], dtype=np.int64)
        of_row = numbered[axis.codes[rows]]
        for number, rule in enumerate(rules):
            mine = rows[of_row == number]
            kept = problems.left(rule)
            for row in mine[:kept].tolist():
                problems.add(
                    rule,
                    row=row + self._layout.start,
                    column=column,
                    text=self.frame.item(row, column),
                    **troubles[axis.codes[row]].params,
                )
            problems.count(rule, max(0, mine.size - kept))

    def _report_labels(self, name: str, axis: Axis, with_value: Mask, problems: Problems) -> None:
        """Compare each different pair of code and name once."""
        f = next(f for f in self._fields if f.name == name)
        codelist = self._book.codelists.get(f.codelist or f.concept or "")
        if codelist is None:
            return
        column = self._labels[self._label_of[name]]
        labels = number_cells(scanned.column(self.frame, column), None)
        rows = np.flatnonzero(with_value & axis.ok & (labels.codes >= 0))
        width = len(labels.distinct) + 1
        pairs, places = np.unique(
            axis.values[rows] * width + labels.codes[rows], return_inverse=True
        )
        verdicts = [
            agrees(labels.distinct[p % width].text, p // width, codelist) for p in pairs.tolist()
        ]
        for verdict, rule in ((False, "kode-nama-tak-cocok"), (None, "nama-tak-dikenal")):
            wrong = np.array([v is verdict for v in verdicts], dtype=bool)
            mine = rows[wrong[places]] if wrong.any() else rows[:0]
            kept = problems.left(rule)
            for row in mine[:kept].tolist():
                text = labels.distinct[labels.codes[row]].text
                code = codelist.at(int(axis.values[row]))
                named = codelist.named(text)
                problems.add(
                    rule,
                    row=row + self._layout.start,
                    column=column,
                    text=text,
                    code=code.code if code else TOTAL,
                    label=code.label if code else "–",
                    candidates=", ".join(f"{c.code} {c.label}" for c in named[:5]) or "–",
                )
            problems.count(rule, max(0, mine.size - kept))

    def _read(self, f: Field) -> None:
        understand = resolver(f, self._book)
        if understand is None:
            self._unknown_fields.append(f)
            return
        column = self._layout.columns.get(f.name)
        if column is None:
            if f.constant is not None:
                resolved = understand([Cell(f.constant)])[0]
                self._axes[f.name] = Axis.constant(resolved.index, resolved.trouble)
            return
        series = scanned.column(self.frame, column)
        types = self._table.types.get(column)
        types = None if types is None else types[self._layout.start :]
        if f.concept == d.REGION:
            series = self._with_totals(series)
        cells = number_cells(series, types)
        axis = cells.axis(understand(cells.distinct), column)
        if f.concept == d.STATUS:
            axis = axis.with_blank(0)
        self._axes[f.name] = axis

    def _constant(self, f: Field, text: str, column: int, problems: Problems) -> Axis | None:
        understand = resolver(f, self._book)
        if understand is None:
            return None
        resolved = understand([Cell(text)])[0]
        if resolved.trouble is not None:
            problems.once(
                "tetapan-tak-dikenal",
                column=column,
                text=text,
                field=f.name,
                constant=text,
                cause_rule=resolved.trouble.rule,
            )
        return Axis.constant(resolved.index)

    def _with_declared_unit(self, axis: Axis, measure: Measure) -> Axis:
        """Rows whose unit cell is blank have the unit that the declaration gives the column."""
        unit = self._book.units.find(measure.unit) if measure.unit else None
        if unit is None or axis.codes is None:
            return axis
        return axis.with_blank(list(self._book.units.units).index(unit.code))

    def _with_totals(self, cells: scanned.AnyColumn) -> scanned.AnyColumn:
        """Total rows often carry their word in another column, such as the row number's."""
        if not scanned.has_empty(cells):
            return cells
        import polars as pl

        series = scanned.series(cells)
        empty = np.flatnonzero(series.is_null().to_numpy())[:_MOST_SEARCHED].tolist()
        words: dict[int, str] = {}
        for row in empty:
            for cell in self.frame.row(row):
                if cell and normalise(cell) in TOTAL_WORDS:
                    words[row] = cell
                    break
        if not words:
            return series
        return series.scatter(list(words), pl.Series(list(words.values())))

    def _filled(self) -> scanned.AnyFrame:
        """The rows below the header; labels stand in where a code cell is blank."""
        start = self._layout.start
        frame = scanned.below(self._table.frame, start)
        columns = {
            self._layout.columns[f.name] for f in self._fields if f.name in self._layout.columns
        }
        wanted = columns | set(self._labels.values())
        fill: dict[int, tuple[list[int], list[str]]] = {c: ([], []) for c in wanted}
        for top, left, bottom, right in self._table.merged:
            text = self._table.frame.item(top, left) if left < frame.width else None
            if not text or bottom < start:
                continue
            rows = range(max(top, start) - start, min(bottom - start + 1, frame.height))
            for column in wanted:
                if left <= column <= right:
                    fill[column][0].extend(rows)
                    fill[column][1].extend([text] * len(rows))
        for column, (rows_, texts) in fill.items():
            if rows_:
                import polars as pl

                filled = frame.get_column(str(column)).scatter(rows_, pl.Series(texts))
                frame = frame.with_columns(filled)
        for name, label in self._label_of.items():
            column = self._layout.columns.get(name or "")
            if column is None or column not in columns:
                continue
            if scanned.has_empty(scanned.column(frame, column)):
                import polars as pl

                codes = frame.get_column(str(column))
                labels = frame.get_column(str(self._labels[label]))
                frame = frame.with_columns(
                    pl.when(codes.is_null()).then(labels).otherwise(codes).alias(str(column))
                )
        return frame

    def _over_columns(self) -> list[Axis]:
        return [
            a
            for f in self._fields
            if (a := self._axes.get(f.name)) is not None
            and a.column is not None
            and f.concept not in _ATTRIBUTES
        ]


def _is_subject(f: Field) -> bool:
    return f.role is Role.DIMENSION or (f.role is Role.ATTRIBUTE and f.concept in _ATTRIBUTES)
