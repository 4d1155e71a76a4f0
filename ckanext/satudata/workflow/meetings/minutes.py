"""Minutes: what a meeting decided, kept when it is closed and shown to each as far as they may see.

Documents and pages are made of what is kept, never of the rows, so a berita acara printed next year
says what it said on the day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ckan import model

from ckanext.satudata.model.meeting import AgendaItem, Attendance, Meeting
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.types import AnySession

from .. import trail

#: Outcomes that settle figures; of all others the public is only told that they were spoken of.
SETTLED = ("angka_disepakati", "keduanya_berlaku")


def write(session: AnySession, meeting: Meeting) -> dict[str, Any]:
    """What is kept of a meeting when it is closed; JSON-ready."""
    book = load_codebook(session)
    home = book.regions.get(book.home)
    return {
        "number": meeting.number,
        "year": meeting.year,
        "region": home.label if home else "",
        "starts_at": meeting.starts_at.isoformat(),
        "started_at": meeting.started_at.isoformat() if meeting.started_at else None,
        "closed_at": meeting.closed_at.isoformat() if meeting.closed_at else None,
        "closed_by": _person(session, meeting.closed_by),
        "place": meeting.place,
        "notes": meeting.notes,
        "attendance": [
            {
                "organization": a.organization_id,
                "organization_title": _body(session, a.organization_id),
                "name": a.name,
                "position": a.position,
                "present": a.present,
            }
            for a in Attendance.of(meeting.id)
        ],
        "items": [_item(session, i) for i in AgendaItem.of(meeting.id)],
        "trail": dict(zip(("position", "hash"), trail.head(), strict=True)),
    }


def shown(
    kept: Mapping[str, Any],
    *,
    everything: bool,
    organizations: Collection[str],
    public_dataset: Callable[[str], bool],
    in_force: Callable[[str], bool],
) -> dict[str, Any]:
    """The minutes as somebody may see them.

    The public sees which agencies were present, what was decided, and agreed figures as long as
    their agreement is in force: before all parties have accepted it, a page with the figure would
    show a second value beside the public one. What is undecided shows no figures, and what is not
    public no title. An agency sees all of the items that concern it.

    Args:
        kept: what :func:`write` made.
        everything: whether the person may see all of it.
        organizations: ids of the bodies the person works for.
        public_dataset: whether a dataset, given by its id, is public now.
        in_force: whether an agreement, given by its id, is in force now.
    """
    inside = everything or bool(organizations)
    out = dict(kept)
    out["items"] = [
        dict(i)
        if everything or set(i["organizations"]) & set(organizations)
        else _for_the_public(i, public_dataset, in_force)
        for i in kept["items"]
    ]
    if not everything:
        out["notes"] = ""
        out["closed_by"] = None
    if not inside:
        out["attendance"] = [
            {**a, "name": "", "position": ""} for a in kept["attendance"] if a["present"]
        ]
    return out


def _for_the_public(
    item: Mapping[str, Any],
    public_dataset: Callable[[str], bool],
    in_force: Callable[[str], bool],
) -> dict[str, Any]:
    agreement = item["agreement_id"]
    settled = item["outcome"] in SETTLED and agreement is not None and in_force(agreement)
    snapshot = item["snapshot"]
    dataset = snapshot.get("dataset")
    told = item["kind"] in ("konflik", "definisi_baru", "setoran_terlambat")
    if dataset is not None:
        told = public_dataset(dataset)
    return {
        **item,
        "title": item["title"] if told else "",
        "note": "",
        "decided_by": None,
        "decision": item["decision"] if settled else None,
        "snapshot": _settled_only(snapshot, item["outcome"]) if settled else {},
        "agreement_id": agreement if settled else None,
    }


def _settled_only(snapshot: Mapping[str, Any], outcome: str) -> dict[str, Any]:
    """What was agreed on; the two figures only where both stay."""
    both = outcome == "keduanya_berlaku"
    objects = [
        {k: v for k, v in o.items() if both or k not in ("own", "other", "cause", "cell")}
        for o in snapshot.get("objects", [])
    ]
    sides = ("organization", "organization_title")
    return {
        "indicator": snapshot.get("indicator"),
        "objects": objects,
        "own": {k: snapshot["own"][k] for k in sides},
        "other": {k: snapshot["other"][k] for k in sides},
    }


def _item(session: AnySession, item: AgendaItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": item.kind,
        "title": item.title,
        "organizations": list(item.organizations),
        "organization_titles": [_body(session, o) for o in item.organizations],
        "carried": item.carried_from is not None,
        "outcome": item.outcome,
        "decision": item.decision,
        "note": item.note,
        "decided_by": _person(session, item.decided_by),
        "decided_at": item.decided_at.isoformat() if item.decided_at else None,
        "agreement_id": item.agreement_id,
        "snapshot": dict(item.snapshot),
    }


def _body(session: AnySession, organization: str | None) -> str:
    group = session.get(model.Group, organization) if organization else None
    return (group.title or group.name) if group else ""


def _person(session: AnySession, user: str | None) -> str | None:
    found = session.get(model.User, user) if user else None
    return (found.fullname or found.name) if found else None
