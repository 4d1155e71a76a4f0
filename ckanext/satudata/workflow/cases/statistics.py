"""The annual report on public information (UU 14/2008 Ps. 12): numbers and days, nothing personal.

It counts what was registered in a year, however it stands now. Durations are working days from the
day a complete request came in to the first full answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import mean, median
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import config, workdays
from ckanext.satudata.model.case import (
    GOVERNMENT,
    OBJECTION,
    PUBLIC,
    REFUSED,
    REQUEST,
    Case,
    CaseHit,
    CaseItem,
)
from ckanext.satudata.workflow.transitions import Table

from . import deadlines, objections
from .tables import UNCONFIRMED, table


@dataclass(frozen=True, slots=True)
class Durations:
    """How long answers took, in working days.

    Attributes:
        count: how many were answered.
        median: of them, or None.
        mean: of them, or None.
        late: answered after the last day, or not answered although it is over.
    """

    count: int
    median: float | None
    mean: float | None
    late: int


@dataclass(frozen=True, slots=True)
class Body:
    """What one agency was handed.

    Attributes:
        id: of the body; empty for what was handed to none.
        received: how many requests.
        durations: of its answers.
    """

    id: str
    received: int
    durations: Durations


@dataclass(frozen=True, slots=True)
class Report:
    """A year of requests.

    Attributes:
        year: which one.
        made_on: the day of the report.
        received: by lane.
        states: by state, of the public lane.
        outcomes: by outcome, of the public lane; ``""`` without one.
        durations: of the public lane.
        extended: how many were extended.
        grounds: refused items by the ground of Ps. 17.
        objections: objections by state.
        objection_grounds: by the ground of Ps. 35.
        objection_days: durations of the superior's answers.
        bodies: by agency, most requests first.
        self_answered: questions that something public answered before a request was made.
    """

    year: int
    made_on: date
    received: Mapping[str, int]
    states: Mapping[str, int]
    outcomes: Mapping[str, int]
    durations: Durations
    extended: int
    grounds: Mapping[str, int]
    objections: Mapping[str, int]
    objection_grounds: Mapping[str, int]
    objection_days: Durations
    bodies: Sequence[Body]
    self_answered: int


def report(year: int, now: datetime) -> Report:
    """The report on a year.

    Args:
        year: of the registration, in the portal's time zone.
        now: the present moment, UTC.
    """
    today = workdays.today(now)
    found = [c for c in _of_year(year) if c.state != UNCONFIRMED]
    requests = [c for c in found if c.kind == REQUEST]
    public = [c for c in requests if c.lane == PUBLIC]
    objected = [c for c in found if c.kind == OBJECTION]
    return Report(
        year=year,
        made_on=today,
        received={lane: sum(c.lane == lane for c in requests) for lane in (PUBLIC, GOVERNMENT)},
        states=_by_state(table(REQUEST), public),
        outcomes=dict(Counter(c.outcome or "" for c in public)),
        durations=durations(public, today),
        extended=sum(c.extended_on is not None for c in public),
        grounds=_refusals([c.id for c in public]),
        objections=_by_state(table(OBJECTION), objected),
        objection_grounds=dict(
            sorted(Counter(g for c in objected for g in c.details.get("grounds", ())).items())
        ),
        objection_days=durations(objected, today),
        bodies=_bodies(requests, today),
        self_answered=_hits(year),
    )


def durations(found: Iterable[Case], today: date) -> Durations:
    """How long answers took.

    Args:
        found: cases.
        today: the day it is, for those not answered yet.
    """
    days: list[int] = []
    late = 0
    for case in found:
        due = objections.answer_due(case) if case.kind == REQUEST else _objection_due(case)
        ended = workdays.today(case.answered_at) if case.answered_at else None
        if ended is not None and case.received_on is not None:
            days.append(workdays.between(case.received_on, ended))
        stands = ended or (today if case.closed_at is None else None)
        late += due is not None and stands is not None and stands > due
    return Durations(
        count=len(days),
        median=median(days) if days else None,
        mean=round(mean(days), 1) if days else None,
        late=late,
    )


def _objection_due(case: Case) -> date | None:
    if case.received_on is None:
        return None
    return deadlines.due_on(OBJECTION, "tanggapan", case.received_on)


def _of_year(year: int) -> list[Case]:
    """Cases by the year in their number, which is the year of their registration."""
    return list(
        model.Session.scalars(
            sa.select(Case)
            .where(
                Case.kind.in_((REQUEST, OBJECTION)),
                Case.number.contains(f"-{year}-", autoescape=True),
            )
            .order_by(Case.opened_at, Case.id)
        )
    )


def _by_state(rows: Table, found: Iterable[Case]) -> dict[str, int]:
    """Numbers by state, in the order of the table, without those that never occur."""
    counted = Counter(c.state for c in found)
    return {name: counted[name] for name in rows.states if counted[name]}


def _refusals(ids: Sequence[str]) -> dict[str, int]:
    rows = model.Session.execute(
        sa.select(CaseItem.ground, sa.func.count())
        .where(CaseItem.case_id.in_(ids), CaseItem.answer == REFUSED)
        .group_by(CaseItem.ground)
        .order_by(CaseItem.ground)
    )
    return {ground or "": count for ground, count in rows}


def _bodies(requests: Iterable[Case], today: date) -> list[Body]:
    by_body: dict[str, list[Case]] = defaultdict(list)
    for case in requests:
        by_body[case.organization_id or ""].append(case)
    rows = [Body(b, len(found), durations(found, today)) for b, found in by_body.items()]
    return sorted(rows, key=lambda r: (-r.received, r.id))


def _hits(year: int) -> int:
    begins = datetime(year, 1, 1, tzinfo=ZoneInfo(config.timezone()))
    ends = datetime(year + 1, 1, 1, tzinfo=ZoneInfo(config.timezone()))
    counted = sa.select(sa.func.count()).where(CaseHit.at >= begins, CaseHit.at < ends)
    return model.Session.scalar(counted) or 0
