"""Reminders: before the last day, on it, after it; then the walidata is told. Each once."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata import config, moments, workdays
from ckanext.satudata.letters import site_language
from ckanext.satudata.model.setoran import Obligation, Setoran, SetoranReminder
from ckanext.satudata.organizations import registry
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.workflow import notices, trail
from ckanext.satudata.workflow.roles import WALIDATA

from . import calendar, handing, obligations

BEFORE, TODAY, AFTER, ESCALATED = (
    "setoran-segera",
    "setoran-hari-ini",
    "setoran-terlambat",
    "setoran-eskalasi",
)


def remind(now: datetime) -> list[str]:
    """Tell who has to be told by now and was not; a transaction for each setoran.

    Only the latest reminder that applies is sent: whoever was away for a week does not get four.

    Args:
        now: the present moment, UTC.

    Returns:
        A line for each kind of reminder that was sent.
    """
    today = workdays.today(now)
    waiting = model.Session.scalars(
        sa.select(Setoran.id)
        .where(Setoran.sent == 0, Setoran.organization_id.is_not(None))
        .order_by(Setoran.due_on, Setoran.id)
    ).all()
    told: dict[str, int] = {}
    for setoran in waiting:
        for kind in _remind(setoran, today, now):
            told[kind] = told.get(kind, 0) + 1
    return [f"{kind}: {count} setoran" for kind, count in told.items()]


def kinds_at(due_on: date, today: date) -> tuple[str, ...]:
    """Which reminders a day calls for: to the kecamatan, and to the walidata.

    Args:
        due_on: the last day of a setoran that was not handed in.
        today: the day it is.
    """
    days = calendar.due(due_on, today).days
    if days > config.setoran_remind_days():
        return ()
    if days > 0:
        return (BEFORE,)
    if days == 0:
        return (TODAY,)
    if -days < config.setoran_escalation_days():
        return (AFTER,)
    return (AFTER, ESCALATED)


def _remind(setoran_id: str, today: date, now: datetime) -> list[str]:
    setoran = Setoran.locked(setoran_id)
    if setoran is None or setoran.sent:
        model.Session.rollback()
        return []
    told = []
    for kind in kinds_at(setoran.due_on, today):
        mine = model.Session.execute(
            insert(SetoranReminder.__table__)
            .values(setoran_id=setoran.id, kind=kind, told_at=now)
            .on_conflict_do_nothing()
            .returning(SetoranReminder.__table__.c.kind)
        ).all()
        if mine:
            _tell(kind, setoran, today)
            told.append(kind)
    model.Session.commit()
    return told


def _tell(kind: str, setoran: Setoran, today: date) -> None:
    obligation = model.Session.get_one(Obligation, setoran.obligation_id)
    region = load_codebook(model.Session).regions.get(setoran.region)
    receiver = model.Group.get(obligation.organization_id)
    escalated = kind == ESCALATED
    notices.tell(
        kind,
        organizations=(
            [obligation.organization_id, *(b.id for b in registry.with_role(WALIDATA))]
            if escalated
            else [setoran.organization_id or ""]
        ),
        subject=trail.Subject("setoran", setoran.id, handing.name(obligation, setoran)),
        params={
            "indicator": obligations.title(obligation),
            "region": region.label if region else setoran.region,
            "period": handing.period_name(setoran),
            "agency": (receiver.title or receiver.name) if receiver else "",
            "due": moments.day(setoran.due_on, site_language()),
            "days": abs(calendar.due(setoran.due_on, today).days),
        },
        address=handing.address(setoran),
    )
