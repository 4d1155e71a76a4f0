"""Signed documents of closed meetings."""

from __future__ import annotations

from ckan import model

from ckanext.satudata.attachments import AUDIENCES, Attachment
from ckanext.satudata.model.meeting import Attendance
from ckanext.satudata.workflow import roles

#: What a scan may be.
MEDIA = frozenset({"application/pdf", "image/jpeg", "image/png"})
#: Who scans are for: those who take part.
AUDIENCE = "rapat"


def may(attachment: Attachment, user: model.User | None, _secret: str | None) -> bool:
    """Whoever sees all meetings, and who edits for a body that is expected or came."""
    if user is None:
        return False
    expected = {line.organization_id for line in Attendance.of(attachment.owner_id)}
    return roles.sees_meetings(user) or bool(expected.intersection(roles.bodies_of(user)))


AUDIENCES["meeting"] = may
