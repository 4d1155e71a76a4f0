"""The process of a publication: its state, and who may move it; :mod:`.steps` writes moves down.

What a move means for the dataset itself (submitting, publishing, limiting access) is in
:mod:`.publishing`; whether a save may become public at all is asked in :mod:`.admission`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from ckan import authz, model

from ckanext.satudata import config
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.process import Process, ProcessStep
from ckanext.satudata.model.revision import Revision
from ckanext.satudata.types import AnySession

from .. import roles
from . import process_notices as told
from . import reviewed, steps
from .transitions import MEETING, PRIORITY, Transition, Who, table

#: Moves that need more than a new state; :mod:`.publishing` makes them.
ELSEWHERE = frozenset({"ajukan", "ajukan_rapat", "terbitkan", "batasi", "buka_batasan"})


class NotAllowed(SatudataError):
    """This person may not make this move."""


class WrongState(SatudataError):
    """The move does not lead from the state the process is in.

    Attributes:
        state: the state it is in.
    """

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class Needs(SatudataError):
    """Something must be there before the move.

    Attributes:
        what: ``note``, ``ground``, ``unchanged``, ``four_eyes`` or ``day``.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class Waiting:
    """A process that is under way.

    Attributes:
        process: the process.
        dataset: id of the dataset.
        name: its name.
        title: its title.
        organization_title: name of the producer.
        waits_on: whose turn it is.
        waits_on_title: the body whose turn it is, if it is the producer's; else empty.
    """

    process: Process
    dataset: str
    name: str
    title: str
    organization_title: str
    waits_on: Who
    waits_on_title: str

    @property
    def state(self) -> str:
        """The state it is in."""
        return self.process.state

    @property
    def since(self) -> datetime:
        """Since when it is in that state."""
        return self.process.since


def open_of(dataset: str) -> Process | None:
    """The dataset's process that is under way, or None."""
    return Process.open_of(dataset)


def waiting(
    session: AnySession,
    *,
    organizations: Collection[str] | None = None,
    states: Collection[str] | None = None,
) -> list[Waiting]:
    """The processes that are under way, the longest waiting first.

    Args:
        session: whose view is used.
        organizations: only of these producers; None means all.
        states: only in these states; None means all.
    """
    package, group = model.Package, model.Group
    wanted = [Process.ended_at.is_(None), package.state != model.State.DELETED]
    if organizations is not None:
        wanted.append(Process.organization_id.in_(organizations))
    if states is not None:
        wanted.append(Process.state.in_(states))
    rows = session.execute(
        sa.select(Process, package.name, package.title, group.title, group.name)
        .join(package, package.id == Process.dataset_id)
        .outerjoin(group, group.id == Process.organization_id)
        .where(*wanted)
        .order_by(Process.since, Process.id)
    )
    return [
        _waiting(process, name, title or name, body_title or body_name or "")
        for process, name, title, body_title, body_name in rows
    ]


def _waiting(process: Process, name: str, title: str, body: str) -> Waiting:
    turn = table().states[process.state].waits_on
    return Waiting(
        process=process,
        dataset=process.dataset_id,
        name=name,
        title=title,
        organization_title=body,
        waits_on=turn,
        waits_on_title=body if turn == "produsen" else "",
    )


def parts_of(user: model.User, organization: str) -> frozenset[Who]:
    """The parts a person may play for a producer's data.

    Nobody examines the data of the agency they edit for (Perpres 39/2019 Ps. 19 and 22 keep the
    roles apart); a sysadmin may, for data of the walidata itself.
    """
    parts: set[Who] = set()
    if authz.has_user_permission_for_group_or_org(organization, user.name, "update_dataset"):
        parts.add("produsen")
    if roles.may_exempt(user, organization):
        parts.add("walidata")
    if roles.may_examine_as_pembina(user, organization):
        parts.add("pembina")
    return frozenset(parts)


def moves(
    process: Process, user: model.User, parts: frozenset[Who] | None = None
) -> list[Transition]:
    """What this person may do with the process now, in the order of the table.

    Args:
        process: which one.
        user: the person.
        parts: what :func:`parts_of` says of them, if the caller has asked.
    """
    if parts is None:
        parts = parts_of(user, process.organization_id)
    return [
        t
        for t in table().leaving(process.state)
        if t.who & parts and not ("four_eyes" in t.needs and process.submitted_by == user.id)
    ]


def move(
    session: AnySession,
    process_id: str,
    transition: str,
    actor: str | None,
    *,
    note: str = "",
    release_on: date | None = None,
) -> Process:
    """Move a process, in the session's transaction.

    Args:
        session: CKAN's session.
        process_id: which process.
        transition: name of a transition that is not in :data:`ELSEWHERE`.
        actor: id of the person, or None for the portal itself.
        note: what the person says; some moves need one.
        release_on: the day on which it is to be published (``jadwalkan``).

    Returns:
        The process in its new state.

    Raises:
        LookupError: there is no such process or transition.
        WrongState: the move does not lead from the state it is in.
        NotAllowed: this person may not make it.
        Needs: something is missing.
    """
    process = session.get(Process, process_id, with_for_update=True, populate_existing=True)
    row = table().transitions[transition]
    if process is None or transition in ELSEWHERE:
        raise LookupError(process_id)
    demand(process, row, actor, note=note)
    if "schedule" in row.effects:
        if release_on is None:
            raise Needs("day")
        process.release_on = release_on
    if transition == "usulkan_batasan":
        process.restriction = {
            "ground": note,
            "proposed_by": actor,
            "at": utc_now().isoformat(),
        }
    after = row.goal(_conditions(process))
    steps.write(process, transition, after, actor, note=note)
    if transition == "usulkan_batasan":
        told.of(process, "proses-batasan", note=note, to_roles=("walidata",))
    return process


def demand(process: Process, row: Transition, actor: str | None, *, note: str = "") -> None:
    """Ask whether a move may be made now.

    Raises:
        WrongState, NotAllowed, Needs: as :func:`move`.
    """
    person = model.User.get(actor) if actor else None
    parts: frozenset[Who] = (
        frozenset({"portal"}) if person is None else parts_of(person, process.organization_id)
    )
    if not row.who & parts:
        raise NotAllowed(row.name)
    if process.state not in row.before:
        raise WrongState(process.state)
    if {"note", "ground"}.intersection(row.needs) and not note.strip():
        raise Needs("note" if "note" in row.needs else "ground")
    if "four_eyes" in row.needs and actor == process.submitted_by:
        raise Needs("four_eyes")
    if "unchanged" in row.needs and not unchanged(process):
        raise Needs("unchanged")


def unchanged(process: Process) -> bool:
    """Whether what would be published is what was submitted."""
    package = model.Package.get(process.dataset_id)
    if package is None:
        return False
    if process.revision_id is None:
        return reviewed.fingerprint(package) == process.fingerprint
    revision = model.Session.get(Revision, process.revision_id)
    modified = package.metadata_modified
    return (
        revision is not None
        and revision.state == "prepared"
        and revision.base == (modified.isoformat() if modified else "")
    )


def policy(kind: str) -> str:
    """``langsung``, ``walidata`` or ``rapat``: what publications of a kind need.

    Args:
        kind: of the process.
    """
    if kind == "pertama":
        return config.first_publication()
    return config.routine_update()


def end(dataset: str, actor: str | None) -> None:
    """End what is under way for a dataset that leaves, in the session's transaction."""
    process = Process.open_of(dataset, lock=True)
    if process is not None:
        _end(process, actor)


def end_of_revision(revision: str, actor: str | None) -> None:
    """End the process of a revision that was given up, in the session's transaction."""
    process = model.Session.scalars(
        sa.select(Process)
        .where(Process.revision_id == revision, Process.ended_at.is_(None))
        .with_for_update()
    ).first()
    if process is not None:
        _end(process, actor)


def _end(process: Process, actor: str | None) -> None:
    steps.write(process, "tarik", "draft", actor, quiet=True)
    process.ended_at = utc_now()
    model.Session.flush()


def _approved(process: Process, transition: str) -> bool:
    """Whether an approval was given since the last submission."""
    for step in reversed(ProcessStep.of_process(process.id)):
        if step.transition in ("ajukan", "ajukan_rapat"):
            return False
        if step.transition == transition:
            return True
    return False


def _conditions(process: Process) -> set[str]:
    """The conditions of the table that hold for a process."""
    found: set[str] = set()
    if process.priority and not _approved(process, "setujui_pembina"):
        found.add(PRIORITY)
    if policy(process.kind) == "rapat" and not _approved(process, "setujui_rapat"):
        found.add(MEETING)
    return found
