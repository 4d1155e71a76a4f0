"""How a block's columns become bytes: as narrow as its figures allow.

Every column has a plain form and a shorter one, told apart by their length. All numbers are
little-endian; ``n`` is the block's number of figures.

========  ===============================  ====================================================
column    plain                            shorter
========  ===============================  ====================================================
keys      ``n`` int64                      dictionary: see below
values    ``n`` float8                     ``n`` int4: value times ``10**e``; ``e`` is the
                                           largest of the block's decimals, at least 0
decimals  ``n`` bytes                      one byte that holds for all
status    ``n`` bytes                      one byte that holds for all
========  ===============================  ====================================================

A table of regions and commodities over time names the same regions and commodities in each
period. So the shorter form of the keys is: number of periods and number of dictionary entries
(int4 each), periods as keys with nothing below (int64 each), the dictionary of what stands below
the period (int64 each, ascending), how many figures each period has (int4 each), and for each
figure its dictionary entry (two bytes). A form that would not be shorter is not used. Values are
written as int4 only if dividing gives back the same bits. ``satudata_figures()`` in the database
decodes the same.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ckanext.satudata.consistency.keys import PERIOD_SHIFT, REST_MASK, Keys, rest_of
from ckanext.satudata.native import kernel

Floats = npt.NDArray[np.float64]

#: Blocks with more classifications do not list them.
MOST_RESTS = 64

_HEAD = struct.Struct("<ii")
_BELOW = np.int64((1 << PERIOD_SHIFT) - 1)
#: Largest power of ten that float8 holds exactly.
_MOST_DECIMALS = 22
_INT4 = 1 << 31


def encode(
    keys: Keys, values: Floats, decimals: npt.NDArray[np.int8], status: npt.NDArray[np.uint8]
) -> tuple[bytes, bytes, bytes, bytes]:
    """A block's columns as bytes.

    Args:
        keys: ascending, unique, shape ``(n,)``; n is at least 1 and at most 65,536.
        values: shape ``(n,)``.
        decimals: shape ``(n,)``.
        status: shape ``(n,)``.
    """
    digits = np.ascontiguousarray(decimals, dtype="i1")
    return (
        _keys(keys),
        _values(np.ascontiguousarray(values, dtype="<f8"), _exponent(digits)),
        _bytes(digits),
        _bytes(np.ascontiguousarray(status, dtype="u1")),
    )


def decode(
    fields: Sequence[memoryview],
    count: int,
    columns: Sequence[np.ndarray],
    start: int = 0,
    wanted: npt.NDArray[np.int64] | None = None,
) -> int:
    """Fill columns from what :func:`encode` made.

    Args:
        fields: the bytes of keys, values, decimals and status.
        count: the block's number of figures.
        columns: keys, values, decimals and status of all blocks together.
        start: where this block's figures begin in them.
        wanted: classifications (:func:`~.keys.rest_of`), ascending; figures of others are left
            out. None: all.

    Returns:
        Where they end.

    Raises:
        ValueError: the block is damaged.
    """
    keys, values, decimals, status = fields
    return kernel.decode(keys, values, decimals, status, count, wanted, REST_MASK, start, *columns)


def rests(keys: Keys, encoded: bytes) -> list[int] | None:
    """The classifications of a block's figures, so that one without any wanted is not read.

    Args:
        keys: the block's keys.
        encoded: their bytes.

    Returns:
        Each different classification once; None where there are more than :data:`MOST_RESTS`.
    """
    entries = keys if len(encoded) == 8 * keys.size else _parts(memoryview(encoded))[2]
    found = np.unique(rest_of(entries))
    return None if found.size > MOST_RESTS else found.tolist()


def _keys(keys: Keys) -> bytes:
    n = keys.size
    period = keys & ~_BELOW
    starts = np.flatnonzero(np.concatenate(([True], period[1:] != period[:-1])))
    counts = np.diff(np.append(starts, n))
    below = keys & _BELOW
    # Within a period entries ascend, so the longest run is the dictionary, if it has them all.
    longest = int(np.argmax(counts))
    entries = below[starts[longest] : starts[longest] + counts[longest]]
    codes = _codes(below, entries, starts, counts)
    if codes is None:
        entries = np.unique(below)
        codes = np.searchsorted(entries, below)
    if _HEAD.size + 12 * starts.size + 8 * entries.size + 2 * n >= 8 * n:
        return keys.tobytes()
    return b"".join(
        (
            _HEAD.pack(starts.size, entries.size),
            period[starts].tobytes(),
            entries.tobytes(),
            counts.astype("<i4").tobytes(),
            codes.astype("<u2").tobytes(),
        )
    )


def _codes(
    below: Keys, entries: Keys, starts: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64] | None:
    """Dictionary entry of each figure; None if the dictionary lacks one."""
    codes = np.arange(below.size) - np.repeat(starts, counts)
    # A period with as many figures as there are entries has each of them, in their order.
    doubtful = np.flatnonzero(np.repeat(counts != entries.size, counts))
    at = np.searchsorted(entries, below[doubtful])
    at[at == entries.size] = 0
    codes[doubtful] = at
    return codes if bool((entries[codes] == below).all()) else None


def _parts(
    data: memoryview,
) -> tuple[Keys, npt.NDArray[np.int32], Keys, npt.NDArray[np.uint16]]:
    periods, entries = _HEAD.unpack_from(data)
    at = _HEAD.size
    entries_at = at + 8 * periods
    counts_at = entries_at + 8 * entries
    codes_at = counts_at + 4 * periods
    return (
        np.frombuffer(data, dtype="<i8", offset=at, count=periods),
        np.frombuffer(data, dtype="<i4", offset=counts_at, count=periods),
        np.frombuffer(data, dtype="<i8", offset=entries_at, count=entries),
        np.frombuffer(data, dtype="<u2", offset=codes_at),
    )


def _exponent(decimals: npt.NDArray[np.int8]) -> int:
    return max(0, int(decimals.max()))


def _values(values: Floats, exponent: int) -> bytes:
    if exponent <= _MOST_DECIMALS:
        unit = 10.0**exponent
        with np.errstate(over="ignore", invalid="ignore"):
            scaled = np.rint(values * unit)
            small = np.abs(scaled) < _INT4
        if bool(small.all()):
            whole = scaled.astype("<i4")
            if np.array_equal((whole / unit).view("<i8"), values.view("<i8")):
                return whole.tobytes()
    return values.tobytes()


def _bytes(column: npt.NDArray[np.int8] | npt.NDArray[np.uint8]) -> bytes:
    return column[:1].tobytes() if bool((column == column[0]).all()) else column.tobytes()
