"""Cells as calamine hands them out -> text columns.

A code must not pass through a number: text stays as it is; a number prints as a spreadsheet
would type it, integers without a decimal point, others with the fewest digits that still
mean exactly the same float.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..raw import CellType

if TYPE_CHECKING:
    import polars as pl

_TYPES: dict[type, CellType] = {
    str: CellType.TEXT,
    int: CellType.NUMBER,
    float: CellType.NUMBER,
    bool: CellType.BOOL,
    date: CellType.DATE,
    datetime: CellType.DATE,
    time: CellType.DATE,
    timedelta: CellType.DATE,
}
#: Up to here every float that is an integer prints like one.
_WHOLE = 1e18


def column(values: Sequence[Any]) -> tuple[pl.Series, npt.NDArray[np.uint8] | None]:
    """One column as text.

    Args:
        values: cells, ``n`` of them.

    Returns:
        The texts, shape ``(n,)``, null where empty; and the cell types, None if all is text.
    """
    import polars as pl

    kinds = set(map(type, values))
    if kinds <= {str}:
        return _blank_to_null(pl.Series(values, dtype=pl.String)), None
    if kinds <= {str, float, int}:
        is_text = np.array([type(v) is str for v in values], dtype=bool)
        types = np.where(is_text, np.uint8(CellType.TEXT), np.uint8(CellType.NUMBER))
        return _numbers_and_text(values, is_text), types
    types = np.array([_TYPES.get(kind, CellType.TEXT) for kind in map(type, values)], np.uint8)
    if len(kinds & {int, float, bool}) > 1:
        # 1, 1.0 and True are one key.
        return pl.Series([_text(v) for v in values], dtype=pl.String), types
    texts = {value: _text(value) for value in set(values)}
    return pl.Series([texts[v] for v in values], dtype=pl.String), types


def as_percent(text: str) -> str:
    """What a cell formatted as per cent shows: ``0.125`` is ``12.5%``."""
    shown = format((Decimal(text) * 100).normalize(), "f")
    return f"{shown}%"


def _numbers_and_text(values: Sequence[Any], is_text: npt.NDArray[np.bool_]) -> pl.Series:
    import polars as pl

    at = np.flatnonzero(is_text).tolist()
    bare = list(values)
    for i in at:
        bare[i] = None
    numbers = pl.Series(bare, dtype=pl.Float64, strict=False)
    whole = (numbers == numbers.floor()) & (numbers.abs() < _WHOLE)
    integers = numbers.zip_with(whole, pl.Series([None], dtype=pl.Float64)).cast(pl.Int64)
    texts = integers.cast(pl.String)
    if not whole.all(ignore_nulls=True):
        texts = texts.fill_null(numbers.cast(pl.String))
        odd = texts.str.contains("[eEaN]").fill_null(value=False)
        if odd.any():
            texts = texts.scatter(odd.arg_true(), [_number(v) for v in numbers.filter(odd)])
    if at:
        texts = texts.scatter(at, pl.Series([values[i] or None for i in at], dtype=pl.String))
    return texts


def _blank_to_null(series: pl.Series) -> pl.Series:
    return series.set(series == "", None)


def _text(value: Any) -> str | None:
    match value:
        case str():
            return value or None
        case bool():
            return "TRUE" if value else "FALSE"
        case float() | int():
            return _number(float(value))
        case datetime():
            if value.time() == time.min:
                return value.date().isoformat()
            return value.isoformat(sep=" ", timespec="seconds")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat(timespec="seconds")
    return str(value)


def _number(value: float) -> str:
    if value == int(value) if abs(value) < _WHOLE else False:
        return str(int(value))
    return format(Decimal(repr(value)), "f")
