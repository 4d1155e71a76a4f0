"""Indicators: what may be written about them, and when it may no longer change."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.consistency.keys import LayoutError, add_dimension
from ckanext.satudata.consistency.vocabulary import REGION, CodeBook, Dimension, normalise
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.indicator import IndicatorRow
from ckanext.satudata.model.reference import StandardRow
from ckanext.satudata.model.setoran import Obligation
from ckanext.satudata.reference import indicator_code
from ckanext.satudata.store.codebook import forget_codebook, has_figures, load_codebook
from ckanext.satudata.store.reference import MEASURES
from ckanext.satudata.types import AnySession

#: Measures whose parts do not sum to the whole.
NOT_ADDITIVE = frozenset(
    {
        "persentase",
        "indeks",
        "rata-rata",
        "harga",
        "rasio",
        "proporsi",
        "laju",
        "kepadatan",
        "produktivitas",
        "umur",
        "kecepatan",
        "jarak",
        "skor",
        "jenis",
    }
)

STATUSES = ("active", "retired")

#: What may stay as it is, but not be emptied.
_NEEDED = ("code", "name", "definition", "ukuran", "unit", "status")

_TEXTS = ("name", "name_en", "definition", "definition_en")


class UnknownIndicator(SatudataError):
    """There is no such indicator."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a field is refused: a rule's name and what its text needs."""

    rule: str
    params: Mapping[str, object]


class InvalidIndicator(SatudataError):
    """What was sent about an indicator is refused.

    Attributes:
        fields: name of the field -> why.
    """

    def __init__(self, fields: Mapping[str, Refusal]) -> None:
        super().__init__(", ".join(f"{k}: {v.rule}" for k, v in fields.items()))
        self.fields = fields


def find(session: AnySession, reference: str) -> IndicatorRow:
    """The indicator with this code or number.

    Args:
        session: the session to read with.
        reference: its code (a full SDSN code too), or its number.

    Raises:
        UnknownIndicator: there is none.
    """
    code = indicator_code.canonical(reference)
    row = None
    if code is not None:
        row = session.scalar(sa.select(IndicatorRow).where(IndicatorRow.code == code))
    elif reference.isdecimal() and len(reference) < 10:
        row = session.get(IndicatorRow, int(reference))
    if row is None:
        raise UnknownIndicator(reference)
    return row


def create(session: AnySession, values: Mapping[str, Any]) -> IndicatorRow:
    """Add an indicator in the session's transaction.

    Args:
        session: whose transaction is used.
        values: ``code``, ``name``, ``definition``, ``ukuran``, ``unit`` and, for a local code,
            ``konsep`` are needed; ``name_en``, ``definition_en``, ``dimensions`` (names of code
            lists), ``abs_tol``, ``rel_tol``, ``additive``, ``producer_org`` (id or name) may
            be given.

    Raises:
        InvalidIndicator: with every field that is wrong.
        ReferenceDataMissing: no reference data are loaded.
    """
    _lock(session)
    row = IndicatorRow(status="active", abs_tol=0.0, rel_tol=0.0, additive=False, dimensions=[])
    _Writer(session, row, values, new=True).write()
    session.add(row)
    session.flush()
    forget_codebook(session)
    return row


def update(session: AnySession, row: IndicatorRow, values: Mapping[str, Any]) -> None:
    """Change an indicator in the session's transaction; fields not given stay.

    Code, unit and existing dimensions are part of what public figures mean: they change only
    while there are none. A dimension may be added at any time.

    Args:
        session: whose transaction is used.
        row: the indicator.
        values: as for :func:`create`.

    Raises:
        InvalidIndicator: with every field that is wrong.
    """
    _lock(session)
    session.refresh(row, with_for_update=True)
    _Writer(session, row, values, new=False).write()
    row.updated = utc_now()
    session.flush()
    forget_codebook(session)


def delete(session: AnySession, row: IndicatorRow) -> None:
    """Remove an indicator of which no figure is public.

    Raises:
        InvalidIndicator: figures are public or kecamatan are asked for them; the indicator can
            only be retired.
    """
    session.refresh(row, with_for_update=True)
    if has_figures(session, row.id):
        raise InvalidIndicator({"id": Refusal("has-figures", {"code": row.code})})
    if session.scalar(sa.select(sa.exists().where(_asked_of(row.id)))):
        raise InvalidIndicator({"id": Refusal("asked-for", {"code": row.code})})
    session.delete(row)
    session.flush()
    forget_codebook(session)


def _asked_of(indicator: int) -> sa.ColumnElement[bool]:
    """Obligations of kecamatan in which an indicator stands, as figure or as weight."""
    return (Obligation.indicator_id == indicator) | (Obligation.weight_id == indicator)


def _lock(session: AnySession) -> None:
    """Indicators are written one after another, so that codes stay unique."""
    session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('satudata_indicator'))"))


class _Writer:
    def __init__(
        self, session: AnySession, row: IndicatorRow, values: Mapping[str, Any], *, new: bool
    ) -> None:
        self.session = session
        self.row = row
        self.values = values
        self.new = new
        self.book: CodeBook = load_codebook(session)
        self.fixed = not new and has_figures(session, row.id)
        self.refused: dict[str, Refusal] = {}

    def write(self) -> None:
        before = {c.key: getattr(self.row, c.key) for c in sa.inspect(IndicatorRow).columns}
        for field in _NEEDED:
            if self.values.get(field) == "":
                self._refuse(field, "missing")
        self._code()
        self._texts()
        self._unit()
        self._ukuran()
        self._tolerances()
        self._producer()
        self._dimensions()
        self._status()
        if self.refused:
            # The row belongs to the session: what is refused must not be flushed later.
            for key, value in before.items():
                setattr(self.row, key, value)
            raise InvalidIndicator(self.refused)

    def _code(self) -> None:
        if not self._sent("code"):
            return
        text = str(self.values["code"])
        code = indicator_code.canonical(text)
        if code is None:
            self._refuse("code", "code-bad", code=text)
            return
        if code != self.row.code:
            if self.fixed:
                self._refuse("code", "fixed", code=self.row.code)
            if code in self.book.indicators:
                self._refuse("code", "code-taken", code=code)
        self.row.code = code
        konsep = indicator_code.konsep_of(code)
        self.row.standard_code = None
        if konsep is not None:
            self.row.konsep = konsep
            standard = code.partition("-")[0]
            self.row.standard_code = self.session.scalar(
                sa.select(sa.func.min(StandardRow.code)).where(
                    StandardRow.code.startswith(f"{standard}.", autoescape=True)
                )
            )
            if self.row.standard_code is None:
                self._refuse("code", "not-in-standard", code=standard)

    def _texts(self) -> None:
        for field in _TEXTS:
            if self._sent(field):
                setattr(self.row, field, str(self.values[field]).strip())
        for field in ("name", "definition"):
            if not getattr(self.row, field):
                self._refuse(field, "missing")
            elif not getattr(self.row, f"{field}_en"):
                setattr(self.row, f"{field}_en", getattr(self.row, field))
        if not self.row.code:
            self.refused.setdefault("code", Refusal("missing", {}))
        elif indicator_code.konsep_of(self.row.code) is None:
            if self._sent("konsep"):
                self.row.konsep = normalise(str(self.values["konsep"]))
            if not self.row.konsep:
                self._refuse("konsep", "missing")

    def _unit(self) -> None:
        if self._sent("unit"):
            unit = self.book.units.find(str(self.values["unit"]))
            if unit is None:
                self._refuse("unit", "unit-unknown", unit=self.values["unit"])
            elif self.fixed and unit.code != self.row.unit:
                self._refuse("unit", "fixed", code=self.row.code)
            else:
                self.row.unit = unit.code
        elif self.new:
            self._refuse("unit", "missing")

    def _ukuran(self) -> None:
        if self._sent("ukuran"):
            text = str(self.values["ukuran"])
            measures = self.book.codelists.get(MEASURES)
            code = measures.get(text) if measures else None
            found = ([code] if code else measures.named(text)) if measures else []
            if not found:
                self._refuse("ukuran", "ukuran-unknown", ukuran=text)
            else:
                self.row.ukuran = found[0].code
        elif self.new:
            self._refuse("ukuran", "missing")
        if self._sent("additive"):
            self.row.additive = bool(self.values["additive"])
        if self.row.additive and self.row.ukuran in NOT_ADDITIVE:
            self._refuse("additive", "not-additive", ukuran=self.row.ukuran)

    def _tolerances(self) -> None:
        for field, limit in (("abs_tol", math.inf), ("rel_tol", 1.0)):
            if self._sent(field):
                value = float(self.values[field])
                if 0 <= value < limit:
                    setattr(self.row, field, value)
                else:
                    self._refuse(field, "tolerance-bad", found=self.values[field])

    def _producer(self) -> None:
        if "producer_org" not in self.values:
            return
        reference = self.values["producer_org"]
        group = model.Group.get(reference) if reference else None
        if reference and (group is None or not group.is_organization or group.state != "active"):
            self._refuse("producer_org", "producer-unknown", found=reference)
        else:
            self.row.producer_org = group.id if group else None

    def _dimensions(self) -> None:
        if "dimensions" not in self.values:
            return
        names = list(self.values["dimensions"] or [])
        old = [Dimension(**d) for d in self.row.dimensions]
        if self.fixed and names[: len(old)] != [d.name for d in old]:
            self._refuse("dimensions", "fixed", code=self.row.code)
            return
        placed = tuple(old) if self.fixed else ()
        for name in names[len(placed) :]:
            codes = self.book.codelists.get(name)
            if codes is None or name == REGION:
                self._refuse("dimensions", "dimension-unknown", found=name)
                return
            size = max((c.index for c in codes.codes.values()), default=1)
            try:
                placed = (*placed, add_dimension(placed, name, name, size))
            except LayoutError:
                self._refuse("dimensions", "dimension-no-room", found=name)
                return
        self.row.dimensions = [
            {"name": d.name, "codelist": d.codelist, "shift": d.shift, "width": d.width}
            for d in placed
        ]

    def _status(self) -> None:
        if self._sent("status"):
            if self.values["status"] not in STATUSES:
                found = self.values["status"]
                self._refuse("status", "status-unknown", found=found, known=", ".join(STATUSES))
            else:
                self.row.status = self.values["status"]

    def _sent(self, field: str) -> bool:
        return self.values.get(field) is not None

    def _refuse(self, field: str, rule: str, **params: object) -> None:
        self.refused.setdefault(field, Refusal(rule, params))
