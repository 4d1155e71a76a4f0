"""From headers of figure columns to measures: which indicator, which unit, which object."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from ...consistency.vocabulary import REGION, TOTAL, Code, CodeBook, CodeList, Indicator, Unit
from ..declaration import PERIOD
from . import lists, words
from .context import Context
from .grid import Column
from .headings import Heading
from .indicators import Decision, Evidence, Ranking
from .result import Candidate, Notes

#: Reason of a measure whose rows name their indicators.
PER_ROW = "indikator-per-baris"
#: Score from which on a candidate is a serious one.
_NEAR = 0.6


@dataclass
class Figure:
    """One column of figures, understood as far as it goes.

    Attributes:
        heading: its header.
        decision: the indicator, or the candidates.
        unit: unit of the figures; None where rows say it or nothing is known.
        place: concept -> value by which the column differs from its neighbours.
        ignored: whether the column repeats what others say (averages, yearly sums).
    """

    heading: Heading
    decision: Decision
    unit: Unit | None = None
    place: dict[str, str] = field(default_factory=dict)
    ignored: bool = False

    @property
    def column(self) -> Column:
        """The column."""
        return self.heading.column

    @property
    def indicator(self) -> Indicator | None:
        """The indicator, if certain."""
        return self.decision.indicator

    @property
    def unit_label(self) -> str:
        """The unit as printed, empty if unknown."""
        return self.unit.label if self.unit else ""

    @property
    def measure(self) -> tuple[str, str]:
        """What the column measures, in which unit: equal for columns of one measure."""
        name = self.indicator.code if self.indicator else " ".join(words.tokens(self.heading.text))
        return name, self.unit.code if self.unit else ""


class Understanding:
    """Decides measure by measure; texts seen twice are ranked once.

    Args:
        book: the code book.
        context: texts around the table.
        ranking: compares texts with indicators.
        notes: where reasons and questions go.
    """

    def __init__(self, book: CodeBook, context: Context, ranking: Ranking, notes: Notes) -> None:
        self._book = book
        self._context = context
        self._ranking = ranking
        self._notes = notes
        self._per_row = False
        self._seen: dict[tuple[str, str, frozenset[str]], Decision] = {}

    def figures(
        self,
        headings: Sequence[Heading],
        split: Collection[str],
        *,
        unit_column: bool,
        indicator_column: bool = False,
    ) -> list[Figure]:
        """Understand all columns of figures of one table.

        Args:
            headings: their headers.
            split: code lists that have a column of their own.
            unit_column: whether a column says each row's unit.
            indicator_column: whether a column says each row's indicator.
        """
        self._per_row = indicator_column
        out = [self._figure(h, frozenset(split), unit_column=unit_column) for h in headings]
        if any(not f.ignored and f.column.values for f in out):
            for figure in out:
                if not figure.column.values and figure.indicator is None:
                    figure.ignored = True
                    self._notes.reason("kolom-kosong", figure.column.name, 0.6)
        return out

    def _figure(self, heading: Heading, split: frozenset[str], *, unit_column: bool) -> Figure:
        around = self._context.unit(self._book)
        unit = heading.unit or around
        decision = self._decide(heading, unit, split | set(heading.items))
        if decision.indicator is None and heading.unit is None and around is not None:
            # The unit above the table may belong to another of its columns.
            without = self._decide(heading, None, split | set(heading.items))
            if without.indicator is not None:
                decision, unit = without, None
        figure = Figure(heading, decision, unit, dict(heading.items))
        if heading.period is not None:
            figure.place[PERIOD] = str(heading.period)
        if heading.part is not None:
            concept, number = heading.part
            figure.place[concept] = f"{number:02d}" if concept == "bulan" else str(number)
        if heading.over_time:
            figure.ignored = True
            code = "kolom-rata-rata" if heading.average else "jumlah-setahun"
            self._notes.reason(code, heading.column.name, 0.6)
            return figure
        self._unit(figure, unit_column=unit_column)
        if figure.indicator is not None:
            self._silent_dimensions(figure, figure.indicator, split)
        return figure

    def _decide(self, heading: Heading, unit: Unit | None, split: frozenset[str]) -> Decision:
        if self._per_row:
            return Decision(None, 0.9, PER_ROW, ())
        text = heading.text
        if words.is_total(text) or not words.tokens(text):
            text = ""
        key = (text, unit.code if unit else "", split)
        if key not in self._seen:
            self._seen[key] = self._ranking.decide(
                Evidence(text, self._context.texts, unit, split, heading.column.name)
            )
        return self._seen[key]

    def _unit(self, figure: Figure, *, unit_column: bool) -> None:
        """Settle the unit; a missing one is asked for wherever a usual mistake would hide."""
        name = figure.column.name
        if figure.heading.unit is not None:
            self._notes.reason("satuan-dari-kepala", name, 0.97, unit=figure.unit_label)
        elif unit_column:
            figure.unit = None
        elif figure.unit is not None:
            self._notes.reason("satuan-dari-judul", name, 0.9, unit=figure.unit_label)
        elif figure.indicator is not None:
            figure.unit = self._book.units.units.get(figure.indicator.unit)
            if self._only_scale(figure.indicator):
                self._notes.reason("satuan-indikator", name, 0.8, unit=figure.unit_label)
            else:
                self._notes.ask(
                    "satuan-belum-pasti",
                    name,
                    self._scales(figure.indicator),
                    unit=figure.unit_label,
                )

        elif self._per_row:
            self._notes.ask("satuan-belum-pasti", name)
        else:
            self._unit_of_candidates(figure)

    def _unit_of_candidates(self, figure: Figure) -> None:
        """The unit, where all indicators in question count the same in ones."""
        near = [
            self._book.indicators[c["value"]]
            for c in figure.decision.candidates
            if c["score"] >= _NEAR
        ]
        if len({i.unit for i in near}) == 1 and self._only_scale(near[0]):
            figure.unit = self._book.units.units.get(near[0].unit)
            self._notes.reason("satuan-indikator", figure.column.name, 0.8, unit=figure.unit_label)

    def _only_scale(self, indicator: Indicator) -> bool:
        """Whether a missing unit leaves no doubt: people are counted one by one."""
        unit = self._book.units.units.get(indicator.unit)
        if unit is None:
            return False
        others = {u.factor for u in self._book.units.of_quantity(unit.quantity)}
        return len(others) == 1 or unit.quantity.startswith("cacah")

    def _scales(self, indicator: Indicator) -> list[Candidate]:
        unit = self._book.units.units.get(indicator.unit)
        others = self._book.units.of_quantity(unit.quantity) if unit else ()
        ranked = sorted(others, key=lambda u: u.code != indicator.unit)
        return [
            Candidate(value=u.code, label=u.label, score=0.5 if u.code == indicator.unit else 0.2)
            for u in ranked
        ]

    def _silent_dimensions(
        self, figure: Figure, indicator: Indicator, split: frozenset[str]
    ) -> None:
        """Find items that no column holds in the header or the titles ("Stok Gula ...")."""
        name = figure.column.name
        for dimension in indicator.dimensions:
            if {dimension.name, dimension.codelist} & (split | set(figure.place)):
                continue
            codelist = self._book.codelists.get(dimension.codelist)
            if codelist is None or dimension.codelist == REGION:
                continue
            text, codes = self._named(figure.heading.text, codelist)
            if not codes:
                if indicator.additive:
                    self._notes.reason("dimensi-total", name, 0.75, dimension=dimension.name)
                else:
                    self._notes.ask(
                        "dimensi-belum-pasti",
                        name,
                        [
                            Candidate(value=c.code, label=c.label, score=0.1)
                            for c in codelist.codes.values()
                        ],
                        dimension=dimension.name,
                    )
                continue
            if len(codes) == 1:
                figure.place[dimension.name] = codes[0].code
                self._notes.reason(
                    "dimensi-dari-judul", name, 0.85, dimension=dimension.name, label=codes[0].label
                )
            else:
                self._notes.ask(
                    "dimensi-belum-pasti",
                    name,
                    [
                        *(
                            Candidate(value=c.code, label=c.label, score=round(0.8 / len(codes), 2))
                            for c in codes
                        ),
                        Candidate(value=TOTAL, label="Jumlah", score=0.1),
                    ],
                    dimension=dimension.name,
                    text=text,
                )

    def _named(self, header: str, codelist: CodeList) -> tuple[str, tuple[Code, ...]]:
        """The nearest text that names codes of a list, and the codes.

        A farther text may say more exactly what the nearest says: below the title "Kebutuhan Beras
        Medium", a header "Kebutuhan Beras" means that kind of rice alone.
        """
        where = ""
        nearest: tuple[Code, ...] = ()
        for text in (header, *self._context.plain):
            codes, _ = lists.embedded(text, codelist)
            if codes and (not nearest or _narrower(codes, nearest, codelist)):
                where, nearest = text, codes
        return where, nearest


def _narrower(codes: Sequence[Code], than: Sequence[Code], codelist: CodeList) -> bool:
    """Whether codes are some of those named before, or kinds of them."""
    return {*codes} != {*than} and all(
        any(codelist.is_within(c.code, other.code) for other in than) for c in codes
    )


def without_doubles(figures: Sequence[Figure], notes: Notes) -> None:
    """Take the indicator back where two columns would say the same object.

    "Penduduk Awal Tahun" and "Penduduk Akhir Tahun" resemble one indicator; only a person can
    tell which is it.
    """
    groups: dict[tuple[object, ...], list[Figure]] = {}
    for figure in figures:
        if figure.ignored or figure.indicator is None:
            continue
        key = (figure.indicator.code, tuple(sorted(figure.place.items())))
        groups.setdefault(key, []).append(figure)
    for group in groups.values():
        if len(group) < 2:
            continue
        for figure in group:
            found = figure.indicator
            assert found is not None
            candidates = figure.decision.candidates or (
                Candidate(value=found.code, label=found.name, score=0.5),
            )
            figure.decision = Decision(None, 0.0, "indikator-ganda", candidates)
            if figure.heading.unit is None:
                figure.unit = None
    if any(len(g) > 1 for g in groups.values()):
        names = [f.column.name for g in groups.values() if len(g) > 1 for f in g]
        notes.reason("indikator-ganda", None, 0.0, columns=", ".join(names))
