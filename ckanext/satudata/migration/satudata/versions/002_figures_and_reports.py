"""Figures, releases, reports and file versions, with the view that shows figures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "002"
down_revision = "001"
branch_labels = None
depends_on = None

# lz4 halves the space and costs almost nothing; a server built without it stores plainly.
_COMPRESS = """
DO $$
BEGIN
    ALTER TABLE satudata_block ALTER COLUMN keys SET COMPRESSION lz4;
    ALTER TABLE satudata_block ALTER COLUMN vals SET COMPRESSION lz4;
    ALTER TABLE satudata_block ALTER COLUMN decimals SET COMPRESSION lz4;
    ALTER TABLE satudata_block ALTER COLUMN status SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    RAISE NOTICE 'lz4 is not available; blocks are stored with the default compression';
END $$
"""

# Decodes one block. The arguments are unpacked from TOAST once, not once per figure. A float8
# is taken apart by hand (IEEE 754 binary64): significand and power of two are exact in
# float8, and so is their product.
_FIGURES = """
CREATE OR REPLACE FUNCTION satudata_figures(
    keys bytea, vals bytea, decimals bytea, status bytea, size integer
) RETURNS TABLE (key bigint, value double precision, digits integer, state integer)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    k bytea := keys || ''::bytea;
    v bytea := vals || ''::bytea;
    d bytea := decimals || ''::bytea;
    s bytea := status || ''::bytea;
    bits bigint;
    exponent integer;
    fraction bigint;
BEGIN
    FOR n IN 0 .. size - 1 LOOP
        key := satudata_int8(substring(k FROM 8 * n + 1 FOR 8));
        bits := satudata_int8(substring(v FROM 8 * n + 1 FOR 8));
        exponent := ((bits >> 52) & 2047)::integer;
        fraction := bits & ((1::bigint << 52) - 1);
        value := CASE WHEN exponent = 0
                      THEN fraction::float8 * power(2::float8, -1022) / power(2::float8, 52)
                      ELSE (fraction | (1::bigint << 52))::float8
                           * power(2::float8, exponent - 1075)
                 END * CASE WHEN bits < 0 THEN -1 ELSE 1 END;
        digits := (get_byte(d, n) + 128) % 256 - 128;
        state := get_byte(s, n);
        RETURN NEXT;
    END LOOP;
END
$$
"""

_INT8 = """
CREATE OR REPLACE FUNCTION satudata_int8(b bytea) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT get_byte(b, 0)::bigint
         | (get_byte(b, 1)::bigint << 8)
         | (get_byte(b, 2)::bigint << 16)
         | (get_byte(b, 3)::bigint << 24)
         | (get_byte(b, 4)::bigint << 32)
         | (get_byte(b, 5)::bigint << 40)
         | (get_byte(b, 6)::bigint << 48)
         | (get_byte(b, 7)::bigint << 56)
$$
"""

_PERIOD = """
CREATE OR REPLACE FUNCTION satudata_period(key bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE (key >> 43) & 7
        WHEN 0 THEN to_char(day, 'YYYY')
        WHEN 1 THEN to_char(day, 'YYYY') || '-S' || (extract(month FROM day)::integer + 5) / 6
        WHEN 2 THEN to_char(day, 'YYYY"-Q"Q')
        WHEN 3 THEN to_char(day, 'YYYY-MM')
        WHEN 4 THEN to_char(day, 'IYYY"-W"IW')
        WHEN 5 THEN to_char(day, 'YYYY-MM-DD')
        WHEN 6 THEN to_char(day, 'YYYY') || '/' || (extract(year FROM day)::integer + 1)
    END
    FROM (SELECT date '1900-01-01' + (key >> 46)::integer AS day) AS start
$$
"""

_VIEW = """
CREATE VIEW satudata_observation AS
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
       o.key
FROM satudata_publication p
JOIN satudata_indicator i ON i.id = p.indicator_id
JOIN satudata_block b ON b.publication_id = p.id
CROSS JOIN LATERAL satudata_figures(b.keys, b.vals, b.decimals, b.status, b.size) AS o
LEFT JOIN satudata_code r ON r.codelist = 'wilayah' AND r.idx = (o.key >> 26) & 131071
"""


def upgrade() -> None:
    op.create_table(
        "satudata_content_version",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("resource_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("sha256", sa.UnicodeText),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("filename", sa.UnicodeText),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "satudata_release",
        sa.Column("dataset_id", sa.UnicodeText, primary_key=True),
        sa.Column("organization_id", sa.UnicodeText, nullable=False),
        sa.Column("fingerprint", sa.UnicodeText, nullable=False),
        sa.Column("ruleset", sa.UnicodeText, nullable=False),
        sa.Column("report_id", sa.UnicodeText),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.UnicodeText),
    )
    op.create_table(
        "satudata_publication",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("dataset_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("resource_id", sa.UnicodeText, nullable=False),
        sa.Column("indicator_id", sa.Integer, nullable=False, index=True),
        sa.Column("organization_id", sa.UnicodeText, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("key_min", sa.BigInteger, nullable=False),
        sa.Column("key_max", sa.BigInteger, nullable=False),
        sa.Column("checksum", sa.UnicodeText, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("resource_id", "indicator_id"),
    )
    op.create_table(
        "satudata_block",
        sa.Column("publication_id", sa.BigInteger, primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True),
        sa.Column("indicator_id", sa.Integer, nullable=False),
        sa.Column("key_min", sa.BigInteger, nullable=False),
        sa.Column("key_max", sa.BigInteger, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("keys", sa.LargeBinary, nullable=False),
        sa.Column("vals", sa.LargeBinary, nullable=False),
        sa.Column("decimals", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.LargeBinary, nullable=False),
    )
    op.create_index(
        "satudata_block_span_idx", "satudata_block", ["indicator_id", "key_min", "key_max"]
    )
    op.execute(_COMPRESS)
    op.create_table(
        "satudata_report",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("dataset_id", sa.UnicodeText, index=True),
        sa.Column("dataset_title", sa.UnicodeText),
        sa.Column("organization_id", sa.UnicodeText, nullable=False, index=True),
        sa.Column("user_id", sa.UnicodeText),
        sa.Column("blocked", sa.Boolean, nullable=False),
        sa.Column("ruleset", sa.UnicodeText, nullable=False),
        sa.Column("checked", sa.Integer, nullable=False),
        sa.Column("document", postgresql.JSONB, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "satudata_declaration_memory",
        sa.Column("organization_id", sa.UnicodeText, primary_key=True),
        sa.Column("signature", sa.UnicodeText, primary_key=True),
        sa.Column("declaration", postgresql.JSONB, nullable=False),
        sa.Column("confirmed_by", sa.UnicodeText),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
    )
    # A later revision's view outlives "ckan db clean", which drops tables only.
    op.execute("DROP VIEW IF EXISTS satudata_observation")
    for statement in (_INT8, _FIGURES, _PERIOD, _VIEW):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP VIEW satudata_observation")
    op.execute("DROP FUNCTION satudata_period(bigint)")
    op.execute("DROP FUNCTION satudata_figures(bytea, bytea, bytea, bytea, integer)")
    op.execute("DROP FUNCTION satudata_int8(bytea)")
    for table in (
        "satudata_declaration_memory",
        "satudata_report",
        "satudata_block",
        "satudata_publication",
        "satudata_release",
        "satudata_content_version",
    ):
        op.drop_table(table)
