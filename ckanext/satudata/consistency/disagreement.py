"""Objects that are shown with several values: which of them no longer agree.

The gate compares a candidate with what is public (:mod:`.compare`). Here public figures are
compared with each other, to foresee what a change of tolerance would do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .agreements import NONE, Agreed, Pairs, settled
from .keys import Keys
from .observations import Published
from .tolerance import Tolerance, agree, half_units


def disagreeing(
    published: Sequence[Published], tolerance: Tolerance, agreed: Agreed | None = None
) -> Keys:
    """The objects two of whose public values differ by more than is granted.

    Args:
        published: publications of one indicator, in its unit.
        tolerance: what is granted.
        agreed: agreements in force; pairs that one of them lets stand do not count.

    Returns:
        Their packed keys, ascending, each once.
    """
    if len(published) < 2:
        return np.empty(0, dtype=np.int64)
    keys = np.concatenate([p.keys for p in published])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    repeated = np.zeros(keys.shape, dtype=bool)
    repeated[1:] = keys[1:] == keys[:-1]
    repeated[:-1] |= repeated[1:]
    keys, order = keys[repeated], order[repeated]
    names = [p.publication.organization for p in published]
    owners = np.repeat(np.arange(len(published)), [len(p) for p in published])[order]
    values = np.concatenate([p.values for p in published])[order]
    halves = half_units(np.concatenate([p.decimals for p in published])[order])
    found = []
    # Each value meets the next one of its object, then the one after that, and so on: agreeing
    # is not transitive.
    for distance in range(1, len(published)):
        first = np.flatnonzero(keys[distance:] == keys[:-distance])
        if not first.size:
            break
        second = first + distance
        fine, _, _ = agree(values[first], values[second], halves[first], halves[second], tolerance)
        first, second = first[~fine], second[~fine]
        pairs = Pairs(
            keys[first],
            (values[first], values[second]),
            (halves[first], halves[second]),
            (owners[first], owners[second]),
            names,
        )
        found.append(keys[first][settled(pairs, agreed, tolerance) == NONE])
    return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
