"""Meetings as actions return them, each as far as the person who asks may see it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.types import Context

from ckanext.satudata import attachments
from ckanext.satudata.logic.auth.asking import person
from ckanext.satudata.model.meeting import AgendaItem, Attendance, Meeting
from ckanext.satudata.workflow import gate, roles
from ckanext.satudata.workflow.meetings import decisions, effects, minutes
from ckanext.satudata.workflow.meetings import rows as meeting_rows


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks.

    Attributes:
        id: of the person, or None for a visitor.
        runs: whether they run meetings.
        everything: whether they see all items.
        bodies: ids of the bodies they edit for.
    """

    id: str | None
    runs: bool
    everything: bool
    bodies: frozenset[str]

    def sees(self, organizations: list[str]) -> bool:
        """Whether they see what concerns these bodies."""
        return self.everything or bool(self.bodies & set(organizations))


def viewer(context: Context) -> Viewer:
    """Who asks."""
    user = person(context)
    if user is None:
        return Viewer(None, runs=False, everything=False, bodies=frozenset())
    return Viewer(
        user.id,
        runs=roles.runs_meetings(user),
        everything=roles.sees_meetings(user),
        bodies=frozenset(roles.bodies_of(user)),
    )


def counted(meeting: Meeting) -> dict[str, Any]:
    """What everybody may know of a meeting."""
    rows = model.Session.execute(
        sa.select(AgendaItem.kind).where(
            AgendaItem.meeting_id == meeting.id, AgendaItem.removed_at.is_(None)
        )
    )
    number = f"{meeting.number:03d}/BA-RS/{meeting.year}" if meeting.number else None
    return {
        "id": meeting.id,
        "state": meeting.state,
        "number": number,
        "starts_at": meeting.starts_at.isoformat(),
        "place": meeting.place,
        "reason": meeting.reason,
        "kinds": dict(Counter(kind for (kind,) in rows)),
        "closed_at": meeting.closed_at.isoformat() if meeting.closed_at else None,
    }


def meeting_dict(meeting: Meeting, who: Viewer) -> dict[str, Any]:
    """A meeting as far as a person may see it."""
    out = counted(meeting)
    lines = Attendance.of(meeting.id)
    inside = who.everything or bool(who.bodies & {a.organization_id for a in lines})
    out |= {
        "runs": who.runs,
        "inside": inside,
        "link": meeting.link if inside else "",
        "version": meeting.version,
        "notes": meeting.notes if who.everything else "",
        "attachments": [
            attachments.described(a)
            for a in (attachments.of(meeting_rows.subject_of(meeting)) if inside else [])
        ],
    }
    if meeting.minutes is not None:
        kept = minutes_dict(meeting, who)
        return out | {
            "items": kept["items"],
            "hidden": 0,
            "attendance": kept["attendance"],
            "notes": kept["notes"],
        }
    items = AgendaItem.of(meeting.id)
    seen = [i for i in items if who.sees(i.organizations)]
    return out | {
        "items": [item_dict(i) for i in seen],
        "hidden": len(items) - len(seen),
        "attendance": [_attendance(a) for a in lines] if inside else [],
    }


def minutes_dict(meeting: Meeting, who: Viewer) -> dict[str, Any]:
    """The minutes of a closed meeting as far as a person may see them."""
    assert meeting.minutes is not None
    return minutes.shown(
        meeting.minutes,
        everything=who.everything,
        organizations=who.bodies,
        public_dataset=_is_public,
        in_force=effects.in_force,
    )


def item_dict(item: AgendaItem) -> dict[str, Any]:
    """An agenda item for those who see it."""
    author = model.Session.get(model.User, item.decided_by) if item.decided_by else None
    return {
        **decisions.state_of(item),
        "meeting_id": item.meeting_id,
        "kind": item.kind,
        "title": item.title,
        "organizations": list(item.organizations),
        "organization_titles": [_title(o) for o in item.organizations],
        "position": item.position,
        "automatic": item.automatic,
        "carried": item.carried_from is not None,
        "snapshot": dict(item.snapshot),
        "refs": dict(item.refs),
        "possible": list(decisions.POSSIBLE[item.kind]),
        "decided_by": (author.fullname or author.name) if author else None,
        "agreement_id": item.agreement_id,
    }


def escalation_dict(item: AgendaItem) -> dict[str, Any]:
    """An escalated item for those who see it."""
    return {**item_dict(item), "direction": item.direction}


def _attendance(line: Attendance) -> dict[str, Any]:
    return {
        "id": line.id,
        "version": line.version,
        "organization": line.organization_id,
        "organization_title": _title(line.organization_id),
        "name": line.name,
        "position": line.position,
        "present": line.present,
    }


def _title(organization: str | None) -> str:
    group = model.Session.get(model.Group, organization) if organization else None
    return (group.title or group.name) if group else ""


def _is_public(dataset: str) -> bool:
    package = model.Session.get(model.Package, dataset)
    return package is not None and gate.is_public(package)
