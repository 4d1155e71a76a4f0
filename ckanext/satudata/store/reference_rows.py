"""Rows of reference data: written anew, or ended, never deleted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.types import AnySession


def upsert(session: AnySession, row: Any, values: list[dict[str, Any]]) -> None:
    """Write rows, in place of those with the same key.

    Args:
        session: in whose transaction.
        row: the rows' class.
        values: rows with the same columns each.
    """
    if not values:
        return
    table = row.__table__
    statement = insert(table)
    kept = [c.name for c in table.columns if not c.primary_key and c.name in values[0]]
    # An index is part of stored keys: what was once given stays.
    changed = {name: statement.excluded[name] for name in kept if name != "idx"}
    keys = [c.name for c in table.primary_key]
    session.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=changed)
        if changed
        else statement.on_conflict_do_nothing(index_elements=keys),
        values,
    )


def end(
    session: AnySession,
    table: Any,
    codes: Iterable[str],
    start: date,
    *where: sa.ColumnElement[bool],
) -> int:
    """Let codes end on the day before ``start`` unless they ended before.

    Args:
        session: in whose transaction.
        table: a table with ``code`` and ``valid_to``.
        codes: those that are no longer listed.
        start: first day of the version that lacks them.
        where: which rows of the table are meant, beside the codes.

    Returns:
        How many ended now.
    """
    last = start - timedelta(days=1)
    end: Any = sa.literal(last, sa.Date)
    if "valid_from" in table.c:
        end = sa.func.greatest(end, table.c.valid_from)
    ended = session.scalars(
        sa.update(table)
        .where(table.c.code.in_(list(codes)), *where)
        .where(sa.or_(table.c.valid_to.is_(None), table.c.valid_to > last))
        .values(valid_to=end)
        .returning(table.c.code)
    )
    return len(ended.all())
