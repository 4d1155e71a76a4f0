"""Exemptions: what the walidata lets pass although a rule would hold it back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped

from ckanext.satudata.types import AnySession

from .content import utc_now


class Exemption(tk.BaseModel):
    """One column of one table that may be public as it is, and why.

    It holds while ``structure`` (headers and declaration) stays the same and nobody has
    revoked it. Rows are never deleted: who let what pass stays on record.
    """

    __table__ = sa.Table(
        "satudata_exemption",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("resource_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("dataset_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("column_name", sa.UnicodeText, nullable=False),
        sa.Column("structure", sa.UnicodeText, nullable=False),
        sa.Column("reason", sa.UnicodeText, nullable=False),
        sa.Column("granted_by", sa.UnicodeText, nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("revoked_by", sa.UnicodeText),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("revoke_reason", sa.UnicodeText),
        sa.Index(
            "satudata_exemption_active_idx",
            "resource_id",
            "kind",
            "column_name",
            "structure",
            unique=True,
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[str]
    resource_id: Mapped[str]
    dataset_id: Mapped[str]
    kind: Mapped[str]
    column_name: Mapped[str]
    structure: Mapped[str]
    reason: Mapped[str]
    granted_by: Mapped[str]
    granted_at: Mapped[datetime]
    revoked_by: Mapped[str | None]
    revoked_at: Mapped[datetime | None]
    revoke_reason: Mapped[str | None]

    @classmethod
    def active(
        cls,
        session: AnySession,
        *,
        resources: Collection[str] = (),
        dataset: str | None = None,
        lock: bool = False,
    ) -> list[Exemption]:
        """The exemptions of resources, or of a dataset, that nobody has revoked, oldest first."""
        if not resources and not dataset:
            return []
        query = _OF_DATASET if dataset else _LOCKED if lock else _OF_RESOURCES
        wanted = {"dataset": dataset} if dataset else {"resources": list(resources)}
        return list(session.scalars(query, wanted))


def _active(mine: sa.ColumnElement[bool]) -> sa.Select[tuple[Exemption]]:
    query = sa.select(Exemption).where(mine, Exemption.revoked_at.is_(None))
    return query.order_by(Exemption.granted_at, Exemption.id)


# The statements of every publication are put together once.
_OF_DATASET = _active(Exemption.dataset_id == sa.bindparam("dataset"))
_OF_RESOURCES = _active(
    Exemption.resource_id == sa.any_(sa.bindparam("resources", type_=ARRAY(sa.UnicodeText)))
)
_LOCKED = _OF_RESOURCES.with_for_update(read=True)
