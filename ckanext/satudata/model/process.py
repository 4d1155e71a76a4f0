"""How publications are examined: their processes, every step of them, and the comments."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from .content import utc_now

#: What a process is about: a dataset's first publication, a new state of its figures, or a
#: prepared revision that its producer submitted.
KINDS = ("pertama", "rutin", "revisi")
#: States in which somebody still has to do something.
OPEN = (
    "draft",
    "diajukan",
    "diperiksa",
    "dikembalikan",
    "diperiksa_pembina",
    "siap_terbit",
    "menunggu_rapat",
)
#: States of what the public has seen.
ACCEPTED = ("terbit", "direvisi", "dibatasi")
#: What is submitted may not be edited; whoever wants to change it takes it back first.
SUBMITTED = ("diajukan", "diperiksa", "diperiksa_pembina", "siap_terbit", "menunggu_rapat")


class Process(tk.BaseModel):
    """The way of one version of a dataset to the public.

    ``ended_at`` is empty while it is under way; a dataset has at most one such.
    ``fingerprint`` is of what was submitted, or is public (:mod:`..workflow.reviewed`).
    ``files`` says what each table showed when it was published (resource id -> ``name``,
    ``sha256``, ``filename``), ``indicators`` which numbers of indicators it showed.
    ``restriction`` holds ``ground``, ``proposed_by`` and ``at`` of a limited access (Ps. 37).
    """

    __table__ = sa.Table(
        "satudata_process",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("dataset_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("revision_id", sa.UnicodeText),
        sa.Column("organization_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("priority", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("fingerprint", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("report_id", sa.UnicodeText),
        sa.Column("responsible", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("note", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("release_on", sa.Date),
        sa.Column("files", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("indicators", JSONB, nullable=False, server_default=sa.text("'[]'")),
        sa.Column("restriction", JSONB),
        sa.Column("submitted_by", sa.UnicodeText),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(f"kind IN {KINDS!r}", name="satudata_process_kind"),
        sa.CheckConstraint(f"state IN {(*OPEN, *ACCEPTED)!r}", name="satudata_process_state"),
        sa.Index(
            "satudata_process_open_idx",
            "dataset_id",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[str]
    dataset_id: Mapped[str]
    revision_id: Mapped[str | None]
    organization_id: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    since: Mapped[datetime]
    priority: Mapped[bool]
    fingerprint: Mapped[str]
    report_id: Mapped[str | None]
    responsible: Mapped[str]
    note: Mapped[str]
    release_on: Mapped[date | None]
    files: Mapped[dict[str, dict[str, str]]]
    indicators: Mapped[list[int]]
    restriction: Mapped[dict[str, Any] | None]
    submitted_by: Mapped[str | None]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @classmethod
    def open_of(cls, dataset: str, *, lock: bool = False) -> Process | None:
        """The dataset's process that is under way, or None.

        Args:
            dataset: id of the dataset.
            lock: let nobody else move it until the transaction ends.
        """
        query = sa.select(cls).where(cls.dataset_id == dataset, cls.ended_at.is_(None))
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        return model.Session.scalars(query).first()

    @classmethod
    def accepted_of(cls, dataset: str) -> Process | None:
        """The newest version of the dataset that the public has seen, or None."""
        return model.Session.scalars(
            sa.select(cls)
            .where(cls.dataset_id == dataset, cls.published_at.is_not(None))
            .order_by(cls.published_at.desc(), cls.created_at.desc())
            .limit(1)
        ).first()

    @classmethod
    def both_of(cls, dataset: str) -> tuple[Process | None, Process | None]:
        """The dataset's process that is under way, and its newest that the public has seen.

        Nobody else moves what is under way until the transaction ends.
        """
        found = model.Session.scalars(_BOTH, {"dataset": dataset}).all()
        if any(p.ended_at is None for p in found):
            return cls.open_of(dataset, lock=True), cls.accepted_of(dataset)
        return None, next((p for p in found if p.published_at is not None), None)

    @classmethod
    def of_dataset(cls, dataset: str) -> list[Process]:
        """All processes of a dataset, newest first."""
        return list(
            model.Session.scalars(
                sa.select(cls).where(cls.dataset_id == dataset).order_by(cls.created_at.desc())
            )
        )

    @classmethod
    def rests_on(cls, report: str, *, priority: bool) -> bool:
        """Whether a process, of priority data if that is asked, rests on a report."""
        query = sa.select(cls.id).where(cls.report_id == report)
        if priority:
            query = query.where(cls.priority, cls.state != "draft")
        return model.Session.scalars(query.limit(1)).first() is not None

    @classmethod
    def locked(cls, process: str) -> Process | None:
        """A process that nobody else moves until the transaction ends, or None."""
        return model.Session.get(cls, process, with_for_update=True, populate_existing=True)


def _both() -> sa.Select[tuple[Process]]:
    mine = Process.dataset_id == sa.bindparam("dataset")
    newest = (
        sa.select(Process.id)
        .where(mine, Process.published_at.is_not(None))
        .order_by(Process.published_at.desc(), Process.created_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.select(Process).where(mine, sa.or_(Process.ended_at.is_(None), Process.id == newest))


# The statements of every publication are put together once.
_BOTH = _both()


class ProcessStep(tk.BaseModel):
    """One transition of a process: who, when, from where to where, and what they said."""

    __table__ = sa.Table(
        "satudata_process_step",
        tk.BaseModel.metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("process_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("transition", sa.UnicodeText, nullable=False),
        sa.Column("before", sa.UnicodeText, nullable=False),
        sa.Column("after", sa.UnicodeText, nullable=False),
        sa.Column("actor", sa.UnicodeText),
        sa.Column("note", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("report_id", sa.UnicodeText),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
    )

    id: Mapped[int]
    process_id: Mapped[str]
    transition: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    actor: Mapped[str | None]
    note: Mapped[str]
    report_id: Mapped[str | None]
    at: Mapped[datetime]

    @classmethod
    def of_process(cls, process: str) -> list[ProcessStep]:
        """The steps of a process, first to last."""
        return list(
            model.Session.scalars(sa.select(cls).where(cls.process_id == process).order_by(cls.id))
        )


class ReviewComment(tk.BaseModel):
    """What somebody says about one field of a dataset, or one column of one of its tables.

    Either ``field`` is set, or ``resource_id`` (and ``column``, if it is about one).
    """

    __table__ = sa.Table(
        "satudata_review_comment",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("process_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("dataset_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("field", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("resource_id", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("column_name", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("text", sa.UnicodeText, nullable=False),
        sa.Column("author", sa.UnicodeText, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("resolved_by", sa.UnicodeText),
        sa.Column("resolved_at", sa.DateTime(timezone=True)),
    )

    id: Mapped[str]
    process_id: Mapped[str]
    dataset_id: Mapped[str]
    field: Mapped[str]
    resource_id: Mapped[str]
    column_name: Mapped[str]
    text: Mapped[str]
    author: Mapped[str]
    created_at: Mapped[datetime]
    resolved_by: Mapped[str | None]
    resolved_at: Mapped[datetime | None]

    @classmethod
    def of_dataset(cls, dataset: str) -> list[ReviewComment]:
        """The comments on a dataset, oldest first."""
        query = sa.select(cls).where(cls.dataset_id == dataset)
        return list(model.Session.scalars(query.order_by(cls.created_at, cls.id)))

    @classmethod
    def open_counts(cls, datasets: Collection[str]) -> dict[str, int]:
        """How many comments on each of these datasets are not settled."""
        rows = model.Session.execute(
            sa.select(cls.dataset_id, sa.func.count())
            .where(cls.dataset_id.in_(datasets), cls.resolved_at.is_(None))
            .group_by(cls.dataset_id)
        )
        return {row[0]: row[1] for row in rows}
