"""Figures of other indicators that can stand beside those of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from .. import keys as packing
from ..case import Case
from ..compare import Column
from ..matching import Positions
from ..observations import Figures
from ..vocabulary import Indicator, normalise


def comparable(
    case: Case, others: Iterable[Indicator], indicator: Indicator
) -> Iterator[tuple[Indicator, float]]:
    """Those of other indicators that measure the same.

    A share of the poor and a number of the poor have one konsep, but nobody takes one for
    the other; so ukuran must be equal and units convertible.

    Yields:
        The other indicator, and by what its values are multiplied to be in the indicator's unit.
    """
    for other in others:
        if normalise(other.ukuran) != normalise(indicator.ukuran):
            continue
        if other.unit == indicator.unit:
            yield other, 1.0
            continue
        ratio = case.book.units.ratio(other.unit, indicator.unit)
        if ratio is not None:
            yield other, float(ratio)


def in_layout_of(other: Indicator, figures: Figures, rows: Positions | None = None) -> Column:
    """Figures as those of another indicator; objects it cannot speak of are left out.

    Args:
        other: whose layout is wanted.
        figures: the candidate's.
        rows: positions therein, ascending; None for all.
    """
    rows = np.arange(len(figures)) if rows is None else rows
    keys, possible = packing.translate(figures.keys[rows], figures.indicator, other)
    keys, rows = keys[possible], rows[possible]
    order = np.argsort(keys, kind="stable")
    rows = rows[order]
    return Column(keys[order], figures.values[rows], figures.decimals[rows], rows)
