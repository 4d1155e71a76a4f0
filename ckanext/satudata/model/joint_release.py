"""Joint releases: changes of several agencies that become public at one moment or not at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from .content import utc_now

STATES = ("open", "released", "cancelled")
#: Outcome of a member while its revision is held back: it is as good as none.
REFUSED = "refused"


class JointRelease(tk.BaseModel):
    """One joint release. From ``due_at`` on, tables that were not corrected are withdrawn."""

    __table__ = sa.Table(
        "satudata_joint_release",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("reason", sa.UnicodeText, nullable=False),
        sa.Column("organization_id", sa.UnicodeText, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report_id", sa.UnicodeText),
        sa.Column("created_by", sa.UnicodeText),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("released_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(f"state IN {STATES!r}", name="satudata_joint_release_state"),
    )

    id: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str]
    organization_id: Mapped[str]
    due_at: Mapped[datetime]
    report_id: Mapped[str | None]
    created_by: Mapped[str | None]
    created_at: Mapped[datetime]
    released_at: Mapped[datetime | None]

    @classmethod
    def newest(cls, limit: int, state: str | None = None) -> list[JointRelease]:
        """Joint releases, newest first."""
        query = sa.select(cls).order_by(cls.created_at.desc()).limit(limit)
        if state:
            query = query.where(cls.state == state)
        return list(model.Session.scalars(query))


class JointMember(tk.BaseModel):
    """One dataset of a joint release.

    Without ``revision_id`` it is a dataset whose figures the others would contradict. Its
    ``outcome`` is ``refused`` while the revision is held back, and in the end ``released``,
    ``withdrawn`` (``tables``: names of the tables taken out) or ``untouched`` (nothing
    contradicts it any more). ``told_at`` is when its agency was told of what is so now.
    """

    __table__ = sa.Table(
        "satudata_joint_member",
        tk.BaseModel.metadata,
        sa.Column(
            "joint_id",
            sa.UnicodeText,
            sa.ForeignKey("satudata_joint_release.id"),
            primary_key=True,
        ),
        sa.Column("dataset_id", sa.UnicodeText, primary_key=True, index=True),
        sa.Column("organization_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("revision_id", sa.UnicodeText),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.UnicodeText),
        sa.Column("tables", JSONB, nullable=False, server_default=sa.text("'[]'")),
    )

    joint_id: Mapped[str]
    dataset_id: Mapped[str]
    organization_id: Mapped[str]
    revision_id: Mapped[str | None]
    told_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    tables: Mapped[list[Any]]

    @classmethod
    def of(cls, joint: str) -> list[JointMember]:
        """The members of a joint release, those with a revision first."""
        return list(
            model.Session.scalars(
                sa.select(cls)
                .where(cls.joint_id == joint)
                .order_by(cls.revision_id.is_(None), cls.dataset_id)
            )
        )
