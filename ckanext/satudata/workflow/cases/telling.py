"""Who is told of a case: whoever has to act, whoever asked, and who follows it.

Notices and letters name number, kind, state and day. What people wrote, and who they are, goes
into none of them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.mailer import MailerException, mail_recipient

from ckanext.satudata import config, letters, moments
from ckanext.satudata.model.case import Case, CaseFollower, CaseLetter
from ckanext.satudata.organizations import registry
from ckanext.satudata.types import AnySession
from ckanext.satudata.workflow import notices, roles, trail

from . import identities
from .actors import AGENCY, OFFICER, REPORTER, decides
from .effects import Move
from .tables import table

#: What kinds are called in sentences.
KINDS = {
    "permintaan": {"id": "Permintaan informasi", "en": "Request for information"},
    "keberatan": {"id": "Keberatan", "en": "Objection"},
    "pengaduan": {"id": "Pengaduan", "en": "Complaint"},
    "aspirasi": {"id": "Aspirasi", "en": "Suggestion"},
}
TURN, NEWS, MESSAGE, FOLLOWED = "kasus-giliran", "kasus-kabar", "kasus-pesan", "kasus-diikuti"
#: An objection was decided upon; it says until when one may go to the Information Commission.
DECIDED = "kasus-sengketa"
#: Letters to people without account are given up after this.
_TRIED = timedelta(days=3)


def subject(case: Case) -> trail.Subject:
    """What trail and notices say a case is about: its number, and nothing that people wrote."""
    return trail.Subject("case", case.id, case.number or "")


def address(case: Case) -> str:
    """Where the case is shown, without host."""
    return f"/satudata/kasus/{case.id}"


def facts(case: Case, lang: str | None = None) -> dict[str, str]:
    """What notices and letters tell of a case.

    Args:
        case: which one.
        lang: ``id`` or ``en``; the site's if None.
    """
    lang = lang or letters.site_language()
    body = model.Group.get(case.organization_id) if case.organization_id else None
    return {
        "number": case.number or "",
        "kind": KINDS[case.kind][lang],
        "state": table(case.kind).states[case.state].label[lang],
        "due": moments.day(case.due_on, lang) if case.due_on else "-",
        "agency": (body.title or body.name) if body else "-",
    }


def of_move(move: Move, before: str) -> None:
    """Tell those concerned by a move, in its transaction."""
    case, moved = move.case, before != move.case.state
    turn = table(case.kind).states[case.state].waits_on
    if moved or "assign" in move.row.effects:
        office(case, TURN, session=move.session)
    if move.part != REPORTER and (moved or "tell" in move.row.effects):
        person(case, DECIDED if "decide" in move.row.effects else NEWS, session=move.session)
    elif turn == REPORTER and moved:
        person(case, NEWS, session=move.session)
    if moved and case.published_at is not None:
        followers(case, FOLLOWED, session=move.session)


def office(
    case: Case,
    kind: str,
    *,
    days: int = 0,
    more: Collection[str] = (),
    session: AnySession | None = None,
) -> int:
    """Tell the officers whose turn it is; nobody where it is the person's.

    Args:
        case: which one.
        kind: of notice.
        days: working days left or over, for reminders.
        more: roles that are told as well.
        session: in whose transaction.
    """
    bodies = {b.id for role in more for b in registry.with_role(roles.office(role))}
    bodies |= set(turn_bodies(case))
    if not bodies:
        return 0
    return notices.tell(
        kind,
        subject=subject(case),
        address=address(case),
        params={**facts(case), "days": days},
        organizations=bodies,
        session=session,
    )


def turn_bodies(case: Case) -> list[str]:
    """Ids of the bodies whose turn it is."""
    turn = table(case.kind).states[case.state].waits_on
    if turn == AGENCY:
        if case.organization_id:
            return [case.organization_id]
        turn = OFFICER
    if turn in (REPORTER, "nobody"):
        return []
    role = decides(case) if turn == OFFICER else turn
    return [b.id for b in registry.with_role(roles.office(role))]


def person(case: Case, kind: str, *, session: AnySession | None = None) -> None:
    """Tell whoever asked: by a notice, or by a letter if they have no account."""
    session = session or model.Session
    if case.user_id or case.body_id:
        notices.tell(
            kind,
            subject=subject(case),
            address=address(case),
            params=facts(case),
            users=[case.user_id] if case.user_id else [],
            organizations=[case.body_id] if case.body_id else [],
            session=session,
        )
    elif case.identity_id and case.number:
        session.add(CaseLetter(case_id=case.id, kind=kind, params=facts(case)))
        session.flush()


def followers(case: Case, kind: str, *, session: AnySession | None = None) -> int:
    """Tell those who follow a published case."""
    session = session or model.Session
    people = session.scalars(
        sa.select(CaseFollower.user_id).where(CaseFollower.case_id == case.id)
    ).all()
    return notices.tell(
        kind,
        subject=subject(case),
        address=f"/permintaan/publik#{case.number}",
        params=facts(case),
        users=people,
        session=session,
    )


def deliver(now: datetime) -> list[str]:
    """Send the letters that wait; a transaction for each.

    Args:
        now: the present moment, UTC.

    Returns:
        A line that says how many were sent, or nothing.
    """
    waiting = model.Session.scalars(
        sa.select(CaseLetter.id).where(CaseLetter.settled_at.is_(None)).order_by(CaseLetter.id)
    ).all()
    model.Session.commit()
    sent = sum(_deliver(letter, now) for letter in waiting)
    return [f"sent: {sent} letter(s) about cases"] if sent else []


def _deliver(letter_id: int, now: datetime) -> bool:
    letter = model.Session.scalars(
        sa.select(CaseLetter)
        .where(CaseLetter.id == letter_id, CaseLetter.settled_at.is_(None))
        .with_for_update(skip_locked=True)
    ).first()
    if letter is None:
        model.Session.rollback()
        return False
    case = model.Session.get_one(Case, letter.case_id)
    sent = write_to(case, letter.kind, **letter.params)
    if sent is not False or letter.created_at < now - _TRIED:
        letter.settled_at = now
    model.Session.commit()
    return bool(sent)


def ask_to_confirm(case: Case, token: str) -> bool:
    """Send the letter whose link registers a case; whether it was delivered.

    Args:
        case: which one.
        token: what the link holds.
    """
    site = tk.url_for("home.index", _external=True, locale="default").rstrip("/")
    sent = write_to(
        case,
        "kasus-konfirmasi",
        kind=KINDS[case.kind][letters.site_language()],
        address=f"{site}/permintaan/konfirmasi/{token}",
        days=str(config.identity_unconfirmed_days()),
    )
    return bool(sent)


def write_to(case: Case, letter: str, **params: str) -> bool | None:
    """Write a letter to somebody without an account.

    Args:
        case: their case.
        letter: its name in ``letters.yaml``.
        params: what it tells besides where the portal is.

    Returns:
        Whether it was delivered, or None where there is no address.
    """
    to = identities.email_of(case.identity_id) if case.identity_id else None
    if not to:
        return None
    site = str(tk.config.get("ckan.site_url")).rstrip("/")
    head, body = letters.written(letter, letters.site_language(), site=site, **params)
    try:
        if not tk.config.get("smtp.mail_from"):
            raise MailerException("smtp.mail_from is not set")
        mail_recipient("", to, head, body)
    except MailerException:
        return False
    return True
