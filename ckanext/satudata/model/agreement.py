"""Agreements between agencies: which figure is right, or that both stay and why."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped

from .content import utc_now

#: One figure for everybody, or one for each party.
FIGURE, BOTH = "angka_disepakati", "keduanya_berlaku"
KINDS = (FIGURE, BOTH)

PROPOSED, IN_FORCE = "usulan", "berlaku"
REPLACED, WITHDRAWN, DECLINED, EXPIRED = "diganti", "dicabut", "ditolak", "berakhir"
STATES = (PROPOSED, IN_FORCE, REPLACED, WITHDRAWN, DECLINED, EXPIRED)


class AgreementRow(tk.BaseModel):
    """One agreement. Rows are never deleted: who agreed to what, and until when, stays on record.

    ``effective_at`` is when it came into force, ``ended_at`` when it ceased to hold or was given up
    before it ever held.
    """

    __table__ = sa.Table(
        "satudata_agreement",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("serial", sa.Integer, nullable=False),
        sa.Column("number", sa.UnicodeText, nullable=False, unique=True),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("state", sa.UnicodeText, nullable=False, index=True),
        sa.Column("note", sa.UnicodeText, nullable=False),
        sa.Column("note_en", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_to", sa.Date),
        sa.Column("supersedes", sa.UnicodeText, sa.ForeignKey("satudata_agreement.id"), index=True),
        sa.Column("meeting_item", sa.UnicodeText, index=True),
        sa.Column("proposed_by", sa.UnicodeText),
        sa.Column("created_by", sa.UnicodeText),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=utc_now),
        sa.Column("effective_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.UnicodeText),
        sa.Column("end_reason", sa.UnicodeText),
        sa.Column("directed_by", sa.UnicodeText),
        sa.Column("directed_at", sa.DateTime(timezone=True)),
        sa.Column("direction_ground", sa.UnicodeText),
        sa.Column("direction_document", sa.UnicodeText),
        sa.UniqueConstraint("year", "serial", name="satudata_agreement_serial"),
        sa.CheckConstraint(f"kind IN {KINDS!r}", name="satudata_agreement_kind"),
        sa.CheckConstraint(f"state IN {STATES!r}", name="satudata_agreement_state"),
    )

    id: Mapped[str]
    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    note: Mapped[str]
    note_en: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    supersedes: Mapped[str | None]
    meeting_item: Mapped[str | None]
    proposed_by: Mapped[str | None]
    created_by: Mapped[str | None]
    created_at: Mapped[datetime]
    effective_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    end_reason: Mapped[str | None]
    directed_by: Mapped[str | None]
    directed_at: Mapped[datetime | None]
    direction_ground: Mapped[str | None]
    direction_document: Mapped[str | None]


class AgreementObject(tk.BaseModel):
    """One object of an agreement, with everybody's figure where there is one.

    ``key`` is the packed object in the layout of the indicator; the readable parts are kept as they
    were called then.
    """

    __table__ = sa.Table(
        "satudata_agreement_object",
        tk.BaseModel.metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column(
            "agreement_id",
            sa.UnicodeText,
            sa.ForeignKey("satudata_agreement.id"),
            nullable=False,
        ),
        sa.Column("indicator_id", sa.Integer, nullable=False),
        sa.Column("key", sa.BigInteger, nullable=False),
        sa.Column("value", sa.Float(53)),
        sa.Column("decimals", sa.SmallInteger),
        sa.Column("indicator", sa.UnicodeText, nullable=False),
        sa.Column("region", sa.UnicodeText, nullable=False),
        sa.Column("period", sa.UnicodeText, nullable=False),
        sa.Column("classifications", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.UniqueConstraint(
            "agreement_id", "indicator_id", "key", name="satudata_agreement_object_once"
        ),
        sa.Index("satudata_agreement_object_key_idx", "indicator_id", "key"),
    )

    id: Mapped[int]
    agreement_id: Mapped[str]
    indicator_id: Mapped[int]
    key: Mapped[int]
    value: Mapped[float | None]
    decimals: Mapped[int | None]
    indicator: Mapped[str]
    region: Mapped[str]
    period: Mapped[str]
    classifications: Mapped[dict[str, Any]]


class AgreementParty(tk.BaseModel):
    """One agency that an agreement needs, and what it said."""

    __table__ = sa.Table(
        "satudata_agreement_party",
        tk.BaseModel.metadata,
        sa.Column(
            "agreement_id",
            sa.UnicodeText,
            sa.ForeignKey("satudata_agreement.id"),
            primary_key=True,
        ),
        sa.Column("organization_id", sa.UnicodeText, primary_key=True, index=True),
        sa.Column("accepted_by", sa.UnicodeText),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("declined_by", sa.UnicodeText),
        sa.Column("declined_at", sa.DateTime(timezone=True)),
        sa.Column("decline_reason", sa.UnicodeText),
    )

    agreement_id: Mapped[str]
    organization_id: Mapped[str]
    accepted_by: Mapped[str | None]
    accepted_at: Mapped[datetime | None]
    declined_by: Mapped[str | None]
    declined_at: Mapped[datetime | None]
    decline_reason: Mapped[str | None]


class AgreementStand(tk.BaseModel):
    """The figure with which a party stands at an object, where both stay."""

    __table__ = sa.Table(
        "satudata_agreement_stand",
        tk.BaseModel.metadata,
        sa.Column(
            "object_id",
            sa.BigInteger,
            sa.ForeignKey("satudata_agreement_object.id"),
            primary_key=True,
        ),
        sa.Column("organization_id", sa.UnicodeText, primary_key=True),
        sa.Column("value", sa.Float(53), nullable=False),
        sa.Column("decimals", sa.SmallInteger, nullable=False),
    )

    object_id: Mapped[int]
    organization_id: Mapped[str]
    value: Mapped[float]
    decimals: Mapped[int]
