"""Cells of a dimension -> indices of its code list, with damage by spreadsheets told apart.

Every different cell is looked at once; nothing here runs per row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..consistency.frozen import frozen
from ..consistency.patterns import pattern
from ..consistency.vocabulary import TOTAL, Code, CodeBook, CodeList, normalise
from .raw import CellType

#: Names for all values together, as :func:`normalise` leaves them.
TOTAL_WORDS = frozenset(
    {
        "jumlah",
        "total",
        "jumlah total",
        "total jumlah",
        "grand total",
        "jumlah keseluruhan",
        "total keseluruhan",
        "keseluruhan",
        "semua",
        "seluruhnya",
        "seluruh",
        "jml",
        "l p",
        "l+p",
        "laki laki + perempuan",
        "laki laki dan perempuan",
        normalise(TOTAL),
        "rekapitulasi",
    }
)
#: Beyond so many different unreadable cells nobody needs a suggestion for each.
_MOST_SUGGESTED = 200
#: Beyond so many, a column is not what it was declared to be; none is looked at closely.
_MOST_TRIED = 20_000
_LONGEST = 300
_LEVELS = {
    "provinsi": ("provinsi", "prov", "propinsi"),
    "kabupaten": ("kabupaten", "kab", "kota"),
    "kecamatan": ("kecamatan", "kec", "distrik"),
    "desa": ("desa", "kelurahan", "kel", "kampung"),
}
_DATE = pattern(r"(\d{4})-(\d{2})-(\d{2})(?: .*)?|(\d{1,2})[/-](\d{1,2})[/-](\d{2,4})")
_SCIENTIFIC = pattern(r"\d+(?:[.,]\d+)?[eE]\+?\d+")
_ERROR = pattern(r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|ERROR!)")
_CODE_LIKE = pattern(r"[\d.,\s]+")


@dataclass(frozen=True, slots=True)
class Cell:
    """A different cell of a dimension column."""

    text: str
    type: CellType = CellType.TEXT


@frozen(slots=True)
class Trouble:
    """Why a cell is no code: the rule and what its message offers."""

    rule: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a cell stands for.

    Attributes:
        index: index of the code; 0 is the total; None if it is no code.
        trouble: why it is none.
    """

    index: int | None
    trouble: Trouble | None = None


def resolve_list(
    cells: Sequence[Cell], codelist: CodeList, scheme: str | None, *, labels: bool = True
) -> list[Resolved]:
    """Resolve the cells of a dimension other than the region.

    Args:
        cells: the different cells.
        codelist: the dimension's code list.
        scheme: scheme the codes are written in; None: canonical codes or names.
        labels: whether names are accepted, too.
    """
    folded: dict[str, Code] = {}
    suggest = _suggester(codelist, scheme, None)
    tried = 0

    def one(cell: Cell) -> Resolved:
        nonlocal tried
        text = _clean(cell.text)
        code = codelist.get(text, scheme)
        if code:
            return Resolved(code.index)
        tried += 1
        if tried > _MOST_TRIED:
            return _hopeless(codelist.name)
        if not folded:
            folded.update((normalise(c), found) for c, found in _codes(codelist, scheme).items())
        code = folded.get(normalise(text))
        if code:
            return Resolved(code.index)
        if _is_error(cell):
            return Resolved(None, Trouble("sel-rumus-galat"))
        named = codelist.named(text) if labels else ()
        if len(named) == 1:
            return Resolved(named[0].index)
        if normalise(text) in TOTAL_WORDS:
            return Resolved(0)
        if named:
            return Resolved(None, Trouble("nama-taksa", {"candidates": _listed(named)}))
        damage = _damage(text, cell.type, codelist, scheme)
        return Resolved(None, damage or Trouble("kode-tidak-dikenal", suggest(text, codelist.name)))

    return [one(c) for c in cells]


def resolve_regions(cells: Sequence[Cell], book: CodeBook, scheme: str | None) -> list[Resolved]:
    """Resolve the cells of a region column.

    Codes are taken in the named scheme only: Kemendagri 61.05 is Sintang, BPS 6105 is
    Sanggau, so digits without points are never read as a Kemendagri code. Names are
    accepted within the portal's own kabupaten. A name that several levels share ("Sintang"
    is a kabupaten and a kecamatan) has the level of the column's other cells. "Jumlah" is
    the region right above all others of the column.

    Args:
        cells: the different cells.
        book: the reference data.
        scheme: ``kemendagri``, ``bps``, or None for canonical codes and names.
    """
    regions = book.regions
    suggest = _suggester(regions, scheme, book.home)
    out: list[Resolved | None] = []
    open_names: dict[int, tuple[Code, ...]] = {}
    totals: list[int] = []
    tried = 0
    levels: Counter[str | None] = Counter()
    parents: Counter[str | None] = Counter()

    def settle(code: Code) -> Resolved:
        levels[code.level] += 1
        parents[code.parent] += 1
        return Resolved(code.index)

    for position, cell in enumerate(cells):
        text = _clean(cell.text)
        code = regions.get(text, scheme)
        if code:
            out.append(settle(code))
            continue
        tried += 1
        if tried > _MOST_TRIED:
            out.append(_hopeless("wilayah"))
            continue
        if _is_error(cell):
            out.append(Resolved(None, Trouble("sel-rumus-galat")))
            continue
        if normalise(text) in TOTAL_WORDS:
            totals.append(position)
            out.append(None)
            continue
        named = _named_regions(text, book)
        if len(named) == 1:
            out.append(settle(named[0]))
        elif named:
            open_names[position] = named
            out.append(None)
        else:
            damage = _damage(text, cell.type, regions, scheme)
            out.append(
                Resolved(None, damage or Trouble("kode-tidak-dikenal", suggest(text, "wilayah")))
            )
    usual = max(levels, key=levels.__getitem__) if levels else None
    for position, named in open_names.items():
        fitting = [c for c in named if c.level == usual]
        if len(fitting) == 1:
            parents[fitting[0].parent] += 1
            out[position] = Resolved(fitting[0].index)
        else:
            out[position] = Resolved(None, Trouble("nama-taksa", {"candidates": _listed(named)}))
    whole = _whole(parents, book)
    for position in totals:
        out[position] = Resolved(whole.index) if whole else Resolved(None, Trouble("jumlah-taksa"))
    return [r for r in out if r is not None]


def agrees(label: str, index: int, codelist: CodeList) -> bool | None:
    """Whether a name fits the code beside it.

    Returns:
        True if it is a name of that code; False if it is the name of others only; None if
        nothing has this name.
    """
    folded = normalise(label)
    if index == 0:
        return True if folded in TOTAL_WORDS else None
    code = codelist.at(index)
    if code is None or folded in (normalise(code.label), normalise(code.code)):
        return True
    named = codelist.named(label) or codelist.named(_without_level(folded)[1])
    if any(c.index == index for c in named):
        return True
    if folded in TOTAL_WORDS:
        # "Jumlah" beside the code of a region that has parts is its total row.
        return bool(codelist.children(code.code))
    return False if named else None


def _named_regions(text: str, book: CodeBook) -> tuple[Code, ...]:
    level, bare = _without_level(normalise(text))
    found = [c for c in book.regions.named(text) if _near(c, book)]
    if level:
        more = [c for c in book.regions.named(bare) if _near(c, book) and _is_level(c, level)]
        found = more or [c for c in found if _is_level(c, level)] or found
    return tuple(dict.fromkeys(found))


def _near(code: Code, book: CodeBook) -> bool:
    """The portal's own kabupaten, what lies in it, and what it lies in."""
    return book.regions.is_within(code.code, book.home) or book.regions.is_within(
        book.home, code.code
    )


def _is_level(code: Code, level: str) -> bool:
    return code.level == level or (code.level or "") in _LEVELS[level]


def _without_level(folded: str) -> tuple[str | None, str]:
    first, _, rest = folded.partition(" ")
    level = next((k for k, words in _LEVELS.items() if first in words), None)
    return (level, rest) if level and rest else (None, folded)


def _whole(parents: Counter[str | None], book: CodeBook) -> Code | None:
    """What a total row stands for: the region right above all others of the column."""
    if not parents:
        return book.regions.codes.get(book.home)
    above = {p for p in parents if p is not None}
    if len(above) == 1 and len(parents) == 1:
        return book.regions.codes.get(next(iter(above)))
    inside = {p for p in above if book.regions.is_within(p, book.home)}
    return book.regions.codes.get(book.home) if book.home in inside else None


def _damage(text: str, kind: CellType, codelist: CodeList, scheme: str | None) -> Trouble | None:
    """Recognise what a spreadsheet or a habit did to a code."""
    codes = _codes(codelist, scheme)
    dated = _DATE.fullmatch(text)
    if kind is CellType.DATE or dated:
        meant = _codes_of_date(dated, codes) if dated else []
        return Trouble("kode-jadi-tanggal", {"candidates": ", ".join(meant) or "–"})
    if _SCIENTIFIC.fullmatch(text):
        return Trouble("kode-jadi-ilmiah")
    if not _CODE_LIKE.fullmatch(text):
        return None
    digits = re.sub(r"\D", "", text)
    if codelist.name == "wilayah" and not re.search(r"[.,]", text) and scheme != "bps":
        return _without_points(digits, codelist)
    if codelist.name == "wilayah" and scheme == "bps" and codelist.get(text, "kemendagri"):
        return Trouble("kode-skema-lain", {"candidates": _other_scheme(text, codelist)})
    plain = text[:-2] if re.fullmatch(r"\d+\.0", text) else text
    meant = [c for c in codes if _same_number(plain, c)] or [
        c for c in codes if re.sub(r"\D", "", c) == digits and len(digits) > 1
    ]
    if not meant:
        return None
    return Trouble("kode-rusak", {"candidates": ", ".join(sorted(meant)[:5])})


def _without_points(digits: str, codelist: CodeList) -> Trouble | None:
    dotted = next((c for c in codelist.codes if c.replace(".", "") == digits), None)
    bps = codelist.get(digits, "bps")
    if dotted is None and bps is None:
        return None
    return Trouble(
        "kode-tanpa-titik",
        {
            "kemendagri": _listed((codelist.codes[dotted],)) if dotted else "–",
            "bps": _listed((bps,)) if bps else "–",
        },
    )


def _other_scheme(text: str, codelist: CodeList) -> str:
    code = codelist.get(text, "kemendagri")
    own = [b for b, k in codelist.schemes.get("bps", {}).items() if code and k == code.code]
    return ", ".join(own) or "–"


def _codes_of_date(found: re.Match[str], codes: dict[str, Code]) -> list[str]:
    """Codes of three parts that a spreadsheet may have taken for this date."""
    if found[1]:
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    else:
        day, month, year = int(found[4]), int(found[5]), int(found[6])
    short = year % 100
    orders = ((short, month, day), (day, month, short), (month, day, short), (day, month, year))
    return [c for c in codes if _parts(c) in orders]


def _parts(code: str) -> tuple[int, ...]:
    pieces = code.split(".")
    return tuple(map(int, pieces)) if all(p.isdigit() for p in pieces) else ()


def _same_number(text: str, code: str) -> bool:
    """Whether a code lost only zeros or its points: ``61.1`` for 61.10, ``61.5.1`` for 61.05.01."""
    point = text.replace(",", ".").strip()
    if point == code or (code.count(".") == 1 and code.rstrip("0") == point):
        return True
    parts = _parts(point)
    return bool(parts) and parts == _parts(code)


def _codes(codelist: CodeList, scheme: str | None) -> dict[str, Code]:
    if not scheme:
        return dict(codelist.codes)
    table = codelist.schemes.get(scheme, {})
    return {c: codelist.codes[k] for c, k in table.items() if k in codelist.codes}


def _suggester(
    codelist: CodeList, scheme: str | None, home: str | None
) -> Callable[[str, str], dict[str, Any]]:
    """A function that looks for what was meant, a bounded number of times."""
    left = _MOST_SUGGESTED
    names: dict[str, str] = {}

    def suggest(text: str, listed: str) -> dict[str, Any]:
        nonlocal left
        left -= 1
        # Most columns need no suggestion, and the names of a long code list take a while.
        if not names:
            names.update(_names(codelist, scheme, home))
        import difflib

        near = difflib.get_close_matches(normalise(text), names, n=3) if left >= 0 else []
        return {"codelist": listed, "candidates": ", ".join(names[n] for n in near) or "–"}

    return suggest


def _names(codelist: CodeList, scheme: str | None, home: str | None) -> dict[str, str]:
    """Every name and code as :func:`normalise` leaves it -> what is offered to people."""
    out: dict[str, str] = {}
    for code, entry in _codes(codelist, scheme).items():
        if home is None or codelist.is_within(entry.code, home):
            out.setdefault(normalise(entry.label), f"{code} {entry.label}")
            out.setdefault(normalise(code), f"{code} {entry.label}")
    return out


def _hopeless(codelist: str) -> Resolved:
    params = {"codelist": codelist, "candidates": "–"}
    return Resolved(None, Trouble("kode-tidak-dikenal", params))


def _is_error(cell: Cell) -> bool:
    return cell.type is CellType.ERROR or bool(_ERROR.fullmatch(cell.text.strip()))


def _listed(codes: Sequence[Code]) -> str:
    return ", ".join(f"{c.code} {c.label}" + (f" ({c.level})" if c.level else "") for c in codes)


def _clean(text: str) -> str:
    """One space between words, no apostrophe in front; prose is cut, it is no code anyway."""
    return " ".join(text[:_LONGEST].replace("\u00a0", " ").split()).removeprefix("'").strip()
