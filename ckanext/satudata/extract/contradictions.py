"""Headers and titles that name another period or region than the declaration says.

The public reads the header: figures under "2024" that were compared as those of 2025 would
contradict what is public about 2024 without anybody noticing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..consistency.patterns import pattern
from ..consistency.period import Period
from ..consistency.vocabulary import Code, CodeBook
from . import scanned
from .declaration import PERIOD, REGION, Declaration, Field, Role
from .headers import Layout
from .measures import Measure, Measures
from .periods import part_of_year, read_part, read_period, read_year
from .problems import Problems
from .raw import RawTable

_YEAR = "tahun"
_PARTS = ("bulan", "triwulan", "semester")
#: 2018=100: the base of an index is no period of its figures.
_BASE = pattern(r"\d{4}\s*=\s*100")
#: Different cells of a period column that are read.
_MOST = 500


def check_headers(
    table: RawTable,
    declaration: Declaration,
    layout: Layout,
    measures: Measures,
    book: CodeBook,
    problems: Problems,
) -> None:
    """Note contradicting headers (errors), lines above the table and names of sheets (warnings).

    Args:
        table: the raw table.
        declaration: what its columns mean.
        layout: where they stand.
        measures: the measures.
        book: the reference data.
        problems: receives the findings.
    """
    extra = {f.name: f for f in declaration.extra if f.role is Role.DIMENSION}
    constants = {f.concept: f.constant for f in extra.values() if f.concept and f.constant}
    known: set[Period] = set(_of_column(table, declaration, layout))
    regions: list[Code] = []
    for m in measures.declared:
        said = constants | {
            concept: value
            for name, value in m.normalize.items()
            if name in extra and (concept := extra[name].concept)
        }
        header = layout.names[m.column]
        period = _period(said)
        if period is not None:
            known.add(period)
        _check_period(header, period, said, m, problems)
        _check_unit(header, m, book, problems)
        region = _region(said, extra.values(), book)
        if region is not None:
            regions.append(region)
            named = _named_region(header.rpartition(" / ")[2], book)
            if named is not None and _apart(named, [region], book):
                problems.add(
                    "judul-wilayah-lain",
                    column=m.column,
                    text=header,
                    named=named.label,
                    declared=region.label,
                )
    _check_titles(table, layout, known, regions, book, problems)
    _check_title_units(table, layout, measures, book, problems)


def _check_period(
    header: str,
    period: Period | None,
    said: Mapping[str, str],
    m: Measure,
    problems: Problems,
) -> None:
    named = _named_periods(header)
    if named and period is not None:
        if all(_disjoint(n, period) for n in named):
            problems.add(
                "judul-periode-lain",
                column=m.column,
                text=header,
                named=", ".join(map(str, named)),
                declared=str(period),
            )
        return
    if not any(part in said for part in _PARTS):
        return
    from .guessing import times

    part = times.partial(header.rpartition(" / ")[2])
    if part is None or part[0] not in said:
        return
    declared = read_part(part[0], said[part[0]])
    if declared is not None and declared != part[1]:
        problems.add(
            "judul-periode-lain",
            column=m.column,
            text=header,
            named=f"{part[0]} {part[1]}",
            declared=f"{part[0]} {declared}",
        )


def _check_unit(header: str, m: Measure, book: CodeBook, problems: Problems) -> None:
    """The unit a header states is what the public takes the figures to be in."""
    from .guessing import words

    declared = book.units.find(m.unit) if m.unit else None
    stated = words.stated_unit(header, book.units)
    if declared is None or stated is None:
        return
    if book.units.ratio(stated.code, declared.code) not in (None, 1):
        problems.add(
            "judul-satuan-lain",
            column=m.column,
            text=header,
            named=stated.in_text,
            declared=declared.in_text,
        )


def _check_title_units(
    table: RawTable, layout: Layout, measures: Measures, book: CodeBook, problems: Problems
) -> None:
    """Where no header states a unit, the public takes that of the lines above the table."""
    from .guessing import words

    headers = [layout.names[m.column] for m in measures.declared]
    if any(words.stated_unit(header, book.units) for header in headers):
        return
    units = [u for m in measures.declared if m.unit and (u := book.units.find(m.unit))]
    for row, text in _titles(table, layout):
        stated = words.stated_unit(text, book.units)
        if stated is None:
            continue
        ratios = [book.units.ratio(stated.code, u.code) for u in units]
        other = next((u for u, r in zip(units, ratios, strict=True) if r not in (None, 1)), None)
        if other is not None and 1 not in ratios:
            problems.add(
                "keterangan-satuan-lain",
                row=row,
                text=text,
                named=stated.in_text,
                declared=other.in_text,
            )


def _titles(table: RawTable, layout: Layout) -> list[tuple[int, str]]:
    """The lines above the header."""
    return [
        (row, " ".join(" ".join(c.split()) for c in table.frame.row(row) if c))
        for row in range(layout.header)
    ]


def _check_titles(
    table: RawTable,
    layout: Layout,
    known: Iterable[Period],
    regions: list[Code],
    book: CodeBook,
    problems: Problems,
) -> None:
    periods = list(known)
    titles: list[tuple[int | None, str]] = [*_titles(table, layout), (None, table.sheet or "")]
    for row, text in titles:
        if not text:
            continue
        named = _named_periods(text)
        if named and periods and all(_disjoint(n, p) for n in named for p in periods):
            problems.add(
                "keterangan-periode-lain",
                row=row,
                text=text,
                named=", ".join(map(str, named)),
                declared=", ".join(map(str, sorted(periods, key=str)[:3])),
            )
        place = _named_region(text, book) if regions else None
        if place is not None and _apart(place, regions, book):
            problems.add(
                "keterangan-wilayah-lain",
                row=row,
                text=text,
                named=place.label,
                declared=", ".join(dict.fromkeys(r.label for r in regions[:3])),
            )


def _named_periods(text: str) -> tuple[Period, ...]:
    """The periods a text speaks of; none where it names a span, a base year or a regulation."""
    if not any(c.isdigit() for c in text) or _BASE.search(text):
        return ()
    from .guessing import times, words

    known = words.load()
    if words.has_word(text, known["base_year"] | known["regulation"]):
        return ()
    found = times.find(text)
    return () if found.spans_years else found.periods


def _named_region(text: str, book: CodeBook) -> Code | None:
    from .guessing.context import Context

    return Context(((text, 1.0),)).named_region(book)


def _period(said: Mapping[str, str]) -> Period | None:
    """The declared period of a column, as exactly as constants and its header's values say it."""
    if PERIOD in said:
        return read_period(said[PERIOD])
    year = read_year(said.get(_YEAR, ""))
    if year is None:
        return None
    for concept in _PARTS:
        number = read_part(concept, said[concept]) if concept in said else None
        if number is not None:
            return part_of_year(concept, year, number)
    return read_period(str(year))


def _region(said: Mapping[str, str], fields: Iterable[Field], book: CodeBook) -> Code | None:
    text = said.get(REGION)
    if text is None:
        return None
    scheme = next((f.scheme for f in fields if f.concept == REGION), None)
    named = book.regions.named(text)
    return book.regions.get(text, scheme) or (named[0] if len(named) == 1 else None)


def _of_column(table: RawTable, declaration: Declaration, layout: Layout) -> list[Period]:
    """The periods, or years, in a table's own period column."""
    for f in declaration.fields:
        column = layout.columns.get(f.name)
        if f.role is Role.DIMENSION and f.concept in (PERIOD, _YEAR) and column is not None:
            cells = scanned.distinct(scanned.column(table.frame, column).slice(layout.start))
            return [p for text in cells[:_MOST] if (p := read_period(text)) is not None]
    return []


def _disjoint(one: Period, other: Period) -> bool:
    return one.end < other.start or other.end < one.start


def _apart(named: Code, declared: list[Code], book: CodeBook) -> bool:
    """Whether a region is neither part of a declared one nor has one as its part."""
    regions = book.regions
    return not any(
        regions.is_within(named.code, d.code) or regions.is_within(d.code, named.code)
        for d in declared
    )
