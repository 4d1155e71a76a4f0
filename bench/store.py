"""How figures lie in PostgreSQL: ``bytea`` blocks beside native arrays."""

from __future__ import annotations

import gc
import io
import struct
from collections.abc import Iterator, Sequence

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from ckanext.satudata.consistency.observations import Publication
from ckanext.satudata.store import blocks

from . import database, timing, world
from .table import Row, beside, sizes

_SCHEMA = "bench_store"
_ARRAYS_TABLE = """
CREATE TABLE arrays (
    publication_id bigint, part integer, keys bigint[] COMPRESSION lz4 NOT NULL,
    vals float8[] COMPRESSION lz4 NOT NULL, decimals "char"[] COMPRESSION lz4 NOT NULL,
    status "char"[] COMPRESSION lz4 NOT NULL, PRIMARY KEY (publication_id, part))
"""
_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
#: Type number of the elements in PostgreSQL, and how each lies in a binary array.
_ELEMENTS = tuple(
    (oid, np.dtype([("size", ">i4"), ("value", kind)]))
    for oid, kind in ((20, ">i8"), (701, ">f8"), (18, "i1"), (18, "u1"))
)
_PUBLICATION = Publication(1, "d", "d", "D", "o", "O", "r", "R")


def run(runs: int, counts: Sequence[int]) -> list[Row]:
    """Measure writing, reading and size.

    Args:
        runs: counted runs of each.
        counts: numbers of figures.

    Raises:
        RuntimeError: what was read is not what was written.
    """
    out: list[Row] = []
    with Session(database.engine(_SCHEMA)) as session:
        session.execute(sa.text(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE"))
        session.execute(sa.text(f"CREATE SCHEMA {_SCHEMA}"))
        session.execute(sa.text(database.BLOCK_TABLE))
        session.execute(sa.text(_ARRAYS_TABLE))
        session.commit()
        for count in counts:
            out += _measure(session, runs, count)
        session.execute(sa.text(f"DROP SCHEMA {_SCHEMA} CASCADE"))
        session.commit()
    return out


def _measure(session: Session, runs: int, count: int) -> list[Row]:
    arrays = _figures(count)
    name = f"{count / 1e6:g}M figures"

    def empty() -> None:
        session.execute(sa.text("TRUNCATE satudata_block, arrays"))
        session.commit()
        gc.collect()

    def commit(write: object) -> None:
        session.commit()

    written = timing.calls(
        {
            "bytea": lambda: commit(blocks.write(session, 1, 1, arrays)),
            "arrays": lambda: commit(_write(session, arrays)),
        },
        runs,
        before=empty,
    )
    empty()
    blocks.write(session, 1, 1, arrays)
    _write(session, arrays)
    session.commit()
    _require(_read_blocks(session), arrays)
    _require(_read(session), arrays)
    read = timing.calls(
        {"bytea": lambda: _read_blocks(session), "arrays": lambda: _read(session)},
        runs,
        before=gc.collect,
    )
    size = {t: _bytes(session, t) / count for t in ("satudata_block", "arrays")}
    return [
        beside(f"write {name}: native arrays", written["bytea"], written["arrays"], None),
        beside(f"read {name}: native arrays", read["bytea"], read["arrays"], None),
        sizes(f"bytes per figure of {name}: native arrays", *size.values()),
    ]


def _figures(count: int) -> blocks.Arrays:
    part = world.part(-(-count // (world.TOGETHER * world.REGIONS)), 0)
    decimals, status = np.full(count, 2, dtype=np.int8), np.zeros(count, dtype=np.uint8)
    return blocks.Arrays(part.keys[:count], part.values[:count], decimals, status)


def _read_blocks(session: Session) -> tuple[np.ndarray, ...]:
    span = {1: (0, np.iinfo(np.int64).max)}
    (found,) = blocks.fetch(session, span, {1: _PUBLICATION})[1]
    return found.keys, found.values, found.decimals, found.status


def _write(session: Session, arrays: blocks.Arrays) -> None:
    buffer = io.BytesIO()
    buffer.write(_SIGNATURE)
    columns = (arrays.keys, arrays.values, arrays.decimals, arrays.status)
    for part, start in enumerate(range(0, len(arrays.keys), blocks.PART)):
        buffer.write(struct.pack(">hiqii", 6, 8, 1, 4, part))
        for column, (oid, kind) in zip(columns, _ELEMENTS, strict=True):
            piece = column[start : start + blocks.PART]
            packed = np.empty(len(piece), dtype=kind)
            packed["size"], packed["value"] = kind["value"].itemsize, piece
            # One dimension, no nulls, counted from 1.
            buffer.write(struct.pack(">iiiIii", 20 + packed.nbytes, 1, 0, oid, len(piece), 1))
            buffer.write(packed.data)
    buffer.write(struct.pack(">h", -1))
    buffer.seek(0)
    _cursor(session).copy_expert(
        "COPY arrays (publication_id, part, keys, vals, decimals, status)"
        " FROM STDIN (FORMAT binary)",
        buffer,
    )


def _read(session: Session) -> tuple[np.ndarray, ...]:
    buffer = io.BytesIO()
    _cursor(session).copy_expert(
        "COPY (SELECT keys, vals, decimals, status FROM arrays ORDER BY part)"
        " TO STDOUT (FORMAT binary)",
        buffer,
    )
    pieces = zip(*_rows(buffer.getbuffer()), strict=True)
    return tuple(np.concatenate(p) for p in pieces)


def _rows(data: memoryview) -> Iterator[list[np.ndarray]]:
    position = len(_SIGNATURE)
    while struct.unpack_from(">h", data, position)[0] != -1:
        position += 2
        row = []
        for _, kind in _ELEMENTS:
            size, *_, count, _ = struct.unpack_from(">iiiIii", data, position)
            position += 4
            found = np.frombuffer(data, dtype=kind, offset=position + 20, count=count)
            row.append(found["value"].astype(kind["value"].newbyteorder("=")))
            position += size
        yield row


def _require(read: tuple[np.ndarray, ...], arrays: blocks.Arrays) -> None:
    wanted = (arrays.keys, arrays.values, arrays.decimals, arrays.status)
    if not all(np.array_equal(a, b) for a, b in zip(read, wanted, strict=True)):
        raise RuntimeError("what was read is not what was written")


def _bytes(session: Session, table: str) -> int:
    return session.scalar(sa.text("SELECT pg_total_relation_size(:t)"), {"t": table}) or 0


def _cursor(session: Session):
    return session.connection().connection.cursor()
