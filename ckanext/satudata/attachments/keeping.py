"""Taking attachments in, giving them out, and erasing them."""

from __future__ import annotations

import io
import uuid
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from werkzeug.datastructures import FileStorage

from ckanext.satudata import config
from ckanext.satudata.model.attachment import Attachment
from ckanext.satudata.model.content import ContentVersion, utc_now
from ckanext.satudata.privacy import keys
from ckanext.satudata.store import content
from ckanext.satudata.types import AnySession
from ckanext.satudata.workflow.trail import Subject

from .access import PUBLIC
from .kinds import examined
from .names import safe
from .refusal import Refusal

#: Files erased in one transaction.
_AT_ONCE = 200


def take(
    file: FileStorage | Any,
    *,
    owner: Subject,
    audience: str,
    user: str | None = None,
    only: frozenset[str] | None = None,
    nameless: bool = False,
    session: AnySession | None = None,
) -> Attachment:
    """Keep a file that somebody attaches, in the session's transaction.

    Args:
        file: what was uploaded.
        owner: what it belongs to.
        audience: who it is for, in the owner's words; :data:`access.PUBLIC` is for everybody. All
            else is sealed with the privacy keys.
        user: id of the person, or None.
        only: media types that are taken here; None takes all of :mod:`kinds`.
        nameless: whether nobody may learn from it who attached it; its name is not kept, either.
        session: CKAN's, unless given.

    Raises:
        tk.ValidationError: with ``upload``: no file, too large, too many, or not taken; the
            sentence says what to do.
        NoKey: it would have to be sealed, and no key is configured.
    """
    session = session or model.Session
    if not isinstance(file, FileStorage) or not file.filename:
        raise _refused(tk._("Choose a file."))
    _demand_room(owner, session)
    limit = config.attachment_size()
    given = file.stream.read(limit + 1)
    if len(given) > limit:
        text = tk._("The file is larger than {limit} MB.").format(limit=limit >> 20)
        raise _refused(text)
    if not given:
        raise _refused(tk._("The file is empty."))
    try:
        found = examined(given, file.filename, only=only, nameless=nameless)
    except Refusal as error:
        raise _refused(str(error)) from error
    row = Attachment(
        id=str(uuid.uuid4()),
        owner_kind=owner.kind,
        owner_id=owner.id,
        audience=audience,
        filename=safe(
            "" if nameless else file.filename, found.suffix, otherwise=tk._("attachment")
        ),
        media_type=found.media_type,
        size=len(found.content),
        uploaded_by=user,
        uploaded_at=utc_now(),
    )
    stored = found.content
    if audience != PUBLIC:
        stored, row.key_mark = keys.seal(row.id, found.content)
    row.sha256 = content.keep(io.BytesIO(stored))
    session.add(row)
    session.flush()
    return row


def of(owner: Subject, session: AnySession | None = None) -> list[Attachment]:
    """What is attached to something, the first uploaded first."""
    return Attachment.of(owner.kind, owner.id, session or model.Session)


def described(attachment: Attachment) -> dict[str, Any]:
    """What an attachment is, JSON-ready, as ``satudata_attachment_show`` returns it."""
    return {
        "id": attachment.id,
        "filename": attachment.filename,
        "media_type": attachment.media_type,
        "size": attachment.size,
        "uploaded_at": attachment.uploaded_at.isoformat(),
    }


def get(id: str) -> Attachment | None:
    """An attachment by its id; None where there is none, or where it was erased."""
    row = model.Session.get(Attachment, id)
    return row if row is not None and row.erased_at is None else None


def read(attachment: Attachment) -> bytes:
    """What an attachment holds.

    Raises:
        FileNotFoundError: its content is not there.
        NoKey: the key that sealed it is not there.
        Damaged: it is not as it was sealed.
    """
    if attachment.sha256 is None:
        raise FileNotFoundError(attachment.id)
    stored = content.path_of(attachment.sha256).read_bytes()
    if attachment.key_mark is None:
        return stored
    return keys.unseal(attachment.id, stored, attachment.key_mark)


def forget(owner: Subject, *, now: datetime, session: AnySession | None = None) -> int:
    """Let nobody have what is attached to something any more, and call the file nothing.

    The content itself is deleted by :func:`erase` after the commit: a duty does that.

    Args:
        owner: to what.
        now: the present moment, UTC.
        session: CKAN's, unless given.

    Returns:
        How many there were.
    """
    rows = of(owner, session)
    for row in rows:
        row.erased_at, row.filename = now, ""
    return len(rows)


def erase(_now: datetime) -> list[str]:
    """Delete the contents of forgotten attachments; what something else also holds stays."""
    count = 0
    while rows := _forgotten():
        for row in rows:
            digest, row.sha256 = row.sha256, None
            model.Session.flush()
            if digest and not _held(digest):
                content.path_of(digest).unlink(missing_ok=True)
            count += 1
        model.Session.commit()
    return [f"deleted: {count} attachment(s)"] if count else []


def _forgotten() -> list[Attachment]:
    return list(
        model.Session.scalars(
            sa.select(Attachment)
            .where(Attachment.erased_at.is_not(None), Attachment.sha256.is_not(None))
            .limit(_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
    )


def _held(digest: str) -> bool:
    """Whether something else has the same content; a sealed one is never the same as another."""
    by_file = sa.exists().where(ContentVersion.sha256 == digest)
    by_attachment = sa.exists().where(Attachment.sha256 == digest)
    return bool(model.Session.scalar(sa.select(sa.or_(by_file, by_attachment))))


def _demand_room(owner: Subject, session: AnySession) -> None:
    if len(of(owner, session)) >= config.attachment_count():
        raise _refused(
            tk.ungettext(
                "At most {n} file can be attached.",
                "At most {n} files can be attached.",
                config.attachment_count(),
            ).format(n=config.attachment_count())
        )


def _refused(text: str) -> tk.ValidationError:
    return tk.ValidationError({"upload": [text]})
