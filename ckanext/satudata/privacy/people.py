"""Who people are: what they told of themselves is sealed at once and opened on record.

Nothing of it is stored in the clear, not even masked. Officials open it with a reason
(:func:`open_identity`); the portal itself reads the address it writes to (:func:`email_of`).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.identity import Identity, IdentityAccess
from ckanext.satudata.store.transaction import apart
from ckanext.satudata.types import AnySession
from ckanext.satudata.workflow import roles, trail

from . import keys, masks


class Unknown(SatudataError):
    """There is no such identity, or nothing of it is left."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One time an official opened who somebody is.

    Attributes:
        at: when, UTC.
        organization_id: for which body, or None.
        fields: names of the fields that were shown.
    """

    at: datetime
    organization_id: str | None
    fields: tuple[str, ...]


def keep(
    identity: Mapping[str, str],
    *,
    purpose: str,
    confidential: bool = False,
    confirmed: bool = True,
    session: AnySession | None = None,
) -> str:
    """Seal what somebody told of themselves, in the session's transaction.

    Args:
        identity: ``name``, ``nik``, ``email``, ``phone``, ``address``, ``job``, ``organization``
            and whatever else names the person; empty texts are left out.
        purpose: what for: the kind of case.
        confidential: whether only the role that ``ckanext.satudata.confidential_role`` names may
            open it.
        confirmed: whether the person has proved the address; what is not confirmed within some
            days is deleted (:func:`confirm`).
        session: in whose transaction; CKAN's if None.

    Returns:
        Id of the identity.

    Raises:
        NoKey: no key is configured.
    """
    name = str(uuid.uuid4())
    fields = {key: value.strip() for key, value in identity.items() if value and value.strip()}
    sealed, mark = keys.seal_fields(name, fields)
    now = utc_now()
    row = Identity(
        id=name,
        purpose=purpose,
        confidential=confidential,
        fields=sorted(fields),
        sealed=sealed,
        key_mark=mark,
        created_at=now,
        confirmed_at=now if confirmed else None,
    )
    session = session or model.Session
    session.add(row)
    session.flush()
    return name


def confirm(identity_id: str, *, session: AnySession | None = None) -> None:
    """Note that the person has proved the address, in the session's transaction."""
    row = _row(identity_id, session)
    row.confirmed_at = row.confirmed_at or utc_now()


def find(identity_id: str) -> Identity | None:
    """The row, also of one whose content was deleted, or None."""
    return model.Session.get(Identity, identity_id) if identity_id else None


def masked(identity_id: str) -> dict[str, str]:
    """What may be shown of a person: ``{"name": "B*** S***", "nik": "6105************"}``.

    Empty where nothing is left or cannot be opened: a list must not fail for one of them, and the
    audit names them.
    """
    row = find(identity_id)
    try:
        return masks.masked(_fields(row)) if row is not None else {}
    except (Unknown, keys.NoKey, keys.Damaged):
        return {}


def open_identity(identity_id: str, *, user: str, why: str) -> dict[str, str]:
    """Read who somebody is, which goes on record.

    The record is committed before anything is given out: whatever becomes of the caller's
    transaction, nobody has read it without. What the reason tells of the person is masked in it,
    since nothing on record can be deleted.

    Args:
        identity_id: id of the identity.
        user: id of the official.
        why: the reason, a sentence.

    Raises:
        Unknown: there is none, or nothing of it is left.
        NoKey: its key is not there.
        Damaged: it is not as it was sealed.
    """
    row = _row(identity_id)
    fields = _fields(row)
    body = _body_of(user)
    with apart() as session:
        session.add(
            IdentityAccess(
                at=utc_now(),
                identity_id=row.id,
                purpose=row.purpose,
                fields=sorted(fields),
                user_id=user,
                organization_id=body,
                why=masks.without(why, fields),
            )
        )
        subject = trail.Subject("identity", row.id)
        trail.record("identity.open", subject, actor=user, organization=body, session=session)
    return fields


def email_of(identity_id: str) -> str | None:
    """The address the portal writes to about the person's own case; goes nowhere else.

    None where there is none or nothing is left.
    """
    row = find(identity_id)
    try:
        return _fields(row).get("email") if row is not None else None
    except Unknown:
        return None


def openings(identity_id: str) -> list[Opening]:
    """When and for which body a person's identity was opened, oldest first: for that person."""
    rows = model.Session.scalars(
        sa.select(IdentityAccess)
        .where(IdentityAccess.identity_id == identity_id)
        .order_by(IdentityAccess.id)
    )
    return [Opening(r.at, r.organization_id, tuple(r.fields)) for r in rows]


def close(identity_id: str, on: date, *, session: AnySession | None = None) -> None:
    """The case is closed: the days until deletion begin, in the session's transaction."""
    _row(identity_id, session).closed_on = on


def reopen(identity_id: str, *, session: AnySession | None = None) -> None:
    """The case goes on: what is not deleted yet is needed again."""
    _row(identity_id, session).closed_on = None


def _row(identity_id: str, session: AnySession | None = None) -> Identity:
    row = (session or model.Session).get(Identity, identity_id)
    if row is None:
        raise Unknown(f"there is no identity {identity_id}")
    return row


def _fields(row: Identity) -> dict[str, str]:
    if row.sealed is None or row.key_mark is None:
        raise Unknown(f"identity {row.id} was deleted")
    return keys.unseal_fields(row.id, bytes(row.sealed), row.key_mark)


def _body_of(user_id: str) -> str | None:
    """The body for which somebody opens identities, or None for a sysadmin of none."""
    user = model.User.get(user_id)
    return roles.body_opening_identities(user) if user is not None else None
