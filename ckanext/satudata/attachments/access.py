"""Who may have an attachment: whoever knows the thing it belongs to decides."""

from __future__ import annotations

from collections.abc import Callable

from ckan import model

from ckanext.satudata.model.attachment import Attachment

#: Everybody may have it; its content is not sealed.
PUBLIC = "publik"

#: Asked with the attachment, the person (None for a visitor) and the secret code they showed.
Judge = Callable[[Attachment, model.User | None, str | None], bool]

#: Kind of the owner -> who may. Modules of owners put themselves here when they are imported; of a
#: kind that is not there nobody gets anything.
AUDIENCES: dict[str, Judge] = {}


def may(attachment: Attachment, user: model.User | None, secret: str | None = None) -> bool:
    """Whether somebody may have an attachment.

    Args:
        attachment: which.
        user: the person, or None for a visitor.
        secret: the code of the owner that the visitor knows.
    """
    if attachment.erased_at is not None:
        return False
    judge = AUDIENCES.get(attachment.owner_kind)
    return judge is not None and judge(attachment, user, secret)
