"""Who people are, sealed; and the record of who opened that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "016"
down_revision = "012"
branch_labels = None
depends_on = None

_ACCESS = "satudata_identity_access"


def upgrade() -> None:
    """Add the tables, and the triggers that refuse to change the record."""
    op.create_table(
        "satudata_identity",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("purpose", sa.UnicodeText, nullable=False),
        sa.Column("confidential", sa.Boolean, nullable=False),
        sa.Column("fields", ARRAY(sa.UnicodeText), nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("key_mark", sa.UnicodeText),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_on", sa.Date),
        sa.Column("erased_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "(sealed IS NULL) = (key_mark IS NULL) AND (sealed IS NULL) = (erased_at IS NOT NULL)",
            name="satudata_identity_sealed",
        ),
    )
    # Only rows that still hold somebody are ever searched.
    held = sa.text("sealed IS NOT NULL")
    for name, column in (("key", "key_mark"), ("closed", "closed_on")):
        op.create_index(
            f"satudata_identity_{name}_idx", "satudata_identity", [column], postgresql_where=held
        )
    op.create_index(
        "satudata_identity_unconfirmed_idx",
        "satudata_identity",
        ["created_at"],
        postgresql_where=sa.text("sealed IS NOT NULL AND confirmed_at IS NULL"),
    )
    op.create_table(
        _ACCESS,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("identity_id", sa.UnicodeText, nullable=False),
        sa.Column("purpose", sa.UnicodeText, nullable=False),
        sa.Column("fields", ARRAY(sa.UnicodeText), nullable=False),
        sa.Column("user_id", sa.UnicodeText, nullable=False),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column("why", sa.UnicodeText, nullable=False),
    )
    op.create_index(f"{_ACCESS}_identity_idx", _ACCESS, ["identity_id"])
    for name, what in (("rows", "UPDATE OR DELETE"), ("all", "TRUNCATE")):
        each = "ROW" if name == "rows" else "STATEMENT"
        op.execute(
            f"CREATE TRIGGER {_ACCESS}_{name} BEFORE {what} ON {_ACCESS} "
            f"FOR EACH {each} EXECUTE FUNCTION satudata_only_added()"
        )


def downgrade() -> None:
    """Take the tables away."""
    op.drop_table(_ACCESS)
    op.drop_table("satudata_identity")
