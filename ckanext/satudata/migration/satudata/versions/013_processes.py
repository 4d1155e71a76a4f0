"""How publications are examined: processes, their steps, and comments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "013"
down_revision = "014"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('pertama', 'rutin', 'revisi')"
_STATES = (
    "state IN ('draft', 'diajukan', 'diperiksa', 'dikembalikan', 'diperiksa_pembina', "
    "'siap_terbit', 'menunggu_rapat', 'terbit', 'direvisi', 'dibatasi')"
)

#: What is public already has been accepted: it is updated as before, and not examined as new.
_ACCEPTED = sa.text(
    """
    INSERT INTO satudata_process
        (id, dataset_id, organization_id, kind, state, since, indicators, files, created_at,
         published_at, ended_at)
    SELECT md5(p.id || 'satudata_process')::uuid::text, p.id, p.owner_org, 'pertama', 'terbit',
           now(),
           coalesce((SELECT jsonb_agg(DISTINCT s.indicator_id) FROM satudata_publication s
                     WHERE s.dataset_id = p.id), '[]'::jsonb),
           coalesce((SELECT jsonb_object_agg(r.id, jsonb_build_object(
                         'name', coalesce(nullif(r.name, ''), v.filename, r.id),
                         'sha256', v.sha256, 'filename', coalesce(v.filename, r.id)))
                     FROM resource r
                     JOIN LATERAL (SELECT c.sha256, c.filename FROM satudata_content_version c
                                   WHERE c.resource_id = r.id ORDER BY c.id DESC LIMIT 1) v
                       ON v.sha256 IS NOT NULL
                     WHERE r.package_id = p.id AND r.state = 'active'), '{}'::jsonb),
           now(), now(), now()
      FROM package p
     WHERE p.type = 'dataset' AND p.state = 'active' AND NOT p.private AND p.owner_org IS NOT NULL
    """
)


def upgrade() -> None:
    """Add the tables, and a process for each dataset that is public."""
    op.create_table(
        "satudata_process",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("dataset_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("revision_id", sa.UnicodeText),
        sa.Column("organization_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("priority", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("fingerprint", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("report_id", sa.UnicodeText),
        sa.Column("responsible", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("note", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("release_on", sa.Date),
        sa.Column("files", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("indicators", JSONB, nullable=False, server_default=sa.text("'[]'")),
        sa.Column("restriction", JSONB),
        sa.Column("submitted_by", sa.UnicodeText),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(_KINDS, name="satudata_process_kind"),
        sa.CheckConstraint(_STATES, name="satudata_process_state"),
    )
    op.create_index(
        "satudata_process_open_idx",
        "satudata_process",
        ["dataset_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "satudata_process_step",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("process_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("transition", sa.UnicodeText, nullable=False),
        sa.Column("before", sa.UnicodeText, nullable=False),
        sa.Column("after", sa.UnicodeText, nullable=False),
        sa.Column("actor", sa.UnicodeText),
        sa.Column("note", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("report_id", sa.UnicodeText),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "satudata_review_comment",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("process_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("dataset_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("field", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("resource_id", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("column_name", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("text", sa.UnicodeText, nullable=False),
        sa.Column("author", sa.UnicodeText, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_by", sa.UnicodeText),
        sa.Column("resolved_at", sa.DateTime(timezone=True)),
    )
    if sa.inspect(op.get_bind()).has_table("package"):
        op.execute(_ACCEPTED)


def downgrade() -> None:
    """Take the tables away."""
    op.drop_table("satudata_review_comment")
    op.drop_table("satudata_process_step")
    op.drop_table("satudata_process")
