"""Opening, confirming and finding cases; and the engine's functions for those who call it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import config, workdays
from ckanext.satudata.model.case import (
    ANONYMOUS,
    OBJECTION,
    PUBLIC,
    REQUEST,
    Case,
    CaseFollower,
    CaseItem,
    CaseLetter,
    CaseMessage,
)
from ckanext.satudata.workflow import trail

from . import complaints, files, identities, numbers, objections, requests, telling
from .actors import Actor, Reporter, actor_of
from .engine import available, enter, locked, move
from .errors import Changed, Needs, NotAllowed, WrongState
from .listing import Page, listing
from .messages import audiences, say, thread
from .tables import FIRST, UNCONFIRMED, table
from .tracking import by_secret, by_token, digest, new_secret, new_token, token_digest

__all__ = [
    "Actor",
    "Changed",
    "Needs",
    "NotAllowed",
    "Opened",
    "Page",
    "Reporter",
    "WrongState",
    "actor_of",
    "audiences",
    "available",
    "by_secret",
    "by_token",
    "complaints",
    "confirm",
    "drop_unconfirmed",
    "files",
    "get",
    "listing",
    "locked",
    "lodge",
    "move",
    "objections",
    "open_case",
    "requests",
    "say",
    "thread",
]


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that was opened.

    Attributes:
        case: the case.
        secret: the code to follow it with, shown once; empty before it is confirmed.
        token: what the letter's link holds, if it has to be confirmed; else empty.
    """

    case: Case
    secret: str
    token: str = ""


def open_case(
    kind: str,
    *,
    lane: str | None = None,
    title: str,
    body: str = "",
    reporter: Reporter,
    dataset_id: str | None = None,
    figure: Mapping[str, Any] | None = None,
    organization_id: str | None = None,
    details: Mapping[str, Any] | None = None,
    items: Sequence[str] = (),
    parent: Case | None = None,
    confirm: bool = False,
    now: datetime,
) -> Opened:
    """Open a case, in CKAN's transaction.

    Args:
        kind: ``permintaan``, ``keberatan``, ``pengaduan`` or ``aspirasi``.
        lane: of a request: ``publik`` or ``pemerintah``.
        title: a line that says what it is about.
        body: more about it.
        reporter: who opens it; their identity is sealed, of anonymous people nothing is kept.
        dataset_id: the dataset it is about.
        figure: the figure it is about.
        organization_id: the body it is about; nothing is handed to it by that.
        details: the form's fields; nothing personal.
        items: of a request: what is asked for, one by one.
        parent: the case it is about, such as an objection's request.
        confirm: the e-mail address has to be proved first; until then there is no number, and
            nobody sees the case.
        now: the present moment, UTC.
    """
    who = reporter.known()
    case = Case(
        id=str(uuid.uuid4()),
        kind=kind,
        lane=(lane or PUBLIC) if kind == REQUEST else None,
        state=UNCONFIRMED,
        version=1,
        since=now,
        title=title.strip(),
        body=body.strip(),
        organization_id=organization_id,
        dataset_id=dataset_id,
        figure=dict(figure) if figure else None,
        mode=who.mode,
        user_id=who.user_id,
        body_id=who.body_id,
        details=dict(details or {}),
        opened_at=now,
        parent_id=parent.id if parent else None,
    )
    case.words = _words(case.title, case.body, *items)
    if who.identity and any(who.identity.values()) and who.mode != ANONYMOUS:
        case.identity_id = identities.keep(
            who.identity, kind=kind, mode=who.mode, confirmed=not confirm
        )
    token = ""
    if confirm:
        token = new_token()
        case.confirm_hash = token_digest(token)
    model.Session.add(case)
    model.Session.flush()
    if items:
        requests.add_items(model.Session, case, items)
    secret = "" if confirm else _register(case, now)
    return Opened(case, secret, token)


def confirm(token: str, now: datetime) -> Opened | None:
    """Register what was confirmed by a letter's link, in CKAN's transaction.

    Returns:
        The case with its number and secret, or None: nothing waits for this token.
    """
    case = by_token(token)
    if case is None or case.state != UNCONFIRMED:
        return None
    case.confirm_hash = None
    case.opened_at = now
    if case.identity_id:
        identities.confirm(case.identity_id)
    secret = _register(case, now)
    telling.person(case, "kasus-terdaftar")
    return Opened(case, secret)


def _register(case: Case, now: datetime) -> str:
    """Give a case its number, its first state and its secret."""
    today, secret = workdays.today(now), new_secret()
    case.number = numbers.following(model.Session, case.kind, today.year)
    case.received_on, case.secret_hash = today, digest(secret)
    enter(case, table(case.kind).states[FIRST[case.kind]], now)
    model.Session.flush()
    trail.record(
        "case.open",
        telling.subject(case),
        actor=None,
        organization=case.organization_id,
        after={"kind": case.kind, "lane": case.lane, "state": case.state, "due_on": case.due_on},
    )
    telling.office(case, telling.TURN)
    return secret


def lodge(request: Case, names: Collection[str], text: str, now: datetime) -> Case:
    """Lodge an objection to a request (UU 14/2008 Ps. 35), in CKAN's transaction.

    It is the same person's, so it is followed with the request's secret code.

    Args:
        request: which one, locked.
        names: letters of Ps. 35(1).
        text: what happened.
        now: the present moment, UTC.

    Raises:
        Needs: these are no grounds on which one may object today.
    """
    if not objections.may_object(request, names, now):
        raise Needs("grounds", "unknown")
    case = Case(
        id=str(uuid.uuid4()),
        kind=OBJECTION,
        state=UNCONFIRMED,
        version=1,
        title=request.title,
        body=text.strip(),
        mode=request.mode,
        identity_id=request.identity_id,
        user_id=request.user_id,
        body_id=request.body_id,
        details={"grounds": sorted(names)},
        parent_id=request.id,
        since=now,
        opened_at=now,
    )
    case.words = _words(request.title, text)
    model.Session.add(case)
    if case.identity_id:
        identities.reopen(case.identity_id)
    _register(case, now)
    case.secret_hash = request.secret_hash
    model.Session.flush()
    return case


def _words(*texts: str) -> Any:
    """What a case is found by."""
    return sa.func.to_tsvector(sa.literal_column("'simple'"), " ".join(texts))


def get(reference: str) -> Case:
    """The case with this id or number.

    Raises:
        LookupError: there is none.
    """
    found = model.Session.get(Case, reference)
    if found is None:
        number = numbers.normalized(reference)
        found = model.Session.scalars(sa.select(Case).where(Case.number == number)).first()
    if found is None:
        raise LookupError(reference)
    return found


def drop_unconfirmed(now: datetime) -> list[str]:
    """Delete what guests never confirmed; who they are is deleted by the duty of retention.

    Args:
        now: the present moment, UTC.
    """
    before = now - timedelta(days=config.identity_unconfirmed_days())
    ids = model.Session.scalars(
        sa.select(Case.id)
        .where(Case.state == UNCONFIRMED, Case.opened_at < before)
        .with_for_update(skip_locked=True)
    ).all()
    for table_ in (CaseItem, CaseMessage, CaseFollower, CaseLetter):
        model.Session.execute(sa.delete(table_).where(table_.case_id.in_(ids)))
    model.Session.execute(sa.delete(Case).where(Case.id.in_(ids)))
    model.Session.commit()
    return [f"unconfirmed: {len(ids)} case(s) deleted"] if ids else []
