"""Meetings: agenda, attendance, invitations and attachments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "014"
down_revision = "015"
branch_labels = None
depends_on = None

_STATES = "'disiapkan', 'berlangsung', 'selesai', 'dibatalkan'"
_KINDS = (
    "'lanjutan', 'konflik', 'revisi_final', 'dataset', 'setoran_terlambat', 'definisi_baru', 'lain'"
)
_OUTCOMES = (
    "'angka_disepakati', 'keduanya_berlaku', 'kembali_ke_produsen', 'ditunda', "
    "'eskalasi_bupati', 'disetujui', 'dicatat'"
)


def _meeting(*args: object, **kwargs: object) -> sa.Column:
    return sa.Column(
        "meeting_id", sa.UnicodeText, sa.ForeignKey("satudata_meeting.id"), *args, **kwargs
    )


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "satudata_meeting",
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
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_by", sa.UnicodeText),
        sa.CheckConstraint(f"state IN ({_STATES})", name="satudata_meeting_state"),
        sa.UniqueConstraint("year", "number", name="satudata_meeting_number"),
    )
    op.create_table(
        "satudata_agenda_item",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _meeting(nullable=False),
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
        sa.CheckConstraint(f"kind IN ({_KINDS})", name="satudata_agenda_item_kind"),
        sa.CheckConstraint(f"outcome IN ({_OUTCOMES})", name="satudata_agenda_item_outcome"),
        sa.UniqueConstraint("meeting_id", "subject", name="satudata_agenda_item_subject"),
    )
    op.create_index("satudata_agenda_item_outcome_idx", "satudata_agenda_item", ["outcome"])
    op.create_table(
        "satudata_attendance",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _meeting(nullable=False, index=True),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column("name", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("position", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("present", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "satudata_invitation",
        _meeting(primary_key=True),
        sa.Column("user_id", sa.UnicodeText, primary_key=True),
        sa.Column("method", sa.UnicodeText, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("method IN ('REQUEST', 'CANCEL')", name="satudata_invitation_method"),
    )
    op.create_table(
        "satudata_meeting_attachment",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _meeting(nullable=False, index=True),
        sa.Column("sha256", sa.UnicodeText, nullable=False),
        sa.Column("filename", sa.UnicodeText, nullable=False),
        sa.Column("media_type", sa.UnicodeText, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("uploaded_by", sa.UnicodeText),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Take the tables away."""
    for table in (
        "satudata_meeting_attachment",
        "satudata_invitation",
        "satudata_attendance",
        "satudata_agenda_item",
        "satudata_meeting",
    ):
        op.drop_table(table)
