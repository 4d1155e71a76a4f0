"""Guesses at why two values differ. They help a person look; they decide nothing."""

from __future__ import annotations

import math
from functools import lru_cache
from operator import ne

from .findings import Cause

#: A figure rounded to tens or thousands is off by little; beyond this share it is another figure.
_ROUNDED_SHARE = 0.05
#: With fewer digits, any two numbers are one keystroke apart.
_DIGITS = 3


def guess(a: float, b: float, half_a: float, half_b: float) -> Cause:
    """The likeliest cause of a difference, by the two numbers alone.

    Args:
        a: one value.
        b: the other value.
        half_a: half a unit of the last written digit of ``a``.
        half_b: the same of ``b``.

    Returns:
        ``TRANSPOSED_DIGITS`` if two neighbouring digits are swapped (12,435 for 12,345);
        ``ROUNDING`` if one is the other cut off or rounded to fewer digits; else ``UNKNOWN``.
    """
    unit = 2 * min(half_a, half_b)
    if not (math.isfinite(a) and math.isfinite(b) and unit > 0):
        return Cause.UNKNOWN
    x, y = round(a / unit), round(b / unit)
    coarse = round(2 * max(half_a, half_b) / unit)
    if _swapped(abs(x), abs(y)) and (x < 0) == (y < 0):
        return Cause.TRANSPOSED_DIGITS
    if abs(x - y) > _ROUNDED_SHARE * max(abs(x), abs(y)):
        return Cause.UNKNOWN
    if abs(x - y) <= coarse or _rounded(x, y) or _rounded(y, x):
        return Cause.ROUNDING
    return Cause.UNKNOWN


def mistyped(a: float, b: float, half_a: float, half_b: float) -> bool:
    """Whether one digit was struck wrong, left out or struck twice; arguments as :func:`guess`."""
    unit = 2 * min(half_a, half_b)
    if not (math.isfinite(a) and math.isfinite(b) and unit > 0 and a * b > 0):
        return False
    x, y = str(abs(round(a / unit))), str(abs(round(b / unit)))
    if min(len(x), len(y)) < _DIGITS:
        return False
    if len(x) == len(y):
        return sum(map(ne, x, y)) == 1
    shorter, longer = sorted((x, y), key=len)
    return len(longer) == len(shorter) + 1 and any(
        longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer))
    )


def tidy(difference: float, half_a: float, half_b: float) -> float:
    """A difference without float noise: with as many decimals as the more exact value has."""
    return round(difference, _decimals(min(half_a, half_b)))


@lru_cache(maxsize=256)
def _decimals(half: float) -> int:
    """Digits behind the point of what is written with this half unit."""
    return round(-math.log10(2 * half))


def _swapped(x: int, y: int) -> bool:
    # The same digits in another order differ by a multiple of nine.
    if (x - y) % 9:
        return False
    a, b = str(x), str(y)
    if len(a) != len(b):
        return False
    at = [i for i, (p, q) in enumerate(zip(a, b, strict=True)) if p != q]
    return len(at) == 2 and at[1] == at[0] + 1 and a[at[0]] == b[at[1]] and a[at[1]] == b[at[0]]


def _rounded(exact: int, coarse: int) -> bool:
    """Whether ``coarse`` is ``exact`` to fewer digits, by rounding or by cutting off."""
    if coarse == 0 or coarse % 10:
        return False
    digits = str(abs(coarse))
    step = 10 ** (len(digits) - len(digits.rstrip("0")))
    return abs(exact - coarse) < step
