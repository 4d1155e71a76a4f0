"""What a cell's number format makes people see (ECMA-376 part 1, 18.8.31).

A spreadsheet keeps 5000 and may show ``5`` (format ``0,``), ``9`` (format ``"9"``) or nothing
(format ``;;;``). Programs compare what is kept; whoever opens the file reads what is shown.
"""

from __future__ import annotations

import re
from enum import Flag, auto
from functools import lru_cache

from ...consistency.frozen import frozen


class Of(Flag):
    """Which cells a section of a format is for."""

    NOTHING = 0
    POSITIVE = auto()
    NEGATIVE = auto()
    ZERO = auto()
    TEXT = auto()
    NUMBERS = POSITIVE | NEGATIVE | ZERO

    @classmethod
    def number(cls, text: str) -> Of:
        """What a number as a file holds it is; text where it is none."""
        try:
            number = float(text)
        except ValueError:
            return cls.TEXT
        return cls.ZERO if number == 0 else cls.POSITIVE if number > 0 else cls.NEGATIVE


@frozen
class NumberFormat:
    """What a format does.

    Attributes:
        code: as the file has it.
        percent: whether 0.125 is shown as 12.5%.
        disguised: cells that it shows as something else than they hold.
        words: what is shown beside each number, such as ``kg``.
    """

    code: str
    percent: bool = False
    disguised: Of = Of.NOTHING
    words: str = ""


#: Quoted texts, escaped characters and brackets belong together; a semicolon in them ends nothing.
_PIECE = re.compile(r""""[^"]*"|\\.|\[[^\]]*\]|.""", re.DOTALL)
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]', re.DOTALL)
#: Colours, conditions, spaces as wide as a character, and what fills a cell.
_UNSEEN = re.compile(r"\[[^\]]*\]|_.|\*.", re.DOTALL)
_CONDITION = re.compile(r"\[[<>=]")
_COLOUR = re.compile(r"\[(?:black|blue|cyan|green|magenta|red|white|yellow|color)", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"[0#?]|General|standard", re.IGNORECASE)
_TIME = re.compile(r"[ymdhs]|AM/PM", re.IGNORECASE)
#: Commas behind the last digit divide by a thousand each.
_SCALED = re.compile(r"[0#?][.0#?,]*,(?=[^0#?.,]*$)|[0#?],+\.")
_DIGIT = re.compile(r"[0-9]")
_OTHER_DIGIT = re.compile(r"[1-9]")
_FRACTION = re.compile(r"/\s*\d+")
_EXPONENT = re.compile(r"E[+-]", re.IGNORECASE)
_MULTIPLE = re.compile(
    r"\b(?:ribu|rb|juta|jt|mil[iy]ar|tril[iy]un|thousand|million|billion|k|mn|bn)\b", re.IGNORECASE
)
_SIGNS = ("-", "(", "\u2212")
_BLANKS = ("", "-", "\u2013")


@lru_cache(maxsize=1024)
def read(code: str) -> NumberFormat:
    """Tell what a format code does.

    Args:
        code: such as ``#,##0.00_);[Red](#,##0.00)``.
    """
    parts = [_Section.of(text) for text in _split(code)[:4]]
    numbers = [part for part in parts[:3] if "@" not in part.bare]
    texts = [part for place, part in enumerate(parts) if place == 3 or "@" in part.bare]
    disguised = Of.NOTHING
    for part, kind in zip(numbers, _kinds(numbers), strict=True):
        if part.misleads(kind):
            disguised |= kind
    if any(part.bare.strip() != "@" or part.literal.strip() for part in texts):
        disguised |= Of.TEXT
    words = {word for part in numbers if (word := part.literal.strip(" -()")) and part.has_number}
    percent = any("%" in part.bare for part in numbers)
    return NumberFormat(code, percent, disguised, words.pop() if len(words) == 1 else "")


def _split(code: str) -> list[str]:
    out = [""]
    for piece in _PIECE.findall(code):
        if piece == ";":
            out.append("")
        else:
            out[-1] += piece
    return out


def _kinds(sections: list[_Section]) -> list[Of]:
    """For which numbers each section is."""
    if any(_CONDITION.search(section.text) for section in sections):
        return [Of.NUMBERS] * len(sections)
    match len(sections):
        case 1:
            return [Of.NUMBERS]
        case 2:
            return [Of.POSITIVE | Of.ZERO, Of.NEGATIVE]
    return [Of.POSITIVE, Of.NEGATIVE, Of.ZERO][: len(sections)]


@frozen
class _Section:
    """One of the up to four parts of a format.

    Attributes:
        text: as the file has it.
        literal: what is shown as it stands.
        bare: what is left without that and without what is not seen.
    """

    text: str
    literal: str
    bare: str

    @classmethod
    def of(cls, text: str) -> _Section:
        literal = "".join("".join(found) for found in _LITERAL.findall(text))
        return cls(text, literal, _UNSEEN.sub("", _LITERAL.sub("", text)))

    @property
    def has_number(self) -> bool:
        """Whether the number itself is shown."""
        return bool(_PLACEHOLDER.search(self.bare))

    def misleads(self, kind: Of) -> bool:
        """Whether people read something else than the cell holds."""
        if not self.has_number:
            # Accountants leave a zero out or write a dash for it; dates become no figures.
            blank = kind == Of.ZERO and self.literal.strip() in _BLANKS
            return not (blank or _TIME.search(self.bare))
        without = _EXPONENT.sub("", _FRACTION.sub("", self.bare))
        return bool(
            _SCALED.search(self.bare)
            or _DIGIT.search(self.literal)
            or _OTHER_DIGIT.search(without)
            or _MULTIPLE.search(self.literal)
            or self.bare.count("%") > 1
            or (kind == Of.NEGATIVE and not self._shows_sign())
        )

    def _shows_sign(self) -> bool:
        """Whether a negative number looks like one: by a sign, brackets or a colour of its own."""
        shown = self.bare + self.literal
        return any(sign in shown for sign in _SIGNS) or bool(_COLOUR.match(self.text))
