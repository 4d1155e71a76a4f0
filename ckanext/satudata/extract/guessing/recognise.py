"""Which indicator a column resembles that was declared to hold none."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from ...consistency.vocabulary import CodeBook, Indicator
from . import grid, headings
from .context import gather
from .figures import Understanding
from .indicators import Ranking
from .result import Notes

if TYPE_CHECKING:
    from ..raw import RawTable

#: Score from which on an indicator is worth naming.
_NEAR = 0.6


def recognise(table: RawTable, book: CodeBook, positions: Collection[int]) -> dict[int, Indicator]:
    """Name the indicators that columns seem to hold.

    Args:
        table: the sheet.
        book: whose indicators are compared.
        positions: 0-based columns to look at.

    Returns:
        Column -> the likeliest indicator; columns that resemble none are left out.
    """
    found = grid.read(table)
    columns = [c for c in found.columns if c.position in positions]
    if not columns:
        return {}
    context = gather(table, found, {})
    understanding = Understanding(book, context, Ranking(book), Notes())
    out: dict[int, Indicator] = {}
    for figure in understanding.figures(headings.read(columns, book, ()), (), unit_column=False):
        near = [c["value"] for c in figure.decision.candidates if c["score"] >= _NEAR]
        likely = figure.indicator or (book.indicators.get(near[0]) if near else None)
        if likely is not None:
            out[figure.column.position] = likely
    return out
