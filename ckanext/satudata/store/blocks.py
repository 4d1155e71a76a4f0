"""Observation blocks: the public figures, as sorted arrays in PostgreSQL.

One row of ``satudata_block`` holds up to :data:`PART` figures of one publication, each column
as narrow as its figures allow (:mod:`.coding`). ``bytea`` with lz4 was measured against native
arrays on 10 million figures (the measurement is in ``bench/``). Whoever wants to look with psql
uses the view ``satudata_observation``, which decodes them.

Reading and writing go through ``COPY … (FORMAT binary)`` on the session's own connection,
so they belong to CKAN's transaction.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import numpy as np

from ckanext.satudata.consistency.frozen import frozen
from ckanext.satudata.consistency.observations import Publication, Published

from . import coding

if TYPE_CHECKING:
    from ckanext.satudata.types import AnySession

#: Figures per row; large enough for few rows, small enough to read a narrow span cheaply.
PART = 32_768

#: Types of keys, values, decimals and status.
_KINDS = ("<i8", "<f8", "i1", "u1")

_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
_END = struct.pack(">h", -1)
_NULL = struct.pack(">i", -1)
_INT4 = 23
_READ = """
COPY (
    SELECT b.indicator_id, b.publication_id, b.size,
        sum(b.size) OVER (PARTITION BY b.indicator_id, b.publication_id)::integer,
        b.keys, b.vals, b.decimals, b.status
    FROM unnest(%s::integer[], %s::bigint[], %s::bigint[], %s::boolean[])
        AS wanted (indicator_id, low, high, every)
    JOIN satudata_block b ON b.indicator_id = wanted.indicator_id
     AND b.key_max >= wanted.low AND b.key_min <= wanted.high
    WHERE b.publication_id = ANY(%s::bigint[])
     AND (wanted.every OR b.rests IS NULL OR EXISTS (
        SELECT FROM unnest(%s::integer[], %s::integer[]) AS r (indicator_id, rest)
        WHERE r.indicator_id = b.indicator_id AND r.rest = ANY(b.rests)))
    ORDER BY b.publication_id, b.part
) TO STDOUT (FORMAT binary)
"""
_COLUMNS = (
    "publication_id, part, indicator_id, key_min, key_max, size, rests, keys, vals, decimals,"
    " status"
)


@frozen(slots=True)
class Arrays:
    """Figures in storage form: sorted, keys unique; shapes ``(n,)``."""

    keys: np.ndarray
    values: np.ndarray
    decimals: np.ndarray
    status: np.ndarray

    def checksum(self) -> str:
        """SHA-256 over all four arrays, to compare stored figures with re-read files."""
        digest = hashlib.sha256()
        for array, kind in zip(
            (self.keys, self.values, self.decimals, self.status), _KINDS, strict=True
        ):
            digest.update(np.ascontiguousarray(array, dtype=kind).tobytes())
        return digest.hexdigest()


def write(session: AnySession, publication: int, indicator: int, arrays: Arrays) -> None:
    """Add a publication's figures in the session's transaction.

    Args:
        session: whose transaction the figures belong to.
        publication: number of the publication; must have no figures yet.
        indicator: number of the indicator.
        arrays: the figures.
    """
    buffer = io.BytesIO()
    buffer.write(_SIGNATURE)
    for part, start in enumerate(range(0, len(arrays.keys), PART)):
        piece = slice(start, start + PART)
        keys = np.ascontiguousarray(arrays.keys[piece], dtype="<i8")
        columns = coding.encode(
            keys, arrays.values[piece], arrays.decimals[piece], arrays.status[piece]
        )
        buffer.write(struct.pack(">h", 11))
        buffer.write(_int(publication, 8))
        buffer.write(_int(part, 4))
        buffer.write(_int(indicator, 4))
        buffer.write(_int(int(keys[0]), 8))
        buffer.write(_int(int(keys[-1]), 8))
        buffer.write(_int(len(keys), 4))
        buffer.write(_ints(coding.rests(keys, columns[0])))
        for data in columns:
            buffer.write(struct.pack(">i", len(data)))
            buffer.write(data)
    buffer.write(_END)
    buffer.seek(0)
    with _driver(session) as cursor:
        cursor.copy_expert(f"COPY satudata_block ({_COLUMNS}) FROM STDIN (FORMAT binary)", buffer)


def fetch(
    session: AnySession,
    spans: Mapping[int, tuple[int, int]],
    publications: Mapping[int, Publication],
    rests: Mapping[int, Sequence[int]] | None = None,
) -> dict[int, list[Published]]:
    """Read the public figures of some indicators.

    Args:
        session: whose transaction (and so whose view of the data) is used.
        spans: indicator number -> smallest and largest key wanted, both inclusive. Whole
            parts are returned, so keys outside the span may come along.
        publications: the publications to read, by number.
        rests: indicator number -> the classifications wanted (:func:`~.keys.rest_of`); of an
            indicator that is not in it, all.

    Returns:
        Indicator number -> figures, one entry per publication.
    """
    with _driver(session) as cursor:
        return fetch_with(cursor, spans, publications, rests)


def fetch_with(
    cursor: Any,
    spans: Mapping[int, tuple[int, int]],
    publications: Mapping[int, Publication],
    rests: Mapping[int, Sequence[int]] | None = None,
) -> dict[int, list[Published]]:
    """As :func:`fetch`, with a cursor of the driver."""
    if not spans or not publications:
        return {}
    rests = rests or {}
    indicators = sorted(spans)
    low, high = ([spans[i][end] for i in indicators] for end in (0, 1))
    wanted = [(i, rest) for i in indicators for rest in rests.get(i, ())]
    receiver = _Receiver({i: np.array(sorted(r), dtype=np.int64) for i, r in rests.items()})
    # COPY takes no parameters itself, so the driver puts the numbers in.
    query = cursor.mogrify(
        _READ,
        (
            indicators,
            low,
            high,
            [i not in rests for i in indicators],
            sorted(publications),
            [i for i, _ in wanted],
            [rest for _, rest in wanted],
        ),
    )
    cursor.copy_expert(query.decode(), receiver)
    out: dict[int, list[Published]] = {}
    for (indicator, publication), columns in receiver.finished().items():
        if len(columns[0]):
            out.setdefault(indicator, []).append(Published(publications[publication], *columns))
    return out


class _Receiver:
    """A file to which PostgreSQL copies blocks; what has come is put where it belongs at once.

    Ten million figures are 180 MB. Decoded one block at a time and joined afterwards they would
    be held twice, so each block tells how many figures its publication has in all. Those of
    classifications that nobody wants are not decoded, and the memory for them is never touched.

    Args:
        rests: indicator number -> the classifications wanted, ascending; of others, all.
    """

    #: Field count, then size and value of the indicator, the publication, the block's number of
    #: figures and that of the publication's.
    _HEAD = struct.Struct(">hiiiqiiii")

    def __init__(self, rests: Mapping[int, np.ndarray] | None = None) -> None:
        self._rests = rests or {}
        self._rest = b""
        self._begun = self._ended = False
        self._columns: dict[tuple[int, int], tuple[np.ndarray, ...]] = {}
        self._received: dict[tuple[int, int], int] = {}
        self._filled: dict[tuple[int, int], int] = {}

    def write(self, data: bytes) -> int:
        """Take the next bytes, which need not end where a block does."""
        whole = self._rest + data if self._rest else data
        position = 0 if self._begun else len(_SIGNATURE)
        while len(whole) >= position + 2:
            if whole[position : position + 2] == _END:
                self._ended = True
                position += 2
                break
            after = self._block(memoryview(whole), position)
            if after is None:
                break
            self._begun = True
            position = after
        self._rest = whole[position:] if self._begun or self._ended else whole
        return len(data)

    def finished(self) -> dict[tuple[int, int], tuple[np.ndarray, ...]]:
        """(indicator, publication) -> keys, values, decimals, status.

        Raises:
            EOFError: the transfer ended early.
        """
        complete = {p: len(c[0]) for p, c in self._columns.items()} == self._received
        if not (self._ended and complete and not self._rest):
            raise EOFError("PostgreSQL sent fewer figures than it announced")
        return {
            name: tuple(column[: self._filled[name]] for column in columns)
            for name, columns in self._columns.items()
        }

    def _block(self, data: memoryview, position: int) -> int | None:
        """Take a block; where the next one begins, or None if this one is not whole yet."""
        if len(data) < position + self._HEAD.size:
            return None
        _, _, indicator, _, publication, _, size, _, total = self._HEAD.unpack_from(data, position)
        position += self._HEAD.size
        fields: list[memoryview] = []
        for _ in _KINDS:
            if len(data) < position + 4:
                return None
            (length,) = struct.unpack_from(">i", data, position)
            position += 4 + length
            if len(data) < position:
                return None
            fields.append(data[position - length : position])
        name = indicator, publication
        if name not in self._columns:
            self._columns[name] = _columns(total)
        self._received[name] = self._received.get(name, 0) + size
        start, wanted = self._filled.get(name, 0), self._rests.get(indicator)
        self._filled[name] = coding.decode(fields, size, self._columns[name], start, wanted)
        return position


def _columns(size: int) -> tuple[np.ndarray, ...]:
    """Room for figures, in one piece: so it comes in large pages."""
    kinds = [np.dtype(kind) for kind in _KINDS]
    room = np.empty(size * sum(kind.itemsize for kind in kinds), dtype=np.uint8)
    ends = np.cumsum([size * kind.itemsize for kind in kinds]).tolist()
    return tuple(
        room[start:end].view(kind)
        for kind, start, end in zip(kinds, [0, *ends], ends, strict=False)
    )


def _int(value: int, size: int) -> bytes:
    return struct.pack(">iq" if size == 8 else ">ii", size, value)


def _ints(values: Sequence[int] | None) -> bytes:
    """An array of integers, or null."""
    if values is None:
        return _NULL
    head = struct.pack(">iiIii", 1, 0, _INT4, len(values), 1)
    data = head + b"".join(struct.pack(">ii", 4, v) for v in values)
    return struct.pack(">i", len(data)) + data


def _driver(session: AnySession) -> AbstractContextManager[Any]:
    # Whoever reads with a cursor of their own has not loaded SQLAlchemy, and need not.
    from .driver import cursor_of

    return cursor_of(session)
