"""Figures of parts made into the figure of the whole, exactly, and parts that stand out.

What cannot be known is not made up: a whole of which a part or a weight is missing has no value
(:class:`.relations.Mode` ``non_null``), and the missing parts are named. A missing figure is never
counted as zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import Enum

from .frozen import frozen

#: Enough digits for sums of exact figures and for means before they are rounded.
_CONTEXT = Context(prec=60)

#: A modified z-score above this marks a value that stands out.
#: Source: Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993).
STANDS_OUT = 3.5
#: Makes the median absolute deviation comparable with a standard deviation.
_NORMAL = 0.6745
#: Fewer values than this tell nothing about what is usual.
LEAST = 5


class Method(str, Enum):
    """How the figure of a whole follows from those of its parts."""

    __str__ = str.__str__

    SUM = "jumlah"
    WEIGHTED_MEAN = "rata-rata-tertimbang"
    MEAN = "rata-rata"
    LARGEST = "terbesar"
    SMALLEST = "terkecil"
    #: The parts say nothing of the whole (an index, a rank).
    NONE = "tanpa"


@frozen(slots=True)
class Whole:
    """The figure of a whole.

    Attributes:
        value: the figure, or None where it cannot be known.
        missing: parts without a figure, in the given order.
        unweighted: parts without a usable weight, in the given order.
    """

    value: Decimal | None
    missing: tuple[str, ...] = ()
    unweighted: tuple[str, ...] = ()


def combine(
    method: Method,
    parts: Mapping[str, Decimal | None],
    weights: Mapping[str, Decimal | None] | None = None,
) -> Whole:
    """The figure of the whole.

    Means are rounded, half away from zero, to as many decimals as the finest part has.

    Args:
        method: how.
        parts: part -> its figure, None where there is none.
        weights: part -> its weight; asked for weighted means only.
    """
    missing = tuple(name for name, value in parts.items() if value is None)
    if method is Method.NONE or not parts:
        return Whole(None, missing)
    unweighted: tuple[str, ...] = ()
    if method is Method.WEIGHTED_MEAN:
        given = weights or {}
        unweighted = tuple(n for n in parts if (w := given.get(n)) is None or w < 0)
    if missing or unweighted:
        return Whole(None, missing, unweighted)
    values = {name: value for name, value in parts.items() if value is not None}
    match method:
        case Method.SUM:
            return Whole(_sum(list(values.values())))
        case Method.LARGEST:
            return Whole(max(values.values()))
        case Method.SMALLEST:
            return Whole(min(values.values()))
        case Method.MEAN:
            by = dict.fromkeys(values, Decimal(1))
        case Method.WEIGHTED_MEAN:
            by = {n: w for n in values if (w := (weights or {}).get(n)) is not None}
    total = _sum(list(by.values()))
    if not total:
        return Whole(None, unweighted=tuple(parts))
    weighed = _sum([_CONTEXT.multiply(values[n], by[n]) for n in values])
    finest = Decimal(1).scaleb(-max(decimals(v) for v in values.values()))
    mean = _CONTEXT.divide(weighed, total)
    return Whole(mean.quantize(finest, rounding=ROUND_HALF_UP, context=_CONTEXT))


def decimals(value: Decimal) -> int:
    """Digits behind the decimal point, as written."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def outliers(values: Mapping[str, float]) -> dict[str, float]:
    """Values that stand out from the others, by median and median absolute deviation.

    Args:
        values: name -> value.

    Returns:
        Name -> modified z-score, of those beyond :data:`STANDS_OUT`; nothing where there are
        fewer than :data:`LEAST` values. Where more than half are equal, nothing is usual
        enough to be measured by, and nothing is returned either.
    """
    if len(values) < LEAST:
        return {}
    centre = _median(list(values.values()))
    spread = _median([abs(v - centre) for v in values.values()])
    if spread == 0:
        return {}
    scores = {name: _NORMAL * (v - centre) / spread for name, v in values.items()}
    return {name: score for name, score in scores.items() if abs(score) > STANDS_OUT}


def _sum(values: Sequence[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = _CONTEXT.add(total, value)
    return total


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2
