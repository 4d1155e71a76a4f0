"""Numbers that are no figures: row numbers, years, dates, places, telephones, identifiers, codes.

What a column of numbers is, its header and its cells must say together: a header alone would
let any figure pass under "Kode", and cells alone would take 6105 tons for a kabupaten. Whatever
no rule here recognises counts as figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from itertools import pairwise

from ..consistency.patterns import pattern
from ..consistency.period import Frequency
from ..consistency.vocabulary import CodeBook, normalise
from .masking import kinds_in
from .periods import read_part, read_period

#: Below this many rows, 1, 2, 3 without a header that says so may as well be figures.
LEAST_COUNTED = 3
_ORDINAL = pattern(r"\(?\s*(\d{1,7})\s*[.)]*")
_YEAR = pattern(r"(?:18|19|20|21)\d\d(?:\.0)?")
_YEAR_WORDS = frozenset({"tahun", "thn", "th", "year", "ta"})
_PARTS = ("bulan", "triwulan", "semester")
_COUNTERS = frozenset({"id", "id data", "fid", "gid", "objectid", "oid", "uuid"})
#: A number of a code book in parts: 5.1.02.01, but not 1.234.567.
_PARTED = pattern(r"\d{1,4}(?:\.\d{1,4}){2,}\.?")
_GROUPED = pattern(r"\d{1,3}(?:\.\d{3})+")
_LONG_CODE = 6
_DECIMAL = pattern(r"-?\d{1,3}[.,]\d{3,}")
#: Latitudes and longitudes of Indonesia, in degrees.
_LATITUDES, _LONGITUDES = (-11.5, 6.5), (94.5, 141.5)
_LATITUDE_WORDS = frozenset({"lat", "latitude", "lintang", "y"})
_LONGITUDE_WORDS = frozenset({"long", "lng", "lon", "longitude", "bujur", "x"})

#: Words of a header -> how each number under it is written.
_SHAPES: tuple[tuple[frozenset[str], re.Pattern[str]], ...] = tuple(
    (frozenset(words), pattern(shape))
    for words, shape in (
        (("npsn",), r"\d{8}"),
        (("nisn",), r"\d{10}"),
        (("nss", "nsm"), r"\d{12}"),
        (("nib",), r"\d{13}"),
        (("npwp",), r"\d{15,16}"),
        (("nik", "no kk", "nomor kk", "no ktp", "nomor ktp"), r"\d{16}"),
        (("nip",), r"\d{18}"),
        (("kode pos", "kodepos", "postal code", "zip"), r"[1-9]\d{4}"),
        (("rt", "rw", "rt rw"), r"0\d{1,2}"),
        (
            ("telepon", "telp", "telpon", "tlp", "hp", "handphone", "fax", "wa", "whatsapp"),
            r"(?:\+?62|0)\d{7,12}|8\d{8,11}",
        ),
    )
)


def is_identifier(header: str, texts: Sequence[str], book: CodeBook) -> bool:
    """Whether the numbers of a column number, date, locate or name things.

    Args:
        header: the column's header, its lines joined by `` / ``.
        texts: the cells that hold numbers, from the top.
        book: for codes.
    """
    leaf = re.sub(r" \(\d+\)$", "", header.rpartition(" / ")[2])
    plain = [t.strip().lstrip("'") for t in texts]
    if _counts(leaf, plain):
        return True
    different = list(dict.fromkeys(plain))
    rules: tuple[Callable[[str, Sequence[str]], bool], ...] = (
        _is_time,
        _is_place,
        _has_shape,
        _is_personal,
        _is_long_code,
    )
    return any(rule(leaf, different) for rule in rules) or _is_code(leaf, different, book)


def _counts(header: str, texts: Sequence[str]) -> bool:
    """Row numbers: upwards in steps of one, again from one in each group; a row may be left out."""
    from .guessing import words

    found = [_ORDINAL.fullmatch(t) for t in texts]
    numbers = [int(m.group(1)) for m in found if m]
    if not numbers or len(numbers) < len(found):
        return False
    if numbers == list(range(1, len(numbers) + 1)):
        return normalise(header) in words.load()["number"] or len(numbers) >= LEAST_COUNTED
    steps = [b - a for a, b in pairwise(numbers)]
    if normalise(header) in words.load()["number"]:
        follow = zip(numbers[1:], steps, strict=True)
        return numbers[0] == 1 and all(0 <= step <= 2 or n == 1 for n, step in follow)
    return normalise(header) in _COUNTERS and bool(steps) and all(step == 1 for step in steps)


def _is_time(header: str, texts: Sequence[str]) -> bool:
    from .guessing import words

    folded = normalise(header)
    first = folded.split()[:1]
    if first and first[0] in _YEAR_WORDS and not re.search(r"\d", folded):
        return all(map(_YEAR.fullmatch, texts))
    for part in _PARTS:
        if folded in words.load()["period"][part]:
            return all(read_part(part, t) is not None or _period(t) for t in texts)
    if folded in words.load()["period"]["periode"]:
        return all(map(_period, texts))
    return all(_period(t, Frequency.DAY) for t in texts)


def _period(text: str, frequency: Frequency | None = None) -> bool:
    found = read_period(text)
    return found is not None and frequency in (None, found.frequency)


def _is_place(header: str, texts: Sequence[str]) -> bool:
    from .guessing import words

    if not all(map(_DECIMAL.fullmatch, texts)):
        return False
    degrees = [float(t.replace(",", ".")) for t in texts]
    return any(
        words.has_word(header, names) and all(low <= d <= high for d in degrees)
        for names, (low, high) in (
            (_LATITUDE_WORDS, _LATITUDES),
            (_LONGITUDE_WORDS, _LONGITUDES),
        )
    )


def _has_shape(header: str, texts: Sequence[str]) -> bool:
    from .guessing import words

    bare = [re.sub(r"[ .-]", "", t) for t in texts]
    return any(
        words.has_word(header, names) and all(map(shape.fullmatch, bare))
        for names, shape in _SHAPES
    )


def _is_personal(header: str, texts: Sequence[str]) -> bool:
    """Numbers of persons and telephones; :mod:`.personal` tells of them."""
    return all(map(kinds_in, texts))


def _is_long_code(header: str, texts: Sequence[str]) -> bool:
    """Under "Kode ...": digits of one length, or parts that are no groups of three."""
    if not _says_code(header):
        return False
    if all(t.isdigit() for t in texts):
        return len({len(t) for t in texts}) == 1 and len(texts[0]) >= _LONG_CODE
    return all(_PARTED.fullmatch(t) and not _GROUPED.fullmatch(t) for t in texts)


def _is_code(header: str, texts: Sequence[str], book: CodeBook) -> bool:
    """Codes of regions, or, under a header that says so, of any other one list and scheme."""
    from .guessing import words

    says_code = _says_code(header)
    levels = frozenset[str]().union(*words.load()["levels"].values())
    about = says_code or _begins(header, levels | words.load()["region"])
    regions = book.regions
    undotted = {c.replace(".", "") for c in regions.codes} if about else set()
    for known in (regions.codes.keys(), *regions.schemes.values(), undotted):
        if all(t in known for t in texts):
            # 61.05 is a kabupaten and a percentage, 6105 one and a count.
            clear = all(t.count(".") > 1 or len(t) > _LONG_CODE for t in texts)
            return about or clear
    return says_code and any(
        all(t in known for t in texts)
        for codelist in book.codelists.values()
        for known in (codelist.codes.keys(), *codelist.schemes.values())
    )


def _says_code(header: str) -> bool:
    from .guessing import words

    return _begins(header, words.load()["code"])


def _begins(header: str, known: Set[str]) -> bool:
    """Whether the header's first word is known: "Jumlah Kecamatan" counts, it names none."""
    return not known.isdisjoint(normalise(header).split()[:1])
