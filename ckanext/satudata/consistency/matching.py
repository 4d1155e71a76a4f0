"""Equal keys in two sorted arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .keys import PERIOD_SHIFT, Keys, period_span

Positions = npt.NDArray[np.int64]

#: Fewer keys are searched as fast as they are sieved.
_MANY = 16_384
#: Keys that many times as many as others cost more to look at than to search for those.
_LONGEST_GRID = 16
#: Periods of a grid that are looked at together.
_ROWS = 64
#: Keys that many times as many as those they are looked up in cost more to sieve than those to
#: look up in them.
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


def match_overlap(a: Keys, b: Keys, sieve: Sieve | None = None) -> tuple[Positions, Positions]:
    """As :func:`match`, searching only the periods in which the two arrays overlap.

    Args:
        a: sorted, unique.
        b: sorted, unique.
        sieve: one made of ``a``; worth it where ``a`` is matched with several arrays.
    """
    if not a.size or not b.size:
        return _NOTHING
    in_b = within_span(b, *period_span(a))
    in_a = within_span(a, *period_span(b))
    some_a, some_b = a[in_a], b[in_b]
    if not some_a.size or not some_b.size:
        return _NOTHING
    grids = _grids(some_a, some_b)
    if grids is not None:
        at_a, at_b = _match_grids(*grids)
    elif sieve is not None and 0 < some_b.size <= _LONGER * some_a.size:
        at_b, at_a = look_up(some_b, some_a, sieve)
    else:
        at_a, at_b = match(some_a, some_b)
    return at_a + in_a.start, at_b + in_b.start


@dataclass(frozen=True)
class _Grid:
    """Keys with the same regions and classifications in each period, as most tables have them.

    Attributes:
        periods: keys with nothing below the period, ascending.
        places: what stands below the period, ascending.
    """

    periods: Keys
    places: Keys

    @classmethod
    def of(cls, keys: Keys) -> _Grid | None:
        """The grid that keys make, or None if they make none; they are sorted and unique."""
        begin = int(keys[0]) >> PERIOD_SHIFT << PERIOD_SHIFT
        width = int(np.searchsorted(keys, begin + (1 << PERIOD_SHIFT)))
        if keys.size % width:
            return None
        rows = keys.reshape(-1, width)
        periods = rows[:, 0] >> PERIOD_SHIFT << PERIOD_SHIFT
        places = rows[0] - begin
        # Its ends tell of most tables that are no grid.
        for column in (0, -1):
            if not bool((rows[:, column] - periods == places[column]).all()):
                return None
        same = all(
            bool(
                (rows[start : start + _ROWS] == periods[start : start + _ROWS, None] + places).all()
            )
            for start in range(0, len(rows), _ROWS)
        )
        return cls(periods, places) if same else None


def _grids(a: Keys, b: Keys) -> tuple[_Grid, _Grid] | None:
    """Both as grids, if they are and there is anything to gain."""
    short, long = sorted((a.size, b.size))
    if short < _MANY or long > _LONGEST_GRID * short:
        return None
    one = _Grid.of(a)
    other = _Grid.of(b) if one is not None else None
    return None if one is None or other is None else (one, other)


def _match_grids(a: _Grid, b: _Grid) -> tuple[Positions, Positions]:
    """As :func:`match`: periods and places are searched once each, not every key."""
    in_a, in_b = match(a.periods, b.periods)
    at_a, at_b = match(a.places, b.places)
    return (
        (in_a[:, None] * a.places.size + at_a).ravel(),
        (in_b[:, None] * b.places.size + at_b).ravel(),
    )


def look_up(
    needles: Keys, haystack: Keys, sieve: Sieve | None = None
) -> tuple[Positions, Positions]:
    """Positions of those needles that the haystack has, and where it has them.

    Args:
        needles: in any order; faster the more of it is sorted.
        haystack: sorted, unique, not empty.
        sieve: one made of the haystack, or of more.
    """
    possible = sieve.possible(needles) if sieve is not None else None
    if possible is None:
        return _search(needles, haystack)
    found, at = _search(needles[possible], haystack)
    return possible[found], at


def _search(needles: Keys, haystack: Keys) -> tuple[Positions, Positions]:
    at = np.searchsorted(haystack, needles)
    at[at == haystack.size] = haystack.size - 1
    found = np.flatnonzero(haystack[at] == needles)
    return found, at[found]


class Sieve:
    """Tells of most keys, without a search, that they are not among given ones.

    Two tables of the same days mostly differ in regions or classifications: what stands
    below the period in a key takes few values. Hashing that part of each key costs a tenth
    of a search.

    Args:
        keys: the given ones.
    """

    def __init__(self, keys: Keys) -> None:
        self._seen: npt.NDArray[np.bool_] | None = None
        if keys.size < _MANY:
            return
        seen = np.zeros(1 << _HASH_BITS, dtype=bool)
        for _, hashes in _hashed(keys):
            seen[hashes] = True
        # Where half the table is taken, it lets too much pass.
        if np.count_nonzero(seen) <= seen.size // 2:
            self._seen = seen

    def possible(self, keys: Keys) -> Positions | None:
        """Positions of the keys that may be among the given ones; none that is is left out.

        Returns:
            The positions, or None where sieving is of no use.
        """
        if self._seen is None or keys.size < _MANY:
            return None
        passed = [np.flatnonzero(self._seen.take(h)) + start for start, h in _hashed(keys)]
        return np.concatenate(passed)


def _hashed(keys: Keys) -> Iterator[tuple[int, Positions]]:
    """Hashes of what stands below the period, piece by piece; the array is used again."""
    buffer = np.empty(_PIECE, dtype=np.uint64)
    for start in range(0, keys.size, _PIECE):
        piece = keys[start : start + _PIECE]
        out = buffer[: piece.size]
        np.bitwise_and(piece.astype(np.int64, copy=False).view(np.uint64), _BELOW_PERIOD, out=out)
        np.multiply(out, _SPREAD, out=out)
        np.right_shift(out, np.uint64(64 - _HASH_BITS), out=out)
        yield start, out.view(np.int64)
