"""Joint releases: several datasets change at one moment, or none of them does.

An object has one figure, one mandate holder and any number of citations. When the mandate holder
revises a figure that others repeat, either side alone would contradict the other; so both
change in *one* transaction. Whoever cites is told, prepares a revision and joins with it.
A table that was not corrected in time is taken out in the same transaction, with a public note.
An agency without the mandate never moves another agency's figure.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import config
from ckanext.satudata.errors import SatudataError, TooLarge
from ckanext.satudata.model.joint_release import REFUSED, JointMember, JointRelease
from ckanext.satudata.model.revision import Revision
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.store.transaction import apart

from . import revisions, together

log = logging.getLogger(__name__)


class NotOpen(SatudataError):
    """The joint release has come to an end."""


class NotYet(SatudataError):
    """Agencies that cite the figures still have time to correct their tables.

    Attributes:
        datasets: ids of the datasets that nobody has corrected.
    """

    def __init__(self, datasets: Collection[str]) -> None:
        super().__init__(f"{len(datasets)} dataset(s) are not corrected yet")
        self.datasets = tuple(sorted(datasets))


class NoMandate(SatudataError):
    """Figures of an agency would have to give way to one that has no mandate for them.

    Attributes:
        indicators: codes of the indicators.
    """

    def __init__(self, indicators: Collection[str]) -> None:
        super().__init__("no mandate for " + ", ".join(sorted(indicators)))
        self.indicators = tuple(sorted(indicators))


def create(
    revision: Revision, *, reason: str, user: str | None, now: datetime
) -> tuple[JointRelease, list[JointMember]]:
    """Begin a joint release around one prepared revision.

    The datasets it would contradict become members; their agencies are to be told.

    Args:
        revision: in state ``prepared``.
        reason: why the figures change, for the agencies and the public.
        user: id of the person.
        now: the moment, timezone-aware.

    Raises:
        NoMandate: the revision would move figures that are another agency's to set.
        revisions.ChangedSince: the dataset is not the one the revision was made from.
        tk.ValidationError: the revised dataset is not complete.
    """
    package = model.Package.get(revision.dataset_id)
    assert package is not None
    name, dataset, owner = revision.id, package.id, package.owner_org or ""
    try:
        found = together.contradicted([revision])
    except together.Fails as failure:
        raise failure.cause from failure
    _demand_mandate(found)
    joint = JointRelease(
        id=str(uuid.uuid4()),
        state="open",
        reason=reason,
        organization_id=owner,
        due_at=now + timedelta(days=config.joint_release_days()),
        created_by=user,
        created_at=now,
    )
    members = [JointMember(joint_id=joint.id, dataset_id=dataset, organization_id=owner)]
    members[0].revision_id = name
    members += [
        JointMember(joint_id=joint.id, dataset_id=c.dataset, organization_id=c.organization)
        for c in found
    ]
    model.Session.add(joint)
    model.Session.flush()
    model.Session.add_all(members)
    model.Session.commit()
    return joint, members


def join(joint: JointRelease, revision: Revision) -> None:
    """Let a dataset take part with its corrected revision.

    If it is not too large, it is tried at once whether it could go out as it is; a member that
    could not is ``refused``, and its revision names the report.

    Raises:
        NotOpen: the joint release has come to an end.
    """
    _demand_open(joint)
    name = joint.id
    member = model.Session.get(JointMember, (name, revision.dataset_id))
    if member is None:
        package = model.Package.get(revision.dataset_id)
        assert package is not None
        member = JointMember(
            joint_id=name,
            dataset_id=package.id,
            organization_id=package.owner_org or "",
        )
        model.Session.add(member)
    member.revision_id = revision.id
    member.outcome = None
    model.Session.commit()
    _try(name)


def cancel(joint: JointRelease) -> None:
    """Give a joint release up; the revisions stay prepared.

    Raises:
        NotOpen: it has come to an end before.
    """
    _demand_open(joint)
    joint.state = "cancelled"
    model.Session.commit()


def release(joint: JointRelease, *, user: str | None, now: datetime) -> None:
    """Let everything become public in one transaction, or nothing.

    A member whose revision is held back counts as not corrected, and is to be told: before the time
    is over nothing moves; afterwards its contradicted tables leave, and the others go out.

    Args:
        joint: an open joint release.
        user: id of the person, or None for the scheduler.
        now: the moment, timezone-aware.

    Raises:
        NotOpen: it has come to an end.
        NotYet: somebody still has time; newly contradicted datasets have become members.
        NoMandate: see :func:`create`.
        Refused: a finding holds the revision around which it was made back; nothing has changed.
        revisions.ChangedSince: its dataset is not the one the revision was made from.
        tk.ValidationError: its metadata are not complete.
    """
    name = joint.id
    hidden: set[str] = set()
    while True:
        try:
            _attempt(name, hidden, now)
        except together.Fails as failure:
            if not _takes_part(name, failure.dataset):
                hidden.add(failure.dataset)  # it cannot stay public without those tables
            elif not _note_refusal(name, failure):
                raise failure.cause from failure
        except BaseException:
            model.Session.rollback()
            raise
        else:
            log.info("joint release %s became public, asked by %s", name, user or "the scheduler")
            return


def due(now: datetime) -> list[JointRelease]:
    """The open joint releases whose time has come."""
    return [j for j in JointRelease.newest(10_000, "open") if j.due_at <= now]


def withdrawals(dataset: str) -> list[tuple[str, datetime, list[str]]]:
    """Tables of a dataset that joint releases took out: which release, when, and their names."""
    joint, member = JointRelease, JointMember
    rows = model.Session.execute(
        sa.select(joint.id, joint.released_at, member.tables)
        .join(member, member.joint_id == joint.id)
        .where(member.dataset_id == dataset, member.outcome == "withdrawn")
        .order_by(joint.released_at.desc())
    )
    return [(name, moment, tables) for name, moment, tables in rows]


def _demand_mandate(found: Sequence[together.Contradicted]) -> None:
    book = load_codebook(model.Session)
    lacking = {
        code
        for entry in found
        for code, revising in entry.indicators.items()
        if (known := book.indicators.get(code)) is None or known.producer not in revising
    }
    if lacking:
        model.Session.rollback()
        raise NoMandate(lacking)


def _demand_open(joint: JointRelease) -> None:
    if joint.state != "open":
        model.Session.rollback()
        raise NotOpen(joint.id)


def _attempt(name: str, hidden: Collection[str], now: datetime) -> None:
    """Let everything become public that can.

    Raises:
        together.Fails: one dataset stands in the way.
    """
    session = model.Session
    # Whoever cancels, joins or releases at the same moment waits here.
    _locked(name)
    found = together.contradicted(_revisions(name))  # ends the transaction
    row = _locked(name)
    members = JointMember.of(name)
    missing = {c.dataset for c in found} - {m.dataset_id for m in members}
    if missing:
        session.add_all(
            JointMember(joint_id=name, dataset_id=c.dataset, organization_id=c.organization)
            for c in found
            if c.dataset in missing
        )
        row.due_at = max(row.due_at, now + timedelta(days=config.joint_release_days()))
        session.commit()
        raise NotYet(missing)
    waiting = {c.dataset for c in found} | {m.dataset_id for m in members if m.outcome == REFUSED}
    if waiting and now < row.due_at:
        session.rollback()
        raise NotYet(waiting)
    _demand_mandate(found)
    revised = _revisions(name)
    datasets = [r.dataset_id for r in revised] + [c.dataset for c in found]
    taken = [r.id for r in revised]
    tables = together.publish(revised, found, hidden=hidden)
    for revision in taken:
        revisions.mark_released(revision, ("prepared",))
    for member in JointMember.of(name):
        member.tables = list(tables.get(member.dataset_id, []))
        if member.dataset_id in tables:
            member.outcome = "withdrawn"
        else:
            released = member.revision_id in taken and member.outcome != REFUSED
            member.outcome = "released" if released else "untouched"
    row = session.get_one(JointRelease, name)
    row.state, row.released_at = "released", now
    session.flush()
    together.index(datasets)
    model.repo.commit()


def _try(name: str) -> None:
    """See whether the revisions could go out together, and note those that could not."""
    failed = True
    while failed:
        failed = False
        try:
            revised = _revisions(name)
            together.publish(
                revised, together.contradicted(revised), background=False, examined=False
            )
        except together.Fails as failure:
            failed = _takes_part(name, failure.dataset) and _note_refusal(name, failure)
        except TooLarge:
            log.info("joint release %s is too large to be tried at once", name)
        finally:
            model.Session.rollback()


def _locked(name: str) -> JointRelease:
    row = model.Session.get(JointRelease, name, with_for_update=True, populate_existing=True)
    assert row is not None
    _demand_open(row)
    return row


def _revisions(name: str) -> list[Revision]:
    """The revisions that take part: those of the agency that began it first."""
    owner = model.Session.get_one(JointRelease, name).organization_id
    taking = {m.revision_id: m for m in JointMember.of(name) if m.outcome != REFUSED}
    found = [model.Session.get(Revision, revision) for revision in taking if revision]
    return sorted(
        (r for r in found if r and r.state == "prepared"),
        key=lambda r: (taking[r.id].organization_id != owner, r.created_at),
    )


def _takes_part(name: str, dataset: str) -> bool:
    """Whether the dataset is to go out with a revision."""
    member = model.Session.get_one(JointMember, (name, dataset), populate_existing=True)
    return member.revision_id is not None and member.outcome != REFUSED


def _note_refusal(name: str, failure: together.Fails) -> bool:
    """Keep, in a transaction of its own, that a member's revision is held back.

    Its agency is to be told anew. Whether the others can do without it: not without the revision
    around which it all was made.
    """
    model.Session.rollback()
    with apart() as session:
        joint = session.get_one(JointRelease, name)
        member = session.get_one(JointMember, (name, failure.dataset))
        revision = session.get_one(Revision, member.revision_id)
        revision.report_id, revision.error = failure.report, failure.told()
        joint.report_id = failure.report or joint.report_id
        if member.organization_id == joint.organization_id:
            return False
        member.outcome, member.told_at = REFUSED, None
        return True
