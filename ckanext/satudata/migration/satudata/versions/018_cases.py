"""Cases: requests for information, objections, complaints and suggestions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

revision = "018"
down_revision = "016"
branch_labels = None
depends_on = None

_KINDS = "'permintaan', 'keberatan', 'pengaduan', 'aspirasi'"
_LANES = "'publik', 'pemerintah'"
_MODES = "'terbuka', 'rahasia', 'anonim'"
_SIDES = "'pemohon', 'instansi', 'petugas', 'portal'"
_AUDIENCES = "'pemohon', 'internal', 'publik'"
_ANSWERS = "'dataset', 'berkas', 'keterangan', 'janji', 'tidak_dikuasai', 'ditolak'"


def upgrade() -> None:
    """Add the tables, and the triggers that let steps only be added."""
    op.create_table(
        "satudata_case",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("number", sa.UnicodeText, unique=True),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("lane", sa.UnicodeText),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
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
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
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
        sa.CheckConstraint(f"kind IN ({_KINDS})", name="satudata_case_kind"),
        sa.CheckConstraint(f"lane IN ({_LANES})", name="satudata_case_lane"),
        sa.CheckConstraint(f"mode IN ({_MODES})", name="satudata_case_mode"),
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
    op.create_table(
        "satudata_case_serial",
        sa.Column("kind", sa.UnicodeText, primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "satudata_case_item",
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
        sa.CheckConstraint(f"answer IN ({_ANSWERS})", name="satudata_case_item_answer"),
        sa.UniqueConstraint("case_id", "position", name="satudata_case_item_position"),
    )
    op.create_table(
        "satudata_case_message",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column(
            "case_id", sa.UnicodeText, sa.ForeignKey("satudata_case.id"), nullable=False, index=True
        ),
        sa.Column("side", sa.UnicodeText, nullable=False),
        sa.Column("user_id", sa.UnicodeText),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column("audience", sa.UnicodeText, nullable=False),
        sa.Column("text", sa.UnicodeText, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"side IN ({_SIDES})", name="satudata_case_message_side"),
        sa.CheckConstraint(f"audience IN ({_AUDIENCES})", name="satudata_case_message_audience"),
        sa.CheckConstraint(
            "side <> 'pemohon' OR user_id IS NULL", name="satudata_case_message_person"
        ),
    )
    op.create_table(
        "satudata_case_step",
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
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("part <> 'pemohon' OR actor IS NULL", name="satudata_case_step_person"),
    )
    op.create_table(
        "satudata_case_follower",
        sa.Column("case_id", sa.UnicodeText, sa.ForeignKey("satudata_case.id"), primary_key=True),
        sa.Column("user_id", sa.UnicodeText, primary_key=True, index=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "satudata_case_reminder",
        sa.Column("case_id", sa.UnicodeText, sa.ForeignKey("satudata_case.id"), primary_key=True),
        sa.Column("kind", sa.UnicodeText, primary_key=True),
        sa.Column("due_on", sa.Date, primary_key=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "satudata_case_letter",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.UnicodeText, sa.ForeignKey("satudata_case.id"), nullable=False),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("params", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Index(
            "satudata_case_letter_waiting_idx",
            "created_at",
            postgresql_where=sa.text("settled_at IS NULL"),
        ),
    )
    op.create_table(
        "satudata_case_hit",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("dataset_id", sa.UnicodeText),
        sa.Column("indicator", sa.UnicodeText),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    op.execute(
        "CREATE TRIGGER satudata_case_step_rows BEFORE UPDATE OR DELETE ON satudata_case_step "
        "FOR EACH ROW EXECUTE FUNCTION satudata_only_added()"
    )
    op.execute(
        "CREATE TRIGGER satudata_case_step_all BEFORE TRUNCATE ON satudata_case_step "
        "FOR EACH STATEMENT EXECUTE FUNCTION satudata_only_added()"
    )


def downgrade() -> None:
    """Take the tables away."""
    for name in (
        "satudata_case_hit",
        "satudata_case_letter",
        "satudata_case_reminder",
        "satudata_case_follower",
        "satudata_case_step",
        "satudata_case_message",
        "satudata_case_item",
        "satudata_case_serial",
        "satudata_case",
    ):
        op.drop_table(name)
