"""The view of figures over a function, so that it hinders nobody who drops tables.

``ckan db clean`` drops the tables it finds and knows nothing of views; a view that reads them
makes it fail. The body of a SQL function is text to PostgreSQL and depends on nothing. A STABLE
function of one SELECT is inlined into the query that calls it, so filters reach the tables as
before.
"""

from __future__ import annotations

from alembic import op

revision = "005"
down_revision = "002"
branch_labels = None
depends_on = None

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
       o.key
FROM satudata_publication p
JOIN satudata_indicator i ON i.id = p.indicator_id
JOIN satudata_block b ON b.publication_id = p.id
CROSS JOIN LATERAL satudata_figures(b.keys, b.vals, b.decimals, b.status, b.size) AS o
LEFT JOIN satudata_code r ON r.codelist = 'wilayah' AND r.idx = (o.key >> 26) & 131071
"""

_FUNCTION = f"""
CREATE FUNCTION satudata_observation_rows() RETURNS TABLE (
    indicator text, period text, region text, region_name text, dimensions jsonb,
    value double precision, unit text, decimals integer, obs_status text, dataset_id text,
    resource_id text, organization_id text, published_at timestamptz, publication_id bigint,
    key bigint
) LANGUAGE sql STABLE AS $$ {_SELECT} $$
"""


def upgrade() -> None:
    op.execute("DROP VIEW satudata_observation")
    # Left by a database that was cleaned: the function stayed when the tables went.
    op.execute("DROP FUNCTION IF EXISTS satudata_observation_rows()")
    op.execute(_FUNCTION)
    op.execute("CREATE VIEW satudata_observation AS SELECT * FROM satudata_observation_rows()")


def downgrade() -> None:
    op.execute("DROP VIEW satudata_observation")
    op.execute("DROP FUNCTION satudata_observation_rows()")
    op.execute(f"CREATE VIEW satudata_observation AS {_SELECT}")
