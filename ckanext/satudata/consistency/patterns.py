"""Patterns that are compiled when they are first used.

Most tables need few of the many patterns that odd cells are recognised by, and compiling all of
them takes longer than reading a hundred thousand rows.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, Generic, cast


class _Pattern(Generic[AnyStr]):
    """Stands for a pattern; what is asked of it is kept, so that it is asked once."""

    def __init__(self, text: AnyStr, flags: int) -> None:
        self._given = text, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(re.compile(*self._given), name)
        setattr(self, name, found)
        return found


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As ``re.compile``, later.

    Args:
        text: the pattern.
        flags: those of :mod:`re`.
    """
    return cast("re.Pattern[AnyStr]", _Pattern(text, flags))
