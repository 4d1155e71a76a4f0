"""What everybody may read of a request: question and answer as the office words them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.case import Case, CaseFollower
from ckanext.satudata.workflow import trail

from . import telling

#: Requests that one list names.
MOST = 200


def publish(
    case: Case, *, title: str, question: str, text: str, actor: str | None, now: datetime
) -> None:
    """Publish a request's question, and its answer if there is one, in CKAN's transaction.

    Nothing of what the person wrote is taken over by itself: the office words it anew, so that
    nobody can be recognised.

    Args:
        case: a request.
        title: a line.
        question: what was asked, in general words.
        text: the answer, or empty while it is being prepared.
        actor: id of the officer.
        now: the present moment, UTC.
    """
    case.answer = {"title": title, "question": question, "text": text}
    first = case.published_at is None
    case.published_at = case.published_at or now
    model.Session.flush()
    trail.record(
        "case.publish",
        telling.subject(case),
        actor=actor,
        organization=case.organization_id,
        after={"answered": bool(text)},
    )
    if not first:
        telling.followers(case, telling.FOLLOWED)


def listing(*, text: str | None = None, limit: int = 50) -> list[tuple[Case, int]]:
    """Published requests with the number of those who follow, newest first.

    Args:
        text: words of what was published.
        limit: how many, at most :data:`MOST`.
    """
    counted = _counted()
    query = sa.select(Case, counted).where(Case.published_at.is_not(None))
    if text:
        query = query.where(sa.cast(Case.answer, sa.Text).icontains(text, autoescape=True))
    rows = model.Session.execute(
        query.order_by(Case.published_at.desc(), Case.id).limit(min(limit, MOST))
    )
    return [(case, count) for case, count in rows]


def popular(limit: int) -> list[tuple[Case, int]]:
    """Published requests that are not answered yet, those that most people follow first."""
    counted = _counted()
    rows = model.Session.execute(
        sa.select(Case, counted)
        .where(Case.published_at.is_not(None), Case.answered_at.is_(None), Case.closed_at.is_(None))
        .order_by(counted.desc(), Case.published_at, Case.id)
        .limit(min(limit, MOST))
    )
    return [(case, count) for case, count in rows]


def _counted() -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .where(CaseFollower.case_id == Case.id)
        .correlate(Case)
        .scalar_subquery()
    )
