"""Equal keys in two sorted arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..native import kernel
from .keys import Keys

Positions = npt.NDArray[np.int64]


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


def match(a: Keys, b: Keys) -> tuple[Positions, Positions]:
    """Positions of equal keys.

    One array is followed in the other in steps that grow. So a million figures against ten million
    cost a million short searches, and periods that only one of the two has cost nothing.

    Args:
        a: sorted, unique.
        b: sorted, unique.

    Returns:
        Positions in ``a`` and in ``b``, of equal length, both ascending.
    """
    # Together, so that numpy sooner asks for large pages; it does from 4 MB on.
    in_a, in_b = np.empty((2, min(a.size, b.size)), dtype=np.int64)
    count = kernel.match(_plain(a), _plain(b), in_a, in_b)
    return in_a[:count], in_b[:count]


def look_up(needles: Keys, haystack: Keys) -> tuple[Positions, Positions]:
    """Positions of those needles that the haystack has, and where it has them.

    Args:
        needles: in any order; faster the more of it is sorted.
        haystack: sorted, unique.
    """
    found, places = np.empty((2, needles.size), dtype=np.int64)
    count = kernel.look_up(_plain(needles), _plain(haystack), found, places)
    return found[:count], places[:count]


def unequal(
    a: npt.NDArray[np.float64],
    rows: Positions,
    b: npt.NDArray[np.float64],
    places: Positions,
    factor: float,
) -> Positions:
    """Which pairs of values are not exactly equal.

    Args:
        a: values, shape ``(n,)``.
        rows: position in ``a`` of each pair's first value, shape ``(m,)``.
        b: values, shape ``(k,)``.
        places: position in ``b`` of each pair's second value, shape ``(m,)``.
        factor: by what second values are multiplied.

    Returns:
        Positions of pairs, ascending.

    Raises:
        IndexError: there is no such value.
    """
    out = np.empty(rows.size, dtype=np.int64)
    first, second = (np.ascontiguousarray(values, dtype=np.float64) for values in (a, b))
    return out[: kernel.unequal(first, _plain(rows), second, _plain(places), factor, out)]


def _plain(keys: Keys) -> Keys:
    return np.ascontiguousarray(keys, dtype=np.int64)
