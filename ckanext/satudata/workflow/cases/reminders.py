"""What becomes due in cases: reminders, escalation, and what closes when nobody reacts.

Each kind of reminder goes out once for each last day; whoever was away for a week gets the latest
only. First whoever has to act is told, before the last day, on it and after it (editors and admins
of the body, its head among them); then the walidata and the PPID.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata import config, workdays
from ckanext.satudata.model.case import Case, CaseReminder
from ckanext.satudata.workflow import roles

from . import deadlines, engine, telling
from .actors import ITSELF, REPORTER
from .tables import table

BEFORE, TODAY, AFTER, ESCALATED = (
    "kasus-segera",
    "kasus-hari-ini",
    "kasus-terlambat",
    "kasus-eskalasi",
)
#: What the portal does where the person does not react until the last day is over.
_SILENCE = ("tutup", "arsipkan")


def run(now: datetime) -> list[str]:
    """Remind, escalate and close what is due; a transaction for each case.

    Args:
        now: the present moment, UTC.

    Returns:
        A line for each kind of thing that was done.
    """
    today = workdays.today(now)
    horizon = workdays.add(today, config.case_remind_days())
    waiting = model.Session.scalars(
        sa.select(Case.id)
        .where(Case.closed_at.is_(None), Case.due_on <= horizon)
        .order_by(Case.due_on, Case.id)
    ).all()
    model.Session.commit()
    done: Counter[str] = Counter()
    for case_id in waiting:
        done.update(_look_at(case_id, today, now))
    return [f"{what}: {count} case(s)" for what, count in sorted(done.items())]


def kinds_at(due: date, today: date) -> tuple[str, ...]:
    """Which reminders a day calls for.

    Args:
        due: the last day.
        today: the day it is.
    """
    standing, days = deadlines.standing(due, today)
    if standing == "sisa":
        return (BEFORE,) if days <= config.case_remind_days() else ()
    if standing == "hari_ini":
        return (TODAY,)
    if days < config.case_escalation_days():
        return (AFTER,)
    return (AFTER, ESCALATED)


def _look_at(case_id: str, today: date, now: datetime) -> list[str]:
    case = engine.locked(case_id)
    if case.closed_at is not None or case.due_on is None:
        model.Session.rollback()
        return []
    if table(case.kind).states[case.state].waits_on == REPORTER:
        done = _silence(case, today, now)
    else:
        done = [kind for kind in kinds_at(case.due_on, today) if _remind(case, kind, today, now)]
    model.Session.commit()
    return done


def _silence(case: Case, today: date, now: datetime) -> list[str]:
    """Close what the person did not react to, on the day after the last one."""
    if case.due_on is None or today <= case.due_on:
        return []
    for row in table(case.kind).leaving(case.state):
        if row.name in _SILENCE and row.who & ITSELF.parts:
            engine.move(case, row.name, ITSELF, now=now)
            return [row.name]
    return []


def _remind(case: Case, kind: str, today: date, now: datetime) -> bool:
    """Send a reminder, if it did not go out for this last day."""
    kept = CaseReminder.__table__
    mine = model.Session.execute(
        insert(kept)
        .values(case_id=case.id, kind=kind, due_on=case.due_on, told_at=now)
        .on_conflict_do_nothing()
        .returning(kept.c.kind)
    ).all()
    if not mine or case.due_on is None:
        return False
    _, days = deadlines.standing(case.due_on, today)
    more = (roles.WALIDATA, roles.PPID) if kind == ESCALATED else ()
    telling.office(case, kind, days=days, more=more)
    return True
