"""What was guessed, in a few letters, for comparing."""

from __future__ import annotations

from typing import Any

from ckanext.satudata.consistency.findings import Severity
from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.extract.declaration import Declaration, Field, Role, parse, serialise
from ckanext.satudata.extract.guessing.guess import guess
from ckanext.satudata.extract.guessing.result import Guess
from ckanext.satudata.extract.observations import extract_table
from ckanext.satudata.extract.raw import RawTable

NEEDS = "LOK.KEBUTUHAN_PANGAN"
PRICE = "LOK.HARGA_ECERAN"
REGISTERED = "SD00282.02"
POOR = "SD00893.01-persen"
AREA = "LOK.LUAS_WILAYAH"
SPENT = "LOK.REALISASI_ANGGARAN"

GOODS = ("Beras Medium", "Gula Konsumsi", "Telur Ayam Ras")


def said(f: Field) -> str:
    """A field in a few letters, for comparing."""
    if f.normalize:
        values = [f"{k}={v}" for k, v in sorted(f.normalize.items())]
        return " ".join(["wide", *values, *([f.unit] if f.unit else [])])
    if f.role is Role.DIMENSION:
        return " ".join(filter(None, (f.concept, f.scheme, f"={f.constant}" if f.constant else "")))
    if f.role is Role.MEASURE:
        return f"measure {f.indicator} {f.unit}"
    if f.role is Role.LABEL:
        return f"label {f.of}"
    return (
        f.concept if f.role is Role.ATTRIBUTE and f.concept else str(f.role.value if f.role else "")
    )


def columns(declaration: Declaration) -> dict[str, str]:
    return {f.name: said(f) for f in declaration.fields}


def extras(declaration: Declaration) -> dict[str, str]:
    return {f.name: said(f) for f in declaration.extra}


def asked(found: Guess) -> set[tuple[str, str | None]]:
    return {(q["code"], q["field"]) for q in found.questions}


def look(
    table: RawTable, reference: CodeBook, **hints: Any
) -> tuple[dict[str, str], dict[str, str], Guess]:
    found = guess(table, reference, hints=hints)
    # Whatever is proposed can be kept and read again.
    assert parse(serialise(found.declaration)) == found.declaration
    if found.complete:
        # What needs no question must be readable as it is.
        read = extract_table(table, found.declaration, reference)
        assert [p for p in read.problems if p.severity is Severity.ERROR] == []
        assert sum(map(len, read.figures)) > 0
    return columns(found.declaration), extras(found.declaration), found
