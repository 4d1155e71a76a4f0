"""Public numbers of complaints and suggestions: how many came in, were answered, and how fast.

Counts by agency tell nothing about a reporter and are shown as they are. A duration of very few
cases would tell when somebody's case was answered, so a median is only given of
:data:`LEAST` cases or more. How somebody reported (openly, confidentially, anonymously) is counted
for the whole portal only, and under the same condition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import config, workdays
from ckanext.satudata.model.case import COMPLAINT, SUGGESTION, Case
from ckanext.satudata.types import AnySession

#: Fewest cases of which a median, or a breakdown by mode, is told.
LEAST = 3
KINDS = (COMPLAINT, SUGGESTION)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of some cases.

    Attributes:
        received: registered in the time.
        answered: of these, answered.
        closed: of these, closed.
        open: of these, neither closed nor overdue.
        overdue: of these, not closed although the last day of a step is over.
        median_days: days from registration to the answer, or None for too few.
    """

    received: int
    answered: int
    closed: int
    open: int
    overdue: int
    median_days: float | None


@dataclass(frozen=True, slots=True)
class OfBody:
    """Numbers of one agency.

    Attributes:
        id: of the organization.
        name: in addresses.
        title: its name.
        numbers: of the cases it was handed.
    """

    id: str
    name: str
    title: str
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is public of a year's complaints and suggestions.

    Attributes:
        year: in which they were registered.
        years: those in which there were any, newest first.
        total: of all.
        kinds: of each kind.
        bodies: of each agency, the most cases first.
        waiting: registered and not handed to an agency yet.
        modes: how many in each mode, or empty for too few.
    """

    year: int
    years: Sequence[int]
    total: Numbers
    kinds: dict[str, Numbers]
    bodies: Sequence[OfBody]
    waiting: int
    modes: dict[str, int]


def of_year(session: AnySession, year: int, now: datetime) -> Statistics:
    """The numbers of what was registered in a year.

    Args:
        session: the session to read with.
        year: in the portal's time zone.
        now: the present moment, UTC.
    """
    today = workdays.today(now)
    within = _registered(year)
    group = model.Group
    bodies = session.execute(
        sa.select(group.id, group.name, group.title, *_columns(today))
        .join(group, group.id == Case.organization_id)
        .where(*within)
        .group_by(group.id, group.name, group.title)
        .order_by(sa.func.count().desc(), group.title)
    )
    kinds = session.execute(
        sa.select(Case.kind, *_columns(today)).where(*within).group_by(Case.kind)
    )
    return Statistics(
        year=year,
        years=_years(session),
        total=_numbers(session.execute(sa.select(*_columns(today)).where(*within)).one()),
        kinds={kind: _numbers(row) for kind, *row in kinds},
        bodies=[OfBody(i, name, title or name, _numbers(row)) for i, name, title, *row in bodies],
        waiting=session.scalar(
            sa.select(sa.func.count()).where(
                *within, Case.organization_id.is_(None), Case.closed_at.is_(None)
            )
        )
        or 0,
        modes=_modes(session, within),
    )


def _registered(year: int) -> tuple[sa.ColumnElement[bool], ...]:
    zone = ZoneInfo(config.timezone())
    first, last = (datetime.combine(date(y, 1, 1), time(), zone) for y in (year, year + 1))
    return (
        Case.kind.in_(KINDS),
        Case.number.is_not(None),
        Case.opened_at >= first,
        Case.opened_at < last,
    )


def _columns(today: date) -> tuple[sa.ColumnElement[Any], ...]:
    count, answered = sa.func.count(), Case.answered_at.is_not(None)
    over = sa.and_(Case.closed_at.is_(None), Case.due_on < today)
    taken = sa.extract("epoch", Case.answered_at - Case.opened_at) / 86_400
    return (
        count,
        count.filter(answered),
        count.filter(Case.closed_at.is_not(None)),
        count.filter(over),
        sa.func.percentile_cont(0.5).within_group(taken).filter(answered),
    )


def _numbers(row: Sequence[Any]) -> Numbers:
    received, answered, closed, overdue, median = row
    return Numbers(
        received=received,
        answered=answered,
        closed=closed,
        open=received - closed - overdue,
        overdue=overdue,
        median_days=round(float(median), 1) if answered >= LEAST else None,
    )


def _years(session: AnySession) -> list[int]:
    local = sa.func.timezone(config.timezone(), Case.opened_at)
    year = sa.cast(sa.extract("year", local), sa.Integer)
    return list(
        session.scalars(
            sa.select(year)
            .where(Case.kind.in_(KINDS), Case.number.is_not(None))
            .distinct()
            .order_by(year.desc())
        )
    )


def _modes(session: AnySession, within: Sequence[sa.ColumnElement[bool]]) -> dict[str, int]:
    rows = session.execute(
        sa.select(Case.mode, sa.func.count()).where(*within).group_by(Case.mode)
    ).all()
    found = {str(mode): int(count) for mode, count in rows}
    return found if found and min(found.values()) >= LEAST else {}
