"""Converting measured values between units without losing the last digit."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ..consistency.vocabulary import CodeBook, Unit

#: Up to here a float8 holds every integer.
_EXACT = float(1 << 53)
#: 10**22 is the largest power of ten that a float8 holds exactly.
_EXACT_POWER = 22

Floats = npt.NDArray[np.float64]
Decimals = npt.NDArray[np.int8]


def comes_whole(unit: Unit) -> bool:
    """Whether a unit is only counted in ones: people, pieces, rupiah (no sen are in use)."""
    counted = unit.quantity.startswith("cacah") and unit.factor == 1
    return counted or unit.code == "rupiah" or unit.code.startswith("rupiah-per-")


def same_unit(written: str, unit: Unit, book: CodeBook) -> bool:
    """Whether what is written behind (or, as ``rp``, before) a number is the given unit."""
    if written == "rp":
        return "rupiah" in unit.code
    found = book.units.find(written)
    return found is not None and found.code == unit.code


def convert(values: Floats, decimals: Decimals, ratio: Decimal) -> tuple[Floats, Decimals]:
    """Convert written numbers into another unit.

    The result is the float nearest to the exact product of what was written: 12345 kg are
    12.345 ton, not 12.345000000000001. To that end the written digits, which are an integer,
    are multiplied and divided by integers, of which only the last operation can round.

    Args:
        values: as written, shape ``(n,)``.
        decimals: digits behind the decimal point as written.
        ratio: by what the values are multiplied.

    Returns:
        Values and decimals in the new unit. Decimals are shifted by the ratio's size, to
        the nearest whole digit where it is no power of ten.
    """
    if ratio == 1:
        return values, decimals
    fraction = Fraction(ratio)
    shifted = decimals - round(math.log10(float(ratio)))
    kept = np.clip(shifted, -100, 100).astype(np.int8)
    return _converted(values, decimals, fraction), kept


def _converted(values: Floats, decimals: Decimals, ratio: Fraction) -> Floats:
    most = int(decimals.max(initial=0))
    if most <= _EXACT_POWER and ratio.denominator * 10**most < _EXACT:
        power = np.power(10.0, np.arange(most + 1))[decimals]
        numerator = np.rint(values * power) * float(ratio.numerator)
        largest = float(np.max(np.abs(np.nan_to_num(numerator)), initial=0.0))
        if ratio.numerator < _EXACT and largest < _EXACT:
            return numerator / (power * float(ratio.denominator))
    return np.array([_one(v, ratio) for v in values.tolist()], dtype=np.float64)


def _one(value: float, ratio: Fraction) -> float:
    if not math.isfinite(value):
        return value
    product = Fraction(Decimal(repr(value))) * ratio
    try:
        return product.numerator / product.denominator
    except OverflowError:
        return math.copysign(math.inf, value)
