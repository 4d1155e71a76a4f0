"""Proposing a declaration for a table from its headers, its cells and what stands around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...consistency.vocabulary import REGION, TOTAL, CodeBook
from ..declaration import INDICATOR, PERIOD, UNIT, Declaration, Field, Role
from ..template import declaration_from_table
from . import columns, figures, grid, headings, lists, memory
from .context import Context, gather
from .figures import Figure
from .indicators import Ranking
from .result import Candidate, Guess, Notes

if TYPE_CHECKING:
    from ..raw import RawTable

_PARTS = ("bulan", "triwulan", "semester")


def guess(
    table: RawTable,
    book: CodeBook,
    *,
    remembered: Sequence[Declaration] = (),
    hints: Mapping[str, object] | None = None,
) -> Guess:
    """Propose what the columns of a table mean.

    Nothing uncertain is decided silently: a measure whose indicator is not certain has none,
    and whatever a wrong reading would hide (a unit, a period, a region, an item) is asked.

    Args:
        table: the sheet; a few hundred rows are enough.
        book: code lists, units and indicators.
        remembered: declarations the organization confirmed before, newest first; one for the
            same columns is followed, but periods and regions of this table's titles win.
        hints: ``title`` (of the dataset), ``resource``, ``name`` (of the file), ``organization``
            (id of the publisher), ``region`` (its region's code), ``indicators`` (codes that
            the dataset's metadata name); all optional.
    """
    template = declaration_from_table(table)
    if template is not None:
        notes = Notes({f.name: 1.0 for f in template.fields})
        notes.reason("templat", None, 1.0)
        return Guess(template, notes.confidence, notes.reasons, notes.questions)
    hints = hints or {}
    found = grid.read(table)
    context = gather(table, found, hints)
    notes = Notes()
    fresh = _fresh(table, found, book, context, Ranking(book, hints), notes)
    known = memory.recall(found, remembered)
    if known is not None:
        return memory.follow(known, fresh, notes, found)
    return Guess(fresh, notes.confidence, notes.reasons, notes.questions)


def _fresh(
    table: RawTable,
    found: grid.Grid,
    book: CodeBook,
    context: Context,
    ranking: Ranking,
    notes: Notes,
) -> Declaration:
    if found.header is None or found.sure < 0.5:
        notes.ask("kepala-belum-pasti", None)
    roles = columns.assign(found, book, notes)
    understood = _understand(found, roles, book, context, ranking, notes)
    figures.without_doubles(understood, notes)
    build = _Builder(found, roles, book, context, notes)
    build.measures([f for f in understood if not f.ignored])
    build.ignored([f for f in understood if f.ignored])
    build.period()
    build.region()
    _ask_about_repeated_rows(found, build.fields, notes)
    names = _dimension_names(understood)
    return Declaration(
        fields=tuple(_renamed(build.fields[c.position], names) for c in found.columns),
        extra=tuple(_renamed(f, names) for f in build.extra.values()),
        sheet=table.sheet,
        header_row=found.header_row,
        header_rows=max(found.header_rows, 1),
    )


def _understand(
    found: grid.Grid,
    roles: columns.Roles,
    book: CodeBook,
    context: Context,
    ranking: Ranking,
    notes: Notes,
) -> list[Figure]:
    free = [c for c in found.columns if c.position not in roles.fields]
    if not free:
        notes.ask("tanpa-angka", None)
    unit_column = any(f.concept == UNIT for f in roles.fields.values())
    return figures.Understanding(book, context, ranking, notes).figures(
        headings.read(free, book, roles.dimensions),
        roles.dimensions,
        unit_column=unit_column,
        indicator_column=roles.indicator is not None,
    )


def _dimension_names(understood: Sequence[Figure]) -> dict[str, str]:
    """Code list -> the name of the dimension it has in the table's indicators, where unique."""
    every = {
        (d.codelist, d.name) for f in understood if f.indicator for d in f.indicator.dimensions
    }
    counts = Counter(codelist for codelist, _ in every)
    return {codelist: name for codelist, name in every if counts[codelist] == 1}


def _renamed(f: Field, names: Mapping[str, str]) -> Field:
    if f.role is Role.DIMENSION and f.codelist and f.concept == f.codelist:
        return replace(f, concept=names.get(f.codelist, f.concept))
    return f


class _Builder:
    """Turns what was understood into fields and extra fields."""

    def __init__(
        self,
        found: grid.Grid,
        roles: columns.Roles,
        book: CodeBook,
        context: Context,
        notes: Notes,
    ) -> None:
        self._roles = roles
        self._book = book
        self._context = context
        self._notes = notes
        self._names = {c.name for c in found.columns}
        self.fields: dict[int, Field] = dict(roles.fields)
        self.extra: dict[str, Field] = {}

    def measures(self, understood: Sequence[Figure]) -> None:
        """Declare the columns of figures, unpivoting them where they stand for objects."""
        concepts = sorted({c for f in understood for c in f.place})
        varying = [c for c in concepts if len({f.place.get(c) for f in understood}) > 1]
        for concept in concepts:
            if concept not in varying:
                self._constant(concept, understood[0].place[concept], 0.9)
        if varying:
            self._unpivot(understood, varying)
            return
        for figure in understood:
            name = figure.column.name
            self.fields[figure.column.position] = Field(
                name,
                Role.MEASURE,
                indicator=figure.indicator.code if figure.indicator else None,
                unit=figure.unit.code if figure.unit else None,
            )
            self._tell(figure, name)

    def ignored(self, understood: Sequence[Figure]) -> None:
        """Leave columns out that repeat others; a yearly sum is asked about."""
        for figure in understood:
            name = figure.column.name
            self.fields[figure.column.position] = Field(name, Role.IGNORE)
            if figure.heading.over_time and figure.heading.total:
                self._notes.ask("jumlah-setahun", name)

    def period(self) -> None:
        """Make sure that every figure has a period: from a column, a header or a title."""
        have = {f.concept for f in (*self.fields.values(), *self.extra.values())}
        parts = [p for p in _PARTS if p in have]
        if parts and "tahun" not in have:
            year_column = next(
                (p for p, f in self.fields.items() if f.concept == PERIOD and f.role), None
            )
            if year_column is not None:
                self.fields[year_column] = replace(self.fields[year_column], concept="tahun")
                return
            year = self._context.year()
            self._constant("tahun", str(year) if year else None, 0.85)
            if year is None:
                self._notes.ask("tahun-tidak-ada", self._unique("tahun"))
            return
        if parts or PERIOD in have:
            return
        period = self._context.period()
        self._constant(PERIOD, str(period) if period else None, 0.85)
        if period is None:
            self._notes.ask("periode-tidak-ada", self._unique(PERIOD))

    def region(self) -> None:
        """Give a table without a region column the region its titles name."""
        if self._roles.region is not None:
            return
        named = self._context.named_region(self._book)
        if named is not None:
            self._constant(REGION, named.code, 0.85)
            return
        publisher = self._book.regions.codes.get(self._context.region or "")
        home = self._book.regions.codes.get(self._book.home)
        candidates = [
            Candidate(value=c.code, label=c.label, score=0.6 if c is publisher else 0.4)
            for c in dict.fromkeys((publisher, home))
            if c is not None
        ]
        assumed = candidates[0]["value"] if candidates else self._book.home
        self._constant(REGION, assumed, 0.5)
        self._notes.ask("wilayah-diasumsikan", self._unique(REGION), candidates)

    def _unpivot(self, understood: Sequence[Figure], varying: Sequence[str]) -> None:
        several = len({f.measure for f in understood}) > 1
        for concept in varying:
            self._extra(concept, Role.DIMENSION)
        if several:
            self._extra(INDICATOR, Role.DIMENSION)
        first = understood[0]
        target = self._unique("nilai")
        self.extra[target] = Field(
            target,
            Role.MEASURE,
            indicator=None if several or not first.indicator else first.indicator.code,
            unit=None if several or not first.unit else first.unit.code,
            target=True,
        )
        for figure in understood:
            place = {c: figure.place[c] for c in varying if c in figure.place}
            for concept in varying:
                if concept not in place:
                    place |= self._missing_place(figure, concept)
            if several and figure.indicator:
                place[INDICATOR] = figure.indicator.code
            name = figure.column.name
            self.fields[figure.column.position] = Field(
                name,
                normalize={self._unique(c): v for c, v in place.items()},
                unit=figure.unit.code if several and figure.unit else None,
            )
            self._notes.reason("kolom-lebar", name, 0.95, values=", ".join(place.values()))
            if several:
                self._tell(figure, name)
        if not several:
            self._tell(first, target)

    def _missing_place(self, figure: Figure, concept: str) -> dict[str, str]:
        """The value of a column that does not name what its neighbours name."""
        codelist = self._book.codelists.get(concept)
        if codelist is not None and figure.indicator is not None:
            split = any(concept in (d.name, d.codelist) for d in figure.indicator.dimensions)
            return {concept: TOTAL} if split else {}
        if codelist is not None:
            found = (lists.embedded(text, codelist)[0] for text in self._context.plain)
            codes = next((c for c in found if c), ())
            return {concept: codes[0].code} if len(codes) == 1 else {}
        period = self._context.period() if concept == PERIOD else None
        if period is not None:
            return {concept: str(period)}
        self._notes.ask("periode-tidak-ada", figure.column.name)
        return {}

    def _tell(self, figure: Figure, name: str) -> None:
        decision = figure.decision
        if decision.indicator is not None:
            self._notes.reason(
                decision.reason,
                name,
                decision.confidence,
                indicator=decision.indicator.code,
                label=decision.indicator.name,
            )
        elif decision.reason == figures.PER_ROW:
            self._notes.reason(decision.reason, name, decision.confidence)
        else:
            self._notes.ask(decision.reason, name, decision.candidates, header=figure.column.name)

    def _extra(self, concept: str, role: Role, constant: str | None = None) -> None:
        name = self._unique(concept)
        codelist = concept if concept in self._book.codelists else None
        self.extra[name] = Field(name, role, concept, codelist=codelist, constant=constant)

    def _constant(self, concept: str, value: str | None, confidence: float) -> None:
        self._extra(concept, Role.DIMENSION, value)
        if value is not None:
            self._notes.reason(
                "nilai-tetap", self._unique(concept), confidence, concept=concept, value=value
            )

    def _unique(self, concept: str) -> str:
        """The extra field's name: the concept, unless a column is called so."""
        return concept if concept not in self._names else f"{concept} (tabel)"


def _ask_about_repeated_rows(found: grid.Grid, fields: Mapping[int, Field], notes: Notes) -> None:
    """Rows that no dimension tells apart mean that a dimension was not recognised."""
    keys = [p for p, f in fields.items() if f.role is Role.DIMENSION]
    figures_at = [p for p, f in fields.items() if f.role is Role.MEASURE or f.normalize]
    rows = [
        tuple(row[p] if p < len(row) else None for p in keys)
        for row in found.rows
        if any(p < len(row) and row[p] for p in figures_at)
    ]
    if not figures_at or len(rows) - len(set(rows)) <= 0.02 * len(rows):
        return
    left = [f.name for f in fields.values() if f.role is Role.IGNORE]
    candidates = [Candidate(value=name, label=name, score=0.3) for name in left]
    notes.ask("baris-berulang", None, candidates, rows=len(rows) - len(set(rows)))
