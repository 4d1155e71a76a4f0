"""Agreements between agencies, told beside the figures in the SQL view, too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "012"
down_revision = "013"
branch_labels = None
depends_on = None

_COLUMNS = """
    indicator text, period text, region text, region_name text, dimensions jsonb,
    value double precision, unit text, decimals integer, obs_status text, dataset_id text,
    resource_id text, organization_id text, published_at timestamptz, publication_id bigint,
    key bigint
"""
_SELECT = """
SELECT i.code AS indicator,
       satudata_period(o.key) AS period,
       coalesce(r.code, '_T') AS region,
       r.label AS region_name,
       (SELECT jsonb_object_agg(d ->> 'name', coalesce(c.code, '_T'))
        FROM jsonb_array_elements(i.dimensions) AS d
        LEFT JOIN satudata_code c
          ON c.codelist = d ->> 'codelist'
         AND c.idx = (o.key >> (d ->> 'shift')::integer)
                       & ((1::bigint << (d ->> 'width')::integer) - 1)) AS dimensions,
       o.value,
       i.unit,
       o.digits AS decimals,
       (ARRAY['A', 'P', 'E', 'F'])[o.state + 1] AS obs_status,
       p.dataset_id,
       p.resource_id,
       p.organization_id,
       p.published_at,
       p.id AS publication_id,
       o.key{told}
FROM satudata_publication p
JOIN satudata_indicator i ON i.id = p.indicator_id
JOIN satudata_block b ON b.publication_id = p.id
CROSS JOIN LATERAL satudata_figures(b.keys, b.vals, b.decimals, b.status, b.size) AS o
LEFT JOIN satudata_code r ON r.codelist = 'wilayah' AND r.idx = (o.key >> 26) & 131071
"""
_TOLD = """,
       (SELECT jsonb_agg(jsonb_build_object('number', a.number, 'kind', a.kind, 'state', a.state,
                                            'note', a.note)
                         ORDER BY a.number)
        FROM satudata_agreement_object ao JOIN satudata_agreement a ON a.id = ao.agreement_id
        WHERE ao.indicator_id = p.indicator_id AND ao.key = o.key
          AND a.state = 'berlaku') AS agreements
"""


def upgrade() -> None:
    """Add the tables and the view's column."""
    op.create_table(
        "satudata_agreement",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("serial", sa.Integer, nullable=False),
        sa.Column("number", sa.UnicodeText, nullable=False, unique=True),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("state", sa.UnicodeText, nullable=False, index=True),
        sa.Column("note", sa.UnicodeText, nullable=False),
        sa.Column("note_en", sa.UnicodeText, nullable=False, server_default=""),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_to", sa.Date),
        sa.Column("supersedes", sa.UnicodeText, sa.ForeignKey("satudata_agreement.id"), index=True),
        sa.Column("meeting_item", sa.UnicodeText, index=True),
        sa.Column("proposed_by", sa.UnicodeText),
        sa.Column("created_by", sa.UnicodeText),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.UnicodeText),
        sa.Column("end_reason", sa.UnicodeText),
        sa.Column("directed_by", sa.UnicodeText),
        sa.Column("directed_at", sa.DateTime(timezone=True)),
        sa.Column("direction_ground", sa.UnicodeText),
        sa.Column("direction_document", sa.UnicodeText),
        sa.UniqueConstraint("year", "serial", name="satudata_agreement_serial"),
        sa.CheckConstraint(
            "kind IN ('angka_disepakati', 'keduanya_berlaku')", name="satudata_agreement_kind"
        ),
        sa.CheckConstraint(
            "state IN ('usulan', 'berlaku', 'diganti', 'dicabut', 'ditolak', 'berakhir')",
            name="satudata_agreement_state",
        ),
    )
    op.create_table(
        "satudata_agreement_object",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column(
            "agreement_id",
            sa.UnicodeText,
            sa.ForeignKey("satudata_agreement.id"),
            nullable=False,
        ),
        sa.Column("indicator_id", sa.Integer, nullable=False),
        sa.Column("key", sa.BigInteger, nullable=False),
        sa.Column("value", sa.Float(53)),
        sa.Column("decimals", sa.SmallInteger),
        sa.Column("indicator", sa.UnicodeText, nullable=False),
        sa.Column("region", sa.UnicodeText, nullable=False),
        sa.Column("period", sa.UnicodeText, nullable=False),
        sa.Column("classifications", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.UniqueConstraint(
            "agreement_id", "indicator_id", "key", name="satudata_agreement_object_once"
        ),
        sa.Index("satudata_agreement_object_key_idx", "indicator_id", "key"),
    )
    op.create_table(
        "satudata_agreement_party",
        sa.Column(
            "agreement_id",
            sa.UnicodeText,
            sa.ForeignKey("satudata_agreement.id"),
            primary_key=True,
        ),
        sa.Column("organization_id", sa.UnicodeText, primary_key=True, index=True),
        sa.Column("accepted_by", sa.UnicodeText),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("declined_by", sa.UnicodeText),
        sa.Column("declined_at", sa.DateTime(timezone=True)),
        sa.Column("decline_reason", sa.UnicodeText),
    )
    op.create_table(
        "satudata_agreement_stand",
        sa.Column(
            "object_id",
            sa.BigInteger,
            sa.ForeignKey("satudata_agreement_object.id"),
            primary_key=True,
        ),
        sa.Column("organization_id", sa.UnicodeText, primary_key=True),
        sa.Column("value", sa.Float(53), nullable=False),
        sa.Column("decimals", sa.SmallInteger, nullable=False),
    )
    _view(_COLUMNS + ", agreements jsonb", _SELECT.format(told=_TOLD))


def downgrade() -> None:
    """Take the view's column and the tables away."""
    _view(_COLUMNS, _SELECT.format(told=""))
    for name in ("stand", "party", "object"):
        op.drop_table(f"satudata_agreement_{name}")
    op.drop_table("satudata_agreement")


def _view(columns: str, select: str) -> None:
    op.execute("DROP VIEW satudata_observation")
    op.execute("DROP FUNCTION satudata_observation_rows()")
    op.execute(
        f"CREATE FUNCTION satudata_observation_rows() RETURNS TABLE ({columns}) "
        f"LANGUAGE sql STABLE AS $$ {select} $$"
    )
    op.execute("CREATE VIEW satudata_observation AS SELECT * FROM satudata_observation_rows()")
