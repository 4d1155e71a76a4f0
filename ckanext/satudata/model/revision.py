"""Revisions: changes of a dataset that wait beside it while the public sees it unchanged."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from .content import utc_now

#: The states of a revision that has not come to an end; a dataset has at most one such.
OPEN = ("prepared", "queued", "running")
#: Those that the job worker works on, or will.
IN_BACKGROUND = ("queued", "running")
ENDED = ("released", "refused", "cancelled", "failed")


class Revision(tk.BaseModel):
    """One change that waits.

    ``data`` is what ``package_update`` will be given; ``files`` says which content each
    uploaded resource will serve (resource id -> ``sha256``, ``filename``). ``base`` is the
    dataset's ``metadata_modified`` when the change was made: a dataset that has changed since
    is not overwritten.
    """

    __table__ = sa.Table(
        "satudata_revision",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("dataset_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("data", JSONB, nullable=False),
        sa.Column("files", JSONB, nullable=False),
        sa.Column("base", sa.UnicodeText, nullable=False),
        sa.Column("note", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("report_id", sa.UnicodeText),
        sa.Column("error", JSONB),
        sa.Column("stage", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("done", sa.Integer, nullable=False, server_default="0"),
        sa.Column("total", sa.Integer, nullable=False, server_default="0"),
        sa.Column("created_by", sa.UnicodeText),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.CheckConstraint(
            f"state IN {(*OPEN, *ENDED)!r}",
            name="satudata_revision_state",
        ),
        sa.Index(
            "satudata_revision_open_idx",
            "dataset_id",
            unique=True,
            postgresql_where=sa.text(f"state IN {OPEN!r}"),
        ),
    )

    id: Mapped[str]
    dataset_id: Mapped[str]
    state: Mapped[str]
    data: Mapped[dict[str, Any]]
    files: Mapped[dict[str, dict[str, str]]]
    base: Mapped[str]
    note: Mapped[str]
    report_id: Mapped[str | None]
    error: Mapped[dict[str, Any] | None]
    stage: Mapped[str]
    done: Mapped[int]
    total: Mapped[int]
    created_by: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @classmethod
    def open_of(cls, dataset: str) -> Revision | None:
        """The dataset's revision that has not come to an end, or None."""
        return model.Session.scalars(
            sa.select(cls).where(cls.dataset_id == dataset, cls.state.in_(OPEN))
        ).first()

    @classmethod
    def of_dataset(cls, dataset: str, limit: int) -> list[Revision]:
        """The dataset's revisions, newest first."""
        return list(
            model.Session.scalars(
                sa.select(cls)
                .where(cls.dataset_id == dataset)
                .order_by(cls.created_at.desc())
                .limit(limit)
            )
        )
