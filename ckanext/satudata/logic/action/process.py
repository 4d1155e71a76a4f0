"""Processes: how a dataset comes before the walidata, and from there to the public."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata.errors import SatudataError
from ckanext.satudata.logic import showing
from ckanext.satudata.logic.auth.asking import person
from ckanext.satudata.logic.committing import commit
from ckanext.satudata.logic.retrying import retrying_own
from ckanext.satudata.logic.schema import process as schema
from ckanext.satudata.model.process import Process, ProcessStep, ReviewComment
from ckanext.satudata.model.revision import Revision
from ckanext.satudata.workflow import gate, reports, revisions, roles
from ckanext.satudata.workflow.review import (
    admission,
    process,
    process_notices,
    publishing,
    reviewed,
)
from ckanext.satudata.workflow.review.transitions import Who, table


@tk.side_effect_free
@validate(schema.one)
def satudata_process_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show where a dataset is on its way to the public, and what you may do with it now.

    :param id: id or name of the dataset
    :returns: ``dataset``, ``organization``, ``process`` (None before the first submission),
        ``state``, ``direct`` (whether you could publish it without submitting it), ``moves``
        (``name``, ``process``, ``needs`` of each), ``meeting`` (whether only other agencies'
        figures hold it back), ``steps``, ``comments`` and ``former`` processes
    """
    tk.check_access("satudata_process_show", context, data_dict)
    package = _package(data_dict["id"])
    user = person(context)
    accepted = Process.accepted_of(package.id)
    found = Process.open_of(package.id)
    shown = found or accepted
    newest = reports.latest(package.id)
    direct = admission.direct(package, user)
    owner = package.owner_org or ""
    return {
        "dataset": package.id,
        "organization": owner,
        "public": gate.is_public(package),
        "process": showing.process(shown) if shown else None,
        "state": _state(package, shown),
        "direct": direct,
        "moves": _moves(package, user, found, accepted, direct=direct),
        "meeting": newest is not None and reviewed.conflicts_alone(newest.report, owner),
        "steps": [showing.step(s) for s in ProcessStep.of_process(shown.id)] if shown else [],
        "comments": [showing.comment(c) for c in ReviewComment.of_dataset(package.id)],
        "former": [
            showing.process(p)
            for p in Process.of_dataset(package.id)
            if shown is None or p.id != shown.id
        ],
    }


@tk.side_effect_free
@validate(schema.listed)
def satudata_process_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List what is on its way to the public, the longest waiting first.

    The walidata sees all, the pembina priority data that were submitted, everybody else the
    datasets of the agencies they edit for.

    :param state: only in this state
    :param waits_on: only what waits on ``produsen``, ``walidata``, ``pembina`` or ``rapat``
    :param organization: id or name of a producer
    :returns: ``id`` of the process, ``dataset``, ``name``, ``title``, ``organization``,
        ``organization_title``, ``kind``, ``state``, ``since``, ``waits_on``, ``priority``,
        ``report_id``, ``release_on``, ``comments`` (how many are not settled) and ``moves`` (names)
    """
    tk.check_access("satudata_process_list", context, data_dict)
    user = person(context)
    assert user is not None
    own = set(roles.bodies_of(user))
    everything, pembina = roles.is_walidata(user), roles.is_pembina(user)
    wanted = data_dict.get("organization")
    body = model.Group.get(wanted) if wanted else None
    states = [data_dict["state"]] if data_dict.get("state") else None
    listed = process.waiting(
        model.Session,
        organizations=[body.id if body else ""] if wanted else None,
        states=states,
    )
    open_comments = ReviewComment.open_counts([one.dataset for one in listed])
    parts = {
        body: process.parts_of(user, body) for body in {o.process.organization_id for o in listed}
    }
    return [
        _listed(one, user, parts[one.process.organization_id], open_comments.get(one.dataset, 0))
        for one in listed
        if (
            everything
            or one.process.organization_id in own
            or (pembina and one.process.priority and one.state != "draft")
        )
        and data_dict.get("waits_on") in (None, one.waits_on)
    ]


@validate(schema.submit)
@retrying_own
def satudata_process_submit(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Submit a draft, or the change that waits beside a public dataset, to be examined.

    It is checked first, as if it were published now. While it is being examined it cannot be
    changed; take it back for that.

    :param id: id or name of the dataset
    :param note: for those who examine it
    :param meeting: true if only figures of other agencies hold it back and the meeting is to decide
    :returns: the process
    """
    tk.check_access("satudata_process_submit", context, data_dict)
    package = _package(data_dict["id"])
    user = person(context)
    assert user is not None
    try:
        done = publishing.submit(
            package,
            {"user": user.name, "auth_user_obj": user},
            actor=user.id,
            note=data_dict["note"],
            to_meeting=data_dict["meeting"],
        )
    except publishing.HeldBack as refusal:
        model.Session.rollback()
        raise _held_back(refusal) from refusal
    except (SatudataError, LookupError) as error:
        model.Session.rollback()
        raise refusal_of(error) from error
    out = showing.process(done)
    commit(context)
    return out


@validate(schema.move)
@retrying_own
def satudata_process_move(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Make one move of a process: approve, return, publish, take back, limit access and so on.

    Which moves there are, who may make them and what they need is in the table of transitions;
    ``satudata_process_show`` names those that you may make now. What is published passes the gate
    once more; if that holds it back, the process is returned to the producer with the report.

    :param id: id of the process
    :param transition: name of the transition
    :param note: what you say to it; some moves need it (``batasi``: the ground)
    :param release_on: day on which the portal publishes it (``jadwalkan``), ``YYYY-MM-DD``
    :returns: the process
    """
    tk.check_access("satudata_process_move", context, data_dict)
    user = person(context)
    assert user is not None
    name, transition, note = data_dict["id"], data_dict["transition"], data_dict["note"]
    try:
        _moved(name, transition, user, note, data_dict.get("release_on"))
    except (SatudataError, LookupError) as error:
        model.Session.rollback()
        raise refusal_of(error) from error
    found = model.Session.get(Process, name, populate_existing=True)
    assert found is not None
    out = showing.process(found)
    commit(context)
    return out


@validate(schema.bulk)
def satudata_process_bulk_accept(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Approve several datasets; each is approved or refused by itself.

    :param ids: ids of the processes
    :returns: ``id``, ``title``, ``accepted``, ``state`` and ``error`` (None if accepted) of each
    """
    tk.check_access("satudata_process_bulk_accept", context, data_dict)
    user = person(context)
    assert user is not None
    return [_accepted(name, user) for name in data_dict["ids"]]


def _accepted(name: str, user: model.User) -> dict[str, Any]:
    found = model.Session.get(Process, name)
    shown = {"id": name, "title": "", "accepted": False, "state": None}
    if found is None or not process.parts_of(user, found.organization_id) - {"produsen"}:
        return {**shown, "error": tk._("There is no such process, or you may not see it.")}
    shown["title"] = process_notices.subject(found).title
    transition = "setujui_pembina" if found.state == "diperiksa_pembina" else "setujui"
    try:
        moved = process.move(model.Session, name, transition, user.id)
        shown["state"] = moved.state
        model.repo.commit()
    except (SatudataError, LookupError) as error:
        model.Session.rollback()
        return {**shown, "state": found.state, "error": " ".join(_texts(error))}
    return {**shown, "accepted": True, "error": None}


def _moved(name: str, transition: str, user: model.User, note: str, day: Any) -> None:
    found = model.Session.get(Process, name)
    if found is None:
        raise LookupError(name)
    package = model.Package.get(found.dataset_id)
    if package is None:
        raise LookupError(name)
    if transition == "terbitkan":
        publishing.publish(name, user)
    elif transition in ("batasi", "buka_batasan"):
        accepted = Process.accepted_of(package.id)
        if accepted is None or accepted.id != name:
            raise process.WrongState(found.state)
        change = publishing.restrict if transition == "batasi" else publishing.lift
        change(package, user, note)
    else:
        process.move(model.Session, name, transition, user.id, note=note, release_on=day)


def _moves(
    package: model.Package,
    user: model.User | None,
    found: Process | None,
    accepted: Process | None,
    *,
    direct: bool,
) -> list[dict[str, Any]]:
    if user is None:
        return []
    out: list[dict[str, Any]] = []
    public = gate.is_public(package)
    waits = not public or Revision.open_of(package.id) is not None
    edits = "produsen" in process.parts_of(user, package.owner_org or "")
    if found is None and waits and edits and not package.private and not direct:
        out += [_move(table().transitions[n], None) for n in ("ajukan", "ajukan_rapat")]
    if found is not None:
        out += [_move(t, found.id) for t in process.moves(found, user)]
    if accepted is not None and (public or accepted.state == "dibatasi"):
        out += [_move(t, accepted.id) for t in process.moves(accepted, user)]
    return out


def _state(package: model.Package, shown: Process | None) -> str:
    """The state of what is shown; what was public and was taken back by hand is a draft."""
    if shown is None or (shown.state == "terbit" and not gate.is_public(package)):
        return "draft"
    return shown.state


def _move(row: Any, process_id: str | None) -> dict[str, Any]:
    return {
        "name": row.name,
        "process": process_id,
        "needs": sorted(row.needs),
        "effects": sorted(row.effects),
        "article": row.article,
    }


def refusal_of(error: Exception) -> tk.ValidationError | tk.NotAuthorized | tk.ObjectNotFound:
    """What CKAN's callers are told of a service's refusal."""
    if isinstance(error, process.NotAllowed):
        return tk.NotAuthorized(" ".join(_texts(error)))
    if isinstance(error, LookupError):
        return tk.ObjectNotFound(tk._("There is no such process, or you may not see it."))
    return tk.ValidationError({"process": _texts(error)})


def _texts(error: Exception) -> list[str]:
    if isinstance(error, process.NotAllowed):
        return [tk._("You may not do this; somebody else has to.")]
    if isinstance(error, process.WrongState):
        return [tk._("That is not possible now: somebody has moved it on. Open the page again.")]
    if isinstance(error, publishing.NothingToSubmit):
        return [
            tk._(
                "There is nothing to submit: the dataset is public and no change waits beside it, "
                "or it is internal."
            )
        ]
    if isinstance(error, revisions.ChangedSince):
        return [
            tk._(
                "The dataset was changed after this revision was prepared. "
                "Prepare it again from what is public now."
            )
        ]
    if isinstance(error, process.Needs):
        return [_needed(error.what)]
    return [tk._("There is no such process, or you may not see it.")]


def _needed(what: str) -> str:
    return {
        "note": tk._("Write why, so that others can act on it."),
        "ground": tk._("State the ground of the limit; the public reads it."),
        "unchanged": tk._("It is not what was submitted any more. It has to be submitted again."),
        "four_eyes": tk._("Who submitted it cannot approve it. Somebody else has to look."),
        "day": tk._("Choose the day on which it is to be published."),
        "conflict": tk._(
            "No figure of another agency holds it back, so there is nothing to decide."
        ),
    }[what]


def _held_back(refusal: publishing.HeldBack) -> tk.ValidationError:
    message = tk._(
        "Not submitted: {count} finding(s) would hold this dataset back. "
        "See the report for both figures and what to do next."
    ).format(count=refusal.errors)
    out: dict[str, Any] = {"satudata": [message], "satudata_report": [refusal.report]}
    if refusal.meeting:
        out["satudata"].append(
            tk._("All of them are figures of other agencies; the meeting can decide about them.")
        )
    return tk.ValidationError(out)


def _listed(
    one: process.Waiting, user: model.User, parts: frozenset[Who], comments: int
) -> dict[str, Any]:
    return {
        **showing.process(one.process),
        "name": one.name,
        "title": one.title,
        "organization_title": one.organization_title,
        "waits_on": one.waits_on,
        "comments": comments,
        "moves": [t.name for t in process.moves(one.process, user, parts)],
    }


def _package(name: str) -> model.Package:
    package = model.Package.get(name)
    if package is None:
        raise tk.ObjectNotFound(tk._("There is no such dataset."))
    return package
