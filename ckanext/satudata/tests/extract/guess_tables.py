"""Sheets as agencies make them, built inline. All figures are invented examples."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudata.extract.raw import RawTable

from .books import KECAMATAN

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


def people(i: int, j: int = 0) -> str:
    """An invented number of people."""
    return f"{10 + (i * 5 + j) % 50}.{100 + (i * 53 + j * 29) % 900}"
