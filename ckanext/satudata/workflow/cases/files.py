"""Files in a case: what people attach to their question, and files for that person alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import attachments, config
from ckanext.satudata.model.case import OPEN, REQUEST, Case

from .actors import OFFICER, REPORTER, Actor, actor_of
from .errors import NotAllowed
from .messages import INTERNAL, audiences
from .telling import subject
from .tracking import matches

#: Papers that say who somebody is: for them and the office that decides.
PAPERS = "petugas"


def attach(case: Case, actor: Actor, file: Any, *, audience: str) -> attachments.Attachment:
    """Keep a file in a case, in CKAN's transaction. Of whoever asks nothing is written down.

    Args:
        case: which one.
        actor: who attaches it.
        file: what was uploaded.
        audience: ``pemohon`` (the person and the officials) or ``internal``.

    Raises:
        NotAllowed: they may not give it to this audience.
        tk.ValidationError: it is not taken; the sentence says why.
    """
    if audience not in audiences(actor):
        raise NotAllowed(audience)
    officer = actor.user.id if actor.official and actor.user is not None else None
    return attachments.take(
        file,
        owner=subject(case),
        audience=audience,
        user=officer,
        nameless=officer is None and case.mode != OPEN,
    )


def attach_first(case: Case, file: Any) -> attachments.Attachment:
    """Keep a file that came with the form by which a case was opened; see :func:`attach`.

    With a request come papers that say who somebody is; agencies need not see them.
    """
    audience = PAPERS if case.kind == REQUEST else REPORTER
    hides = audience != PAPERS and case.mode != OPEN
    return attachments.take(file, owner=subject(case), audience=audience, nameless=hides)


def forget(now: datetime) -> list[str]:
    """Forget the files of cases that were closed long ago, as who asked is forgotten.

    Args:
        now: the present moment, UTC.
    """
    before = now - timedelta(days=config.identity_retention_days())
    kept = sa.exists().where(
        attachments.Attachment.owner_kind == "case",
        attachments.Attachment.owner_id == Case.id,
        attachments.Attachment.erased_at.is_(None),
    )
    old = model.Session.scalars(sa.select(Case).where(Case.closed_at < before, kept)).all()
    count = sum(attachments.forget(subject(case), now=now) for case in old)
    model.Session.commit()
    return [f"forgotten: {count} file(s) of closed cases"] if count else []


def of(case: Case, actor: Actor) -> list[attachments.Attachment]:
    """The files of a case that somebody may have."""
    return [f for f in attachments.of(subject(case)) if _may(f, actor)]


def belongs(attachment_id: str, case: Case) -> bool:
    """Whether an attachment is one of a case's."""
    found = attachments.get(attachment_id)
    return found is not None and (found.owner_kind, found.owner_id) == ("case", case.id)


def _may(attachment: attachments.Attachment, actor: Actor) -> bool:
    if attachment.audience == PAPERS:
        return bool(actor.parts & {OFFICER, REPORTER})
    if attachment.audience == INTERNAL:
        return actor.official
    return bool(actor.parts)


def _judge(attachment: attachments.Attachment, user: model.User | None, secret: str | None) -> bool:
    case = model.Session.get(Case, attachment.owner_id)
    if case is None:
        return False
    return _may(attachment, actor_of(user, case, secret_ok=matches(case, secret)))


attachments.AUDIENCES["case"] = _judge
