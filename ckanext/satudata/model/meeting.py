"""The synchronisation meeting (rapat sinkronisasi): its agenda, who came, what was decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped

from ckanext.satudata.types import AnySession

from .content import utc_now

STATES = ("disiapkan", "berlangsung", "selesai", "dibatalkan")
#: A meeting that has neither ended nor been called off.
OPEN = ("disiapkan", "berlangsung")

#: In the order in which a meeting deals with them, after what was carried over.
KINDS = (
    "lanjutan",
    "konflik",
    "revisi_final",
    "dataset",
    "angka_keliru",
    "setoran_terlambat",
    "definisi_baru",
    "lain",
)
OUTCOMES = (
    "angka_disepakati",
    "keduanya_berlaku",
    "kembali_ke_produsen",
    "ditunda",
    "eskalasi_bupati",
    "disetujui",
    "dicatat",
)


class Meeting(tk.BaseModel):
    """One meeting.

    ``slot`` is the day of the calendar for which the scheduler made it, so that it makes no second
    one, wherever the meeting is moved. ``number`` and ``year`` are given when it is closed.
    ``sequence`` counts changes that the invited are told (iCalendar). ``minutes`` is what was
    decided, as it stood when the meeting was closed; documents are made of nothing else.
    """

    __table__ = sa.Table(
        "satudata_meeting",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("slot", sa.Date, unique=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("link", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("notes", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("sequence", sa.Integer, nullable=False, server_default="0"),
        sa.Column("ordered", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("year", sa.Integer),
        sa.Column("number", sa.Integer),
        sa.Column("reason", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("minutes", JSONB),
        sa.Column("created_by", sa.UnicodeText),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_by", sa.UnicodeText),
        sa.CheckConstraint(f"state IN {STATES!r}", name="satudata_meeting_state"),
        sa.UniqueConstraint("year", "number", name="satudata_meeting_number"),
    )

    id: Mapped[str]
    state: Mapped[str]
    slot: Mapped[Any]
    starts_at: Mapped[datetime]
    place: Mapped[str]
    link: Mapped[str]
    notes: Mapped[str]
    version: Mapped[int]
    sequence: Mapped[int]
    ordered: Mapped[bool]
    year: Mapped[int | None]
    number: Mapped[int | None]
    reason: Mapped[str]
    minutes: Mapped[dict[str, Any] | None]
    created_by: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]

    @property
    def open(self) -> bool:
        """Whether it has neither ended nor been called off."""
        return self.state in OPEN

    @classmethod
    def newest(cls, limit: int, states: tuple[str, ...] = STATES) -> list[Meeting]:
        """Meetings in these states, the latest first."""
        return list(
            model.Session.scalars(
                sa.select(cls)
                .where(cls.state.in_(states))
                .order_by(cls.starts_at.desc(), cls.id)
                .limit(limit)
            )
        )


class AgendaItem(tk.BaseModel):
    """One thing a meeting deals with.

    ``subject`` tells what it is about in a form that is the same each week; a meeting has one item
    about a subject. ``refs`` names rows it rests on, ``snapshot`` is what is shown: both sides,
    objects, series. ``organizations`` are the bodies it concerns: nobody else sees it before it is
    decided. ``decision`` holds the chosen side and the agreed figures as texts, one per object.
    ``version`` counts changes of the outcome, ``note_version`` those of the note: whoever changes
    one says which version they saw. ``direction`` is what the Bupati directed after an escalation.
    """

    __table__ = sa.Table(
        "satudata_agenda_item",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column(
            "meeting_id", sa.UnicodeText, sa.ForeignKey("satudata_meeting.id"), nullable=False
        ),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("subject", sa.UnicodeText, nullable=False),
        sa.Column("title", sa.UnicodeText, nullable=False),
        sa.Column("organizations", ARRAY(sa.UnicodeText), nullable=False),
        sa.Column("refs", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("snapshot", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("automatic", sa.Boolean, nullable=False),
        sa.Column("carried_from", sa.UnicodeText),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.UnicodeText),
        sa.Column("decision", JSONB),
        sa.Column("note", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("note_by", sa.UnicodeText),
        sa.Column("decided_by", sa.UnicodeText),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("agreement_id", sa.UnicodeText),
        sa.Column("direction", JSONB),
        sa.Column("reminded_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("note_version", sa.Integer, nullable=False, server_default="1"),
        sa.CheckConstraint(f"kind IN {KINDS!r}", name="satudata_agenda_item_kind"),
        sa.CheckConstraint(f"outcome IN {OUTCOMES!r}", name="satudata_agenda_item_outcome"),
        sa.UniqueConstraint("meeting_id", "subject", name="satudata_agenda_item_subject"),
        sa.Index("satudata_agenda_item_outcome_idx", "outcome"),
    )

    id: Mapped[str]
    meeting_id: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str]
    title: Mapped[str]
    organizations: Mapped[list[str]]
    refs: Mapped[dict[str, Any]]
    snapshot: Mapped[dict[str, Any]]
    position: Mapped[int]
    automatic: Mapped[bool]
    carried_from: Mapped[str | None]
    removed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    decision: Mapped[dict[str, Any] | None]
    note: Mapped[str]
    note_by: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    agreement_id: Mapped[str | None]
    direction: Mapped[dict[str, Any] | None]
    reminded_at: Mapped[datetime | None]
    version: Mapped[int]
    note_version: Mapped[int]

    @classmethod
    def of(cls, meeting: str) -> list[AgendaItem]:
        """The items of a meeting in their order, without those taken off."""
        return list(
            model.Session.scalars(
                sa.select(cls)
                .where(cls.meeting_id == meeting, cls.removed_at.is_(None))
                .order_by(cls.position, cls.id)
            )
        )

    @classmethod
    def escalated(cls, session: AnySession) -> list[AgendaItem]:
        """What closed meetings escalated and waits for a direction, the longest first."""
        return list(
            session.scalars(
                sa.select(cls)
                .join(Meeting, Meeting.id == cls.meeting_id)
                .where(
                    Meeting.state == "selesai",
                    cls.removed_at.is_(None),
                    cls.outcome == "eskalasi_bupati",
                    cls.direction.is_(None),
                )
                .order_by(Meeting.closed_at, cls.position)
            )
        )


class Attendance(tk.BaseModel):
    """One person who is expected at a meeting or came; a body may send several."""

    __table__ = sa.Table(
        "satudata_attendance",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column(
            "meeting_id",
            sa.UnicodeText,
            sa.ForeignKey("satudata_meeting.id"),
            nullable=False,
            index=True,
        ),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column("name", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("position", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("present", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
    )

    id: Mapped[str]
    meeting_id: Mapped[str]
    organization_id: Mapped[str | None]
    name: Mapped[str]
    position: Mapped[str]
    present: Mapped[bool]
    version: Mapped[int]
    created_at: Mapped[datetime]

    @classmethod
    def of(cls, meeting: str) -> list[Attendance]:
        """Who is expected or came, in the order in which they were written down."""
        return list(
            model.Session.scalars(
                sa.select(cls).where(cls.meeting_id == meeting).order_by(cls.created_at, cls.id)
            )
        )


class Invitation(tk.BaseModel):
    """The last letter about a meeting that one person was sent."""

    __table__ = sa.Table(
        "satudata_invitation",
        tk.BaseModel.metadata,
        sa.Column(
            "meeting_id",
            sa.UnicodeText,
            sa.ForeignKey("satudata_meeting.id"),
            primary_key=True,
        ),
        sa.Column("user_id", sa.UnicodeText, primary_key=True),
        sa.Column("method", sa.UnicodeText, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("method IN ('REQUEST', 'CANCEL')", name="satudata_invitation_method"),
    )

    meeting_id: Mapped[str]
    user_id: Mapped[str]
    method: Mapped[str]
    sequence: Mapped[int]
    sent_at: Mapped[datetime]
