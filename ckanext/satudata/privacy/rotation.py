"""Changing keys: what older keys sealed is sealed anew with the newest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.identity import Identity
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
    """

    mark: str
    there: bool
    newest: bool
    count: int


def standing(session: AnySession | None = None) -> list[Standing]:
    """Every key that is configured or that sealed something, the newest first.

    Args:
        session: to read with; CKAN's if None.

    Raises:
        NoKey: what is configured is no key.
    """
    known = keys.marks()
    rows = (session or model.Session).execute(
        sa.select(Identity.key_mark, sa.func.count())
        .where(Identity.key_mark.is_not(None))
        .group_by(Identity.key_mark)
    )
    counts: dict[str, int] = {str(mark): count for mark, count in rows.tuples()}
    missing = sorted(set(counts) - set(known))
    return [
        Standing(mark, mark in known, mark == known[0] if known else False, counts.get(mark, 0))
        for mark in [*known, *missing]
    ]


def missing(session: AnySession | None = None) -> int:
    """Number of identities that no configured key opens; arguments as :func:`standing`."""
    return sum(s.count for s in standing(session) if not s.there)


def rotate() -> Iterator[int]:
    """Seal anew what older keys sealed, some at once, each in a transaction of its own.

    May be stopped at any moment and run again; others may go on working meanwhile.

    Yields:
        How many were sealed anew in each transaction.

    Raises:
        NoKey: none is configured, or one that sealed something is missing.
        Damaged: something is not as it was sealed.
    """
    newest = keys.newest()
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
