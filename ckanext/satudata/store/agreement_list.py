"""The register of agreements, narrowed."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from ckanext.satudata.consistency.frozen import frozen
from ckanext.satudata.model.agreement import AgreementObject, AgreementParty, AgreementRow
from ckanext.satudata.model.indicator import IndicatorRow
from ckanext.satudata.types import AnySession


@frozen(slots=True)
class Wanted:
    """Which agreements are wanted.

    Attributes:
        text: a word of number, note or an indicator's name; empty means all.
        indicator: code of an indicator, or None.
        organization: id of a party, or None.
        state: a state, or None.
        kind: a kind, or None.
        seen_by: ids of the agencies for which the asking person edits, who sees their proposals
            beside what the public sees; None sees everything.
    """

    text: str = ""
    indicator: str | None = None
    organization: str | None = None
    state: str | None = None
    kind: str | None = None
    seen_by: frozenset[str] | None = None


def find(
    session: AnySession, wanted: Wanted, *, limit: int, offset: int = 0
) -> tuple[int, Sequence[AgreementRow]]:
    """How many there are, and a page of them, newest first."""
    row = AgreementRow
    query = sa.select(row)
    if wanted.state:
        query = query.where(row.state == wanted.state)
    if wanted.kind:
        query = query.where(row.kind == wanted.kind)
    if wanted.indicator:
        query = query.where(_speaks(AgreementObject.indicator == wanted.indicator))
    if wanted.organization:
        query = query.where(_asks(AgreementParty.organization_id == wanted.organization))
    if wanted.text:
        query = query.where(_says(wanted.text))
    if wanted.seen_by is not None:
        own = _asks(AgreementParty.organization_id.in_(wanted.seen_by))
        query = query.where(sa.or_(row.effective_at.is_not(None), own))
    count = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    page = query.order_by(row.year.desc(), row.serial.desc()).limit(limit).offset(offset)
    return count, session.scalars(page).all()


def indicators_of(session: AnySession, agreements: Sequence[str]) -> dict[str, dict[str, int]]:
    """Agreement id -> code of indicator -> number of its objects."""
    thing = AgreementObject
    rows = session.execute(
        sa.select(thing.agreement_id, thing.indicator, sa.func.count())
        .where(thing.agreement_id.in_(agreements))
        .group_by(thing.agreement_id, thing.indicator)
        .order_by(thing.indicator)
    )
    out: dict[str, dict[str, int]] = {}
    for agreement, indicator, count in rows:
        out.setdefault(agreement, {})[indicator] = count
    return out


def chain(session: AnySession, row: AgreementRow) -> list[AgreementRow]:
    """The agreements that took each other's place, oldest first; proposals among them."""
    out = [row]
    while out[0].supersedes:
        before = session.get(AgreementRow, out[0].supersedes)
        if before is None:
            break
        out.insert(0, before)
    newer = {a.id for a in out}
    waiting = [row.id]
    while waiting:
        found = session.scalars(
            sa.select(AgreementRow)
            .where(AgreementRow.supersedes.in_(waiting))
            .order_by(AgreementRow.year, AgreementRow.serial)
        ).all()
        waiting = [a.id for a in found if a.id not in newer]
        out += [a for a in found if a.id not in newer]
        newer.update(waiting)
    return out


def _speaks(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(AgreementObject.agreement_id == AgreementRow.id, condition)


def _asks(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(AgreementParty.agreement_id == AgreementRow.id, condition)


def _says(text: str) -> sa.ColumnElement[bool]:
    row, thing, indicator = AgreementRow, AgreementObject, IndicatorRow
    named = sa.exists().where(
        thing.agreement_id == row.id,
        indicator.id == thing.indicator_id,
        sa.or_(
            indicator.name.icontains(text, autoescape=True),
            indicator.name_en.icontains(text, autoescape=True),
            indicator.code.icontains(text, autoescape=True),
        ),
    )
    return sa.or_(
        row.number.icontains(text, autoescape=True),
        row.note.icontains(text, autoescape=True),
        row.note_en.icontains(text, autoescape=True),
        named,
    )
