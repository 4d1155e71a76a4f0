"""Keys with one part replaced, and where their periods stand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..native import kernel
from .keys import PERIOD_SHIFT, Keys
from .period import WIDTH
from .vocabulary import Dimension

_BELOW_PERIOD = np.int64((1 << PERIOD_SHIFT) - 1)

#: Keys up to which looking at each is faster than a search per period.
_FEW = 32_768


def below_period(keys: Keys) -> Keys:
    """Region and further dimensions alone: equal for one series of figures."""
    return keys & _BELOW_PERIOD


def with_dimension(keys: Keys, dimension: Dimension, index: npt.NDArray[np.int64] | int) -> Keys:
    """The keys with one further dimension replaced."""
    mask = ((1 << dimension.width) - 1) << dimension.shift
    return (keys & ~np.int64(mask)) | (np.asarray(index, dtype=np.int64) << dimension.shift)


def with_period(keys: Keys, period: npt.NDArray[np.int64] | int) -> Keys:
    """The keys with their packed period replaced."""
    return below_period(keys) | (np.asarray(period, dtype=np.int64) << PERIOD_SHIFT)


def distinct_periods(keys: Keys) -> list[tuple[int, slice]]:
    """Packed periods that occur, in order, and where their keys stand.

    Costs a search per period, not a look at each key, unless there are few of these.

    Args:
        keys: sorted.
    """
    if keys.size <= _FEW:
        periods = keys >> PERIOD_SHIFT
        inner = (np.flatnonzero(periods[1:] != periods[:-1]) + 1).tolist()
        starts = [0, *inner] if keys.size else []
        ends = [*inner, keys.size]
        return [
            (int(periods[start]), slice(start, end))
            for start, end in zip(starts, ends, strict=False)
        ]
    starts = np.empty(min(keys.size, 1 << WIDTH), dtype=np.int64)
    count = kernel.periods(np.ascontiguousarray(keys), PERIOD_SHIFT, starts)
    first = starts[:count]
    ends = [*first[1:].tolist(), keys.size]
    found = (keys[first] >> PERIOD_SHIFT).tolist()
    return [
        (p, slice(start, end)) for p, start, end in zip(found, first.tolist(), ends, strict=True)
    ]
