"""Setoran data: what kecamatan must hand in, what they handed in, and its history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from ckanext.satudata.types import AnySession

from .content import utc_now
from .trail import METADATA

#: Opened by the calendar, being filled in, handed in, asked back, accepted.
OPENED, FILLED, HANDED_IN, ASKED, ACCEPTED = (
    "terbuka",
    "diisi",
    "dikirim",
    "ditanyakan",
    "diterima",
)
STATES = (OPENED, FILLED, HANDED_IN, ASKED, ACCEPTED)
#: States in which the kecamatan writes.
WRITABLE = (OPENED, FILLED, ASKED)
#: States in which the receiving agency has the figures.
RECEIVED = (HANDED_IN, ACCEPTED)

LEVELS = ("kecamatan", "desa")


class Obligation(tk.BaseModel):
    """One indicator that kecamatan hand in regularly to one agency.

    ``regions`` are Kemendagri codes of kecamatan; ``level`` says whether each gives one figure
    or one for each of its desa. ``classes`` maps each dimension of the indicator to the codes
    asked. ``dataset_id`` is the dataset that the recaps go into, once there is one.
    """

    __table__ = sa.Table(
        "satudata_obligation",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column(
            "indicator_id", sa.Integer, sa.ForeignKey("satudata_indicator.id"), nullable=False
        ),
        sa.Column("organization_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("frequency", sa.UnicodeText, nullable=False),
        sa.Column("level", sa.UnicodeText, nullable=False),
        sa.Column("regions", JSONB, nullable=False),
        sa.Column("classes", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("due_days", sa.Integer, nullable=False),
        sa.Column("method", sa.UnicodeText, nullable=False),
        sa.Column("weight_id", sa.Integer, sa.ForeignKey("satudata_indicator.id")),
        sa.Column("active_from", sa.Date, nullable=False),
        sa.Column("active_to", sa.Date),
        sa.Column("instructions", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("instructions_en", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("dataset_id", sa.UnicodeText, index=True),
        sa.Column("created_by", sa.UnicodeText),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.CheckConstraint("due_days >= 0", name="satudata_obligation_due_days"),
        sa.CheckConstraint(f"level IN {LEVELS!r}", name="satudata_obligation_level"),
        sa.CheckConstraint("active_to >= active_from", name="satudata_obligation_active"),
    )

    id: Mapped[str]
    indicator_id: Mapped[int]
    organization_id: Mapped[str]
    frequency: Mapped[str]
    level: Mapped[str]
    regions: Mapped[list[str]]
    classes: Mapped[dict[str, list[str]]]
    due_days: Mapped[int]
    method: Mapped[str]
    weight_id: Mapped[int | None]
    active_from: Mapped[date]
    active_to: Mapped[date | None]
    instructions: Mapped[str]
    instructions_en: Mapped[str]
    dataset_id: Mapped[str | None]
    created_by: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Setoran(tk.BaseModel):
    """What one kecamatan hands in for one period.

    ``version`` grows with every saved change, ``sent`` counts how often it was handed in.
    ``organization_id`` is the kecamatan's body, None while the portal has none for the region.
    """

    __table__ = sa.Table(
        "satudata_setoran",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column(
            "obligation_id",
            sa.UnicodeText,
            sa.ForeignKey("satudata_obligation.id"),
            nullable=False,
        ),
        sa.Column("region", sa.UnicodeText, nullable=False),
        sa.Column("organization_id", sa.UnicodeText, index=True),
        sa.Column("period", sa.UnicodeText, nullable=False),
        sa.Column("period_end", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("state", sa.UnicodeText, nullable=False, server_default=OPENED),
        sa.Column("version", sa.Integer, nullable=False, server_default="0"),
        sa.Column("sent", sa.Integer, nullable=False, server_default="0"),
        sa.Column("responsible", sa.UnicodeText),
        sa.Column("submitted_by", sa.UnicodeText),
        sa.Column("submitted_at", sa.DateTime(timezone=True)),
        sa.Column("accepted_by", sa.UnicodeText),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.UniqueConstraint("obligation_id", "region", "period", name="satudata_setoran_once"),
        sa.CheckConstraint(f"state IN {STATES!r}", name="satudata_setoran_state"),
    )

    id: Mapped[str]
    obligation_id: Mapped[str]
    region: Mapped[str]
    organization_id: Mapped[str | None]
    period: Mapped[str]
    period_end: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[str]
    version: Mapped[int]
    sent: Mapped[int]
    responsible: Mapped[str | None]
    submitted_by: Mapped[str | None]
    submitted_at: Mapped[datetime | None]
    accepted_by: Mapped[str | None]
    accepted_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]

    @classmethod
    def locked(cls, setoran: str, session: AnySession = model.Session) -> Setoran | None:
        """A setoran that nobody else changes until the transaction ends."""
        return session.get(cls, setoran, with_for_update=True, populate_existing=True)


class SetoranCell(tk.BaseModel):
    """One figure of a setoran, as it stands.

    ``text`` is what was typed, ``value`` the number it was read as (exact, with a decimal
    point), ``missing`` why there is no figure. ``question`` is open while ``answered_at`` is
    None. A row exists from the first thing said about the cell.
    """

    __table__ = sa.Table(
        "satudata_setoran_cell",
        tk.BaseModel.metadata,
        sa.Column(
            "setoran_id", sa.UnicodeText, sa.ForeignKey("satudata_setoran.id"), primary_key=True
        ),
        sa.Column("region", sa.UnicodeText, primary_key=True),
        sa.Column("classification", sa.UnicodeText, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False, server_default="0"),
        sa.Column("text", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("value", sa.UnicodeText),
        sa.Column("missing", sa.UnicodeText),
        sa.Column("entered_by", sa.UnicodeText),
        sa.Column("entered_at", sa.DateTime(timezone=True)),
        sa.Column("question", sa.UnicodeText),
        sa.Column("asked_by", sa.UnicodeText),
        sa.Column("asked_at", sa.DateTime(timezone=True)),
        sa.Column("answer", sa.UnicodeText),
        sa.Column("answered_by", sa.UnicodeText),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
    )

    setoran_id: Mapped[str]
    region: Mapped[str]
    classification: Mapped[str]
    version: Mapped[int]
    text: Mapped[str]
    value: Mapped[str | None]
    missing: Mapped[str | None]
    entered_by: Mapped[str | None]
    entered_at: Mapped[datetime | None]
    question: Mapped[str | None]
    asked_by: Mapped[str | None]
    asked_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    answered_by: Mapped[str | None]
    answered_at: Mapped[datetime | None]

    @property
    def waits_for_answer(self) -> bool:
        """Whether the agency has asked and nobody has answered."""
        return self.question is not None and self.answered_at is None


class Recap(tk.BaseModel):
    """One recap of one period as it went into the dataset; rows are never changed.

    ``rows`` holds a dictionary for each figure, with the setoran, its version and the person
    it came from; ``missing`` the regions without an accepted figure.
    """

    __table__ = sa.Table(
        "satudata_setoran_recap",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column(
            "obligation_id",
            sa.UnicodeText,
            sa.ForeignKey("satudata_obligation.id"),
            nullable=False,
        ),
        sa.Column("period", sa.UnicodeText, nullable=False),
        sa.Column("rows", JSONB, nullable=False),
        sa.Column("missing", JSONB, nullable=False),
        sa.Column("dataset_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("revision_id", sa.UnicodeText),
        sa.Column("created_by", sa.UnicodeText, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Index("satudata_setoran_recap_newest_idx", "obligation_id", "period", "created_at"),
    )

    id: Mapped[str]
    obligation_id: Mapped[str]
    period: Mapped[str]
    rows: Mapped[list[dict[str, Any]]]
    missing: Mapped[list[dict[str, Any]]]
    dataset_id: Mapped[str]
    revision_id: Mapped[str | None]
    created_by: Mapped[str]
    created_at: Mapped[datetime]


class SetoranReminder(tk.BaseModel):
    """Who was reminded of what, so that nobody is reminded of it twice."""

    __table__ = sa.Table(
        "satudata_setoran_reminder",
        tk.BaseModel.metadata,
        sa.Column(
            "setoran_id", sa.UnicodeText, sa.ForeignKey("satudata_setoran.id"), primary_key=True
        ),
        sa.Column("kind", sa.UnicodeText, primary_key=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
    )

    setoran_id: Mapped[str]
    kind: Mapped[str]
    told_at: Mapped[datetime]


#: Everything that was ever written in a setoran. The database refuses to change or delete rows,
#: so the table is not among those that CKAN empties.
history = sa.Table(
    "satudata_setoran_history",
    METADATA,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
    sa.Column("setoran_id", sa.UnicodeText, nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("event", sa.UnicodeText, nullable=False),
    sa.Column("region", sa.UnicodeText),
    sa.Column("classification", sa.UnicodeText),
    sa.Column("before", JSONB),
    sa.Column("after", JSONB),
    sa.Column("actor", sa.UnicodeText),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)
