"""Which code list, and which level of regions, the cells of a column belong to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ...consistency.frozen import frozen
from ...consistency.vocabulary import REGION, Code, CodeBook, CodeList, normalise
from . import words

#: Share of different cells that must be known for a column to be of a list.
ENOUGH = 0.7
#: Words in the longest name looked for inside a text.
_LONGEST = 7
_LEVELS = ("provinsi", "kabupaten", "kecamatan", "desa")


@frozen(slots=True)
class Match:
    """How well a column fits a code list.

    Attributes:
        codelist: name of the list.
        share: part of the different cells that are known, 0 to 1.
        codes: whether the cells are codes (else names).
        scheme: scheme of the codes, for regions.
        level: level of the regions, for regions.
        damaged: whether region codes lost their dots.
    """

    codelist: str
    share: float
    codes: bool
    scheme: str | None = None
    level: str | None = None
    damaged: bool = False


def dimensional(book: CodeBook) -> tuple[str, ...]:
    """The code lists by which some indicator is split; no column can be of another list."""
    used = {d.codelist for i in book.indicators.values() for d in i.dimensions}
    return tuple(name for name in book.codelists if name in used and name != REGION)


def item(text: str, codelist: CodeList) -> Code | None:
    """The code a header or cell names exactly: by label, alias, or a code with a letter in it."""
    bare = text.strip().lstrip("'")
    if not bare:
        return None
    if any(c.isalpha() for c in bare):
        entry = codelist.codes.get(bare) or codelist.codes.get(bare.upper())
        if entry is not None:
            return entry
    named = codelist.named(bare)
    return named[0] if len(named) == 1 else None


def embedded(text: str, codelist: CodeList) -> tuple[tuple[Code, ...], str]:
    """The longest name of the list inside a text, and the text without it.

    Args:
        text: a header or title, such as ``Stok Gula Konsumsi``.
        codelist: the list whose labels and aliases are looked for.

    Returns:
        The codes having that name (several when the name is shared, none when nothing was
        found) and the normalised rest.
    """
    pieces = normalise(text).split()
    for size in range(min(_LONGEST, len(pieces)), 0, -1):
        for start in range(len(pieces) - size + 1):
            name = " ".join(pieces[start : start + size])
            found = codelist.named(name) if len(name) > 2 else ()
            if found:
                return found, " ".join(pieces[:start] + pieces[start + size :])
    return (), text


def match(values: Sequence[str], codelist: CodeList, *, header: str = "") -> Match | None:
    """How the different cells of a column fit a code list other than regions.

    Codes that are plain numbers prove nothing by themselves: then the header must name the list.
    """
    if not values:
        return None
    names = words.has_word(header, frozenset({normalise(codelist.name)}))
    numeric = all(v.strip().lstrip("'").isdigit() for v in values)
    codes = sum(v.strip().lstrip("'") in codelist.codes for v in values) / len(values)
    labels = sum(bool(codelist.named(v)) for v in values) / len(values)
    if numeric and not names:
        codes = 0.0
    share, is_code = (codes, True) if codes and codes >= labels else (labels, False)
    return Match(codelist.name, share, is_code) if share >= (0.4 if names else ENOUGH) else None


def region_codes(values: Sequence[str], header: str, book: CodeBook) -> Match | None:
    """Whether a column holds region codes, and in which scheme.

    A number of four digits is a code only under a header that says so: Kemendagri 61.05
    without its dot and the BPS code 6105 are different kabupaten.
    """
    if not values:
        return None
    bare = [v.strip().lstrip("'") for v in values]
    says_code = words.has_word(header, words.load()["code"])
    about = says_code or speaks_of_region(header)
    for scheme, table in (
        ("kemendagri", book.regions.schemes.get("kemendagri", {k: k for k in book.regions.codes})),
        ("bps", book.regions.schemes.get("bps", {})),
    ):
        hits = [table[v] for v in bare if v in table]
        share = len(hits) / len(bare)
        plain = all("." not in v and len(v) <= 4 for v in bare)
        if share >= 0.6 and (about if plain or len(bare) < 3 else True):
            return Match(REGION, share, True, scheme, _level(hits, book))
    if not about:
        return None
    undotted = {k.replace(".", ""): k for k in book.regions.codes if k.count(".") >= 2}
    hits = [undotted[v] for v in bare if v in undotted]
    if len(hits) / len(bare) >= ENOUGH:
        return Match(REGION, len(hits) / len(bare), True, "kemendagri", _level(hits, book), True)
    return None


def region_names(values: Sequence[str], header: str, book: CodeBook) -> Match | None:
    """Whether a column holds names of the home region's parts (or of itself)."""
    if not values:
        return None
    wanted = header_level(header)
    levels: Counter[str] = Counter()
    known = 0
    for value in values:
        found = regions_named(value, book)
        known += bool(found)
        levels.update({c.level for c in found if c.level})
    share = known / len(values)
    if share < (0.5 if wanted else ENOUGH) or (len(values) == 1 and not wanted):
        return None
    if wanted and levels.get(wanted):
        return Match(REGION, share, False, level=wanted)
    # Kabupaten and kecamatan may share a name; the level with most names is the column's.
    level = max(levels, key=lambda name: (levels[name], depth(name)), default=None)
    return Match(REGION, share, False, level=level)


def regions_named(text: str, book: CodeBook) -> tuple[Code, ...]:
    """Regions of this name within the home region, the home region itself, and those above."""
    names = {text, words.without_region_prefix(text)}
    found = {c.code: c for name in names for c in book.regions.named(name)}
    return tuple(
        c
        for c in found.values()
        if book.regions.is_within(c.code, book.home) or book.regions.is_within(book.home, c.code)
    )


def depth(level: str | None) -> int:
    """How detailed a level of regions is; -1 for an unknown one."""
    return _LEVELS.index(level) if level in _LEVELS else -1


def header_level(header: str) -> str | None:
    """The most detailed level of regions a header names."""
    levels = words.load()["levels"]
    named = [level for level in _LEVELS if words.has_word(header, levels[level])]
    return named[-1] if named else None


def speaks_of_region(header: str) -> bool:
    """Whether a header is about regions."""
    return header_level(header) is not None or words.has_word(header, words.load()["region"])


def _level(codes: Iterable[str], book: CodeBook) -> str | None:
    levels = Counter(c.level for code in codes if (c := book.regions.codes.get(code)) and c.level)
    return levels.most_common(1)[0][0] if levels else None
