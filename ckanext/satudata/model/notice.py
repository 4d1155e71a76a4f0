"""Notices: what the portal tells a person, and how each person wants to be told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped

from .content import utc_now

#: How a person wants to be written to: each notice at once, once a day, or not at all.
MAIL = ("segera", "harian", "tidak")


class Notice(tk.BaseModel):
    """One thing told to one person; its text is made from ``kind`` and ``params`` when shown."""

    __table__ = sa.Table(
        "satudata_notice",
        tk.BaseModel.metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("user_id", sa.UnicodeText, nullable=False),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("subject_kind", sa.UnicodeText, nullable=False),
        sa.Column("subject_id", sa.UnicodeText, nullable=False),
        sa.Column("params", JSONB, nullable=False),
        sa.Column("address", sa.UnicodeText, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Index("satudata_notice_user_idx", "user_id", "created_at"),
        sa.Index(
            "satudata_notice_unsettled_idx",
            "user_id",
            postgresql_where=sa.text("settled_at IS NULL"),
        ),
    )

    id: Mapped[int]
    user_id: Mapped[str]
    kind: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    params: Mapped[dict[str, Any]]
    address: Mapped[str]
    urgent: Mapped[bool]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    #: When it was mailed, or it was decided that no mail goes out.
    settled_at: Mapped[datetime | None]


class NoticeSetting(tk.BaseModel):
    """How one person wants to be told; without a row it is once a day, and urgent ones at once."""

    __table__ = sa.Table(
        "satudata_notice_setting",
        tk.BaseModel.metadata,
        sa.Column("user_id", sa.UnicodeText, primary_key=True),
        sa.Column("mail", sa.UnicodeText, nullable=False),
        sa.Column("muted", ARRAY(sa.UnicodeText), nullable=False),
        sa.Column("digest_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(f"mail IN {MAIL!r}", name="satudata_notice_setting_mail"),
    )

    user_id: Mapped[str]
    mail: Mapped[str]
    muted: Mapped[list[str]]
    digest_at: Mapped[datetime | None]
