"""What the header of a column of figures says: measure, unit, period, items of code lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from ...consistency.period import Period
from ...consistency.vocabulary import TOTAL, CodeBook, Unit, normalise
from . import lists, times, words
from .grid import Column


@dataclass
class Heading:
    """The header of one column of figures, taken apart.

    Attributes:
        column: the column.
        text: words about the measure itself.
        unit: unit, if named.
        period: period the column stands for, or None.
        part: month, quarter or semester without a year: (concept, number), or None.
        items: code list name -> canonical code the column stands for.
        total: whether the lowest line is a word such as "Jumlah".
        average: whether it is a word such as "Rata-rata".
    """

    column: Column
    text: str = ""
    unit: Unit | None = None
    period: Period | None = None
    part: tuple[str, int] | None = None
    items: dict[str, str] = field(default_factory=dict)
    total: bool = False
    average: bool = False
    over_time: bool = False


def read(columns: Sequence[Column], book: CodeBook, taken: Collection[str]) -> list[Heading]:
    """Take the headers of a table's columns of figures apart.

    Args:
        columns: the columns of figures.
        book: the code book.
        taken: code lists that have a column of their own, so that headers are no items of them.
    """
    names = [n for n in lists.dimensional(book) if n not in taken]
    favour = _favoured(columns, names, book)
    silent = frozenset(normalise(n) for n in book.codelists)
    headings = [_heading(c, favour, silent, book) for c in columns]
    _totals(headings)
    return headings


def _favoured(columns: Sequence[Column], names: Iterable[str], book: CodeBook) -> list[str]:
    """Code lists that headers name items of, the one with most items first."""
    counts = Counter(
        name
        for c in columns
        for name in names
        if any(_item(part, name, book) is not None for part in c.parts)
    )
    return [name for name, _ in counts.most_common()]


def _item(part: str, name: str, book: CodeBook) -> str | None:
    code = lists.item(words.unit_of(part, book.units)[1] or part, book.codelists[name])
    return code.code if code else None


def _heading(
    column: Column, favour: Sequence[str], silent: frozenset[str], book: CodeBook
) -> Heading:
    out = Heading(column)
    left: list[str] = []
    units: list[str] = []
    for i, part in enumerate(column.parts):
        if normalise(part) in silent:
            # A group heading that only names the list of the columns below it.
            continue
        for name in favour:
            code = _item(part, name, book)
            if code is not None and name not in out.items:
                out.items[name] = code
                out.unit = words.unit_of(part, book.units)[0] or out.unit
                break
        else:
            unit, bare = words.unit_of(part, book.units)
            out.unit = unit or out.unit
            if unit is not None and not bare:
                units.append(part)
                continue
            above = column.parts[i - 1] if i else ""
            _dissect(out, bare, above, last=i == len(column.parts) - 1, left=left)
    if not left and not out.items and out.period is None and out.part is None:
        # A header that is nothing but a unit may be the measure's name: "Penduduk", "Keluarga".
        left = units
    out.text = " ".join(left)
    return out


def _dissect(out: Heading, text: str, above: str, *, last: bool, left: list[str]) -> None:
    """Sort one header line: a period, a part of a year, a total, or words of the measure."""
    folded = normalise(text)
    known = words.load()
    period = times.whole(text)
    part = times.partial(text) or (times.partial(f"{above} {text}") if above else None)
    if period is not None and out.period is None:
        out.period = period
    elif part is not None and out.part is None:
        out.part = part
    elif last and folded in known["average"]:
        out.average = True
        left.append(text)
    elif last and folded in known["total"]:
        out.total = True
        left.append(text)
    elif any(folded in spellings for spellings in known["period"].values()):
        return
    else:
        found = times.find(text)
        if len(found.periods) == 1 and not found.spans_years and out.period is None:
            out.period = found.periods[0]
            text = found.rest
        left.append(text)


def _totals(headings: Sequence[Heading]) -> None:
    """Say over what a "Jumlah" column sums: the items or the months beside it."""
    for heading in headings:
        if not (heading.total or heading.average):
            continue
        group = heading.column.parts[:-1]
        beside = [
            h
            for h in headings
            if h is not heading
            and not (h.total or h.average)
            and (not group or h.column.parts[: len(group)] == group)
        ]
        names = {name for h in beside for name in h.items}
        if heading.average:
            heading.over_time = bool(beside)
        elif names:
            for name in sorted(names - set(heading.items)):
                heading.items[name] = TOTAL
        elif beside and all(h.part or h.period for h in beside):
            heading.over_time = True
