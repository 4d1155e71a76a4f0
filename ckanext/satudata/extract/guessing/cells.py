"""What single cells look like, before anything is known of their column."""

from __future__ import annotations

import re
from functools import lru_cache

from .words import is_missing

_PLAIN = re.compile(r"[-+−]?\s*(?:rp\.?\s*)?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?\s*%?", re.IGNORECASE)
_GROUPED = re.compile(
    r"[-+−]?\s*(?:rp\.?\s*)?\d{1,3}(?:([.,'\s])\d{3})(?:\1\d{3})*(?:[.,]\d+)?\s*%?", re.IGNORECASE
)
_MARKS = re.compile(r"(?<=\d)\s*(?:\*+\)?|r\)|\*\)|[a-z]\))$", re.IGNORECASE)
_YEAR = re.compile(r"(?:19[5-9]\d|20\d\d)")
_ORDINAL = re.compile(r"\(?\s*(\d{1,3})\s*\)?")


@lru_cache(maxsize=20_000)
def is_number(text: str) -> bool:
    """Whether a cell reads as a number in Indonesian or English notation.

    Codes such as ``61.05.01`` do not: their parts are no groups of three.
    """
    bare = _MARKS.sub("", text.strip())
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1].strip()
    return bool(_PLAIN.fullmatch(bare) or _GROUPED.fullmatch(bare))


def is_year(text: str) -> bool:
    """Whether a cell is a bare year from 1950 to 2099."""
    return bool(_YEAR.fullmatch(text.strip()))


def is_figure(text: str) -> bool:
    """Whether a cell holds a number or a mark for a missing one."""
    return is_number(text) or is_missing(text)


def ordinal(text: str) -> int | None:
    """The number in ``(3)`` or ``3``, as in the line that numbers a table's columns."""
    match = _ORDINAL.fullmatch(text.strip())
    return int(match.group(1)) if match else None
