"""One cold run of DuckDB on the same work: the same CSV, a native file of published figures.

Usage: ``python -m bench.duck CSV DUCKDB_FILE SHIFT full|bare``

The published table has integer codes and the packed key, as DuckDB likes it best. ``full``
answers what the gate answers of this table: figures and codes that cannot be read, evidence
for the other notation, objects that occur twice, regions that lack some of their parts, and
each pair of values that differs by more than the coarser written digit allows, with its row.
``bare`` reads, joins and compares, and trusts the file in everything else.
"""

from __future__ import annotations

import sys

from bench.child import Clock

_BARE = """
WITH candidate AS (
    SELECT ((c.tanggal::DATE - DATE '1900-01-01')::BIGINT * 8 + 5) * 8796093022208
           + r.idx::BIGINT * 67108864 + (i.idx::BIGINT << {shift}) AS key,
           replace(replace(c.harga, '.', ''), ',', '.')::DOUBLE AS value
    FROM read_csv({path}, delim = ';', header = true, all_varchar = true) c
    JOIN region r ON r.code = c.kode_wilayah
    JOIN item i ON i.code = c.kode_komoditas)
SELECT count(*), count(*) FILTER (WHERE abs(c.value - p.value) > 0.005)
FROM candidate c JOIN published p ON p.key = c.key
"""

_READ = r"""
CREATE TEMP TABLE candidate AS
SELECT c.line, r.idx AS region, i.idx AS item, c.day, c.value, c.decimals, c.harga,
       ((c.day - DATE '1900-01-01')::BIGINT * 8 + 5) * 8796093022208
       + r.idx::BIGINT * 67108864 + (i.idx::BIGINT << {shift}) AS key
FROM (SELECT row_number() OVER () + 1 AS line, kode_wilayah, kode_komoditas, harga,
             try_cast(tanggal AS DATE) AS day,
             CASE WHEN regexp_full_match(
                 harga, '[+-]?(?:[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}})+|[0-9]+)(?:,[0-9]+)?')
             THEN try_cast(replace(replace(harga, '.', ''), ',', '.') AS DOUBLE) END AS value,
             CASE WHEN contains(harga, ',') THEN length(harga) - position(',' IN harga) ELSE 0 END
             AS decimals
      FROM read_csv({path}, delim = ';', header = true, all_varchar = true)) c
LEFT JOIN region r ON r.code = c.kode_wilayah
LEFT JOIN item i ON i.code = c.kode_komoditas
"""

_PROBLEMS = r"""
SELECT count(*) FILTER (WHERE region IS NULL OR item IS NULL OR day IS NULL OR value IS NULL),
       count(*) FILTER (WHERE value IS NULL AND regexp_full_match(
           harga, '[+-]?(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?'))
FROM candidate
"""

_TWICE = "SELECT count(*) FROM (SELECT key FROM candidate GROUP BY key HAVING count(*) > 1)"

_INCOMPLETE = """
SELECT count(*)
FROM (SELECT c.item, c.day, r.parent, count(*) AS parts
      FROM candidate c JOIN region r ON r.idx = c.region GROUP BY ALL) found
JOIN (SELECT parent, count(*) AS parts FROM region GROUP BY ALL) wanted
  ON wanted.parent = found.parent AND found.parts < wanted.parts
"""

_DIFFERENT = """
SELECT c.line, c.region, c.item, c.day, c.value, p.value
FROM candidate c JOIN published p ON p.key = c.key
WHERE abs(c.value - p.value) > 0.5 * 10.0 ** (-least(c.decimals, p.decimals))
ORDER BY c.line
"""


def main(path: str, database: str, shift: int, mode: str) -> None:
    """Read, join, compare; print what was found."""
    clock = Clock()
    import duckdb

    clock.lap("import")
    values = {"path": f"'{path}'", "shift": shift}
    with duckdb.connect(database, read_only=True) as connection:
        if mode == "bare":
            rows, conflicts = connection.execute(_BARE.format(**values)).fetchall()[0]
            other = 0
        else:
            connection.execute(_READ.format(**values))
            clock.lap("read")
            rows = connection.execute("SELECT count(*) FROM candidate").fetchall()[0][0]
            one = (_PROBLEMS, _TWICE, _INCOMPLETE)
            other = sum(sum(connection.execute(q).fetchall()[0]) for q in one)
            conflicts = len(connection.execute(_DIFFERENT).fetchall())
    clock.lap("work")
    clock.report(rows=rows, conflicts=conflicts, other=other)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
