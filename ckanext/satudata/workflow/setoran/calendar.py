"""The calendar: a setoran is opened for each kecamatan when a period has ended."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata import workdays
from ckanext.satudata.consistency.period import Frequency, Period
from ckanext.satudata.model.setoran import OPENED, RECEIVED, Obligation, Setoran
from ckanext.satudata.workflow import trail

from .obligations import FREQUENCIES, body_of, title

#: Periods that one obligation is asked for at once, at most; the next run goes on.
_AT_ONCE = 60


@dataclass(frozen=True, slots=True)
class Due:
    """When a setoran is due, as seen from a day.

    Attributes:
        on: the last day.
        days: working days left; 0 on the last day, negative after it.
    """

    on: date
    days: int

    @property
    def late(self) -> bool:
        """Whether the last day has passed."""
        return self.days < 0


def due(on: date, today: date) -> Due:
    """How far a last day lies ahead.

    Args:
        on: the last day.
        today: the day it is in the portal's zone.
    """
    days = workdays.between(today, on)
    # From a Saturday on, a Friday has passed although no working day lies between.
    return Due(on, days if today <= on else min(days, -1))


def period_at(frequency: Frequency, day: date) -> Period:
    """The period in which a day lies."""
    y, m = day.year, day.month
    match frequency:
        case Frequency.DAY:
            return Period(frequency, day)
        case Frequency.WEEK:
            return Period(frequency, day - timedelta(days=day.weekday()))
        case Frequency.SCHOOL_YEAR:
            return Period(frequency, date(y if m >= 7 else y - 1, 7, 1))
        case _:
            month = Period(Frequency.MONTH, date(y, m, 1))
            return month if frequency is Frequency.MONTH else month.within(frequency)


def periods(obligation: Obligation, today: date) -> Iterator[Period]:
    """The periods that are asked for by a day: begun while the obligation holds, and ended."""
    frequency = FREQUENCIES[obligation.frequency]
    period = period_at(frequency, obligation.active_from)
    if period.start < obligation.active_from:
        period = period.following
    while period.end <= today:
        if obligation.active_to is not None and period.start > obligation.active_to:
            return
        yield period
        period = period.following


def upcoming(obligation: Obligation, today: date) -> Period | None:
    """The next period that will be asked for, or None if there is none."""
    frequency = FREQUENCIES[obligation.frequency]
    period = period_at(frequency, max(today, obligation.active_from))
    while period.start < obligation.active_from or period.end <= today:
        period = period.following
    ends = obligation.active_to
    return None if ends is not None and period.start > ends else period


def last_day(obligation: Obligation, period: Period) -> date:
    """Until when a period's figures are due."""
    return workdays.add(period.end, obligation.due_days)


def open_due(now: datetime) -> list[str]:
    """Open what is to be handed in by now and is not open yet; a transaction for each obligation.

    Args:
        now: the present moment, UTC.

    Returns:
        A line for each obligation of which something was opened.
    """
    today = workdays.today(now)
    adopt_bodies()
    told = []
    for obligation in model.Session.scalars(sa.select(Obligation).order_by(Obligation.id)).all():
        name, count = title(obligation), _open(obligation, today, now)
        model.Session.commit()
        if count:
            told.append(f"opened: {count} setoran of {name}")
    return told


def adopt_bodies() -> None:
    """Give setoran of regions that had no body to the body they have by now."""
    waiting = model.Session.scalars(
        sa.select(Setoran.region).where(Setoran.organization_id.is_(None)).distinct()
    ).all()
    for region in waiting:
        body = body_of(region)
        if body is not None:
            model.Session.execute(
                sa.update(Setoran)
                .where(Setoran.region == region, Setoran.organization_id.is_(None))
                .values(organization_id=body.id)
            )
    model.Session.commit()


def _open(obligation: Obligation, today: date, now: datetime) -> int:
    known = set(
        model.Session.scalars(
            sa.select(Setoran.period).where(Setoran.obligation_id == obligation.id).distinct()
        )
    )
    wanted = [p for p in periods(obligation, today) if str(p) not in known][:_AT_ONCE]
    bodies = {region: body_of(region) for region in obligation.regions} if wanted else {}
    rows = [
        {
            "id": str(uuid.uuid4()),
            "obligation_id": obligation.id,
            "region": region,
            "organization_id": body.id if body is not None else None,
            "period": str(period),
            "period_end": period.end,
            "due_on": last_day(obligation, period),
            "state": OPENED,
            "opened_at": now,
        }
        for period in wanted
        for region, body in bodies.items()
    ]
    if not rows:
        return 0
    # Two schedulers may run at once; each setoran is opened by one of them.
    made = model.Session.execute(
        insert(Setoran.__table__).on_conflict_do_nothing().returning(Setoran.__table__.c.id), rows
    ).all()
    if made:
        trail.record(
            "setoran.open",
            trail.Subject("obligation", obligation.id, title(obligation)),
            actor=None,
            organization=obligation.organization_id,
            after={"periods": [str(p) for p in wanted], "count": len(made)},
        )
    return len(made)


def overdue(today: date) -> list[Setoran]:
    """What should have been handed in and was not, longest first."""
    return list(
        model.Session.scalars(
            sa.select(Setoran)
            .where(Setoran.due_on < today, Setoran.state.not_in(RECEIVED), Setoran.sent == 0)
            .order_by(Setoran.due_on, Setoran.region)
        )
    )
