"""Single cells that hold a number in more than digits: signs, marks, currencies, units."""

from __future__ import annotations

import re

from ..consistency.frozen import frozen
from ..consistency.patterns import pattern
from .state import State

#: Marks that agencies write where they have no figure. None of them is a zero; neither is
#: "nihil", which means one, so that it is refused rather than dropped.
MISSING_MARKS = frozenset(
    "- -- --- – — − . .. ... …. … .... n/a n.a n.a. na tad t.a.d t.a.d. t.a. t.a x xx xxx null none"
    " belum tidak\u00a0ada".replace("\u00a0", " ").split()
) | {
    "tidak ada",
    "tidak ada data",
    "tidak tersedia",
    "data tidak tersedia",
    "belum tersedia",
    "belum ada",
}


@frozen(slots=True)
class Odd:
    """A cell taken apart.

    Attributes:
        core: sign, digits and separators, or None if it is no number.
        state: what it is.
        mark: footnote mark such as ``*`` or ``r``, lower case, without its bracket.
        suffix: unit or currency written with the number, lower case: ``%``, ``rp``, ``ton``.
    """

    core: str | None
    state: State
    mark: str = ""
    suffix: str = ""


#: No number is longer; the patterns below are not meant for prose.
_LONGEST = 500

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"))
_SPACES = pattern(r"[\s\u00a0\u2007\u2009\u202f]+")
_MINUS = pattern("[−–‐‑﹣－]")
_SHAPE = pattern(r"[+-]?[0-9][0-9.,]*")
_BROKEN_POINT = pattern(r"([+-]?)([.,][0-9]+)")
_SCIENTIFIC = pattern(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
_GROUPED = pattern(r"[+-]?[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?")
_MARK = pattern(
    r"(?P<number>.*[0-9][%)]?)(?:\s*(?P<stars>\*{1,3})\)?|\s*(?P<small>[¹²³⁴-⁹ʳᵉᵖˣ]+)\)?"
    r"|\s*(?P<letter>[a-z]{1,2})\)|\s*(?P<bare>r|e|p|xx|x)|\s(?P<digit>[0-9])\))",
    re.IGNORECASE,
)
_SMALL = {"ʳ": "r", "ᵉ": "e", "ᵖ": "p", "ˣ": "x"}
_CURRENCY = pattern(r"([+-]?)\s*(rp|idr)\b\.?\s*", re.IGNORECASE)
_UNIT = pattern(
    r"(?P<number>[^a-z%]*[0-9][^a-z%]*?)\s*(?P<unit>%|[a-z][a-z0-9²³/. ]*)", re.IGNORECASE
)


def read_odd(text: str) -> Odd:
    """Take apart a cell that is not simply digits with separators.

    Understood are negative numbers in brackets or with a minus behind, spaces between
    thousands, ``Rp`` in front and ``,-`` behind, ``%`` or a unit behind, footnote marks.
    Scientific notation is refused: a spreadsheet that exported ``1.2E+05`` has dropped the
    digits behind it, and a figure must not be accepted that only looks complete.
    """
    if len(text) > _LONGEST:
        return Odd(None, State.UNREADABLE)
    plain = _SPACES.sub(" ", text.translate(_INVISIBLE)).strip().removeprefix("'").strip()
    if not plain or plain.casefold() in MISSING_MARKS:
        return Odd(None, State.MISSING)
    if plain.startswith("#") and plain[1:2].isalpha():
        return Odd(None, State.FORMULA_ERROR)
    plain = _MINUS.sub("-", plain)
    if _SCIENTIFIC.fullmatch(plain):
        return Odd(None, State.SCIENTIFIC)
    plain, mark = _without_mark(plain)
    plain, negative = _without_brackets(plain)
    plain, suffix = _without_unit(plain)
    if plain.endswith("-") and not plain.startswith(("-", "+")):
        plain, negative = plain[:-1].rstrip(), not negative
    if plain.startswith(("- ", "+ ")):
        plain = plain[0] + plain[2:]
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(" ", "")
    broken = _BROKEN_POINT.fullmatch(plain)
    if broken:
        plain = f"{broken[1]}0{broken[2]}"
    if not _SHAPE.fullmatch(plain) or (negative and plain[0] in "+-"):
        return Odd(None, State.UNREADABLE)
    return Odd("-" + plain if negative else plain, State.OK, mark, suffix)


def _without_mark(text: str) -> tuple[str, str]:
    found = _MARK.fullmatch(text)
    if not found:
        return text, ""
    mark = next(v for k, v in found.groupdict().items() if k != "number" and v)
    return found["number"].rstrip(), "".join(_SMALL.get(c, c) for c in mark.casefold())


def _without_brackets(text: str) -> tuple[str, bool]:
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    return text, False


def _without_unit(text: str) -> tuple[str, str]:
    money = _CURRENCY.match(text)
    if money:
        rest = text[money.end() :].removesuffix(",-").removesuffix(".-").rstrip()
        return money[1] + rest, "rp"
    if text.endswith((",-", ".-")):
        return text[:-2].rstrip(), "rp"
    found = _UNIT.fullmatch(text)
    if found:
        return found["number"].rstrip(), found["unit"].casefold().strip(" .")
    return text, ""
