"""Objects that are shown with several values: which of them no longer agree.

The gate compares a candidate with what is public (:mod:`.compare`). Here public figures are
compared with each other, to foresee what a change of tolerance would do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .keys import Keys
from .observations import Published
from .tolerance import Tolerance, agree, half_units


def disagreeing(published: Sequence[Published], tolerance: Tolerance) -> Keys:
    """The objects two of whose public values differ by more than is granted.

    Args:
        published: publications of one indicator, in its unit.
        tolerance: what is granted.

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
        found.append(keys[first[~fine]])
    return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
