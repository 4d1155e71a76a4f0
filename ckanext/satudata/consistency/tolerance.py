"""When two values agree.

Two values agree if their difference is at most the largest of

* the indicator's absolute tolerance,
* the indicator's relative tolerance times the larger magnitude,
* half a unit of the last digit of the more coarsely written value: who writes 12 ton has
  said no more than "from 11.5 to 12.5".

All functions work on whole arrays. Nothing here looks at a single figure.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from .findings import AppliedTolerance
from .frozen import frozen
from .rules import Floor
from .vocabulary import Indicator

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: Half a unit of the last written digit, by ``decimals + 128``; each the float nearest to it.
_HALF_UNIT: Floats = np.array([float(f"5e{-d - 1}") for d in range(-128, 128)])

#: What float arithmetic may add to a difference, in units of the largest magnitude involved.
#: Each value and the limit are the floats nearest to a decimal number (half an ulp each), the
#: subtraction and the limit's product round once more: two and a half ulps in all, taken as
#: four. An ulp is at most ``eps`` times the magnitude. Written figures with up to 14
#: significant digits differ by far more than that, so no real difference hides in it.
SLACK = 4 * float(np.finfo(np.float64).eps)


class Kind(IntEnum):
    """Which tolerance was the largest, and so decided."""

    ABSOLUTE = 0
    RELATIVE = 1
    ROUNDING = 2

    @property
    def word(self) -> str:
        """As :class:`~.findings.AppliedTolerance` names it."""
        return self.name.lower()


@frozen(slots=True)
class Tolerance:
    """What is granted.

    Attributes:
        absolute: in the indicator's unit.
        relative: a fraction of the larger magnitude.
        rounding: whether half a unit of the coarser last digit is granted.
    """

    absolute: float = 0.0
    relative: float = 0.0
    rounding: bool = True

    @classmethod
    def of(cls, indicator: Indicator, floor: Floor | None = None) -> Tolerance:
        """The indicator's tolerance, or the rule's where that grants more."""
        floor = floor or Floor()
        return cls(
            max(indicator.abs_tol, floor.absolute),
            max(indicator.rel_tol, floor.relative),
            floor.rounding,
        )


def half_units(decimals: npt.NDArray[np.int8]) -> Floats:
    """Half a unit of the last written digit.

    Args:
        decimals: digits after the decimal point; negative for figures written in tens,
            thousands and so on. Shape ``(n,)``.
    """
    return _HALF_UNIT[decimals.astype(np.intp) + 128]


def limits(
    a: Floats, b: Floats, half_a: Floats, half_b: Floats, tolerance: Tolerance
) -> tuple[Floats, npt.NDArray[np.uint8]]:
    """The allowed differences and which tolerance each comes from.

    Args:
        a: values, shape ``(n,)``.
        b: the values they are compared with, shape ``(n,)``.
        half_a: half units of ``a`` (:func:`half_units`), shape ``(n,)``.
        half_b: half units of ``b``, shape ``(n,)``.
        tolerance: what is granted.

    Returns:
        Allowed differences and :class:`Kind` numbers, both of shape ``(n,)``. Of equal
        tolerances the rounding is named first, then the absolute one.
    """
    limit = np.maximum(half_a, half_b) if tolerance.rounding else np.zeros(a.shape)
    kind = np.full(a.shape, Kind.ROUNDING if tolerance.rounding else Kind.ABSOLUTE, dtype=np.uint8)
    if tolerance.absolute:
        larger = tolerance.absolute > limit
        limit[larger] = tolerance.absolute
        kind[larger] = Kind.ABSOLUTE
    if tolerance.relative:
        relative = tolerance.relative * np.maximum(np.abs(a), np.abs(b))
        larger = relative > limit
        limit[larger] = relative[larger]
        kind[larger] = Kind.RELATIVE
    return limit, kind


def within(a: Floats, b: Floats, limit: Floats) -> Bools:
    """Whether differences stay within limits, float noise aside; never true for NaN."""
    scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), limit)
    return np.abs(a - b) <= limit + SLACK * scale


def agree(
    a: Floats, b: Floats, half_a: Floats, half_b: Floats, tolerance: Tolerance
) -> tuple[Bools, Floats, npt.NDArray[np.uint8]]:
    """Whether values agree, what was allowed, and by which tolerance.

    Args and shapes as :func:`limits`.
    """
    limit, kind = limits(a, b, half_a, half_b, tolerance)
    return within(a, b, limit), limit, kind


@lru_cache(maxsize=1024)
def applied(kind: int, amount: float) -> AppliedTolerance:
    """One decision, for a finding; most of a table's are the same."""
    return AppliedTolerance(Kind(kind).word, float(amount))
