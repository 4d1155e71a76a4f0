"""The audit trail: who did what, when; rows are only ever added, and the database sees to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from .content import utc_now

#: Not CKAN's: what deletes the rows of all of CKAN's tables (its tests do) is no exception here.
METADATA = sa.MetaData()


class TrailEntry(tk.BaseModel):
    """One thing somebody did.

    ``before`` and ``after`` hold what changed, as JSON; ``ruleset`` the rule version that applied.
    """

    __table__ = sa.Table(
        "satudata_trail",
        METADATA,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("action", sa.UnicodeText, nullable=False),
        sa.Column("subject_kind", sa.UnicodeText, nullable=False),
        sa.Column("subject_id", sa.UnicodeText, nullable=False),
        sa.Column("subject_title", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column("actor", sa.UnicodeText),
        sa.Column("before", JSONB),
        sa.Column("after", JSONB),
        sa.Column("ruleset", sa.UnicodeText),
        sa.Index("satudata_trail_subject_idx", "subject_kind", "subject_id"),
    )

    id: Mapped[int]
    at: Mapped[datetime]
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    subject_title: Mapped[str]
    organization_id: Mapped[str | None]
    actor: Mapped[str | None]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    ruleset: Mapped[str | None]


class TrailLink(tk.BaseModel):
    """One link of the chain over the entries: its hash covers the entry and the link before."""

    __table__ = sa.Table(
        "satudata_trail_link",
        METADATA,
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("entry_id", sa.BigInteger, nullable=False, unique=True),
        sa.Column("previous", sa.UnicodeText, nullable=False),
        sa.Column("hash", sa.UnicodeText, nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
    )

    position: Mapped[int]
    entry_id: Mapped[int]
    previous: Mapped[str]
    hash: Mapped[str]
    sealed_at: Mapped[datetime]
