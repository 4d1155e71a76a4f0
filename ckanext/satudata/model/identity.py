"""Who people are, sealed; and who opened that, which the database lets nobody rewrite."""

from __future__ import annotations

from datetime import date, datetime

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped

from .content import utc_now
from .trail import METADATA

#: Only rows that still hold somebody are ever searched.
_HELD = sa.text("sealed IS NOT NULL")


class Identity(tk.BaseModel):
    """A person who asked or complained about something.

    ``fields`` names what is sealed. Once ``erased_at`` is set nothing is sealed any more: the row
    only tells that there was somebody.
    """

    __table__ = sa.Table(
        "satudata_identity",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("purpose", sa.UnicodeText, nullable=False),
        sa.Column("confidential", sa.Boolean, nullable=False),
        sa.Column("fields", ARRAY(sa.UnicodeText), nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("key_mark", sa.UnicodeText),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_on", sa.Date),
        sa.Column("erased_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "(sealed IS NULL) = (key_mark IS NULL) AND (sealed IS NULL) = (erased_at IS NOT NULL)",
            name="satudata_identity_sealed",
        ),
        sa.Index("satudata_identity_key_idx", "key_mark", postgresql_where=_HELD),
        sa.Index("satudata_identity_closed_idx", "closed_on", postgresql_where=_HELD),
        sa.Index(
            "satudata_identity_unconfirmed_idx",
            "created_at",
            postgresql_where=sa.text("sealed IS NOT NULL AND confirmed_at IS NULL"),
        ),
    )

    id: Mapped[str]
    purpose: Mapped[str]
    confidential: Mapped[bool]
    fields: Mapped[list[str]]
    sealed: Mapped[bytes | None]
    key_mark: Mapped[str | None]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    closed_on: Mapped[date | None]
    erased_at: Mapped[datetime | None]


class IdentityAccess(tk.BaseModel):
    """One time somebody opened who a person is; no foreign key, since it outlives everything."""

    __table__ = sa.Table(
        "satudata_identity_access",
        METADATA,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("identity_id", sa.UnicodeText, nullable=False),
        sa.Column("purpose", sa.UnicodeText, nullable=False),
        sa.Column("fields", ARRAY(sa.UnicodeText), nullable=False),
        sa.Column("user_id", sa.UnicodeText, nullable=False),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column("why", sa.UnicodeText, nullable=False),
        sa.Index("satudata_identity_access_identity_idx", "identity_id"),
    )

    id: Mapped[int]
    at: Mapped[datetime]
    identity_id: Mapped[str]
    purpose: Mapped[str]
    fields: Mapped[list[str]]
    user_id: Mapped[str]
    organization_id: Mapped[str | None]
    why: Mapped[str]
