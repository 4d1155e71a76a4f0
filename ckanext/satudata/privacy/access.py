"""The record of who opened who people are."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.identity import IdentityAccess


def newest(
    *, identity: str | None, user: str | None, below: int | None, limit: int
) -> list[IdentityAccess]:
    """What was opened last, newest first.

    Args:
        identity: only this identity (its id).
        user: only by this person (their id).
        below: only records with a smaller id, for paging.
        limit: how many.
    """
    wanted: list[Any] = []
    if identity:
        wanted.append(IdentityAccess.identity_id == identity)
    if user:
        wanted.append(IdentityAccess.user_id == user)
    if below is not None:
        wanted.append(IdentityAccess.id < below)
    statement = sa.select(IdentityAccess).where(*wanted).order_by(IdentityAccess.id.desc())
    return list(model.Session.scalars(statement.limit(limit)))
