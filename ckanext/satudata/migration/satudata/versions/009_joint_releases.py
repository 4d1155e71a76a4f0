"""Joint releases and their members."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "009"
down_revision = "008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables."""
    op.create_table(
        "satudata_joint_release",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("reason", sa.UnicodeText, nullable=False),
        sa.Column("organization_id", sa.UnicodeText, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report_id", sa.UnicodeText),
        sa.Column("created_by", sa.UnicodeText),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "state IN ('open', 'released', 'cancelled')", name="satudata_joint_release_state"
        ),
    )
    op.create_table(
        "satudata_joint_member",
        sa.Column(
            "joint_id",
            sa.UnicodeText,
            sa.ForeignKey("satudata_joint_release.id"),
            primary_key=True,
        ),
        sa.Column("dataset_id", sa.UnicodeText, primary_key=True, index=True),
        sa.Column("organization_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("revision_id", sa.UnicodeText),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.UnicodeText),
        sa.Column("tables", JSONB, nullable=False, server_default=sa.text("'[]'")),
    )


def downgrade() -> None:
    """Take both tables away."""
    op.drop_table("satudata_joint_member")
    op.drop_table("satudata_joint_release")
