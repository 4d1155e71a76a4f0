"""The recap of a period: figures of kecamatan and of the kabupaten, with where they come from.

Only what the agency accepted is counted. Of a whole with a missing part no figure is given
(VTL's ``non_null``, as in the rules), and the part is named; nothing missing is ever a zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.consistency import period as periods
from ckanext.satudata.consistency.aggregation import Method, Whole, combine
from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.model.setoran import ACCEPTED, Obligation, Setoran, SetoranCell

from . import cells, obligations
from .cells import Key
from .weighing import weights

#: Why a kecamatan has no figure.
NOT_ASKED, NOT_ACCEPTED, NO_FIGURE, INCOMPLETE = (
    "tidak-diminta",
    "belum-diterima",
    "tidak-ada",
    "kurang",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a recap.

    Attributes:
        region: Kemendagri code.
        classification: as text (:func:`.obligations.written`).
        value: the figure, exact, with a decimal point; None where there is none.
        setoran: id of the setoran it comes from, None for what was computed of several.
        version: of that setoran.
        entered_by: id of the person who typed it.
        entered_at: when, ISO 8601.
        responsible: who answers for it.
        parts: codes of the regions it was computed of.
        weights: of those, where they were weighted.
    """

    region: str
    classification: str
    value: str | None
    setoran: str | None = None
    version: int | None = None
    entered_by: str | None = None
    entered_at: str | None = None
    responsible: str | None = None
    parts: tuple[str, ...] = ()
    weights: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A region without a figure.

    Attributes:
        region: Kemendagri code.
        classification: as text; empty where the whole setoran is missing.
        why: ``tidak-diminta``, ``belum-diterima``, ``tidak-ada`` or ``kurang`` (a desa is
            missing, or a weight).
        reason: what the kecamatan said.
    """

    region: str
    classification: str
    why: str
    reason: str = ""


@dataclass(frozen=True)
class Computed:
    """A recap before it goes anywhere.

    Attributes:
        period: which period.
        lines: the figures: for each classification the kabupaten, then its kecamatan (each
            followed by its desa, where they were asked).
        gaps: what is missing.
        unweighted: regions whose weight nobody knows.
    """

    period: str
    lines: tuple[Line, ...]
    gaps: tuple[Gap, ...]
    unweighted: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether no kecamatan is missing."""
        return not self.gaps

    def as_rows(self) -> list[dict[str, Any]]:
        """The lines, JSON-ready."""
        return [asdict(line) for line in self.lines]


def compute(obligation: Obligation, period: str, book: CodeBook) -> Computed:
    """Recap a period from what is accepted now.

    Args:
        obligation: whose.
        period: canonical text.
        book: the reference data.
    """
    return _Recap(obligation, period, book).computed()


class _Recap:
    def __init__(self, obligation: Obligation, period: str, book: CodeBook) -> None:
        self._obligation, self._period, self._book = obligation, period, book
        self._indicator = obligations.indicator_of(obligation, book)
        self._method = Method(obligation.method)
        self._day = periods.parse(period).end
        self._inside = [c.code for c in book.regions.children(book.home, on=self._day)]
        found = model.Session.scalars(
            sa.select(Setoran).where(
                Setoran.obligation_id == obligation.id, Setoran.period == period
            )
        )
        self._setoran = {one.region: one for one in found}
        self._cells = cells.of_many(one.id for one in self._setoran.values())
        self._gaps: list[Gap] = []
        self._unweighted: dict[str, None] = {}

    def computed(self) -> Computed:
        lines: list[Line] = []
        classes = obligations.classifications(self._obligation, self._indicator)
        for one in classes:
            lines += self._of_classification(one)
        return Computed(self._period, tuple(lines), tuple(self._gaps), tuple(self._unweighted))

    def _of_classification(self, classification: Mapping[str, str]) -> list[Line]:
        below: list[Line] = []
        values: dict[str, Decimal | None] = {}
        for region in self._inside:
            lines = self._kecamatan(region, classification)
            below += lines
            values[region] = exact(lines[0].value) if lines else None
        home = self._whole(self._book.home, classification, values)
        return [home, *below]

    def _kecamatan(self, region: str, classification: Mapping[str, str]) -> list[Line]:
        """The line of a kecamatan, and those of its desa; none if it is missing."""
        text = obligations.written(classification)
        setoran = self._setoran.get(region)
        if setoran is None or setoran.state != ACCEPTED:
            why = NOT_ACCEPTED if region in self._obligation.regions else NOT_ASKED
            self._gaps.append(Gap(region, text, why))
            return []
        mine = self._cells[setoran.id]
        if self._obligation.level == "kecamatan":
            line = _line(setoran, region, text, mine.get(Key(region, text)))
            if line.value is None:
                self._gaps.append(
                    Gap(region, text, NO_FIGURE, _reason(mine.get(Key(region, text))))
                )
            return [line]
        parts = obligations.parts_of(self._obligation, region, self._book, self._day)
        desa = [_line(setoran, p.code, text, mine.get(Key(p.code, text))) for p in parts]
        values = {d.region: exact(d.value) for d in desa}
        whole = self._whole(region, classification, values, setoran)
        missing = [d for d in desa if d.value is None]
        for line in missing:
            cell = mine.get(Key(line.region, text))
            self._gaps.append(Gap(line.region, text, NO_FIGURE, _reason(cell)))
        if whole.value is None and not missing:
            self._gaps.append(Gap(region, text, INCOMPLETE))
        return [whole, *desa]

    def _whole(
        self,
        region: str,
        classification: Mapping[str, str],
        values: Mapping[str, Decimal | None],
        setoran: Setoran | None = None,
    ) -> Line:
        by: dict[str, Decimal | None] = {}
        if self._method is Method.WEIGHTED_MEAN:
            by = weights(
                self._obligation,
                self._indicator,
                self._book,
                self._period,
                list(values),
                classification,
            )
        found: Whole = combine(self._method, values, by)
        self._unweighted.update(dict.fromkeys(found.unweighted))
        return Line(
            region,
            obligations.written(classification),
            None if found.value is None else format(found.value, "f"),
            setoran=setoran.id if setoran else None,
            version=setoran.version if setoran else None,
            responsible=setoran.responsible if setoran else None,
            parts=tuple(values),
            weights={n: format(w, "f") for n, w in by.items() if w is not None} or None,
        )


def _line(setoran: Setoran, region: str, text: str, cell: SetoranCell | None) -> Line:
    return Line(
        region,
        text,
        cell.value if cell else None,
        setoran=setoran.id,
        version=setoran.version,
        entered_by=cell.entered_by if cell else None,
        entered_at=cell.entered_at.isoformat() if cell and cell.entered_at else None,
        responsible=setoran.responsible,
    )


def _reason(cell: SetoranCell | None) -> str:
    return (cell.missing or "") if cell else ""


def exact(text: str | None) -> Decimal | None:
    """A kept value as a number."""
    return None if text is None else Decimal(text)


def newest(rows: Sequence[Mapping[str, Any]], region: str, text: str) -> Mapping[str, Any] | None:
    """The row of one figure in a kept recap, or None."""
    return next((r for r in rows if r["region"] == region and r["classification"] == text), None)
