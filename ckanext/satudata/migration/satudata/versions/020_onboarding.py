"""Invitations of people, the steps they take, and datasets to practise on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "020"
down_revision = "017"
branch_labels = None
depends_on = None

_STEPS = "'masuk', 'tur', 'latihan-bersih', 'latihan-konflik', 'latihan-setoran'"
_EXERCISES = "'latihan-bersih', 'latihan-konflik'"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "satudata_account_invitation",
        sa.Column("user_id", sa.UnicodeText, primary_key=True),
        sa.Column("organization_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("capacity", sa.UnicodeText, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer, nullable=False, server_default="1"),
        sa.Column("expired_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "satudata_onboarding_step",
        sa.Column("user_id", sa.UnicodeText, primary_key=True),
        sa.Column("step", sa.UnicodeText, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"step IN ({_STEPS})", name="satudata_onboarding_step_step"),
    )
    op.create_table(
        "satudata_practice_dataset",
        sa.Column("dataset_id", sa.UnicodeText, primary_key=True),
        sa.Column("user_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("exercise", sa.UnicodeText, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report_id", sa.UnicodeText),
        sa.Column("held_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(f"exercise IN ({_EXERCISES})", name="satudata_practice_exercise"),
    )


def downgrade() -> None:
    """Take the tables away."""
    op.drop_table("satudata_practice_dataset")
    op.drop_table("satudata_onboarding_step")
    op.drop_table("satudata_account_invitation")
