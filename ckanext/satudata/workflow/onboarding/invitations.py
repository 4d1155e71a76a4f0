"""Invitations of people: the letter, another one, and the end of a link that was not used.

Accounts are made by CKAN (``user_invite``), whoever asks for them; here is the letter that goes
out, with the day until which its link opens the account. CKAN's own links would open it for good.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import mailer

from ckanext.satudata import config, letters, moments
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.onboarding import AccountInvitation

from .. import trail

_ROLES = {
    "admin": {"id": "admin", "en": "admin"},
    "editor": {"id": "operator (editor)", "en": "operator (editor)"},
    "member": {"id": "anggota", "en": "member"},
}


class NotWaiting(SatudataError):
    """The person has an account already, or none that waits for them."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who has not opened their account yet.

    Attributes:
        user: id of the account.
        name: of the person, or the account's name.
        email: where the letter went.
        organization: id of the body.
        organization_title: of the body.
        capacity: in the body.
        sent_at: when the newest letter went out.
        times: how many there were.
        until: when its link ends.
        expired: whether that is over.
    """

    user: str
    name: str
    email: str
    organization: str
    organization_title: str
    capacity: str
    sent_at: datetime
    times: int
    until: datetime
    expired: bool


def invited(user: model.User, organization: Mapping[str, Any], capacity: str) -> None:
    """Write down an invitation and send its letter; commits.

    Args:
        user: the account, which waits.
        organization: as CKAN shows it.
        capacity: in the body.

    Raises:
        mailer.MailerException: the letter could not be delivered; CKAN takes the account back.
    """
    found = model.Session.get(AccountInvitation, user.id)
    if found is None:
        found = AccountInvitation(
            user_id=user.id,
            organization_id=organization["id"],
            capacity=capacity,
            created_at=utc_now(),
            times=0,
        )
        model.Session.add(found)
    _send(found, user, organization.get("title") or organization["name"])


def resend(user_id: str, actor: str | None) -> AccountInvitation:
    """Send another letter with a new link; the former link ends. Commits.

    Raises:
        NotWaiting: nobody is waited for.
        mailer.MailerException: the letter could not be delivered; the former link stays.
    """
    user, found = model.User.get(user_id), model.Session.get(AccountInvitation, user_id)
    if user is None or found is None or user.state != model.State.PENDING:
        raise NotWaiting(user_id)
    body = model.Group.get(found.organization_id)
    title = (body.title or body.name) if body is not None else ""
    trail.record(
        "account.invite_again",
        trail.Subject("organization", found.organization_id, title),
        actor=actor,
        organization=found.organization_id,
        after={"user": user.id, "times": found.times + 1},
    )
    _send(found, user, title)
    return found


def waiting(now: datetime) -> list[Invited]:
    """Those who have not opened their account, the longest waiting first.

    Args:
        now: the present moment, UTC.
    """
    user, group = model.User, model.Group
    rows = model.Session.execute(
        sa.select(AccountInvitation, user, group.title, group.name)
        .join(user, user.id == AccountInvitation.user_id)
        .outerjoin(group, group.id == AccountInvitation.organization_id)
        .where(user.state == model.State.PENDING)
        .order_by(AccountInvitation.sent_at, user.id)
    )
    return [
        Invited(
            user=person.id,
            name=person.fullname or person.name,
            email=person.email or "",
            organization=one.organization_id,
            organization_title=title or name or "",
            capacity=one.capacity,
            sent_at=one.sent_at,
            times=one.times,
            until=until(one),
            expired=until(one) <= now,
        )
        for one, person, title, name in rows
    ]


def until(invitation: AccountInvitation) -> datetime:
    """When the link of the newest letter ends."""
    return invitation.sent_at + timedelta(days=config.account_days())


def expire(now: datetime) -> list[str]:
    """End the links of letters that are too old; commits.

    Args:
        now: the present moment, UTC.

    Returns:
        A line that says how many, or nothing.
    """
    user = model.User
    rows = model.Session.execute(
        sa.select(AccountInvitation, user)
        .join(user, user.id == AccountInvitation.user_id)
        .where(
            user.state == model.State.PENDING,
            AccountInvitation.expired_at.is_(None),
            AccountInvitation.sent_at <= now - timedelta(days=config.account_days()),
        )
        .with_for_update()
    ).all()
    for one, person in rows:
        one.expired_at, person.reset_key = now, None
    model.Session.commit()
    return [f"ended: {len(rows)} invitation(s) to an account"] if rows else []


def _send(found: AccountInvitation, user: model.User, body: str) -> None:
    """Send the letter; the link holds only if it went out."""
    lang, now = letters.site_language(), utc_now()
    former = user.reset_key
    user.reset_key = mailer.make_key()
    found.sent_at, found.times, found.expired_at = now, found.times + 1, None
    # The link must open something as soon as the letter is there.
    model.repo.commit()
    subject, text = letters.written(
        "undangan-akun",
        lang,
        site=str(tk.config.get("ckan.site_title") or "Satu Data"),
        body=body,
        role=_ROLES.get(found.capacity, {}).get(lang, found.capacity),
        user=user.name,
        until=moments.spoken(until(found), lang),
        link=mailer.get_reset_link(user),
        training=tk.url_for("satudata_onboarding.index", _external=True),
    )
    try:
        letters.send(user, subject, text)
    except mailer.MailerException:
        user.reset_key = former
        model.repo.commit()
        raise
