"""Joint releases: several datasets change at one moment, or none of them does.

An object has one figure, one mandate holder and any number of citations. When the mandate holder
revises a figure that others repeat, either side alone would contradict the other; so both
change in *one* transaction. Whoever cites is told, prepares a revision and joins with it.
A table that was not corrected in time is taken out in the same transaction, with a public note.
An agency without the mandate never moves another agency's figure.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import logic, model
from ckan.types import Context

from ckanext.satudata import config
from ckanext.satudata.consistency.findings import Report
from ckanext.satudata.errors import Refused, SatudataError
from ckanext.satudata.model.joint_release import JointMember, JointRelease
from ckanext.satudata.model.revision import Revision
from ckanext.satudata.store import publications
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.store.transaction import apart

from . import catalogue, gate, passage, revisions, sources

_LOCK_DATASETS = sa.text("SELECT FROM package WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")


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


@dataclass
class Contradicted:
    """A public dataset that the joint release would contradict.

    Attributes:
        dataset: its id.
        organization: id of its producer.
        resources: ids of the tables with such figures.
        indicators: code of each indicator concerned -> ids of the agencies that revise it.
    """

    dataset: str
    organization: str
    resources: set[str] = field(default_factory=set)
    indicators: dict[str, set[str]] = field(default_factory=dict)


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
    found = contradicted([revision])
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

    Raises:
        NotOpen: the joint release has come to an end.
    """
    _demand_open(joint)
    member = model.Session.get(JointMember, (joint.id, revision.dataset_id))
    if member is None:
        package = model.Package.get(revision.dataset_id)
        assert package is not None
        member = JointMember(
            joint_id=joint.id,
            dataset_id=package.id,
            organization_id=package.owner_org or "",
        )
        model.Session.add(member)
    member.revision_id = revision.id
    model.Session.commit()


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

    Args:
        joint: an open joint release.
        user: id of the person, or None for the scheduler.
        now: the moment, timezone-aware.

    Raises:
        NotOpen: it has come to an end.
        NotYet: somebody still has time; newly contradicted datasets have become members.
        NoMandate: see :func:`create`.
        Refused: a finding holds one of the datasets back; nothing has changed.
        revisions.ChangedSince: a dataset is not the one its revision was made from.
        tk.ValidationError: the metadata of a revised dataset are not complete.
    """
    session = model.Session
    name = joint.id
    # Whoever cancels, joins or releases at the same moment waits here.
    row = session.get(JointRelease, name, with_for_update=True, populate_existing=True)
    assert row is not None
    _demand_open(row)
    members = JointMember.of(name)
    revised = _revisions(members)
    found = contradicted(revised)  # ends the transaction
    row = session.get(JointRelease, name, with_for_update=True, populate_existing=True)
    assert row is not None
    _demand_open(row)
    missing = {c.dataset for c in found} - {m.dataset_id for m in JointMember.of(name)}
    if missing:
        session.add_all(
            JointMember(joint_id=name, dataset_id=c.dataset, organization_id=c.organization)
            for c in found
            if c.dataset in missing
        )
        row.due_at = max(row.due_at, now + timedelta(days=config.joint_release_days()))
        session.commit()
        raise NotYet(missing)
    if found and now < row.due_at:
        session.rollback()
        raise NotYet([c.dataset for c in found])
    _demand_mandate(found)
    try:
        _release(row, _revisions(JointMember.of(name)), found, user=user, now=now)
    except Refused as refusal:
        _note_report(name, refusal.report)
        raise
    except BaseException:
        session.rollback()
        raise


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


def contradicted(revised: Sequence[Revision]) -> list[Contradicted]:
    """The public datasets, beside their own, that these revisions would contradict.

    They are found by trying: the revisions are saved, compared with everything public, and
    rolled back with the session's transaction.
    """
    session = model.Session
    try:
        saved = _saved(revised)
        session.flush()
        book, rules = load_codebook(session), catalogue.rules()
        found: dict[str, Contradicted] = {}
        for dataset in saved:
            package = model.Package.get(dataset)
            assert package is not None
            if not gate.is_public(package):
                continue
            subject, tables = gate.subject_of(package), sources.of_package(package)
            before = -1
            # A report lists the first findings of a rule: what it names is set aside, then
            # the rest is looked at.
            while before < len(found):
                before = len(found)
                _, report = gate.compare(
                    session, subject, tables, book, rules, aside=(*saved, *found)
                )
                _gather(report, subject.organization, found)
        return sorted(found.values(), key=lambda c: c.dataset)
    finally:
        session.rollback()


def _gather(report: Report, revising: str, found: dict[str, Contradicted]) -> None:
    for finding in report.findings:
        other = finding.other
        if not finding.blocks or other is None or not other.dataset or not other.resource:
            continue
        entry = found.setdefault(
            other.dataset, Contradicted(other.dataset, other.organization or "")
        )
        entry.resources.add(other.resource)
        entry.indicators.setdefault(finding.indicator or "", set()).add(revising)


def _demand_mandate(found: Sequence[Contradicted]) -> None:
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


def _revisions(members: Sequence[JointMember]) -> list[Revision]:
    """The members' revisions that are still prepared, the one that began it first."""
    found = [model.Session.get(Revision, m.revision_id) for m in members if m.revision_id]
    return sorted((r for r in found if r and r.state == "prepared"), key=lambda r: r.created_at)


def _site() -> Context:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"user": user["name"], "ignore_auth": True, "auth_user_obj": None}


def _saved(revised: Sequence[Revision]) -> list[str]:
    """Save the revisions in the session's transaction, past the gate; ids of the datasets."""
    way = passage.Passage(together=[])
    with passage.through(way):
        for revision in revised:
            revisions.save_into_transaction(revision, _site())
    return [r.dataset_id for r in revised]


def _release(
    joint: JointRelease,
    revised: Sequence[Revision],
    found: Sequence[Contradicted],
    *,
    user: str | None,
    now: datetime,
) -> None:
    session = model.Session
    name = joint.id
    datasets = [r.dataset_id for r in revised] + [c.dataset for c in found]
    taken = [r.id for r in revised]
    # As everybody who publishes: datasets first, then indicators.
    session.execute(_LOCK_DATASETS, {"ids": datasets})
    publications.lock_indicators(
        session, {p.indicator_id for d in datasets for p in publications.of_dataset(session, d)}
    )
    _saved(revised)
    tables = {entry.dataset: _take_out(entry) for entry in found}
    # In this order: what the mandate holder revises must be there before others repeat it.
    for dataset in datasets:
        publications.withdraw(session, dataset)
    for dataset in datasets:
        package = model.Package.get(dataset)
        assert package is not None
        with passage.through(passage.Passage(background=True)):
            gate.release(package, user)
    for revision in taken:
        revisions.mark_released(revision, ("prepared",))
    for member in JointMember.of(name):
        member.tables = tables.get(member.dataset_id, [])
        if member.dataset_id in tables:
            member.outcome = "withdrawn"
        else:
            member.outcome = "released" if member.revision_id in taken else "untouched"
    joint = session.get_one(JointRelease, name)
    joint.state, joint.released_at = "released", now
    session.flush()
    for dataset in datasets:
        logic.index_update_package_dicts(
            logic.package_show_default_and_custom_schemas(_site(), dataset)
        )
    model.repo.commit()


def _take_out(entry: Contradicted) -> list[str]:
    """Take the tables out of the dataset in the session's transaction; their names."""
    shown = tk.get_action("package_show")({**_site(), "use_cache": False}, {"id": entry.dataset})
    names = [r["name"] or r["url"] for r in shown["resources"] if r["id"] in entry.resources]
    shown["resources"] = [r for r in shown["resources"] if r["id"] not in entry.resources]
    shown.pop("metadata_modified", None)
    with passage.through(passage.Passage(together=[])):
        tk.get_action("package_update")(
            {**_site(), "defer_commit": True, "return_id_only": True}, shown
        )
    return names


def _note_report(joint: str, report: str) -> None:
    with apart() as session:
        session.execute(
            sa.update(JointRelease).where(JointRelease.id == joint).values(report_id=report)
        )
