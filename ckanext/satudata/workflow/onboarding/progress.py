"""How far people are: from the account to the first publication of their own.

What can be seen from what is stored anyway is not written down again: when the account was made,
and when something that the person had submitted, or published themselves, became public.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.onboarding import OnboardingStep
from ckanext.satudata.model.process import Process
from ckanext.satudata.model.publication import Release
from ckanext.satudata.types import AnySession

#: All steps in their order.
STEPS = ("akun", "masuk", "tur", "latihan-bersih", "latihan-konflik", "latihan-setoran", "terbit")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one person is.

    Attributes:
        user: id of the person.
        account: name of their account.
        name: what the person is called.
        pending: whether the account waits for its first password.
        bodies: title of each body they belong to -> their capacity there.
        steps: step -> since when; a step that was not taken is not in it.
    """

    user: str
    account: str
    name: str
    pending: bool
    bodies: Mapping[str, str]
    steps: Mapping[str, datetime]


def taken(user: str, step: str, *, session: AnySession | None = None) -> None:
    """Write down that a person has taken a step, in the session's transaction; once counts."""
    row = {"user_id": user, "step": step, "at": utc_now()}
    session = session or model.Session
    session.execute(insert(OnboardingStep.__table__).values(row).on_conflict_do_nothing())


def has_taken(user: str, step: str) -> bool:
    """Whether a person has taken a step that is written down."""
    return model.Session.get(OnboardingStep, (user, step)) is not None


def logged_in(_sender: Any, user: Any = None, **_other: Any) -> None:
    """Write down that somebody has come in for the first time; told by CKAN."""
    if isinstance(user, model.User) and not has_taken(user.id, "masuk"):
        taken(user.id, "masuk")
        model.repo.commit()


def of_user(user: str) -> Progress | None:
    """How far one person is; None for somebody without an account."""
    return next(iter(_found(model.User.id == user)), None)


def everybody() -> list[Progress]:
    """How far all are who belong to a body, by body and name."""
    member, group = model.Member, model.Group
    inside = (
        sa.select(member.table_id)
        .join(group, group.id == member.group_id)
        .where(
            member.table_name == "user",
            member.state == model.State.ACTIVE,
            group.is_organization.is_(True),
            group.state == model.State.ACTIVE,
        )
    )
    found = _found(model.User.id.in_(inside))
    return sorted(found, key=lambda p: (min(p.bodies, default=""), p.name.lower(), p.account))


def _found(wanted: sa.ColumnElement[bool]) -> list[Progress]:
    people = model.Session.scalars(
        sa.select(model.User).where(
            wanted, model.User.state.in_((model.State.ACTIVE, model.State.PENDING))
        )
    ).all()
    ids = [person.id for person in people]
    bodies, steps = _bodies(ids), _steps(ids)
    for person in people:
        mine = steps[person.id]
        mine["akun"] = person.created.replace(tzinfo=timezone.utc)
        if "masuk" not in mine and person.last_active:
            # People who came in before this was written down.
            mine["masuk"] = person.last_active.replace(tzinfo=timezone.utc)
    return [
        Progress(
            user=person.id,
            account=person.name,
            name=person.fullname or person.name,
            pending=person.state == model.State.PENDING,
            bodies=bodies[person.id],
            steps=steps[person.id],
        )
        for person in people
    ]


def _bodies(people: Iterable[str]) -> dict[str, dict[str, str]]:
    out: dict[str, dict[str, str]] = {person: {} for person in people}
    member, group = model.Member, model.Group
    rows = model.Session.execute(
        sa.select(member.table_id, group.title, group.name, member.capacity)
        .join(group, group.id == member.group_id)
        .where(
            member.table_id.in_(out),
            member.table_name == "user",
            member.state == model.State.ACTIVE,
            group.is_organization.is_(True),
            group.state == model.State.ACTIVE,
        )
        .order_by(group.title)
    )
    for person, title, name, capacity in rows:
        out[person or ""][title or name or ""] = capacity
    return out


def _steps(people: Iterable[str]) -> dict[str, dict[str, datetime]]:
    out: dict[str, dict[str, datetime]] = {person: {} for person in people}
    known = sa.select(OnboardingStep).where(OnboardingStep.user_id.in_(out))
    for row in model.Session.scalars(known):
        out[row.user_id][row.step] = row.at
    submitted = (
        sa.select(Process.submitted_by, sa.func.min(Process.published_at))
        .where(Process.submitted_by.in_(out), Process.published_at.is_not(None))
        .group_by(Process.submitted_by)
    )
    released = (
        sa.select(Release.released_by, sa.func.min(Release.released_at))
        .where(Release.released_by.in_(out))
        .group_by(Release.released_by)
    )
    for query in (submitted, released):
        for person, moment in model.Session.execute(query):
            mine = out[person or ""]
            mine["terbit"] = min(mine.get("terbit", moment), moment)
    return out
