"""1M candidate rows against 10M published figures, beside DuckDB."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from . import database, timing, world
from .table import Row, beside, memory

#: 521 regions x 20 commodities x 960 days are 10.0M objects; the candidate has a tenth.
DAYS = 960
QUICK_DAYS = 20

SECONDS_LIMIT = 1.2
MEGABYTES_LIMIT = 450


def run(folder: Path, runs: int, days: int = DAYS) -> list[Row]:
    """Measure both.

    Args:
        folder: where the data are kept.
        runs: counted runs of each.
        days: size of the world.

    Raises:
        RuntimeError: one of them did not find exactly the planted conflicts.
    """
    costs = measure(folder, runs, days)
    ours, full, bare = costs["satudata"], costs["duckdb"], costs["duckdb bare"]
    published = days * world.COMMODITIES * world.REGIONS
    size = f"{ours.found['rows'] / 1e6:.2g}M rows against {published / 1e6:.2g}M"
    return [
        beside(f"{size}: DuckDB, same checks", ours, full, SECONDS_LIMIT),
        beside(
            "  the same without imports",
            ours.without("import"),
            full.without("import"),
            SECONDS_LIMIT,
        ),
        beside("  DuckDB, values compared only", replace(ours, parts={}), bare, None),
        memory("  peak memory", ours, full, MEGABYTES_LIMIT),
    ]


def measure(folder: Path, runs: int, days: int) -> dict[str, timing.Cost]:
    """What the contenders cost; see :func:`run`."""
    folder.mkdir(parents=True, exist_ok=True)
    path, duck = folder / f"candidate-{days}.csv", folder / f"published-{days}.duckdb"
    schema = f"bench_{days}"
    if not (path.exists() and duck.exists() and _has_table(schema)):
        # In a process of its own: this one stays small, and so does what it forks.
        timing.process(["-m", "bench.compare", str(path), str(duck), str(days)])
    shift = world.indicator().dimensions[0].shift
    in_duck = ["-m", "bench.duck", str(path), str(duck), str(shift)]
    costs = timing.processes(
        {
            "satudata": ["-m", "bench.ours", str(path), schema],
            "duckdb": [*in_duck, "full"],
            "duckdb bare": [*in_duck, "bare"],
        },
        runs,
    )
    for name, cost in costs.items():
        # Every object of two commodities, once.
        rows = days * len(world.WANTED) * world.REGIONS
        if cost.found != {"rows": rows, "conflicts": world.CONFLICTS, "other": 0}:
            raise RuntimeError(f"{name} found something else than was planted: {cost.found}")
    return costs


def _has_table(schema: str) -> bool:
    with database.engine(schema).connect() as connection:
        found = connection.scalar(sa.text("SELECT to_regclass('satudata_block')"))
    return found is not None


def prepare(path: Path, duck: Path, days: int) -> None:
    """Make the published figures, for PostgreSQL and for DuckDB, and the candidate's file.

    Args:
        path: the CSV to write.
        duck: the DuckDB file to write.
        days: size of the world.
    """
    import duckdb
    import numpy as np
    from sqlalchemy.orm import Session

    from ckanext.satudata.store import blocks

    name = f"bench_{days}"
    duck.unlink(missing_ok=True)
    found, _, item, _, values = world.objects(days)
    engine = database.engine(name)
    with Session(engine) as session, session.begin():
        session.execute(sa.text(f"DROP SCHEMA IF EXISTS {name} CASCADE"))
        session.execute(sa.text(f"CREATE SCHEMA {name}"))
        session.execute(sa.text(database.BLOCK_TABLE))
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
    index = {c.code: c.index for c in book.regions.codes.values()}
    with duckdb.connect(str(duck)) as connection:
        connection.execute("CREATE TABLE region (code VARCHAR, idx INTEGER, parent INTEGER)")
        connection.executemany(
            "INSERT INTO region VALUES (?, ?, ?)",
            [[c.code, c.index, index.get(c.parent or "")] for c in book.regions.codes.values()],
        )
        connection.execute("CREATE TABLE item (code VARCHAR, idx INTEGER)")
        connection.executemany(
            "INSERT INTO item VALUES (?, ?)",
            [[c.code, c.index] for c in book.codelists["komoditas"].codes.values()],
        )
        connection.execute(
            "CREATE TABLE published (key BIGINT, value DOUBLE, decimals TINYINT, status UTINYINT)"
        )
        step = 1_000_000
        for start in range(0, len(found), step):
            piece = {"key": found[start : start + step], "value": values[start : start + step]}
            connection.execute("INSERT INTO published SELECT key, value, 2, 0 FROM piece")
            del piece
    world.write_candidate(path, days)
    print("{}")


if __name__ == "__main__":
    prepare(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
