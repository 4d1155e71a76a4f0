"""Sheets as agencies make them, built inline. All figures are invented examples."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from importlib import resources

import yaml

from ckanext.satudata.consistency.keys import add_dimension
from ckanext.satudata.consistency.vocabulary import (
    Code,
    CodeBook,
    CodeList,
    Dimension,
    Indicator,
    Unit,
    Units,
)
from ckanext.satudata.extract.raw import RawTable
from ckanext.satudata.reference import codelist
from ckanext.satudata.reference.shipped import document, paths
from ckanext.satudata.reference.units import parse as unit_rows

from .books import HOME, KECAMATAN

CODES = tuple(k for k, _, _ in KECAMATAN)
BPS = tuple(b for _, b, _ in KECAMATAN)
NAMES = tuple(n for _, _, n in KECAMATAN)
MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)

Cell = str | int | None


def sheet(
    rows: Sequence[Sequence[Cell]], *, name: str = "data.xlsx", tab: str | None = None
) -> RawTable:
    """A raw table of rows of any length; empty texts become empty cells."""
    import polars as pl

    width = max(len(r) for r in rows)
    cells = [[str(c) if c not in (None, "") else None for c in r] for r in rows]
    columns = {str(i): [r[i] if i < len(r) else None for r in cells] for i in range(width)}
    schema = {str(i): pl.String for i in range(width)}
    return RawTable(name=name, sheet=tab, frame=pl.DataFrame(columns, schema=schema))


def number(i: int, j: int = 0) -> str:
    """An invented figure in Indonesian notation."""
    return f"{1 + (i * 7 + j * 3) % 9}.{100 + (i * 37 + j * 11) % 900},{(i + j) % 10}"


def average(i: int, columns: int) -> str:
    """The average of a row of :func:`number`, in the same notation and precision."""
    cells = [number(i, j) for j in range(columns)]
    exact = sum(Decimal(c.replace(".", "").replace(",", ".")) for c in cells) / columns
    return f"{exact:.1f}".replace(".", ",")


def people(i: int, j: int = 0) -> str:
    """An invented number of people."""
    return f"{10 + (i * 5 + j) % 50}.{100 + (i * 53 + j * 29) % 900}"


def shipped_book() -> CodeBook:
    """The code book a portal of Kabupaten Sintang has after its first start."""
    units = {e.code: e for e in unit_rows(document("satuan"))}
    known: dict[str, Collection[str]] = {"satuan": units}
    lists = {}
    for path in paths():
        source = document(path.stem)
        if source.kind != "codelist":
            continue
        entries = codelist.parse(source, known)
        known[source.name] = {e.code for e in entries}
        lists[source.name] = _code_list(source.name, entries)
    return CodeBook(
        codelists=lists,
        units=Units(
            {c: Unit(c, e.label, e.quantity, e.factor) for c, e in units.items()},
            {alias: c for c, e in units.items() for alias in e.aliases},
        ),
        indicators={i.code: i for i in _seeded(lists)},
        home=HOME,
        version="shipped",
    )


def _code_list(name: str, entries: Sequence[codelist.Entry]) -> CodeList:
    aliases: dict[str, tuple[str, ...]] = {}
    schemes: dict[str, dict[str, str]] = {}
    for e in entries:
        for alias in e.aliases:
            aliases[alias] = (*aliases.get(alias, ()), e.code)
        for scheme, code in e.schemes.items():
            schemes.setdefault(scheme, {})[code] = e.code
    if name == "wilayah":
        schemes["kemendagri"] = {e.code: e.code for e in entries}
    codes = {
        e.code: Code(e.code, i, e.label, e.parent, e.level, e.valid_from, e.valid_to)
        for i, e in enumerate(entries, start=1)
    }
    return CodeList(name, "shipped", codes, schemes, aliases)


def _seeded(lists: Mapping[str, CodeList]) -> Iterator[Indicator]:
    text = resources.files("ckanext.satudata.seed.data").joinpath("indicators.yaml").read_text()
    for number, row in enumerate(yaml.safe_load(text), start=1):
        dimensions: tuple[Dimension, ...] = ()
        for name in row.get("dimensions", ()):
            placed = add_dimension(dimensions, name, name, len(lists[name].codes))
            dimensions = (*dimensions, placed)
        yield Indicator(
            id=number,
            code=row["code"],
            name=row["name"],
            konsep=row.get("konsep") or row["code"].split(".")[0],
            definition=row["definition"],
            ukuran=row["ukuran"],
            unit=row["unit"],
            dimensions=dimensions,
            additive=row.get("additive", False),
        )
