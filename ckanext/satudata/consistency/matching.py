"""Equal keys in two sorted arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .keys import Keys

Positions = npt.NDArray[np.int64]

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
    at = np.searchsorted(haystack, needles)
    at[at == haystack.size] = haystack.size - 1
    found = np.flatnonzero(haystack[at] == needles)
    return found, at[found]
