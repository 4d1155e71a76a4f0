"""The moves of a process that save something: submitting, publishing, limiting access.

Everything that becomes public is saved through CKAN's actions, so it passes :mod:`.admission` and
the gate like everything else; nothing here opens another door.
"""

from __future__ import annotations

from datetime import datetime

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context
from sqlalchemy.orm import Session

from ckanext.satudata import workdays
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.process import Process
from ckanext.satudata.model.revision import Revision

from .. import gate, reports, revisions
from . import process, reviewed, steps
from .process import Needs, NotAllowed, WrongState
from .transitions import table

#: States from which something may be submitted.
_SUBMITTABLE = table().transitions["ajukan"].before


class HeldBack(SatudataError):
    """The check before a submission found something that holds the dataset back.

    Attributes:
        report: id of the report.
        errors: number of findings that hold it back.
        meeting: whether only other agencies' figures do, so that the meeting can decide.
    """

    def __init__(self, report: str, errors: int, *, meeting: bool) -> None:
        super().__init__(f"held back, report {report}")
        self.report = report
        self.errors = errors
        self.meeting = meeting


class NothingToSubmit(SatudataError):
    """The dataset is public, and no change waits beside it; or it is internal."""


def submit(
    package: model.Package,
    context: Context,
    *,
    actor: str,
    note: str = "",
    to_meeting: bool = False,
) -> Process:
    """Submit a draft, or the change that waits beside a public dataset.

    It is tried first, as if it were published now; the report is kept.

    Args:
        package: the dataset.
        context: whose rights count for the trial.
        actor: id of the person.
        note: for those who examine it.
        to_meeting: figures of other agencies hold it back; the meeting is to decide.

    Returns:
        The process, in the session's transaction.

    Raises:
        NotAllowed: the person does not edit for the producer.
        WrongState: it has been submitted already, or access to it is limited.
        NothingToSubmit: see there.
        HeldBack: something holds it back.
        Needs: ``conflict``: nothing holds it back that a meeting would have to decide.
        revisions.ChangedSince: the dataset is not the one the revision was made from.
        tk.ValidationError: its metadata are not complete.
    """
    dataset, organization = package.id, package.owner_org or ""
    person = model.User.get(actor)
    if person is None or "produsen" not in process.parts_of(person, organization):
        raise NotAllowed("ajukan")
    _demand_submittable(dataset)
    public = gate.is_public(package)
    revision = Revision.open_of(dataset) if public else None
    if (public and (revision is None or revision.state != "prepared")) or package.private:
        raise NothingToSubmit
    if revision is not None:
        name = revision.id
        trial = reviewed.of_revision(revision, context)
    else:
        name = None
        trial = reviewed.of_draft(package, context)
    reports.keep_apart(trial.kept)
    report = trial.kept.report
    meeting = reviewed.conflicts_alone(report, organization)
    if report.blocked and not (to_meeting and meeting):
        raise HeldBack(trial.kept.id, sum(f.blocks for f in report.findings), meeting=meeting)
    if to_meeting and not report.blocked:
        raise Needs("conflict")
    return submitted(
        dataset, organization, trial, actor=actor, note=note, revision=name, to_meeting=to_meeting
    )


def submitted(
    dataset: str,
    organization: str,
    trial: reviewed.Trial,
    *,
    actor: str | None,
    note: str,
    revision: str | None,
    to_meeting: bool = False,
) -> Process:
    """Write down that a dataset is submitted as it was tried, in the session's transaction.

    Args:
        dataset: its id.
        organization: id of the producer.
        trial: what was tried; its report is kept.
        actor: id of the person, or None for a job.
        note: for those who examine it.
        revision: id of the change that waits beside the public dataset, or None.
        to_meeting: whether the meeting is to decide.

    Raises:
        WrongState: somebody submitted it meanwhile.
    """
    # Its row first, so that two who submit at one moment come one after the other.
    model.Package.get(dataset, for_update=True)
    found = _demand_submittable(dataset, lock=True)
    if found is None:
        kind = kind_of(Process.accepted_of(dataset), organization)
        found = steps.started(dataset, organization, kind)
        model.Session.add(found)
    found.organization_id = organization
    found.kind = "revisi" if revision and actor and found.kind == "rutin" else found.kind
    found.revision_id = revision
    found.fingerprint = trial.fingerprint
    found.priority = trial.priority
    found.responsible = trial.responsible
    found.note, found.release_on = note, None
    found.submitted_by = actor
    name = "ajukan_rapat" if to_meeting else "ajukan"
    goal = table().transitions[name].goal()
    steps.write(found, name, goal, actor, note=note, report=trial.kept.id)
    return found


def kind_of(accepted: Process | None, organization: str) -> str:
    """Whether a publication is a dataset's first, also as another producer's, or an update.

    Args:
        accepted: the newest version of the dataset that the public has seen, or None.
        organization: id of the producer.
    """
    known = accepted is not None and accepted.organization_id == organization
    return "rutin" if known else "pertama"


def publish(process_id: str, actor: model.User | None) -> None:
    """Publish what is ready, through the gate; commits.

    Args:
        process_id: a process in the state ``siap_terbit``.
        actor: the person, or None for the portal on the day that was set.

    Raises:
        LookupError: there is no such process.
        NotAllowed, WrongState, Needs: see :func:`.process.move`.
        revisions.ChangedSince: the public dataset is not the one that was examined.
        tk.ValidationError: the gate held it back; the process is returned to the producer.
    """
    found = model.Session.get(Process, process_id, populate_existing=True)
    if found is None:
        raise LookupError(process_id)
    row = table().transitions["terbitkan"]
    if actor is not None:
        process.demand(found, row, actor.id)
    elif found.state not in row.before:
        raise WrongState(found.state)
    dataset, revision_id = found.dataset_id, found.revision_id
    context = _context(actor)
    try:
        if revision_id is None:
            tk.get_action("package_patch")(context, {"id": dataset, "state": "active"})
        else:
            revisions.release(model.Session.get_one(Revision, revision_id), context)
    except revisions.ChangedSince:
        refused(process_id, None, note=str(Needs("unchanged")))
        raise
    except tk.ValidationError as error:
        if revisions.waiting_in(error) is None:
            raise


def refused(process_id: str, report: str | None, *, note: str = "") -> None:
    """Return what the gate held back to its producer, in a transaction of its own."""
    with Session(bind=model.ensure_engine()) as session, session.begin():
        found = session.get(Process, process_id, with_for_update=True)
        if found is not None and found.state == "siap_terbit":
            steps.write(
                found, "tolak", "dikembalikan", None, note=note, report=report, session=session
            )


def restrict(package: model.Package, actor: model.User, ground: str) -> Process:
    """Limit access to a public dataset (Perpres 39/2019 Ps. 37); commits.

    Its figures and files leave the public; the public page states the ground.

    Raises:
        NotAllowed, WrongState, Needs: see :func:`.process.move`.
    """
    dataset = package.id
    found = _accepted(dataset)
    process.demand(found, table().transitions["batasi"], actor.id, note=ground)
    if not gate.is_public(package):
        raise WrongState(found.state)
    process.end(dataset, actor.id)
    proposed = (found.restriction or {}).get("proposed_by")
    found.restriction = {
        "ground": ground,
        "proposed_by": proposed,
        "by": actor.id,
        "at": utc_now().isoformat(),
    }
    steps.write(found, "batasi", "dibatasi", actor.id, note=ground)
    tk.get_action("package_patch")(_context(actor), {"id": dataset, "private": True})
    return _accepted(dataset)


def lift(package: model.Package, actor: model.User, note: str) -> Process:
    """Lift a limit of access: the dataset is published again, through the gate; commits.

    Raises:
        NotAllowed, WrongState, Needs: see :func:`.process.move`.
        tk.ValidationError: the gate holds it back; it stays limited.
    """
    dataset = package.id
    found = _accepted(dataset)
    process.demand(found, table().transitions["buka_batasan"], actor.id, note=note)
    found.restriction = None
    steps.write(found, "buka_batasan", "terbit", actor.id, note=note)
    tk.get_action("package_patch")(
        _context(actor), {"id": dataset, "private": False, "state": "active"}
    )
    return _accepted(dataset)


def due(now: datetime) -> list[str]:
    """Publish what was scheduled for today or before; a line about each.

    Args:
        now: the moment, UTC.
    """
    ready = list(
        model.Session.scalars(
            sa.select(Process.id)
            .where(
                Process.ended_at.is_(None),
                Process.state == "siap_terbit",
                Process.release_on <= workdays.today(now),
            )
            .order_by(Process.release_on, Process.id)
        )
    )
    lines: list[str] = []
    for name in ready:
        try:
            publish(name, None)
            lines.append(f"published: process {name}")
        except (tk.ValidationError, SatudataError) as error:
            model.Session.rollback()
            lines.append(f"held back: process {name}: {error}")
    return lines


def _accepted(dataset: str) -> Process:
    found = Process.accepted_of(dataset)
    if found is None:
        raise WrongState("draft")
    return Process.locked(found.id) or found


def _demand_submittable(dataset: str, *, lock: bool = False) -> Process | None:
    found = Process.open_of(dataset, lock=lock)
    if found is not None and found.state not in _SUBMITTABLE:
        raise WrongState(found.state)
    accepted = Process.accepted_of(dataset)
    if accepted is not None and accepted.state == "dibatasi":
        raise WrongState(accepted.state)
    return found


def _context(actor: model.User | None) -> Context:
    """Who saves: rights were asked before, by the table of transitions."""
    if actor is not None:
        return {"user": actor.name, "auth_user_obj": actor, "ignore_auth": True}
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"user": site["name"], "auth_user_obj": None, "ignore_auth": True}
