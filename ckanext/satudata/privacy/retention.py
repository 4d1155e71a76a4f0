"""What is known of persons is deleted when nobody needs it any more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import config, workdays
from ckanext.satudata.model.attachment import Attachment
from ckanext.satudata.model.case import Case
from ckanext.satudata.model.identity import Identity

#: Identities deleted in one transaction.
_AT_ONCE = 500


def run(now: datetime) -> list[str]:
    """Delete what is sealed of cases closed long ago, and of persons who never confirmed.

    The rows stay and tell that there was somebody, what was asked of them and when it was deleted.
    What such a person attached to a case goes with it: it may be an identity paper.

    Args:
        now: the present moment, UTC.

    Returns:
        A line for each reason, if anything was deleted.
    """
    told = {
        "closed long ago": _erase(_closed(now), now),
        "never confirmed": _erase(_unconfirmed(now), now),
    }
    return [f"deleted: {count} identity(ies) {why}" for why, count in told.items() if count]


def overdue(now: datetime, *, grace: timedelta) -> list[str]:
    """Ids of identities that should have been deleted for longer than ``grace``."""
    before = now - grace
    due = sa.or_(_closed(before), _unconfirmed(before))
    return list(
        model.Session.scalars(
            sa.select(Identity.id).where(Identity.sealed.is_not(None), due).order_by(Identity.id)
        )
    )


def _closed(now: datetime) -> sa.ColumnElement[bool]:
    last = workdays.today(now) - timedelta(days=config.identity_retention_days())
    return Identity.closed_on <= last


def _unconfirmed(now: datetime) -> sa.ColumnElement[bool]:
    before = now - timedelta(days=config.identity_unconfirmed_days())
    return sa.and_(Identity.confirmed_at.is_(None), Identity.created_at < before)


def _erase(due: sa.ColumnElement[bool], now: datetime) -> int:
    """Delete what is sealed of the identities that are due; number of them."""
    table: Any = Identity.__table__
    count = 0
    while True:
        names = model.Session.scalars(
            sa.select(Identity.id)
            .where(Identity.sealed.is_not(None), due)
            .limit(_AT_ONCE)
            .with_for_update(skip_locked=True)
        ).all()
        _forget_files(names, now)
        model.Session.execute(
            sa.update(table)
            .where(table.c.id.in_(names))
            .values(sealed=None, key_mark=None, erased_at=now)
        )
        model.repo.commit()
        count += len(names)
        if len(names) < _AT_ONCE:
            return count


def _forget_files(identities: Collection[str], now: datetime) -> None:
    """Let nobody have what these persons attached; the duty after this one deletes the contents.

    Of files that officials attached it is known who did; those are answers, and stay.
    """
    table: Any = Attachment.__table__
    model.Session.execute(
        sa.update(table)
        .where(
            table.c.owner_kind == "case",
            table.c.owner_id.in_(sa.select(Case.id).where(Case.identity_id.in_(identities))),
            table.c.uploaded_by.is_(None),
            table.c.erased_at.is_(None),
        )
        .values(erased_at=now, filename="")
    )
