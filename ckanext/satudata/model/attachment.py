"""Files that people attached to something: a request, a complaint, a closed meeting."""

from __future__ import annotations

from datetime import datetime

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from ckanext.satudata.model.content import utc_now
from ckanext.satudata.types import AnySession


class Attachment(tk.BaseModel):
    """One file; its content lies in the content store, sealed unless everybody may see it."""

    __table__ = sa.Table(
        "satudata_attachment",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("owner_kind", sa.UnicodeText, nullable=False),
        sa.Column("owner_id", sa.UnicodeText, nullable=False),
        sa.Column("audience", sa.UnicodeText, nullable=False),
        sa.Column("sha256", sa.UnicodeText),
        sa.Column("key_mark", sa.UnicodeText),
        sa.Column("filename", sa.UnicodeText, nullable=False),
        sa.Column("media_type", sa.UnicodeText, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("uploaded_by", sa.UnicodeText),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("erased_at", sa.DateTime(timezone=True)),
        sa.Index("satudata_attachment_owner_idx", "owner_kind", "owner_id"),
    )

    id: Mapped[str]
    owner_kind: Mapped[str]
    owner_id: Mapped[str]
    audience: Mapped[str]
    sha256: Mapped[str | None]
    key_mark: Mapped[str | None]
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    uploaded_by: Mapped[str | None]
    uploaded_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]

    @classmethod
    def of(cls, kind: str, id: str, session: AnySession) -> list[Attachment]:
        """What is attached to something, the first uploaded first; not what was erased."""
        return list(
            session.scalars(
                sa.select(cls)
                .where(cls.owner_kind == kind, cls.owner_id == id, cls.erased_at.is_(None))
                .order_by(cls.uploaded_at, cls.id)
            )
        )
