"""Texts that a spreadsheet program would run instead of showing them (OWASP, CSV injection)."""

from __future__ import annotations

#: Beginnings of a formula; programs pass over white space, and some take full-width signs for
#: the narrow ones.
_SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_CONTROLS = ("\t", "\r", "\n")


def harmless(cell: str) -> str:
    """The text with an apostrophe before it if a spreadsheet would take it for a formula."""
    risky = cell.startswith(_CONTROLS) or cell.lstrip().startswith(_SIGNS)
    return f"'{cell}" if risky else cell
