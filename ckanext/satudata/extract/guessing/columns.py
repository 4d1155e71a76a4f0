"""The role of each column that is not a figure: regions, periods, code lists, units, status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from ...consistency.vocabulary import REGION, CodeBook, normalise
from ..declaration import INDICATOR, PERIOD, STATUS, UNIT, Field, Role
from ..dimensions import STATUS as STATUS_WORDS
from ..periods import read_part, read_period, read_year
from . import cells, lists, words
from .grid import Column, Grid
from .result import Notes

#: Share of cells that must read as periods, units or status words.
_ENOUGH = 0.8
#: Below this share of numbers a column is text.
_FEW = 0.3
_PARTS = ("bulan", "triwulan", "semester")


@dataclass
class Roles:
    """What is decided so far.

    Attributes:
        fields: column position -> field; columns not in it may hold figures.
        region: position of the region dimension, or None.
        indicator: position of a column that names each row's indicator, or None.
        period: concepts of the period columns found (``periode``, ``tahun``, ``bulan``...).
        dimensions: code list name -> position of its column.
    """

    fields: dict[int, Field] = field(default_factory=dict)
    region: int | None = None
    indicator: int | None = None
    period: set[str] = field(default_factory=set)
    dimensions: dict[str, int] = field(default_factory=dict)


def assign(grid: Grid, book: CodeBook, notes: Notes) -> Roles:
    """Give a role to every column that certainly holds no figures."""
    roles = Roles()
    for column in grid.columns:
        if _is_row_number(column):
            _set(roles, column, Field(column.name, Role.IGNORE))
            notes.reason("nomor-urut", column.name, 0.98)
    _regions(grid, book, roles, notes)
    _periods(grid, roles, notes)
    _indicators(grid, book, roles, notes)
    _code_lists(grid, book, roles, notes)
    _attributes(grid, book, roles, notes)
    _rest(grid, roles, notes)
    return roles


def _set(roles: Roles, column: Column, declared: Field) -> None:
    roles.fields[column.position] = declared


def _free(grid: Grid, roles: Roles) -> list[Column]:
    return [c for c in grid.columns if c.position not in roles.fields]


def _is_row_number(column: Column) -> bool:
    if normalise(column.leaf) not in words.load()["number"]:
        return False
    numbers = [n for v in column.values if (n := cells.ordinal(v)) is not None]
    return not column.values or len(numbers) >= 0.5 * len(column.values)


def _regions(grid: Grid, book: CodeBook, roles: Roles, notes: Notes) -> None:
    codes: dict[int, lists.Match] = {}
    names: dict[int, lists.Match] = {}
    columns = {c.position: c for c in _free(grid, roles)}
    for position, column in columns.items():
        found = lists.region_codes(column.distinct, column.name, book)
        if found is not None:
            codes[position] = found
        elif column.figures < 0.5:
            found = lists.region_names(column.distinct, column.name, book)
            if found is not None:
                names[position] = found
    if not codes and not names:
        return
    deepest = max(lists.depth(m.level) for m in (*codes.values(), *names.values()))
    by_code = [p for p, m in codes.items() if lists.depth(m.level) == deepest]
    by_name = [p for p, m in names.items() if lists.depth(m.level) == deepest]
    # Where codes exist but only of a higher level than the names, the names decide.
    chosen = (by_code or by_name)[0]
    match = codes.get(chosen) or names[chosen]
    roles.region = chosen
    header = columns[chosen].name
    _set(
        roles,
        columns[chosen],
        Field(header, Role.DIMENSION, REGION, codelist=REGION, scheme=match.scheme),
    )
    notes.reason(
        "kode-wilayah" if match.codes else "nama-wilayah",
        header,
        0.7 if match.damaged else min(0.99, 0.6 + 0.4 * match.share),
        scheme=match.scheme or "",
        level=match.level or "",
        share=round(100 * match.share),
    )
    if match.damaged:
        notes.ask("kode-tanpa-titik", header)
    for position in (*by_code, *by_name):
        if position == chosen:
            continue
        name = columns[position].name
        if position in codes:
            _set(roles, columns[position], Field(name, Role.IGNORE))
            notes.reason("kode-wilayah-kedua", name, 0.8, of=header)
        else:
            _set(roles, columns[position], Field(name, Role.LABEL, of=header))
            notes.reason("nama-dari-kode", name, 0.95, of=header)
    for position in (*codes, *names):
        if position not in roles.fields:
            _set(roles, columns[position], Field(columns[position].name, Role.IGNORE))
            notes.reason("wilayah-induk", columns[position].name, 0.85, of=header)


def _periods(grid: Grid, roles: Roles, notes: Notes) -> None:
    heads = words.load()["period"]
    found: dict[str, Column] = {}
    for column in _free(grid, roles):
        concept = _period_concept(column, heads)
        if concept is not None and concept not in found:
            found[concept] = column
    if PERIOD in found:
        found = {PERIOD: found[PERIOD]}
    elif not set(found) & set(_PARTS):
        found = dict.fromkeys([PERIOD], next(iter(found.values()))) if found else {}
    else:
        # Only the finest part of the year counts beside the year itself.
        part = next(p for p in _PARTS if p in found)
        found = {k: c for k, c in found.items() if k in ("tahun", part)}
    for concept, column in found.items():
        roles.period.add(concept)
        _set(roles, column, Field(column.name, Role.DIMENSION, concept))
        notes.reason("kolom-periode", column.name, 0.95, concept=concept)


def _period_concept(column: Column, heads: Mapping[str, frozenset[str]]) -> str | None:
    header = normalise(column.leaf)
    distinct = column.distinct
    if not distinct:
        return next((k for k, w in heads.items() if header in w and k != PERIOD), None)
    named = next((k for k, spellings in heads.items() if header in spellings), None)
    if named is None and column.figures > 0.5:
        return None
    whole = sum(read_period(v) is not None for v in distinct) / len(distinct)
    if named in _PARTS:
        if whole >= _ENOUGH and not all(map(cells.is_year, distinct)):
            return PERIOD
        same = sum(read_part(named, v) is not None for v in distinct)
        return named if same >= _ENOUGH * len(distinct) else None
    years = all(read_year(v) is not None for v in distinct)
    if named == "tahun":
        return "tahun" if years else PERIOD if whole >= _ENOUGH else None
    if named == PERIOD:
        return PERIOD if whole >= _ENOUGH else None
    # Without a word in the header a bare number is no year, but "Januari 2025" is a month.
    return PERIOD if whole >= 0.95 and not any(map(cells.is_number, distinct)) else None


def _indicators(grid: Grid, book: CodeBook, roles: Roles, notes: Notes) -> None:
    """A column of indicators' codes or full names; two names may not fold into one."""
    names = Counter(normalise(i.name) for i in book.indicators.values())
    known = {name for name, count in names.items() if count == 1}
    known |= {normalise(code) for code in book.indicators}
    for column in _free(grid, roles):
        hits = sum(normalise(v) in known for v in column.distinct)
        if column.distinct and hits >= lists.ENOUGH * len(column.distinct):
            roles.indicator = column.position
            _set(roles, column, Field(column.name, Role.DIMENSION, INDICATOR))
            share = hits / len(column.distinct)
            notes.reason("kolom-indikator", column.name, 0.5 + 0.45 * share)
            return


def _code_lists(grid: Grid, book: CodeBook, roles: Roles, notes: Notes) -> None:
    matches: dict[str, list[tuple[Column, lists.Match]]] = {}
    for column in _free(grid, roles):
        if column.figures > 0.5 and not words.has_word(column.name, words.load()["code"]):
            continue
        fits = [
            m
            for name in lists.dimensional(book)
            if (m := lists.match(column.distinct, book.codelists[name], header=column.name))
        ]
        if fits:
            best = max(
                fits,
                key=lambda m: (
                    words.has_word(column.name, frozenset({normalise(m.codelist)})),
                    m.share,
                    -len(book.codelists[m.codelist].codes),
                ),
            )
            matches.setdefault(best.codelist, []).append((column, best))
    for name, found in matches.items():
        found.sort(key=lambda pair: (not pair[1].codes, -pair[1].share))
        column, match = found[0]
        roles.dimensions[name] = column.position
        _set(roles, column, Field(column.name, Role.DIMENSION, name, codelist=name))
        notes.reason(
            "kolom-daftar-kode",
            column.name,
            min(0.97, 0.4 + 0.57 * match.share),
            codelist=name,
            share=round(100 * match.share),
        )
        for other, fit in found[1:]:
            if match.codes and not fit.codes:
                _set(roles, other, Field(other.name, Role.LABEL, of=column.name))
                notes.reason("nama-dari-kode", other.name, 0.9, of=column.name)
            else:
                _set(roles, other, Field(other.name, Role.IGNORE))
                notes.reason("kolom-kedua", other.name, 0.5, of=column.name)


def _attributes(grid: Grid, book: CodeBook, roles: Roles, notes: Notes) -> None:
    known = words.load()
    seen: set[str] = set()
    for column in _free(grid, roles):
        if column.figures > 0.5:
            continue
        header, distinct = normalise(column.leaf), column.distinct
        if header in known["unit"] and UNIT not in seen:
            units = sum(book.units.find(v) is not None for v in distinct)
            if distinct and units >= 0.5 * len(distinct):
                seen.add(UNIT)
                _set(roles, column, Field(column.name, Role.ATTRIBUTE, UNIT))
                notes.reason("kolom-satuan", column.name, 0.6 + 0.38 * units / len(distinct))
        elif header in known["status"] and STATUS not in seen:
            hits = sum(normalise(v) in STATUS_WORDS for v in distinct)
            empty = not distinct and header not in known["note"]
            if empty or (distinct and hits >= _ENOUGH * len(distinct)):
                seen.add(STATUS)
                _set(roles, column, Field(column.name, Role.ATTRIBUTE, STATUS))
                notes.reason("kolom-status", column.name, 0.9)


def _rest(grid: Grid, roles: Roles, notes: Notes) -> None:
    """Text, and numbers that only identify, are left out."""
    known = words.load()
    for column in _free(grid, roles):
        header = normalise(column.leaf)
        if header in known["identifier"] or words.has_word(
            column.leaf, frozenset({"latitude", "longitude", "koordinat", "telepon", "nik", "nip"})
        ):
            reason = "kolom-pengenal"
        elif header in known["note"] and column.figures < _FEW:
            reason = "kolom-catatan"
        elif column.distinct and column.figures < _FEW:
            reason = "kolom-teks"
        else:
            continue
        _set(roles, column, Field(column.name, Role.IGNORE))
        notes.reason(reason, column.name, 0.8 if reason != "kolom-teks" else 0.7)
