"""Changing keys: what older keys sealed is sealed anew with the newest."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import InstrumentedAttribute

from ckanext.satudata.model.attachment import Attachment
from ckanext.satudata.model.identity import Identity
from ckanext.satudata.store import content
from ckanext.satudata.types import AnySession

from . import keys

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """How much one key has sealed.

    Attributes:
        mark: of the key.
        there: whether it is configured.
        newest: whether it is the one that seals.
        count: identities it opens.
        files: attachments it opens.
    """

    mark: str
    there: bool
    newest: bool
    count: int
    files: int


def standing(session: AnySession | None = None) -> list[Standing]:
    """Every key that is configured or that sealed something, the newest first.

    Args:
        session: to read with; CKAN's if None.

    Raises:
        NoKey: what is configured is no key.
    """
    known = keys.marks()
    session = session or model.Session
    people = _counts(session, Identity.key_mark)
    files = _counts(session, Attachment.key_mark, Attachment.erased_at.is_(None))
    missing = sorted((set(people) | set(files)) - set(known))
    return [
        Standing(
            mark=mark,
            there=mark in known,
            newest=mark == known[0] if known else False,
            count=people.get(mark, 0),
            files=files.get(mark, 0),
        )
        for mark in [*known, *missing]
    ]


def _counts(
    session: AnySession, mark: InstrumentedAttribute[str | None], *wanted: Any
) -> dict[str, int]:
    statement = sa.select(mark, sa.func.count()).where(mark.is_not(None), *wanted).group_by(mark)
    return {str(name): count for name, count in session.execute(statement).tuples()}


def missing(session: AnySession | None = None) -> int:
    """Identities and attachments that no configured key opens; arguments as :func:`standing`."""
    return sum(s.count + s.files for s in standing(session) if not s.there)


def rotate() -> Iterator[int]:
    """Seal anew who people are and what they attached, some at once, each in its own transaction.

    May be stopped at any moment and run again; others may go on working meanwhile.

    Yields:
        How many were sealed anew in each transaction.

    Raises:
        NoKey: none is configured, or one that sealed something is missing.
        Damaged: something is not as it was sealed.
    """
    newest = keys.newest()
    yield from _people(newest)
    yield from _files(newest)


def _people(newest: str) -> Iterator[int]:
    while True:
        rows = model.Session.scalars(
            sa.select(Identity)
            .where(Identity.sealed.is_not(None), Identity.key_mark != newest)
            .order_by(Identity.id)
            .limit(_AT_ONCE)
            .with_for_update()
        ).all()
        for row in rows:
            content = keys.unseal(row.id, bytes(row.sealed or b""), row.key_mark or "")
            row.sealed, row.key_mark = keys.seal(row.id, content)
        model.repo.commit()
        if not rows:
            return
        yield len(rows)


def _files(newest: str) -> Iterator[int]:
    """One by one: each is held in memory whole."""
    while True:
        row = model.Session.scalars(
            sa.select(Attachment)
            .where(
                Attachment.key_mark != newest,
                Attachment.erased_at.is_(None),
                Attachment.sha256.is_not(None),
            )
            .order_by(Attachment.id)
            .limit(1)
            .with_for_update()
        ).first()
        if row is None:
            model.Session.rollback()
            return
        old = content.path_of(row.sha256 or "")
        plain = keys.unseal(row.id, old.read_bytes(), row.key_mark or "")
        sealed, row.key_mark = keys.seal(row.id, plain)
        row.sha256 = content.keep(io.BytesIO(sealed))
        model.repo.commit()
        # What is left here by a crash opens with no key once the old one is taken away.
        old.unlink(missing_ok=True)
        yield 1
