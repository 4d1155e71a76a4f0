"""One cold run of DuckDB on the same work: the same CSV, a native file of published figures.

Usage: ``python -m bench.duck CSV DUCKDB_FILE``

The published table has integer codes and the packed key, as DuckDB likes it best.
"""

from __future__ import annotations

import json
import sys

import duckdb

_QUERY = """
WITH candidate AS (
    SELECT r.idx AS region, i.idx AS item, c.tanggal::DATE AS day,
           replace(replace(c.harga, '.', ''), ',', '.')::DOUBLE AS value
    FROM read_csv(?, delim = ';', header = true, all_varchar = true) c
    JOIN region r ON r.code = c.kode_wilayah
    JOIN item i ON i.code = c.kode_komoditas)
SELECT count(*) AS compared,
       count(*) FILTER (WHERE abs(c.value - p.value) > 0.005) AS conflicts,
       list({'r': c.region, 'i': c.item, 'd': c.day, 'a': c.value, 'b': p.value})
           FILTER (WHERE abs(c.value - p.value) > 0.005) AS findings
FROM candidate c
JOIN published p ON p.key = ((c.day - DATE '1900-01-01')::BIGINT * 8 + 5) * 8796093022208
                          + c.region::BIGINT * 67108864 + c.item::BIGINT * ?
"""


def main(path: str, database: str, shift: int) -> None:
    """Read, join, compare; print what was found."""
    with duckdb.connect(database, read_only=True) as connection:
        compared, conflicts, findings = connection.execute(_QUERY, [path, 1 << shift]).fetchone()
    print(json.dumps({"rows": compared, "conflicts": conflicts, "listed": len(findings)}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
