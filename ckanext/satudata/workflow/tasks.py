"""What waits on a person: everything that they, and those who edit with them, have to do."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata import workdays
from ckanext.satudata.model.agreement import AgreementParty, AgreementRow
from ckanext.satudata.model.joint_release import JointMember, JointRelease
from ckanext.satudata.model.setoran import HANDED_IN, WRITABLE, Obligation, Setoran

from . import roles
from .cases import deadlines, telling, waiting
from .review import process, process_notices
from .setoran import handing

#: Setoran that one list names; whoever receives those of many kecamatan sees them in the matrix.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do.

    Attributes:
        kind: ``setoran`` (to hand in), ``setoran_diterima`` (to look at), ``proses``,
            ``kesepakatan`` (to accept or decline), ``rilis_bersama`` (to correct a table) or
            ``kasus`` (a request, objection, complaint or suggestion).
        title: what it is about.
        state: the state it is in, for the kinds that have one.
        since: since when it waits, or None.
        due: the last day, or None.
        late: whether that day is over.
        address: of the page where it is done, without host.
    """

    kind: str
    title: str
    state: str
    since: datetime | None
    due: date | None
    late: bool
    address: str


def of(user: model.User, now: datetime) -> list[Task]:
    """What waits on a person, what is late first, then by the last day, then the longest waiting.

    Args:
        user: the person.
        now: the present moment, UTC.
    """
    bodies, today = roles.bodies_of(user), workdays.today(now)
    found = [
        *_setoran(bodies, today),
        *_processes(user),
        *_agreements(bodies),
        *_joint_releases(bodies, now),
        *_cases(user, now),
    ]
    return sorted(found, key=lambda t: (not t.late, t.due or date.max, t.since or now))


def _setoran(bodies: Collection[str], today: date) -> Iterator[Task]:
    rows = model.Session.execute(
        sa.select(Setoran, Obligation)
        .join(Obligation, Obligation.id == Setoran.obligation_id)
        .where(
            sa.or_(
                Setoran.organization_id.in_(bodies) & Setoran.state.in_(WRITABLE),
                Obligation.organization_id.in_(bodies) & (Setoran.state == HANDED_IN),
            )
        )
        .order_by(Setoran.due_on, Setoran.id)
        .limit(_MOST)
    )
    for setoran, obligation in rows:
        mine = setoran.state != HANDED_IN
        yield Task(
            kind="setoran" if mine else "setoran_diterima",
            title=handing.name(obligation, setoran),
            state=setoran.state,
            since=setoran.opened_at if mine else setoran.submitted_at,
            due=setoran.due_on if mine else None,
            late=mine and setoran.due_on < today,
            address=handing.address(setoran),
        )


def _processes(user: model.User) -> Iterator[Task]:
    for one in process.waiting(model.Session):
        if one.waits_on in process.parts_of(user, one.process.organization_id):
            yield Task(
                kind="proses",
                title=one.title,
                state=one.state,
                since=one.since,
                due=None,
                late=False,
                address=process_notices.address(one.process),
            )


def _agreements(bodies: Collection[str]) -> Iterator[Task]:
    rows = model.Session.scalars(
        sa.select(AgreementRow)
        .join(AgreementParty, AgreementParty.agreement_id == AgreementRow.id)
        .where(
            AgreementRow.state == "usulan",
            AgreementParty.organization_id.in_(bodies),
            AgreementParty.accepted_at.is_(None),
        )
        .distinct()
        .order_by(AgreementRow.created_at)
    )
    for row in rows:
        yield Task(
            kind="kesepakatan",
            title=row.note,
            state=row.state,
            since=row.created_at,
            due=None,
            late=False,
            address=tk.url_for("satudata_agreement.show", id=row.id, locale="default"),
        )


def _joint_releases(bodies: Collection[str], now: datetime) -> Iterator[Task]:
    rows = model.Session.execute(
        sa.select(JointRelease, model.Package.title, model.Package.name)
        .join(JointMember, JointMember.joint_id == JointRelease.id)
        .join(model.Package, model.Package.id == JointMember.dataset_id)
        .where(
            JointRelease.state == "open",
            JointMember.organization_id.in_(bodies),
            JointMember.revision_id.is_(None),
        )
        .order_by(JointRelease.due_at)
    )
    for joint, title, name in rows:
        yield Task(
            kind="rilis_bersama",
            title=title or name or "",
            state=joint.state,
            since=joint.created_at,
            due=workdays.today(joint.due_at),
            late=joint.due_at < now,
            address=tk.url_for("satudata_joint_release.show", id=joint.id, locale="default"),
        )


def _cases(user: model.User, now: datetime) -> Iterator[Task]:
    for case in waiting.on(user, limit=_MOST):
        standing, _ = deadlines.words_left(case, now)
        yield Task(
            kind="kasus",
            title=f"{case.number}: {case.title}",
            state=case.state,
            since=case.since,
            due=case.due_on,
            late=standing == "lewat",
            address=telling.address(case),
        )
