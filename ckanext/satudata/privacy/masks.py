"""What is shown of a person where nobody needs more: `extract.masking`, field by field.

Tables and persons are masked in one way. What is in none of the known forms shows nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ckanext.satudata.extract import masking

#: What stands for a text of which nothing is shown.
HIDDEN = "***"


def masked(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields that hold something, made unreadable: ``B*** S***``, ``6105************``."""
    return {name: _MASKS.get(name, _nothing)(text) for name, text in fields.items() if text}


def without(text: str, fields: Mapping[str, str]) -> str:
    """A text in which a person is not named: what identifies in itself, and what the fields hold.

    Args:
        text: something an official wrote about the person.
        fields: what is known of the person.
    """
    words = {w for value in fields.values() for w in (value, *value.split()) if len(w) >= _SHORTEST}
    if words:
        longest_first = sorted(map(re.escape, words), key=len, reverse=True)
        text = re.sub("|".join(longest_first), HIDDEN, text, flags=re.IGNORECASE)
    return masking.mask(text)


#: Shorter words of an address or a name are words of anybody's sentences.
_SHORTEST = 4


def _nothing(_text: str) -> str:
    return HIDDEN


def _digits(text: str) -> str:
    """Numbers keep their first four digits; anything else in their place is no number."""
    plain = "".join(c for c in text if c.isdecimal())
    return masking.without_end(text) if _is_number(text, plain) else HIDDEN


def _is_number(text: str, digits: str) -> bool:
    return len(digits) >= _LEAST_DIGITS and set(text) <= set(digits) | set("+-. ()")


_LEAST_DIGITS = 8

_MASKS: dict[str, Callable[[str], str]] = {
    "name": masking.mask_name,
    "nik": _digits,
    "phone": _digits,
    "email": masking.mask_mailbox,
}
