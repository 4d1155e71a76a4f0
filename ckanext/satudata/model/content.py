"""Which file a resource serves, now and before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import Mapped


def utc_now() -> datetime:
    """The present moment, timezone-aware."""
    return datetime.now(timezone.utc)


class ContentVersion(tk.BaseModel):
    """One file that a resource served; the newest row is what it serves.

    A row without hash says that the file was taken away (the resource became a link).
    """

    __table__ = sa.Table(
        "satudata_content_version",
        tk.BaseModel.metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("resource_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("sha256", sa.UnicodeText),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("filename", sa.UnicodeText),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
    )

    id: Mapped[int]
    resource_id: Mapped[str]
    sha256: Mapped[str | None]
    size: Mapped[int]
    filename: Mapped[str | None]
    created_at: Mapped[datetime]

    @classmethod
    def current(cls, resource_id: str) -> ContentVersion | None:
        """What the resource serves in this transaction, or None if it never had a file here."""
        return model.Session.scalars(
            sa.select(cls).where(cls.resource_id == resource_id).order_by(cls.id.desc()).limit(1)
        ).first()

    @classmethod
    def hashes(cls, resource_ids: Iterable[str]) -> dict[str, str | None]:
        """What each resource serves in this transaction, without those that never had a file."""
        rows = model.Session.execute(_HASHES, {"ids": list(resource_ids)})
        return dict(rows.tuples().all())

    @classmethod
    def add(cls, resource_id: str, sha256: str | None, size: int, filename: str | None) -> None:
        """Record a change in the session's transaction."""
        values = {
            "resource_id": resource_id,
            "sha256": sha256,
            "size": size,
            "filename": filename,
        }
        model.Session.execute(_ADD, values)


# The statements of every upload are put together once.
_HASHES = sa.text(
    "SELECT DISTINCT ON (resource_id) resource_id, sha256 FROM satudata_content_version "
    "WHERE resource_id = ANY(:ids) ORDER BY resource_id, id DESC"
)
_ADD = ContentVersion.__table__.insert().inline()
