"""The cells of a setoran: what is asked, what was typed, and what it was read as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.consistency import period as periods
from ckanext.satudata.consistency.vocabulary import Code, CodeBook, Indicator
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.extract.state import State
from ckanext.satudata.extract.typed import Typed, read_typed
from ckanext.satudata.model.setoran import (
    FILLED,
    OPENED,
    WRITABLE,
    Obligation,
    Setoran,
    SetoranCell,
    history,
)
from ckanext.satudata.types import AnySession

from . import obligations

#: What is typed into a cell is a number; what is longer is none.
LONGEST = 60
LONGEST_REASON = 500


class NotWritable(SatudataError):
    """The kecamatan has handed the setoran in; it waits for the agency."""


class UnknownCell(SatudataError):
    """What is written is not asked for."""


@dataclass(frozen=True, slots=True)
class Key:
    """A cell of a setoran: region and classification (:func:`.obligations.written`)."""

    region: str
    classification: str = ""


@dataclass(frozen=True)
class Form:
    """What one setoran asks for.

    Attributes:
        setoran: whose.
        obligation: by which it is asked.
        indicator: what is asked.
        book: the reference data.
        regions: of which figures are given, in order.
        classes: the classifications of each region, in order.
    """

    setoran: Setoran
    obligation: Obligation
    indicator: Indicator
    book: CodeBook
    regions: Sequence[Code]
    classes: Sequence[Mapping[str, str]]

    @property
    def keys(self) -> list[Key]:
        """The cells, row by row."""
        return [
            Key(region.code, obligations.written(one))
            for region in self.regions
            for one in self.classes
        ]


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody types into a cell.

    Attributes:
        key: which cell.
        text: what was typed; None leaves it as it is.
        missing: why there is no figure; None leaves it as it is.
        version: of the cell that the person saw; None to write whatever was there.
    """

    key: Key
    text: str | None = None
    missing: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a change.

    Attributes:
        key: which cell.
        conflict: somebody else has changed the cell meanwhile; it stays as that person left it.
        cell: as it stands now.
    """

    key: Key
    conflict: bool
    cell: SetoranCell


def form_of(setoran: Setoran, book: CodeBook) -> Form:
    """What a setoran asks for."""
    obligation = model.Session.get_one(Obligation, setoran.obligation_id)
    indicator = obligations.indicator_of(obligation, book)
    return Form(
        setoran,
        obligation,
        indicator,
        book,
        obligations.parts_of(obligation, setoran.region, book, setoran.period_end),
        obligations.classifications(obligation, indicator),
    )


def of_setoran(setoran: str) -> dict[Key, SetoranCell]:
    """What was said about the cells of a setoran."""
    rows = model.Session.scalars(sa.select(SetoranCell).where(SetoranCell.setoran_id == setoran))
    return {Key(row.region, row.classification): row for row in rows}


def of_many(setoran: Iterable[str]) -> dict[str, dict[Key, SetoranCell]]:
    """What was said about the cells of several setoran, by id."""
    out: dict[str, dict[Key, SetoranCell]] = {one: {} for one in setoran}
    if out:
        wanted = sa.select(SetoranCell).where(SetoranCell.setoran_id.in_(out))
        for row in model.Session.scalars(wanted):
            out[row.setoran_id][Key(row.region, row.classification)] = row
    return out


def previous_of(setoran: Setoran) -> Setoran | None:
    """What the same kecamatan owed for the period before."""
    before = str(periods.parse(setoran.period).previous)
    return model.Session.scalar(
        sa.select(Setoran).where(
            Setoran.obligation_id == setoran.obligation_id,
            Setoran.region == setoran.region,
            Setoran.period == before,
        )
    )


def save(form: Form, changes: Sequence[Change], user: str, now: datetime) -> list[Saved]:
    """Keep what was typed, also what cannot be read, in the session's transaction.

    Two people may fill in one setoran: a cell that somebody else has changed since this person
    saw it stays as it is, and is told; the others are saved.

    Args:
        form: of a setoran that is locked.
        changes: one for each cell.
        user: id of the person.
        now: the present moment.

    Raises:
        NotWritable: it was handed in.
        UnknownCell: a cell is not asked for.
    """
    setoran = form.setoran
    if setoran.state not in WRITABLE:
        raise NotWritable(setoran.id)
    known = of_setoran(setoran.id)
    asked = set(form.keys)
    strange = [c.key for c in changes if c.key not in asked]
    if strange:
        raise UnknownCell(f"{strange[0].region} {strange[0].classification}".strip())
    unit = form.book.units.units[form.indicator.unit]
    typed = read_typed([(c.text or "")[:LONGEST] for c in changes], unit, form.book)
    out = []
    number = setoran.version + 1
    for change, read in zip(changes, typed, strict=True):
        cell = known.get(change.key)
        if cell is None:
            cell = _new_cell(setoran.id, change.key)
        if change.version is not None and change.version != cell.version:
            out.append(Saved(change.key, conflict=True, cell=cell))
            continue
        _write(cell, change, read, user, now, number)
        out.append(Saved(change.key, conflict=False, cell=cell))
    if any(c.cell.version == number for c in out):
        setoran.version = number
        if setoran.state == OPENED:
            setoran.state = FILLED
    model.Session.flush()
    return out


def fault(text: str, form: Form) -> Typed:
    """What a text is read as, to say what is wrong with it."""
    unit = form.book.units.units[form.indicator.unit]
    return read_typed([text], unit, form.book)[0]


def number(cell: SetoranCell | None) -> Decimal | None:
    """The figure of a cell, or None."""
    return Decimal(cell.value) if cell is not None and cell.value is not None else None


def keep_history(
    setoran: Setoran,
    event: str,
    *,
    user: str | None,
    now: datetime,
    key: Key | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    version: int | None = None,
    session: AnySession = model.Session,
) -> None:
    """Write down what happened to a setoran or a cell; what is written stays for good."""
    session.execute(
        sa.insert(history).values(
            setoran_id=setoran.id,
            version=setoran.version if version is None else version,
            event=event,
            region=key.region if key else None,
            classification=key.classification if key else None,
            before=before,
            after=after,
            actor=user,
            at=now,
        )
    )


def history_of(setoran: str) -> list[Any]:
    """All that happened to a setoran, oldest first."""
    query = sa.select(history).where(history.c.setoran_id == setoran).order_by(history.c.id)
    return list(model.Session.execute(query))


def _new_cell(setoran: str, key: Key) -> SetoranCell:
    cell = SetoranCell(
        setoran_id=setoran,
        region=key.region,
        classification=key.classification,
        version=0,
        text="",
    )
    model.Session.add(cell)
    model.Session.flush()
    return cell


def _write(
    cell: SetoranCell, change: Change, read: Typed, user: str, now: datetime, version: int
) -> None:
    before = _content(cell)
    if change.text is not None:
        cell.text = change.text.strip()[:LONGEST]
        cell.value = format(read.value, "f") if read.value is not None else None
        if cell.value is not None or not cell.text:
            cell.missing = None
        elif read.state is State.MISSING:
            cell.missing = cell.missing or ""
    if change.missing is not None and cell.value is None:
        cell.missing = " ".join(change.missing.split())[:LONGEST_REASON]
        if cell.missing and not cell.text:
            cell.text = "-"
    after = _content(cell)
    if after == before:
        return
    cell.version = version
    cell.entered_by, cell.entered_at = user, now
    setoran = model.Session.get_one(Setoran, cell.setoran_id)
    key = Key(cell.region, cell.classification)
    keep_history(
        setoran, "angka", user=user, now=now, key=key, before=before, after=after, version=version
    )


def _content(cell: SetoranCell) -> dict[str, str | None]:
    return {"text": cell.text, "value": cell.value, "missing": cell.missing}


def ask_again(cell: SetoranCell, question: str, user: str, now: datetime) -> None:
    """Put a question about a cell; an earlier one and its answer stay in the history."""
    cell.question, cell.asked_by, cell.asked_at = question, user, now
    cell.answer = cell.answered_by = cell.answered_at = None


def ensured(setoran: Setoran, key: Key) -> SetoranCell:
    """The row of a cell, made where nothing was said about it yet."""
    found = model.Session.get(SetoranCell, (setoran.id, key.region, key.classification))
    return found or _new_cell(setoran.id, key)
