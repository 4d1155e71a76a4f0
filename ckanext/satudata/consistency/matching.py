"""Equal keys in two sorted arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .keys import PERIOD_SHIFT, Keys

Positions = npt.NDArray[np.int64]

#: From so many keys on, most that have no equal are sieved out before the search.
_MANY = 16_384
#: A haystack that much longer than the needles costs more to sieve than to search.
_LONGER = 4
#: The sieve's table, a byte for each of 2**18 hashes, stays in a core's own cache, as does a
#: piece of keys while it is hashed.
_HASH_BITS = 18
_PIECE = 32_768
#: 2**64 by the golden ratio: multiplied by it, bits that differ anywhere differ on top.
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_BELOW_PERIOD = np.uint64((1 << PERIOD_SHIFT) - 1)

_NOTHING: tuple[Positions, Positions] = (np.empty(0, np.int64), np.empty(0, np.int64))


class OrderError(ValueError):
    """Keys that must be sorted are not; a search in them would miss figures silently."""


def require_sorted(keys: Keys, *, unique: bool, what: str) -> None:
    """Refuse keys that are out of order.

    Costs a tenth of the search it protects (6 ms for ten million keys).

    Args:
        keys: shape ``(n,)``.
        unique: whether keys may not repeat either.
        what: whose keys they are, for the error.

    Raises:
        OrderError: they are not in order.
    """
    ordered = keys[1:] > keys[:-1] if unique else keys[1:] >= keys[:-1]
    if not bool(ordered.all()):
        raise OrderError(f"keys of {what} are not sorted{' or repeat' if unique else ''}")


def within_span(keys: Keys, low: int, high: int) -> slice:
    """Where keys from ``low`` to ``high`` (inclusive) stand in a sorted array."""
    start = int(np.searchsorted(keys, low, side="left"))
    return slice(start, int(np.searchsorted(keys, high, side="right")))


def match(a: Keys, b: Keys) -> tuple[Positions, Positions]:
    """Positions of equal keys.

    The shorter array is looked up in the longer one, so a million figures against ten
    million cost a million searches, and thousands of tiny tables against a million figures
    cost as many searches as the tables have rows.

    Args:
        a: sorted, unique.
        b: sorted, unique.

    Returns:
        Positions in ``a`` and in ``b``, of equal length, both ascending.
    """
    if not a.size or not b.size:
        return _NOTHING
    if a.size <= b.size:
        return look_up(a, b)
    in_b, in_a = look_up(b, a)
    return in_a, in_b


def match_overlap(a: Keys, b: Keys) -> tuple[Positions, Positions]:
    """As :func:`match`, searching only where the two arrays overlap."""
    if not a.size or not b.size:
        return _NOTHING
    in_b = within_span(b, int(a[0]), int(a[-1]))
    in_a = within_span(a, int(b[0]), int(b[-1]))
    at_a, at_b = match(a[in_a], b[in_b])
    return at_a + in_a.start, at_b + in_b.start


def look_up(needles: Keys, haystack: Keys) -> tuple[Positions, Positions]:
    """Positions of those needles that the haystack has, and where it has them.

    Args:
        needles: in any order; faster the more of it is sorted.
        haystack: sorted, unique, not empty.
    """
    if needles.size >= _MANY and haystack.size <= _LONGER * needles.size:
        possible = _sieved(needles, haystack)
        found, at = _search(needles[possible], haystack)
        return possible[found], at
    return _search(needles, haystack)


def _search(needles: Keys, haystack: Keys) -> tuple[Positions, Positions]:
    at = np.searchsorted(haystack, needles)
    at[at == haystack.size] = haystack.size - 1
    found = np.flatnonzero(haystack[at] == needles)
    return found, at[found]


def _sieved(needles: Keys, haystack: Keys) -> Positions:
    """Positions of the needles that the haystack may have; none that it has is left out.

    Two tables of the same days mostly differ in regions or classifications: what stands
    below the period in a key takes few values. Hashing that part of each key costs a tenth
    of a search.
    """
    seen = np.zeros(1 << _HASH_BITS, dtype=bool)
    buffer = np.empty(_PIECE, dtype=np.uint64)
    for start in range(0, haystack.size, _PIECE):
        seen[_hashes(haystack[start : start + _PIECE], buffer)] = True
    if np.count_nonzero(seen) > seen.size // 2:
        return np.arange(needles.size)
    pieces = [
        np.flatnonzero(seen.take(_hashes(needles[start : start + _PIECE], buffer))) + start
        for start in range(0, needles.size, _PIECE)
    ]
    return np.concatenate(pieces)


def _hashes(keys: Keys, buffer: npt.NDArray[np.uint64]) -> Positions:
    """Hashes of what stands below the period, in ``buffer``."""
    out = buffer[: keys.size]
    np.bitwise_and(keys.astype(np.int64, copy=False).view(np.uint64), _BELOW_PERIOD, out=out)
    np.multiply(out, _SPREAD, out=out)
    np.right_shift(out, np.uint64(64 - _HASH_BITS), out=out)
    return out.view(np.int64)
