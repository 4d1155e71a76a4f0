"""Synchronisation meetings: prepared, held, closed, and put on record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata import attachments, moments
from ckanext.satudata.logic.meeting_dicts import counted, meeting_dict, minutes_dict, viewer
from ckanext.satudata.logic.meeting_errors import explained
from ckanext.satudata.logic.schema import meeting as schema
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.meeting import STATES, Attendance, Meeting
from ckanext.satudata.workflow import trail
from ckanext.satudata.workflow.meetings import attendance, decisions, meetings, scans
from ckanext.satudata.workflow.meetings import rows as meeting_rows


@tk.side_effect_free
@validate(schema.listed)
def satudata_meeting_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List meetings, the latest first.

    :param state: only those ``disiapkan``, ``berlangsung``, ``selesai`` or ``dibatalkan``
    :param limit: how many, at most 1,000
    :returns: of each ``id``, ``state``, ``number``, ``starts_at``, ``place`` and ``kinds``: how
        many items there are of each kind
    """
    tk.check_access("satudata_meeting_list", context, data_dict)
    wanted = (data_dict["state"],) if data_dict.get("state") else STATES
    return [counted(m) for m in Meeting.newest(min(data_dict["limit"], 1000), wanted)]


@tk.side_effect_free
@validate(schema.one)
def satudata_meeting_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a meeting as far as you may see it.

    Before it is closed you see the items that concern your agency; the walidata, the coordinator
    and the pembina see all of them. Of a closed meeting everybody sees what was decided.

    :param id: id of the meeting
    :returns: what :py:func:`satudata_meeting_list` returns, with ``items``, ``hidden`` (number of
        items you do not see), ``attendance``, ``notes``, ``version`` and ``attachments``
    """
    tk.check_access("satudata_meeting_show", context, data_dict)
    return meeting_dict(_found(data_dict["id"]), viewer(context))


@tk.side_effect_free
@validate(schema.one)
def satudata_meeting_minutes(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show the minutes of a closed meeting as far as you may see them.

    :param id: id of the meeting
    :returns: ``number``, ``year``, ``starts_at``, ``closed_at``, ``place``, ``attendance``,
        ``notes`` and ``items``, each with its outcome, what was decided, and both sides'
        figures; figures of what is not settled are left out for those it does not concern
    """
    tk.check_access("satudata_meeting_minutes", context, data_dict)
    meeting = _found(data_dict["id"])
    if meeting.minutes is None:
        raise tk.ObjectNotFound(tk._("The meeting is not closed, so there are no minutes yet."))
    return minutes_dict(meeting, viewer(context))


@validate(schema.create)
def satudata_meeting_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Prepare a meeting beside those the calendar makes; its agenda makes itself.

    You must work for the walidata or the coordinator of the forum.

    :param starts_at: when it begins, ISO 8601; without an offset it is the portal's time
    :param place: where it is
    :param link: address of a video conference
    :returns: the meeting, see :py:func:`satudata_meeting_show`
    """
    tk.check_access("satudata_meeting_create", context, data_dict)
    meeting = meetings.create(
        model.Session,
        starts_at=_moment(data_dict["starts_at"]),
        place=data_dict.get("place") or "",
        link=_link(data_dict.get("link") or ""),
        actor=viewer(context).id,
    )
    return _saved(context, meeting.id)


@validate(schema.update)
def satudata_meeting_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Change when and where a meeting is, or its notes; what is not given stays.

    :param id: id of the meeting
    :param version: the version you saw; if it has changed since, nothing is saved and
        ``satudata_current`` of the error says what stands there now
    :param starts_at: see :py:func:`satudata_meeting_create`; only before it begins
    :param place: where it is
    :param link: address of a video conference
    :param notes: what was said that belongs to no item
    :returns: the meeting, see :py:func:`satudata_meeting_show`
    """
    tk.check_access("satudata_meeting_update", context, data_dict)
    starts_at = data_dict.get("starts_at")
    link = data_dict.get("link")
    with explained():
        meetings.update(
            model.Session,
            data_dict["id"],
            version=data_dict["version"],
            actor=viewer(context).id or "",
            starts_at=_moment(starts_at) if starts_at else None,
            place=data_dict.get("place"),
            link=_link(link) if link is not None else None,
            notes=data_dict.get("notes"),
        )
    return _saved(context, data_dict["id"])


@validate(schema.one)
def satudata_meeting_start(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Begin a meeting: from now on its agenda stands and outcomes can be chosen.

    :param id: id of the meeting
    :returns: the meeting, see :py:func:`satudata_meeting_show`
    """
    tk.check_access("satudata_meeting_start", context, data_dict)
    with explained():
        meetings.start(
            model.Session, data_dict["id"], actor=viewer(context).id or "", now=utc_now()
        )
    return _saved(context, data_dict["id"])


@validate(schema.one)
def satudata_meeting_close(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Close a meeting: it gets its number, and what was decided is carried out.

    What nobody decided on is postponed to the next meeting.

    :param id: id of the meeting
    :returns: the meeting, see :py:func:`satudata_meeting_show`
    """
    tk.check_access("satudata_meeting_close", context, data_dict)
    with explained():
        decisions.close(
            model.Session, data_dict["id"], actor=viewer(context).id or "", now=utc_now()
        )
    return _saved(context, data_dict["id"])


@validate(schema.cancel)
def satudata_meeting_cancel(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Call a meeting off before it begins; those who were invited are told.

    :param id: id of the meeting
    :param reason: why
    :returns: the meeting, see :py:func:`satudata_meeting_show`
    """
    tk.check_access("satudata_meeting_cancel", context, data_dict)
    with explained():
        meetings.cancel(
            model.Session,
            data_dict["id"],
            reason=data_dict["reason"],
            actor=viewer(context).id or "",
        )
    return _saved(context, data_dict["id"])


@validate(schema.attend)
def satudata_attendance_set(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Write down who came to a meeting, a line at a time.

    :param id: id of the meeting
    :param row: id of the line to change; without it one is added
    :param version: the version of the line you saw
    :param organization_id: id or name of the body, for a new line
    :param name: of the person
    :param position: their office
    :param present: whether they came
    :returns: the line: ``id``, ``version``, ``organization_id``, ``name``, ``position`` and
        ``present``
    """
    tk.check_access("satudata_attendance_set", context, data_dict)
    body = data_dict.get("organization_id")
    group = model.Group.get(body) if body else None
    if body and (group is None or not group.is_organization):
        raise tk.ValidationError({"organization_id": [tk._("There is no such organization.")]})
    with explained():
        row = attendance.attend(
            model.Session,
            data_dict["id"],
            actor=viewer(context).id or "",
            row=data_dict.get("row"),
            version=data_dict["version"],
            organization=group.id if group else None,
            name=data_dict["name"],
            position=data_dict["position"],
            present=data_dict["present"],
        )
        name = row.id
    model.Session.commit()
    row = model.Session.get_one(Attendance, name)
    return {
        "id": row.id,
        "version": row.version,
        "organization_id": row.organization_id,
        "name": row.name,
        "position": row.position,
        "present": row.present,
    }


@validate(schema.attach)
def satudata_meeting_attach(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Attach the signed berita acara to a closed meeting.

    :param id: id of the meeting
    :param upload: the scan: a PDF, JPEG or PNG file (multipart)
    :returns: the meeting, see :py:func:`satudata_meeting_show`
    """
    tk.check_access("satudata_meeting_attach", context, data_dict)
    with explained():
        meeting = meeting_rows.locked(model.Session, data_dict["id"])
        meeting_rows.demand(meeting, "selesai")
        attached = attachments.take(
            data_dict["upload"],
            owner=meeting_rows.subject_of(meeting),
            audience=scans.AUDIENCE,
            user=viewer(context).id,
            only=scans.MEDIA,
        )
        trail.record(
            "meeting.attach",
            meeting_rows.subject_of(meeting),
            actor=viewer(context).id,
            after={"attachment": attached.id},
            session=model.Session,
        )
    return _saved(context, data_dict["id"])


def _found(meeting_id: str) -> Meeting:
    meeting = model.Session.get(Meeting, meeting_id)
    if meeting is None:
        raise tk.ObjectNotFound(tk._("There is no such meeting or agenda item."))
    return meeting


def _saved(context: Context, meeting_id: str) -> dict[str, Any]:
    model.Session.commit()
    return meeting_dict(_found(meeting_id), viewer(context))


def _moment(text: str) -> datetime:
    try:
        return moments.parse(text)
    except ValueError as error:
        message = tk._("Write the day and time, for example 2026-11-24T09:00.")
        raise tk.ValidationError({"starts_at": [message]}) from error


def _link(text: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        message = tk._("Write the whole address, beginning with https://.")
        raise tk.ValidationError({"link": [message]})
    return text
