"""Notices: told in the portal at once, and by e-mail as each person wants it.

A notice is a row written in the transaction of what it tells, so nobody is told of what did not
happen. Letters go out afterwards (:func:`deliver`), through CKAN's mailer, so plugins with
``INotifier`` can carry them on. A letter that could not be delivered is tried again; one whose
sending was cut off by a crash may go out twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.mailer import MailerException

from ckanext.satudata import config, letters, workdays
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.notice import Notice, NoticeSetting
from ckanext.satudata.organizations import registry
from ckanext.satudata.types import AnySession

from .trail import Subject

log = logging.getLogger(__name__)

#: Setting of whoever never chose one.
DEFAULT = "harian"
#: Letters are given up after this; the notice stays in the portal.
_TRIED = timedelta(days=3)
#: Notices that one daily letter names; it says how many more there are.
_NAMED = 50


@dataclass(frozen=True, slots=True)
class Setting:
    """How a person is told by e-mail.

    Attributes:
        mail: ``segera`` (each notice at once), ``harian`` (once a working day; urgent ones at
            once) or ``tidak`` (in the portal only).
        muted: kinds that are never mailed.
    """

    mail: str = DEFAULT
    muted: frozenset[str] = frozenset()


def tell(
    kind: str,
    *,
    subject: Subject,
    address: str,
    params: Mapping[str, str | int] | None = None,
    organizations: Iterable[str] = (),
    users: Iterable[str] = (),
    roles: Iterable[str] = (),
    session: AnySession | None = None,
) -> int:
    """Tell people something, in the session's transaction.

    Args:
        kind: of notice, an entry of ``letters/notices.yaml``.
        subject: what it is about.
        address: of the page that says more, without host.
        params: what the notice's text needs. No personal data: texts go out by e-mail.
        organizations: ids of bodies whose editors and admins are told.
        users: ids of people who are told.
        roles: roles in Satu Data (``walidata``, ``pembina``); the editors and admins of bodies
            that have one are told.
        session: in whose transaction; CKAN's if None.

    Returns:
        Number of people told.
    """
    text = letters.notice(kind)
    session = session or model.Session
    bodies = {*organizations, *(b.id for role in roles for b in registry.with_role(role))}
    people = {*users, *_editors(session, bodies)}
    moment = utc_now()
    rows = [
        {
            "user_id": person,
            "kind": kind,
            "subject_kind": subject.kind,
            "subject_id": subject.id,
            "params": dict(params or {}),
            "address": address,
            "urgent": bool(text["urgent"]),
            "created_at": moment,
        }
        for person in sorted(people)
    ]
    if rows:
        session.execute(sa.insert(Notice.__table__), rows)
    return len(rows)


def of_user(user: str, *, unread: bool = False, limit: int = 100, offset: int = 0) -> list[Notice]:
    """A person's notices, newest first.

    Args:
        user: id of the person.
        unread: only those not read yet.
        limit: how many.
        offset: how many newer ones to leave out.
    """
    wanted = [Notice.user_id == user]
    if unread:
        wanted.append(Notice.read_at.is_(None))
    return list(
        model.Session.scalars(
            sa.select(Notice)
            .where(*wanted)
            .order_by(Notice.created_at.desc(), Notice.id.desc())
            .limit(limit)
            .offset(offset)
        )
    )


def unread(user: str) -> int:
    """Number of a person's notices that are not read."""
    count = sa.select(sa.func.count()).where(Notice.user_id == user, Notice.read_at.is_(None))
    return model.Session.scalar(count) or 0


def mark_read(user: str, ids: Iterable[int] | None) -> int:
    """Mark a person's notices as read, in the session's transaction.

    Args:
        user: id of the person; others' notices stay as they are.
        ids: which; None means all.
    """
    wanted = [Notice.user_id == user, Notice.read_at.is_(None)]
    if ids is not None:
        wanted.append(Notice.id.in_(list(ids)))
    change = sa.update(Notice).where(*wanted).values(read_at=utc_now()).returning(Notice.id)
    return len(model.Session.execute(change).all())


def setting(user: str) -> Setting:
    """How a person wants to be told."""
    found = model.Session.get(NoticeSetting, user)
    return Setting(found.mail, frozenset(found.muted)) if found else Setting()


def choose(user: str, wanted: Setting) -> None:
    """Keep how a person wants to be told, in the session's transaction."""
    found = model.Session.get(NoticeSetting, user)
    if found is None:
        found = NoticeSetting(user_id=user)
        model.Session.add(found)
    found.mail, found.muted = wanted.mail, sorted(wanted.muted)
    model.Session.flush()


def deliver(now: datetime) -> list[str]:
    """Send the letters that are due.

    Args:
        now: the present moment, UTC.

    Returns:
        A line that says how many were sent, or nothing.
    """
    waiting = model.Session.scalars(
        sa.select(Notice.user_id).where(Notice.settled_at.is_(None)).distinct()
    ).all()
    sent = sum(_deliver_to(user, now) for user in waiting)
    return [f"sent: {sent} letter(s)"] if sent else []


def _deliver_to(user_id: str, now: datetime) -> int:
    """Letters sent to one person; a transaction each."""
    mine = list(
        model.Session.scalars(
            sa.select(Notice)
            .where(Notice.user_id == user_id, Notice.settled_at.is_(None))
            .order_by(Notice.created_at, Notice.id)
            .with_for_update(skip_locked=True)
        )
    )
    person, wanted = model.User.get(user_id), setting(user_id)
    if person is None or person.state != model.State.ACTIVE or not person.email:
        _settle(mine, now)
        model.Session.commit()
        return 0
    unwanted = [
        n
        for n in mine
        if n.read_at is not None
        or wanted.mail == "tidak"
        or n.kind in wanted.muted
        or n.created_at < now - _TRIED
    ]
    _settle(unwanted, now)
    rest = [n for n in mine if n not in unwanted]
    sent = 0
    for one in [n for n in rest if n.urgent or wanted.mail == "segera"]:
        sent += _send(person, [one], now)
    later = [n for n in rest if not (n.urgent or wanted.mail == "segera")]
    if later and _digest_due(user_id, now):
        sent += _send(person, later, now, digest=True)
    model.Session.commit()
    return sent


def _digest_due(user_id: str, now: datetime) -> bool:
    """Whether the day's letter is due: once a working day, not before the configured time."""
    zone = ZoneInfo(config.timezone())
    local = now.astimezone(zone)
    begins = datetime.combine(local.date(), time.fromisoformat(config.digest_time()), zone)
    if local < begins or not workdays.is_working(local.date()):
        return False
    found = model.Session.get(NoticeSetting, user_id)
    return not (found and found.digest_at and found.digest_at.astimezone(zone) >= begins)


def _send(person: model.User, told: list[Notice], now: datetime, *, digest: bool = False) -> int:
    lang = letters.site_language()
    settings = tk.url_for("satudata_notice.index", _external=True)
    if digest:
        lines = [_line(n, lang) for n in told[:_NAMED]]
        if len(told) > _NAMED:
            lines.append(f"… +{len(told) - _NAMED}")
        subject, body = letters.written(
            "ringkasan",
            lang,
            count=str(len(told)),
            list="\n".join(lines) + "\n",
            settings=settings,
        )
    else:
        head, text = letters.told(told[0].kind, lang, told[0].params)
        subject, body = letters.written(
            "pemberitahuan",
            lang,
            subject=head,
            text=text,
            address=_absolute(told[0].address),
            settings=settings,
        )
    try:
        letters.send(person, subject, body)
    except MailerException:
        log.warning("a letter about %s notice(s) could not be delivered", len(told))
        return 0
    _settle(told, now)
    if digest:
        found = model.Session.get(NoticeSetting, person.id)
        if found is None:
            found = NoticeSetting(user_id=person.id, mail=DEFAULT, muted=[])
            model.Session.add(found)
        found.digest_at = now
    model.Session.commit()
    return 1


def _line(notice: Notice, lang: str) -> str:
    head, _ = letters.told(notice.kind, lang, notice.params)
    return f"- {head}\n  {_absolute(notice.address)}"


def _absolute(address: str) -> str:
    return str(tk.config["ckan.site_url"]).rstrip("/") + address


def _settle(told: Iterable[Notice], now: datetime) -> None:
    for notice in told:
        notice.settled_at = now.astimezone(timezone.utc)


def _editors(session: AnySession, bodies: Iterable[str]) -> list[str]:
    """Ids of the people who edit for these bodies."""
    member, user = model.Member, model.User
    return list(
        session.scalars(
            sa.select(user.id)
            .join(member, member.table_id == user.id)
            .where(
                member.group_id.in_(list(bodies)),
                member.table_name == "user",
                member.state == model.State.ACTIVE,
                member.capacity.in_(("admin", "editor")),
                user.state == model.State.ACTIVE,
            )
            .distinct()
        )
    )
