"""What kecamatan must hand in, what they handed in, its history and its recaps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "015"
down_revision = "011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; the history refuses changes."""
    op.create_table(
        "satudata_obligation",
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
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("due_days >= 0", name="satudata_obligation_due_days"),
        sa.CheckConstraint("level IN ('kecamatan', 'desa')", name="satudata_obligation_level"),
        sa.CheckConstraint("active_to >= active_from", name="satudata_obligation_active"),
    )
    op.create_table(
        "satudata_setoran",
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
        sa.Column("state", sa.UnicodeText, nullable=False, server_default="terbuka"),
        sa.Column("version", sa.Integer, nullable=False, server_default="0"),
        sa.Column("sent", sa.Integer, nullable=False, server_default="0"),
        sa.Column("responsible", sa.UnicodeText),
        sa.Column("submitted_by", sa.UnicodeText),
        sa.Column("submitted_at", sa.DateTime(timezone=True)),
        sa.Column("accepted_by", sa.UnicodeText),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("obligation_id", "region", "period", name="satudata_setoran_once"),
        sa.CheckConstraint(
            "state IN ('terbuka', 'diisi', 'dikirim', 'ditanyakan', 'diterima')",
            name="satudata_setoran_state",
        ),
    )
    op.create_table(
        "satudata_setoran_cell",
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
    op.create_table(
        "satudata_setoran_recap",
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
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(
        "satudata_setoran_recap_newest_idx",
        "satudata_setoran_recap",
        ["obligation_id", "period", "created_at"],
    )
    op.create_table(
        "satudata_setoran_reminder",
        sa.Column(
            "setoran_id", sa.UnicodeText, sa.ForeignKey("satudata_setoran.id"), primary_key=True
        ),
        sa.Column("kind", sa.UnicodeText, primary_key=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "satudata_setoran_history",
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
    for event, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER satudata_setoran_history_{each.lower()} BEFORE {event} "
            "ON satudata_setoran_history "
            f"FOR EACH {each} EXECUTE FUNCTION satudata_only_added()"
        )


def downgrade() -> None:
    """Take the tables away."""
    op.drop_table("satudata_setoran_history")
    for name in ("reminder", "recap", "cell"):
        op.drop_table(f"satudata_setoran_{name}")
    op.drop_table("satudata_setoran")
    op.drop_table("satudata_obligation")
