"""Blocks as narrow as their figures allow, which tell the classifications they hold.

Blocks written before stay as they are: a column's length tells its form. They name no
classifications, so they are read whatever is asked for.
"""

from __future__ import annotations

from alembic import op

revision = "003"
down_revision = "004"
branch_labels = None
depends_on = None

_INT4 = """
CREATE OR REPLACE FUNCTION satudata_int4(b bytea, place integer) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT get_byte(b, place)
         | (get_byte(b, place + 1) << 8)
         | (get_byte(b, place + 2) << 16)
         | (get_byte(b, place + 3) << 24)
$$
"""

#: ``|| ''::bytea`` unpacks a compressed value once, not at each substring.
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
    plain_keys boolean := octet_length(k) = 8 * size;
    plain_values boolean := octet_length(v) = 8 * size;
    one_digits boolean := octet_length(d) = 1;
    one_state boolean := octet_length(s) = 1;
    entries bigint[];
    number_of_entries integer;
    number_of_periods integer;
    counts_at integer;
    codes_at integer;
    period integer := -1;
    above bigint;
    last integer := -1;
    unit float8 := 1;
    bits bigint;
    exponent integer;
    fraction bigint;
BEGIN
    IF NOT plain_keys THEN
        number_of_periods := satudata_int4(k, 0);
        number_of_entries := satudata_int4(k, 4);
        counts_at := 8 + 8 * number_of_periods + 8 * number_of_entries;
        codes_at := counts_at + 4 * number_of_periods;
        entries := ARRAY(
            SELECT satudata_int8(substring(k FROM 9 + 8 * (number_of_periods + e) FOR 8))
            FROM generate_series(0, number_of_entries - 1) AS e ORDER BY e);
    END IF;
    IF NOT plain_values THEN
        SELECT power(10::float8, greatest(0, max((get_byte(d, n) + 128) % 256 - 128)))
        INTO unit FROM generate_series(0, octet_length(d) - 1) AS n;
    END IF;
    FOR n IN 0 .. size - 1 LOOP
        IF plain_keys THEN
            key := satudata_int8(substring(k FROM 8 * n + 1 FOR 8));
        ELSE
            WHILE n > last LOOP
                period := period + 1;
                above := satudata_int8(substring(k FROM 9 + 8 * period FOR 8));
                last := last + satudata_int4(k, counts_at + 4 * period);
            END LOOP;
            key := above | entries[
                1 + get_byte(k, codes_at + 2 * n) + (get_byte(k, codes_at + 2 * n + 1) << 8)];
        END IF;
        IF plain_values THEN
            bits := satudata_int8(substring(v FROM 8 * n + 1 FOR 8));
            exponent := ((bits >> 52) & 2047)::integer;
            fraction := bits & ((1::bigint << 52) - 1);
            value := CASE WHEN exponent = 0
                          THEN fraction::float8 * power(2::float8, -1022) / power(2::float8, 52)
                          ELSE (fraction | (1::bigint << 52))::float8
                               * power(2::float8, exponent - 1075)
                     END * CASE WHEN bits < 0 THEN -1 ELSE 1 END;
        ELSE
            value := satudata_int4(v, 4 * n) / unit;
        END IF;
        digits := (get_byte(d, CASE WHEN one_digits THEN 0 ELSE n END) + 128) % 256 - 128;
        state := get_byte(s, CASE WHEN one_state THEN 0 ELSE n END);
        RETURN NEXT;
    END LOOP;
END
$$
"""

_OLD_FIGURES = """
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

#: Every block in the form of before.
_WIDEN = """
UPDATE satudata_block AS b
SET keys = wide.keys, vals = wide.vals, decimals = wide.decimals, status = wide.status
FROM (
    SELECT o.publication_id, o.part,
        string_agg(satudata_reversed(int8send(f.key)), '' ORDER BY f.key) AS keys,
        string_agg(satudata_reversed(float8send(f.value)), '' ORDER BY f.key) AS vals,
        string_agg(substring(int2send(f.digits::smallint) FROM 2), '' ORDER BY f.key) AS decimals,
        string_agg(substring(int2send(f.state::smallint) FROM 2), '' ORDER BY f.key) AS status
    FROM satudata_block o
    CROSS JOIN LATERAL satudata_figures(o.keys, o.vals, o.decimals, o.status, o.size) AS f
    GROUP BY o.publication_id, o.part
) AS wide
WHERE wide.publication_id = b.publication_id AND wide.part = b.part
"""

_REVERSED = """
CREATE FUNCTION satudata_reversed(b bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT string_agg(substring(b FROM n FOR 1), '' ORDER BY n DESC)
    FROM generate_series(1, octet_length(b)) AS n
$$
"""


def upgrade() -> None:
    op.execute("ALTER TABLE satudata_block ADD COLUMN rests integer[]")
    op.execute(_INT4)
    op.execute(_FIGURES)


def downgrade() -> None:
    op.execute(_REVERSED)
    op.execute(_WIDEN)
    op.execute("DROP FUNCTION satudata_reversed(bytea)")
    op.execute(_OLD_FIGURES)
    op.execute("DROP FUNCTION satudata_int4(bytea, integer)")
    op.execute("ALTER TABLE satudata_block DROP COLUMN rests")
