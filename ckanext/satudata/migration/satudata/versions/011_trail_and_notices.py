"""The audit trail, which the database lets nobody rewrite, and notices to people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "011"
down_revision = "007"
branch_labels = None
depends_on = None

_KEPT = ("satudata_trail", "satudata_trail_link")


def upgrade() -> None:
    """Add the tables, and the triggers that refuse to change what is in the trail."""
    op.create_table(
        "satudata_trail",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.UnicodeText, nullable=False),
        sa.Column("subject_kind", sa.UnicodeText, nullable=False),
        sa.Column("subject_id", sa.UnicodeText, nullable=False),
        sa.Column("subject_title", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column("actor", sa.UnicodeText),
        sa.Column("before", JSONB),
        sa.Column("after", JSONB),
        sa.Column("ruleset", sa.UnicodeText),
    )
    op.create_index("satudata_trail_subject_idx", "satudata_trail", ["subject_kind", "subject_id"])
    op.create_table(
        "satudata_trail_link",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("entry_id", sa.BigInteger, nullable=False, unique=True),
        sa.Column("previous", sa.UnicodeText, nullable=False),
        sa.Column("hash", sa.UnicodeText, nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute(
        """
        CREATE OR REPLACE FUNCTION satudata_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% only takes new rows', TG_TABLE_NAME
                USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION satudata_only_added()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_all BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION satudata_only_added()"
        )
    op.create_table(
        "satudata_notice",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("user_id", sa.UnicodeText, nullable=False),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("subject_kind", sa.UnicodeText, nullable=False),
        sa.Column("subject_id", sa.UnicodeText, nullable=False),
        sa.Column("params", JSONB, nullable=False),
        sa.Column("address", sa.UnicodeText, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
    )
    op.create_index("satudata_notice_user_idx", "satudata_notice", ["user_id", "created_at"])
    op.create_index(
        "satudata_notice_unsettled_idx",
        "satudata_notice",
        ["user_id"],
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "satudata_notice_setting",
        sa.Column("user_id", sa.UnicodeText, primary_key=True),
        sa.Column("mail", sa.UnicodeText, nullable=False),
        sa.Column("muted", ARRAY(sa.UnicodeText), nullable=False),
        sa.Column("digest_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "mail IN ('segera', 'harian', 'tidak')", name="satudata_notice_setting_mail"
        ),
    )


def downgrade() -> None:
    """Take the tables away."""
    for table in ("satudata_notice_setting", "satudata_notice", *reversed(_KEPT)):
        op.drop_table(table)
    op.execute("DROP FUNCTION IF EXISTS satudata_only_added() CASCADE")
