"""Short ways to declare a table and to look at what was read from it."""

from __future__ import annotations

from typing import Any

from ckanext.satudata.consistency.keys import decode
from ckanext.satudata.extract.declaration import Declaration, Field, Role
from ckanext.satudata.extract.observations import Extraction, extract

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
    """Read a file by its columns' meaning."""
    return extract(
        path,
        name=path.rsplit("/", 1)[-1],
        format=path.rsplit(".", 1)[-1],
        declaration=Declaration(fields, extra, **options),
        book=book(),
    )


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
