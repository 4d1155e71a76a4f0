"""The published figures of the bench, for each contender in the form it likes best.

Usage: ``python -m bench.data NAME DAYS COMMODITIES AGENCIES FOLDER``; a process of its own, so
that the memory it needs is not that of what it would fork.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ckanext.satudata.store import coding

from . import database, timing, world

_ROWS = 1_000_000
_FILES = {".csv", ".duckdb", ".bin", ".codes", ".parquet"}


@dataclass(frozen=True)
class World:
    """How many figures are public, and how they are told apart.

    Attributes:
        name: also that of its schema.
        days: how many each commodity has.
        commodities: how many there are.
        agencies: how many publish them.
    """

    name: str
    days: int
    commodities: int = world.COMMODITIES
    agencies: int = world.COMMODITIES // world.TOGETHER

    @property
    def size(self) -> int:
        """Number of published figures."""
        return self.days * self.commodities * world.REGIONS

    @property
    def rows(self) -> int:
        """Number of the candidate's figures."""
        return self.days * len(world.WANTED) * world.REGIONS


def renew(folder: Path) -> None:
    """Forget worlds that were made by another version of the generator or of the storage."""
    import sqlalchemy as sa

    digest = hashlib.sha256()
    for module in (world, coding, sys.modules[__name__]):
        digest.update(Path(module.__file__ or "").read_bytes())
    stamp = folder / "generator"
    if stamp.exists() and stamp.read_text("ascii") == digest.hexdigest():
        return
    for path in folder.glob("*"):
        if path.suffix in _FILES:
            path.unlink()
    with database.engine("public").begin() as connection:
        found = sa.text(r"SELECT nspname FROM pg_namespace WHERE nspname LIKE 'bench\_%'")
        for name in connection.scalars(found).all():
            connection.execute(sa.text(f'DROP SCHEMA "{name}" CASCADE'))
    folder.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest.hexdigest(), "ascii")


def usual(days: int) -> World:
    """The world that most measurements are about."""
    return World(f"bench_{days}", days)


def require(one: World, folder: Path | None) -> None:
    """Make a world that is not there; for the other contenders only where a folder is given."""
    import sqlalchemy as sa

    with database.engine(one.name).connect() as connection:
        name = {"name": f"{one.name}.satudata_block"}
        there = connection.scalar(sa.text("SELECT to_regclass(:name)"), name) is not None
    if there and (folder is None or (folder / f"{one.name}.duckdb").exists()):
        return
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    sizes = [str(n) for n in (one.days, one.commodities, one.agencies)]
    timing.process(["-m", "bench.data", one.name, *sizes, str(folder or "-")])


def candidate(folder: Path, days: int) -> Path:
    """The candidate's file, written if it is not there."""
    path = folder / f"candidate-{days}.csv"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        world.write_candidate(path, days)
    return path


def publish(one: World) -> None:
    """Write a world's figures as blocks."""
    import sqlalchemy as sa
    from sqlalchemy.orm import Session

    from ckanext.satudata.store import blocks

    engine = database.engine(one.name)
    with Session(engine) as session, session.begin():
        session.execute(sa.text(f"DROP SCHEMA IF EXISTS {one.name} CASCADE"))
        session.execute(sa.text(f"CREATE SCHEMA {one.name}"))
        session.execute(sa.text(database.BLOCK_TABLE))
        for number, keys, values in _tables(one):
            decimals, status = np.full(len(keys), 2, np.int8), np.zeros(len(keys), np.uint8)
            blocks.write(session, number, 1, blocks.Arrays(keys, values, decimals, status))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE satudata_block"))


def export(one: World, folder: Path) -> None:
    """Write a world's figures for DuckDB, and in memory order for the program in C."""
    import duckdb

    keys, values = _all(one)
    book = world.book(one.commodities)
    regions, items = book.regions.codes.values(), book.codelists["komoditas"].codes.values()
    index = {c.code: c.index for c in regions}
    with (folder / f"{one.name}.bin").open("wb") as out:
        for array in (np.array([len(keys)]), keys, values, np.full(len(keys), 2, np.int8)):
            array.tofile(out)
    lines = [f"region {c.code} {c.index} {index.get(c.parent or '', 0)}\n" for c in regions]
    lines += [f"item {c.code} {c.index} 0\n" for c in items]
    (folder / f"{one.name}.codes").write_text("".join(lines), "ascii")
    path = folder / f"{one.name}.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE region (code VARCHAR, idx INTEGER, parent INTEGER)")
        connection.executemany(
            "INSERT INTO region VALUES (?, ?, ?)",
            [[c.code, c.index, index.get(c.parent or "")] for c in regions],
        )
        connection.execute("CREATE TABLE item (code VARCHAR, idx INTEGER)")
        connection.executemany("INSERT INTO item VALUES (?, ?)", [[c.code, c.index] for c in items])
        connection.execute(
            "CREATE TABLE published (key BIGINT, value DOUBLE, decimals TINYINT, status UTINYINT)"
        )
        for start in range(0, len(keys), _ROWS):
            piece = {"key": keys[start : start + _ROWS], "value": values[start : start + _ROWS]}
            connection.execute("INSERT INTO published SELECT key, value, 2, 0 FROM piece")
            del piece


def parquet(one: World, folder: Path) -> Path:
    """A world's figures with their codes and dates as texts, as other engines read them."""
    import polars as pl

    path = folder / f"{one.name}.parquet"
    if path.exists():
        return path
    book = world.book(one.commodities)
    regions = {c.index: c.code for c in book.regions.codes.values()}
    items = {c.index: c.code for c in book.codelists["komoditas"].codes.values()}
    count = one.commodities // world.TOGETHER
    parts = [world.part(one.days, number, one.commodities) for number in range(count)]
    pl.concat(
        pl.DataFrame({"r": p.region, "i": p.item, "d": p.day, "harga": p.values}).select(
            pl.col("r").replace_strict(regions, return_dtype=pl.String).alias("kode_wilayah"),
            pl.col("i").replace_strict(items, return_dtype=pl.String).alias("kode_komoditas"),
            pl.col("d")
            .replace_strict({n: world.day_of(n) for n in range(one.days)}, return_dtype=pl.String)
            .alias("tanggal"),
            "harga",
        )
        for p in parts
    ).write_parquet(path)
    return path


def _tables(one: World) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    if one.agencies == 1:
        yield 1, *_all(one)
        return
    for number in range(one.agencies):
        part = world.part(one.days, number, one.commodities)
        yield number + 1, part.keys, part.values


def _all(one: World) -> tuple[np.ndarray, np.ndarray]:
    count = one.commodities // world.TOGETHER
    parts = [world.part(one.days, number, one.commodities) for number in range(count)]
    keys = np.concatenate([p.keys for p in parts])
    order = np.argsort(keys)
    return keys[order], np.concatenate([p.values for p in parts])[order]


def main(one: World, folder: str) -> None:
    """Make one world; for the other contenders only where a folder is named."""
    publish(one)
    if folder != "-":
        export(one, Path(folder))
    print("{}")


if __name__ == "__main__":
    name, *numbers, target = sys.argv[1:]
    main(World(name, *map(int, numbers)), target)
