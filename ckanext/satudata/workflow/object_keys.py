"""Objects named by their codes, as packed keys."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ckanext.satudata.consistency import keys, period
from ckanext.satudata.consistency.vocabulary import REGION, TOTAL, CodeBook, Indicator


def pack(
    indicator: Indicator, region: str, when: str, rest: Mapping[str, str], book: CodeBook
) -> int | None:
    """An object named by its codes as a packed key; None if a code does not exist (any more).

    Args:
        indicator: whose layout is used.
        region: canonical code, or ``_T``.
        when: canonical text of the period.
        rest: further dimension -> code.
        book: the code lists.
    """

    def index(codelist: str, code: str) -> int | None:
        if code == TOTAL:
            return 0
        found = book.codelists[codelist].get(code) if codelist in book.codelists else None
        return found.index if found else None

    columns: dict[str, np.ndarray] = {}
    place = index(REGION, region)
    for name, code in rest.items():
        dimension = indicator.dimension(name)
        position = index(dimension.codelist, code) if dimension else None
        if position is None:
            return None
        columns[name] = np.array([position], dtype=np.int64)
    if place is None:
        return None
    try:
        time = np.array([period.parse(when).packed], dtype=np.int64)
        packed = keys.pack(indicator, time, np.array([place], dtype=np.int64), columns)
    except ValueError:
        return None
    return int(packed[0])
