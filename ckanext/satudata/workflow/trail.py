"""The audit trail: who did what, when, from what to what, under which rules.

Entries are written in the transaction of what they tell, so there is none without the other. The
database refuses to change or delete them. What the database's own administrator could do all the
same shows in a chain of hashes (:func:`seal`): each link covers its entry and the link before.
Links are made apart from the entries, or everybody who writes would wait for one another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, TypeAlias

import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import Session

from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.trail import TrailEntry, TrailLink
from ckanext.satudata.store.batch import Batch, Insertion
from ckanext.satudata.store.transaction import apart
from ckanext.satudata.types import AnySession

#: Only one process adds links at a time. Arbitrary, but the same in every process of the portal.
_LOCK = 0x5A7DC4A1
_RECORD = Insertion(TrailEntry.__table__, but=["id"])
#: What the first link is chained to.
_BEGINNING = "0" * 64
#: Entries that get their links in one transaction.
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about.

    Attributes:
        kind: ``dataset``, ``process``, ``agreement``, ``meeting``, ``agenda_item``,
            ``obligation``, ``setoran``, ``organization``, ``exemption``, ``joint_release``,
            ``indicator``, ``case``.
        id: its identifier.
        title: what it was called at that time.
    """

    kind: str
    id: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the trail that is not as it was written.

    Attributes:
        position: of the link in the chain.
        entry: id of the entry.
        what: ``missing``, ``changed`` or ``broken``.
    """

    position: int
    entry: int | None
    what: str


#: A row of the trail, as :func:`entry` makes it.
Entry: TypeAlias = dict[str, Any]


def entry(
    action: str,
    subject: Subject,
    *,
    actor: str | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    organization: str | None = None,
    ruleset: str | None = None,
) -> Entry:
    """What is to be written down; arguments as :func:`record`."""
    return {
        "at": utc_now(),
        "action": action,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "subject_title": subject.title,
        "organization_id": organization,
        "actor": actor,
        "before": _plain(before),
        "after": _plain(after),
        "ruleset": ruleset,
    }


def record(
    action: str,
    subject: Subject,
    *,
    actor: str | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    organization: str | None = None,
    ruleset: str | None = None,
    session: AnySession | None = None,
) -> None:
    """Write down what is being done, in the session's transaction.

    Args:
        action: what, for example ``process.submit``.
        subject: to what.
        actor: id of the person, or None for the portal itself.
        before: what it was; JSON-ready. Personal data do not belong here: nothing in the trail
            can ever be deleted.
        after: what it is now; JSON-ready.
        organization: id of the body it concerns, or None.
        ruleset: version of the rules that applied, or None.
        session: in whose transaction; CKAN's if None.
    """
    made = entry(
        action,
        subject,
        actor=actor,
        before=before,
        after=after,
        organization=organization,
        ruleset=ruleset,
    )
    record_all([made], session=session)


def record_all(
    entries: Sequence[Entry], *, session: AnySession | None = None, batch: Batch | None = None
) -> None:
    """Write several things down, in this order.

    Args:
        entries: what.
        session: in whose transaction; CKAN's if None.
        batch: with what else; at once if None.
    """
    written = batch or Batch()
    for one in entries:
        written.insert(_RECORD, one)
    if batch is None:
        written.send(session or model.Session)


def newest(
    *,
    organizations: list[str] | None = None,
    subject: Subject | None = None,
    action: str | None = None,
    below: int | None = None,
    limit: int = 100,
) -> list[TrailEntry]:
    """What was done last, newest first.

    Args:
        organizations: only what concerns these bodies; None means everything.
        subject: only what was done to this.
        action: only this action, or what begins with it and a full stop.
        below: only entries with a smaller id, for paging.
        limit: how many.
    """
    wanted: list[Any] = []
    if organizations is not None:
        wanted.append(TrailEntry.organization_id.in_(organizations))
    if subject is not None:
        wanted += [TrailEntry.subject_kind == subject.kind, TrailEntry.subject_id == subject.id]
    if action:
        wanted.append(
            sa.or_(
                TrailEntry.action == action,
                TrailEntry.action.startswith(f"{action}.", autoescape=True),
            )
        )
    if below is not None:
        wanted.append(TrailEntry.id < below)
    return list(
        model.Session.scalars(
            sa.select(TrailEntry).where(*wanted).order_by(TrailEntry.id.desc()).limit(limit)
        )
    )


def seal() -> int:
    """Chain the entries that have no link yet, in transactions of their own.

    Returns:
        Number of links added.
    """
    added = 0
    while True:
        with apart() as session:
            count = _seal(session)
        added += count
        if count < _AT_ONCE:
            return added


def head() -> tuple[int, str]:
    """Position and hash of the last link; kept elsewhere, it shows whether the end was cut off."""
    last = _last(model.Session)
    return (last.position, last.hash) if last else (0, _BEGINNING)


def faults(first: int = 1, last: int | None = None) -> Iterator[Fault]:
    """Go along the chain and tell where it is not as it was made.

    Args:
        first: position to begin with.
        last: position to end with; None goes to the end.
    """
    link, entry = TrailLink.__table__, TrailEntry.__table__
    previous, expected = _BEGINNING, first
    if first > 1:
        before = model.Session.get(TrailLink, first - 1)
        if before is None:
            yield Fault(first - 1, None, "missing")
        previous = before.hash if before else ""
    rows = model.Session.execute(
        sa.select(link, *(c.label(f"of_{c.name}") for c in entry.c))
        .select_from(link.outerjoin(entry, entry.c.id == link.c.entry_id))
        .where(link.c.position >= first, link.c.position <= (last or (1 << 62)))
        .order_by(link.c.position)
        .execution_options(yield_per=1000)
    )
    for row in rows.mappings():
        position = row["position"]
        if position != expected:
            yield Fault(expected, None, "missing")
        elif row["previous"] != previous:
            yield Fault(position, row["entry_id"], "broken")
        if row["of_at"] is None:
            yield Fault(position, row["entry_id"], "missing")
        elif row["hash"] != _hash(row["previous"], {n: row[f"of_{n}"] for n in _HASHED}):
            yield Fault(position, row["entry_id"], "changed")
        previous, expected = row["hash"], position + 1


def unsealed(before: datetime) -> int:
    """Number of entries written before a moment that have no link."""
    link = TrailLink.__table__
    count = model.Session.scalar(
        sa.select(sa.func.count())
        .select_from(TrailEntry)
        .where(
            TrailEntry.at < before,
            ~sa.exists().where(link.c.entry_id == TrailEntry.id),
        )
    )
    return count or 0


#: What a link covers of its entry.
_HASHED = tuple(c.name for c in TrailEntry.__table__.c)


def _seal(session: Session) -> int:
    if not session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_LOCK))):
        return 0
    link = TrailLink.__table__
    waiting = session.scalars(
        sa.select(TrailEntry)
        .where(~sa.exists().where(link.c.entry_id == TrailEntry.id))
        .order_by(TrailEntry.id)
        .limit(_AT_ONCE)
    ).all()
    last = _last(session)
    position, previous = (last.position, last.hash) if last else (0, _BEGINNING)
    rows: list[dict[str, Any]] = []
    for entry in waiting:
        position += 1
        digest = _hash(previous, {name: getattr(entry, name) for name in _HASHED})
        rows.append(
            {
                "position": position,
                "entry_id": entry.id,
                "previous": previous,
                "hash": digest,
                "sealed_at": utc_now(),
            }
        )
        previous = digest
    if rows:
        session.execute(sa.insert(link), rows)
    return len(rows)


def _last(session: AnySession) -> TrailLink | None:
    return session.scalars(
        sa.select(TrailLink).order_by(TrailLink.position.desc()).limit(1)
    ).first()


def _hash(previous: str, entry: Mapping[str, Any]) -> str:
    moment: datetime = entry["at"]
    content = {**entry, "at": moment.astimezone(timezone.utc).isoformat(timespec="microseconds")}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if values is None else json.loads(json.dumps(values, default=str))
