"""Figures that were public once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "007"
down_revision = "003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "satudata_former_figures",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("organization_id", sa.UnicodeText, nullable=False),
        sa.Column("dataset_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("resource_id", sa.UnicodeText, nullable=False),
        sa.Column("indicator_id", sa.Integer, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("key_min", sa.BigInteger, nullable=False),
        sa.Column("key_max", sa.BigInteger, nullable=False),
        sa.Column("keys", sa.LargeBinary, nullable=False),
        sa.Column("vals", sa.LargeBinary, nullable=False),
        sa.Column("decimals", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.LargeBinary, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.UnicodeText),
        sa.Column("reason", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("report_id", sa.UnicodeText),
        sa.CheckConstraint("kind IN ('revised', 'withdrawn')", name="satudata_former_figures_kind"),
    )
    op.create_index(
        "satudata_former_figures_span_idx",
        "satudata_former_figures",
        ["indicator_id", "organization_id", "key_min", "key_max"],
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("satudata_former_figures")
