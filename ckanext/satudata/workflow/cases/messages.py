"""What is said in a case: between the person and the officials, and among officials."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.case import Case, CaseMessage

from . import telling
from .actors import AGENCY, OBSERVER, REPORTER, Actor
from .errors import Needs, NotAllowed

PERSON, INTERNAL, EVERYBODY = "pemohon", "internal", "publik"


def audiences(actor: Actor) -> list[str]:
    """To whom somebody may write."""
    if actor.parts & {OBSERVER} and len(actor.parts) == 1:
        return [INTERNAL]
    if actor.official:
        return [PERSON, INTERNAL]
    return [PERSON] if REPORTER in actor.parts else []


def say(case: Case, actor: Actor, text: str, *, audience: str, now: datetime) -> CaseMessage:
    """Say something in a case, in CKAN's transaction.

    A question to the person does not stop the clock.

    Args:
        case: which one.
        actor: who speaks.
        text: what.
        audience: ``pemohon`` (between the person and the officials) or ``internal``.
        now: the present moment, UTC.

    Raises:
        NotAllowed: they may not write to this audience.
        Needs: there is no text.
    """
    if audience not in audiences(actor):
        raise NotAllowed(audience)
    if not text.strip():
        raise Needs("text")
    mine = not actor.official
    agency = AGENCY in actor.parts and case.organization_id in actor.bodies
    message = CaseMessage(
        case_id=case.id,
        side=REPORTER if mine else AGENCY if agency else "petugas",
        user_id=None if mine or actor.user is None else actor.user.id,
        organization_id=case.organization_id if agency else None,
        audience=audience,
        text=text.strip(),
        created_at=now,
    )
    model.Session.add(message)
    model.Session.flush()
    if mine or audience == INTERNAL:
        telling.office(case, telling.MESSAGE)
    else:
        telling.person(case, telling.MESSAGE)
    return message


def thread(case: Case, actor: Actor) -> list[CaseMessage]:
    """What somebody may read of what was said, oldest first."""
    if not actor.parts:
        return []
    seen = (PERSON, INTERNAL, EVERYBODY) if actor.official else (PERSON, EVERYBODY)
    return list(
        model.Session.scalars(
            sa.select(CaseMessage)
            .where(CaseMessage.case_id == case.id, CaseMessage.audience.in_(seen))
            .order_by(CaseMessage.id)
        )
    )
