"""Cases (requests, objections, complaints, suggestions), and what is said in them.

No row here holds personal data: who somebody is lies sealed elsewhere (``identity_id``), and the
logs of steps name officers only.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped

from .content import utc_now
from .trail import METADATA

REQUEST, OBJECTION, COMPLAINT, SUGGESTION = "permintaan", "keberatan", "pengaduan", "aspirasi"
KINDS = (REQUEST, OBJECTION, COMPLAINT, SUGGESTION)
#: Lanes of requests (UU 14/2008 through the PPID; Perpres 39/2019 Ps. 37(6) and 39).
PUBLIC, GOVERNMENT = "publik", "pemerintah"
LANES = (PUBLIC, GOVERNMENT)
#: Whether a reporter is known to the agency, to the walidata and PPID only, or to nobody.
OPEN, CONFIDENTIAL, ANONYMOUS = "terbuka", "rahasia", "anonim"
MODES = (OPEN, CONFIDENTIAL, ANONYMOUS)
#: Who said something, and to whom.
SIDES = ("pemohon", "instansi", "petugas", "portal")
AUDIENCES = ("pemohon", "internal", "publik")
#: How an item of a request was answered.
BY_DATASET, BY_FILE, BY_TEXT, BY_PROMISE = "dataset", "berkas", "keterangan", "janji"
NOT_HELD, REFUSED = "tidak_dikuasai", "ditolak"
ANSWERS = (BY_DATASET, BY_FILE, BY_TEXT, BY_PROMISE, NOT_HELD, REFUSED)


class Case(tk.BaseModel):
    """One case.

    ``number`` is empty until a guest has confirmed. ``received_on`` is the day from which the law's
    time counts. ``details`` holds the form's fields, none of which is personal. ``figure`` holds
    ``indicator``, ``region``, ``period`` and ``value`` of what a complaint is about. ``body_id`` is
    the body for which somebody asks in the government lane. ``answer`` holds what was published for
    everybody: ``title``, ``question`` and ``text``; ``words`` is title and body, for searching.
    """

    __table__ = sa.Table(
        "satudata_case",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("number", sa.UnicodeText, unique=True),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("lane", sa.UnicodeText),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("title", sa.UnicodeText, nullable=False),
        sa.Column("body", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column("dataset_id", sa.UnicodeText),
        sa.Column("figure", JSONB),
        sa.Column("mode", sa.UnicodeText, nullable=False),
        sa.Column("identity_id", sa.UnicodeText),
        sa.Column("user_id", sa.UnicodeText),
        sa.Column("body_id", sa.UnicodeText),
        sa.Column("secret_hash", sa.UnicodeText),
        sa.Column("confirm_hash", sa.UnicodeText),
        sa.Column("details", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("grade", sa.UnicodeText),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("received_on", sa.Date),
        sa.Column("due_on", sa.Date),
        sa.Column("extended_on", sa.Date),
        sa.Column("release_on", sa.Date),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("parent_id", sa.UnicodeText, sa.ForeignKey("satudata_case.id")),
        sa.Column("outcome", sa.UnicodeText),
        sa.Column("outcome_ground", sa.UnicodeText),
        sa.Column("answer", JSONB),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("words", TSVECTOR),
        sa.CheckConstraint(f"kind IN {KINDS!r}", name="satudata_case_kind"),
        sa.CheckConstraint(f"lane IN {LANES!r}", name="satudata_case_lane"),
        sa.CheckConstraint(f"mode IN {MODES!r}", name="satudata_case_mode"),
        sa.CheckConstraint(
            "mode <> 'anonim' OR (identity_id IS NULL AND user_id IS NULL)",
            name="satudata_case_anonymous",
        ),
        sa.Index("satudata_case_opened_idx", "opened_at", "id"),
        sa.Index("satudata_case_kind_idx", "kind", "state", "opened_at", "id"),
        sa.Index("satudata_case_body_idx", "organization_id", "opened_at", "id"),
        sa.Index(
            "satudata_case_due_idx",
            "due_on",
            "id",
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
        sa.Index(
            "satudata_case_user_idx",
            "user_id",
            postgresql_where=sa.text("user_id IS NOT NULL"),
        ),
        sa.Index(
            "satudata_case_parent_idx",
            "parent_id",
            postgresql_where=sa.text("parent_id IS NOT NULL"),
        ),
        sa.Index(
            "satudata_case_published_idx",
            "published_at",
            "id",
            postgresql_where=sa.text("published_at IS NOT NULL"),
        ),
        sa.Index(
            "satudata_case_text_idx",
            "words",
            postgresql_using="gin",
        ),
    )

    id: Mapped[str]
    number: Mapped[str | None]
    kind: Mapped[str]
    lane: Mapped[str | None]
    state: Mapped[str]
    version: Mapped[int]
    since: Mapped[datetime]
    title: Mapped[str]
    body: Mapped[str]
    organization_id: Mapped[str | None]
    dataset_id: Mapped[str | None]
    figure: Mapped[dict[str, Any] | None]
    mode: Mapped[str]
    identity_id: Mapped[str | None]
    user_id: Mapped[str | None]
    body_id: Mapped[str | None]
    secret_hash: Mapped[str | None]
    confirm_hash: Mapped[str | None]
    details: Mapped[dict[str, Any]]
    grade: Mapped[str | None]
    opened_at: Mapped[datetime]
    received_on: Mapped[date | None]
    due_on: Mapped[date | None]
    extended_on: Mapped[date | None]
    release_on: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    parent_id: Mapped[str | None]
    outcome: Mapped[str | None]
    outcome_ground: Mapped[str | None]
    answer: Mapped[dict[str, str] | None]
    published_at: Mapped[datetime | None]
    words: Mapped[str | None]


class CaseSerial(tk.BaseModel):
    """The last number that was given, for each kind and year."""

    __table__ = sa.Table(
        "satudata_case_serial",
        tk.BaseModel.metadata,
        sa.Column("kind", sa.UnicodeText, primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )

    kind: Mapped[str]
    year: Mapped[int]
    last: Mapped[int]


class CaseItem(tk.BaseModel):
    """One thing a request asks for, and how it was answered."""

    __table__ = sa.Table(
        "satudata_case_item",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("case_id", sa.UnicodeText, sa.ForeignKey("satudata_case.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("text", sa.UnicodeText, nullable=False),
        sa.Column("answer", sa.UnicodeText),
        sa.Column("note", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("dataset_id", sa.UnicodeText),
        sa.Column("attachment_id", sa.UnicodeText),
        sa.Column("release_on", sa.Date),
        sa.Column("ground", sa.UnicodeText),
        sa.Column("consequence", sa.UnicodeText),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column("answered_by", sa.UnicodeText),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(f"answer IN {ANSWERS!r}", name="satudata_case_item_answer"),
        sa.UniqueConstraint("case_id", "position", name="satudata_case_item_position"),
    )

    id: Mapped[str]
    case_id: Mapped[str]
    position: Mapped[int]
    text: Mapped[str]
    answer: Mapped[str | None]
    note: Mapped[str]
    dataset_id: Mapped[str | None]
    attachment_id: Mapped[str | None]
    release_on: Mapped[date | None]
    ground: Mapped[str | None]
    consequence: Mapped[str | None]
    organization_id: Mapped[str | None]
    answered_by: Mapped[str | None]
    answered_at: Mapped[datetime | None]


class CaseMessage(tk.BaseModel):
    """Something that was said in a case. ``user_id`` is of officers only."""

    __table__ = sa.Table(
        "satudata_case_message",
        tk.BaseModel.metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column(
            "case_id", sa.UnicodeText, sa.ForeignKey("satudata_case.id"), nullable=False, index=True
        ),
        sa.Column("side", sa.UnicodeText, nullable=False),
        sa.Column("user_id", sa.UnicodeText),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column("audience", sa.UnicodeText, nullable=False),
        sa.Column("text", sa.UnicodeText, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.CheckConstraint(f"side IN {SIDES!r}", name="satudata_case_message_side"),
        sa.CheckConstraint(f"audience IN {AUDIENCES!r}", name="satudata_case_message_audience"),
        sa.CheckConstraint(
            "side <> 'pemohon' OR user_id IS NULL", name="satudata_case_message_person"
        ),
    )

    id: Mapped[int]
    case_id: Mapped[str]
    side: Mapped[str]
    user_id: Mapped[str | None]
    organization_id: Mapped[str | None]
    audience: Mapped[str]
    text: Mapped[str]
    created_at: Mapped[datetime]


class CaseStep(tk.BaseModel):
    """One transition of a case; rows are only ever added, and the database sees to it.

    ``actor`` is of officers only; ``part`` says as what somebody acted.
    """

    __table__ = sa.Table(
        "satudata_case_step",
        METADATA,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("transition", sa.UnicodeText, nullable=False),
        sa.Column("before", sa.UnicodeText, nullable=False),
        sa.Column("after", sa.UnicodeText, nullable=False),
        sa.Column("part", sa.UnicodeText, nullable=False),
        sa.Column("actor", sa.UnicodeText),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column("note", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("params", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("due_on", sa.Date),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.CheckConstraint("part <> 'pemohon' OR actor IS NULL", name="satudata_case_step_person"),
    )

    id: Mapped[int]
    case_id: Mapped[str]
    transition: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    part: Mapped[str]
    actor: Mapped[str | None]
    organization_id: Mapped[str | None]
    note: Mapped[str]
    params: Mapped[dict[str, Any]]
    due_on: Mapped[date | None]
    at: Mapped[datetime]


class CaseFollower(tk.BaseModel):
    """Somebody who wants to be told when a published question goes on."""

    __table__ = sa.Table(
        "satudata_case_follower",
        tk.BaseModel.metadata,
        sa.Column("case_id", sa.UnicodeText, sa.ForeignKey("satudata_case.id"), primary_key=True),
        sa.Column("user_id", sa.UnicodeText, primary_key=True, index=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False, default=utc_now),
    )

    case_id: Mapped[str]
    user_id: Mapped[str]
    since: Mapped[datetime]


class CaseReminder(tk.BaseModel):
    """Who was reminded of which last day, so that nobody is reminded of it twice."""

    __table__ = sa.Table(
        "satudata_case_reminder",
        tk.BaseModel.metadata,
        sa.Column("case_id", sa.UnicodeText, sa.ForeignKey("satudata_case.id"), primary_key=True),
        sa.Column("kind", sa.UnicodeText, primary_key=True),
        sa.Column("due_on", sa.Date, primary_key=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
    )

    case_id: Mapped[str]
    kind: Mapped[str]
    due_on: Mapped[date]
    told_at: Mapped[datetime]


class CaseLetter(tk.BaseModel):
    """A letter to somebody without an account that has to go out; the address is not kept here."""

    __table__ = sa.Table(
        "satudata_case_letter",
        tk.BaseModel.metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.UnicodeText, sa.ForeignKey("satudata_case.id"), nullable=False),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("params", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Index(
            "satudata_case_letter_waiting_idx",
            "created_at",
            postgresql_where=sa.text("settled_at IS NULL"),
        ),
    )

    id: Mapped[int]
    case_id: Mapped[str]
    kind: Mapped[str]
    params: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class CaseHit(tk.BaseModel):
    """Somebody's question was answered by what is public already; no word of it is kept."""

    __table__ = sa.Table(
        "satudata_case_hit",
        tk.BaseModel.metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("dataset_id", sa.UnicodeText),
        sa.Column("indicator", sa.UnicodeText),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, default=utc_now, index=True),
    )

    id: Mapped[int]
    dataset_id: Mapped[str | None]
    indicator: Mapped[str | None]
    at: Mapped[datetime]
