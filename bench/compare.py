"""1M candidate rows against 10M published figures, beside DuckDB."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from ckanext.satudata.store import blocks

from . import timing, world

#: 521 regions x 20 commodities x 960 days are 10.0M objects; the candidate has a tenth.
DAYS = 960

_TABLE = """
CREATE TABLE satudata_block (
    publication_id bigint, part integer, indicator_id integer NOT NULL, key_min bigint NOT NULL,
    key_max bigint NOT NULL, size integer NOT NULL, keys bytea COMPRESSION lz4 NOT NULL,
    vals bytea COMPRESSION lz4 NOT NULL, decimals bytea COMPRESSION lz4 NOT NULL,
    status bytea COMPRESSION lz4 NOT NULL, PRIMARY KEY (publication_id, part));
CREATE INDEX ON satudata_block (indicator_id, key_min, key_max)
"""


def run(folder: Path, runs: int, days: int = DAYS) -> dict[str, timing.Cost]:
    """Measure both.

    Args:
        folder: where the data are kept.
        runs: counted runs of each.
        days: size of the world.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path, duck = folder / f"candidate-{days}.csv", folder / f"published-{days}.duckdb"
    url = _schema(os.environ["CKAN_SQLALCHEMY_URL"], f"bench_{days}")
    if not path.exists() or not duck.exists():
        _prepare(path, duck, url, days)
    shift = world.indicator().dimensions[0].shift
    costs = timing.processes(
        {
            "satudata": ["-m", "bench.ours", str(path), url],
            "duckdb": ["-m", "bench.duck", str(path), str(duck), str(shift)],
        },
        runs,
    )
    for cost in costs.values():
        assert cost.result["conflicts"] == world.CONFLICTS, cost.result
    return costs


def _schema(url: str, name: str) -> str:
    return f"{url}?options=-csearch_path%3D{name}"


def _prepare(path: Path, duck: Path, url: str, days: int) -> None:
    duck.unlink(missing_ok=True)
    found, _, item, _, values = world.objects(days)
    name = f"bench_{days}"
    engine = sa.create_engine(url)
    with Session(engine) as session, session.begin():
        session.execute(sa.text(f"DROP SCHEMA IF EXISTS {name} CASCADE"))
        session.execute(sa.text(f"CREATE SCHEMA {name}"))
        session.execute(sa.text(_TABLE))
        for number in range(world.COMMODITIES // 2):
            keep = (item - 1) // 2 == number
            arrays = blocks.Arrays(
                found[keep],
                values[keep],
                np.full(keep.sum(), 2, dtype=np.int8),
                np.zeros(keep.sum(), dtype=np.uint8),
            )
            blocks.write(session, number + 1, 1, arrays)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE satudata_block"))
    book = world.book()
    with duckdb.connect(str(duck)) as connection:
        for table, codes in (("region", book.regions), ("item", book.codelists["komoditas"])):
            connection.execute(f"CREATE TABLE {table} (code VARCHAR, idx INTEGER)")
            connection.executemany(
                f"INSERT INTO {table} VALUES (?, ?)",
                [[c.code, c.index] for c in codes.codes.values()],
            )
        connection.execute("CREATE TABLE published (key BIGINT, value DOUBLE)")
        for start in range(0, len(found), 1_000_000):
            piece = {"key": found[start : start + 1_000_000], "value": values[start : start + 1_000_000]}
            connection.execute("INSERT INTO published SELECT key, value FROM piece")
            del piece
    world.write_candidate(path, days)
