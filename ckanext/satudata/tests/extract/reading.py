"""Short ways to declare a table and to look at what was read from it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ckanext.satudata.consistency.keys import decode
from ckanext.satudata.extract.declaration import Declaration, Field, Role
from ckanext.satudata.extract.observations import Extraction, extract, extract_table
from ckanext.satudata.extract.readers import read_tables
from ckanext.satudata.extract.scanned import Frame

from .books import book

KODE = Field("Kode", Role.DIMENSION, "wilayah", "wilayah", scheme="kemendagri")
KECAMATAN = Field("Kecamatan", Role.DIMENSION, "wilayah", "wilayah")
NAMA = Field("Nama", Role.LABEL, of="Kode")
TAHUN = Field("Tahun", Role.DIMENSION, "periode")
PENDUDUK = Field("Penduduk", Role.MEASURE, indicator="SD00282.01", unit="orang")
MISKIN = Field("Miskin", Role.MEASURE, indicator="SD00893.01-persen", unit="persen")
KEBUTUHAN = Field("Kebutuhan", Role.MEASURE, indicator="LOK.KEBUTUHAN_PANGAN", unit="ton")
BERAS = Field("komoditas", Role.DIMENSION, "komoditas", "komoditas", constant="beras-medium")
Y2025 = Field("periode", Role.DIMENSION, "periode", constant="2025")
SINTANG = Field("wilayah", Role.DIMENSION, "wilayah", "wilayah", constant="61.05")


def read(path: str, *fields: Field, extra: tuple[Field, ...] = (), **options: Any) -> Extraction:
    """Read a file by its columns' meaning; a text is read by both readers, with one result."""
    name, declaration = path.rsplit("/", 1)[-1], Declaration(fields, extra, **options)
    kind = path.rsplit(".", 1)[-1]
    result = extract(path, name=name, format=kind, declaration=declaration, book=book())
    for table in read_tables(path, name=name, format=kind):
        if isinstance(table.frame, Frame):
            general = replace(table, frame=table.frame.polars)
            assert_same(result, extract_table(general, declaration, book()))
    return result


def assert_same(one: Extraction, other: Extraction) -> None:
    """Both found the same figures and the same problems."""
    for name in ("tables", "problems", "missing", "rows", "counts", "structure"):
        assert getattr(one, name) == getattr(other, name), name
    assert len(one.figures) == len(other.figures)
    for mine, theirs in zip(one.figures, other.figures, strict=True):
        for name in mine.__dataclass_fields__:
            np.testing.assert_array_equal(getattr(mine, name), getattr(theirs, name), name)


def values(extraction: Extraction) -> dict[tuple[str, ...], float]:
    """(region, period, further codes ...) -> value, over all indicators."""
    lists = book().codelists
    out: dict[tuple[str, ...], float] = {}
    for figures in extraction.figures:
        for key, value in zip(figures.keys.tolist(), figures.values.tolist(), strict=True):
            found = decode(figures.indicator, key, lists)
            place = (found.region, found.period, *(v for v in found.rest.values() if v != "_T"))
            assert place not in out
            out[place] = value
    return out


def found(extraction: Extraction) -> dict[str, int]:
    """Rule id -> number of findings."""
    return dict(extraction.counts)
