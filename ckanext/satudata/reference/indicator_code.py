"""Codes of indicators: a standard's konsep and definisi, or a local code."""

from __future__ import annotations

import re

_STANDARD = re.compile(r"(?P<konsep>[A-Z]{1,2}\d{5})\.\d{2}(-[a-z0-9]+)?")
_FULL = re.compile(r"([A-Z]{1,2}\d{5}\.\d{2})\.\d{2}")
_LOCAL = re.compile(r"LOK\.[A-Z0-9_]+")


def canonical(text: str) -> str | None:
    """The indicator code meant by ``text``, or None if it cannot be one.

    Full codes of the standard (``SD00282.01.02``) name a classification as well; figures are
    compared at definition level, so that part is left out (Peraturan BPS 4/2021).

    Args:
        text: a code in any case, with spaces around it.
    """
    code = text.strip()
    head, dash, measure = code.partition("-")
    code = f"{head.upper()}{dash}{measure.lower()}"
    full = _FULL.fullmatch(code)
    if full:
        return full[1]
    return code if _STANDARD.fullmatch(code) or _LOCAL.fullmatch(code) else None


def konsep_of(code: str) -> str | None:
    """The konsep a standard's code belongs to (``SD00282``), or None for a local code."""
    found = _STANDARD.fullmatch(code)
    return found["konsep"] if found else None
