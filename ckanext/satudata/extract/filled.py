"""Tables that the portal fills in itself, in the layout of its templates."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ..consistency.frozen import frozen
from ..consistency.vocabulary import Code, CodeBook, Indicator
from .declaration import Declaration, Role
from .formula_cells import harmless
from .notation import Notation
from .template import Layout


@frozen(slots=True)
class Row:
    """One row.

    Attributes:
        region: whose figure it is.
        classification: dimension -> code.
        period: the period's canonical text.
        value: the figure, None where there is none.
        note: what is to be said about it.
    """

    region: Code
    classification: Mapping[str, str]
    period: str
    value: Decimal | None
    note: str = ""


def filled_table(
    indicator: Indicator, book: CodeBook, dimensions: Sequence[str], rows: Sequence[Row]
) -> tuple[bytes, Declaration]:
    """A CSV file as Excel with Indonesian settings opens it, and what its columns mean.

    Args:
        indicator: whose figures they are.
        book: names of codes and units.
        dimensions: of the indicator, those by which the rows are split.
        rows: the rows, in order.
    """
    lists = {d.name: d.codelist for d in indicator.dimensions if d.name in dimensions}
    layout = Layout(lists, indicator_column=False)
    unit = book.units.units[indicator.unit]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(layout.columns)
    for row in rows:
        codes = [(c := row.classification[n], book.codelists[lists[n]].codes[c]) for n in lists]
        cells = [
            row.region.code,
            row.region.label,
            *(text for code, entry in codes for text in (code, entry.label)),
            row.period,
            "" if row.value is None else format(row.value, "f").replace(".", ","),
            unit.label,
            "",
            row.note,
        ]
        writer.writerow([harmless(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig"), _declared(layout, indicator)


def _declared(layout: Layout, indicator: Indicator) -> Declaration:
    """The layout's declaration; the notation is said, so that ``1,234`` is never a thousand."""
    plain = layout.declaration(indicator.code, indicator.unit)
    return replace(
        plain,
        fields=tuple(
            replace(f, notation=Notation.ID.value) if f.role is Role.MEASURE else f
            for f in plain.fields
        ),
    )
