"""What cells of a measure turn out to be."""

from __future__ import annotations

from enum import IntEnum


class State(IntEnum):
    """What a cell of a measure turned out to be."""

    OK = 0
    MISSING = 1
    UNREADABLE = 2
    SCIENTIFIC = 3
    FORMULA_ERROR = 4
    UNCALCULATED = 5
    OTHER_NOTATION = 6
    TOO_LARGE = 7
    OTHER_UNIT = 8
    NOT_A_NUMBER_CELL = 9
