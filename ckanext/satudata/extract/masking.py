"""Personal data recognised by its structure, and made unreadable in whatever people are shown.

The number of a person (NIK) or of a family card (KK) has sixteen digits: two each for province,
kabupaten and kecamatan, a date as day, month and year (forty is added to a woman's day of birth),
and a serial number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from ..consistency.patterns import pattern

#: What is looked for, in the order in which it is told.
NIK, PHONE, EMAIL, NAME = "nik", "ponsel", "surel", "nama"

_DIGITS = pattern(r"(?<!\d)(?<!\d[.,])\d(?:[ .\-]?\d){15}(?!\d|[.,]\d)")
_PHONE = pattern(r"(?<![\d+])(?<!\d[.,])(?:\+?62|0)[ .\-]?8\d(?:[ .\-]?\d){7,10}(?!\d|[.,]\d)")
#: A spreadsheet drops the leading zero.
BARE_PHONE = pattern(r"8\d{8,11}")
_EMAIL = pattern(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,5}")
#: Mailboxes of bodies, not of persons.
_INSTITUTIONS = (".go.id", ".desa.id", ".sch.id", ".ac.id", ".mil.id")
#: First and last codes of the provinces of each island group.
_PROVINCES = ((11, 19), (21, 21), (31, 36), (51, 53), (61, 65), (71, 76), (81, 82), (91, 97))
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
#: Added to the day of birth of women.
_WOMEN = 40
#: No number below has sixteen digits.
LEAST_NIK = 1e15
_LONGEST_TEXT = 2000


def is_nik(digits: str) -> bool:
    """Whether sixteen digits are the number of a person or a family card.

    Args:
        digits: digits without separators.
    """
    if len(digits) != 16 or not digits.isdecimal():
        return False
    province, kabupaten, kecamatan, day, month = (int(digits[i : i + 2]) for i in range(0, 10, 2))
    if not any(first <= province <= last for first, last in _PROVINCES):
        return False
    if not (kabupaten and kecamatan and 1 <= month <= len(_LONGEST_MONTHS)):
        return False
    day -= _WOMEN if day > _WOMEN else 0
    return 1 <= day <= _LONGEST_MONTHS[month - 1] and digits[12:] != "0000"


def mask(text: str) -> str:
    """The text with numbers of persons, mobile phones and private mailboxes made unreadable."""
    if len(text) > _LONGEST_TEXT:
        text = text[:_LONGEST_TEXT]
    for match, kind in reversed(list(_matches(text))):
        text = text[: match.start()] + _MASKS[kind](match.group()) + text[match.end() :]
    return text


def mask_name(text: str) -> str:
    """A name as initials: ``B*** S***``."""
    return " ".join(word[:1] + "***" for word in text.split())


def masked(value: Any) -> Any:
    """A JSON-ready value with :func:`mask` applied to every text and large number in it."""
    match value:
        case str():
            return mask(value)
        case bool():
            return value
        case int() if value >= LEAST_NIK:
            return mask(str(value)) if is_nik(str(value)) else value
        case list():
            return [masked(v) for v in value]
        case dict():
            return {k: masked(v) for k, v in value.items()}
    return value


def kinds_in(text: str) -> set[str]:
    """Which personal data a text holds: :data:`NIK`, :data:`PHONE`, :data:`EMAIL`."""
    return {kind for _, kind in _matches(text[:_LONGEST_TEXT])}


def _matches(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Personal data in a text with its kind, from left to right, not overlapping."""
    found = [(m, NIK) for m in _DIGITS.finditer(text) if is_nik(re.sub(r"\D", "", m.group()))]
    found += [(m, PHONE) for m in _PHONE.finditer(text)]
    found += [
        (m, EMAIL)
        for m in _EMAIL.finditer(text)
        if not m.group().casefold().endswith(_INSTITUTIONS)
    ]
    end = 0
    for match, kind in sorted(found, key=lambda f: f[0].start()):
        if match.start() >= end:
            end = match.end()
            yield match, kind


def without_end(text: str) -> str:
    """The first four digits, the others hidden."""
    kept = 4
    return "".join(
        c if not c.isdecimal() or sum(d.isdecimal() for d in text[:i]) < kept else "*"
        for i, c in enumerate(text)
    )


def mask_mailbox(text: str) -> str:
    """A mailbox as ``b***@***.id``."""
    name, _, domain = text.partition("@")
    return f"{name[:1]}***@***.{domain.rpartition('.')[2]}"


_MASKS: dict[str, Callable[[str], str]] = {
    NIK: without_end,
    PHONE: without_end,
    EMAIL: mask_mailbox,
}
