"""Files attached to anything, in one table; signed scans of meetings move into it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "017"
down_revision = "018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, and move what is attached to meetings."""
    op.create_table(
        "satudata_attachment",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("owner_kind", sa.UnicodeText, nullable=False),
        sa.Column("owner_id", sa.UnicodeText, nullable=False),
        sa.Column("audience", sa.UnicodeText, nullable=False),
        sa.Column("sha256", sa.UnicodeText),
        sa.Column("key_mark", sa.UnicodeText),
        sa.Column("filename", sa.UnicodeText, nullable=False),
        sa.Column("media_type", sa.UnicodeText, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("uploaded_by", sa.UnicodeText),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True)),
    )
    op.create_index(
        "satudata_attachment_owner_idx", "satudata_attachment", ["owner_kind", "owner_id"]
    )
    op.execute(
        "INSERT INTO satudata_attachment (id, owner_kind, owner_id, audience, sha256, filename, "
        "media_type, size, uploaded_by, uploaded_at) SELECT id, 'meeting', meeting_id, 'rapat', "
        "sha256, filename, media_type, size, uploaded_by, uploaded_at "
        "FROM satudata_meeting_attachment"
    )
    op.drop_table("satudata_meeting_attachment")


def downgrade() -> None:
    """Meetings' scans go back; what is sealed or belongs to anything else is lost."""
    op.create_table(
        "satudata_meeting_attachment",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column(
            "meeting_id",
            sa.UnicodeText,
            sa.ForeignKey("satudata_meeting.id"),
            nullable=False,
            index=True,
        ),
        sa.Column("sha256", sa.UnicodeText, nullable=False),
        sa.Column("filename", sa.UnicodeText, nullable=False),
        sa.Column("media_type", sa.UnicodeText, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("uploaded_by", sa.UnicodeText),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute(
        "INSERT INTO satudata_meeting_attachment SELECT id, owner_id, sha256, filename, "
        "media_type, size, uploaded_by, uploaded_at FROM satudata_attachment "
        "WHERE owner_kind = 'meeting' AND key_mark IS NULL AND sha256 IS NOT NULL"
    )
    op.drop_table("satudata_attachment")
