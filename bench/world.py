"""A made-up world of figures, the same every time: code book, published figures, candidate."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from ckanext.satudata.consistency import keys, period
from ckanext.satudata.consistency.vocabulary import (
    Code,
    CodeBook,
    CodeList,
    Dimension,
    Indicator,
    Unit,
    Units,
)

SEED = 20251121
HOME = "99.01"
COMMODITIES = 20
WANTED = (3, 11)  # commodities of the candidate: a tenth of all
KECAMATAN, DESA = 20, 25  # desa per kecamatan
REGIONS = 1 + KECAMATAN + KECAMATAN * DESA
CONFLICTS = 1_000
PRODUCER, CITING = "produsen", "pengutip"

DECLARATION = {
    "fields": [
        {
            "name": "kode_wilayah",
            "type": "string",
            "satudata": {
                "role": "dimension",
                "concept": "wilayah",
                "codelist": "wilayah",
                "scheme": "kemendagri",
            },
        },
        {
            "name": "kode_komoditas",
            "type": "string",
            "satudata": {"role": "dimension", "concept": "komoditas", "codelist": "komoditas"},
        },
        {
            "name": "tanggal",
            "type": "string",
            "satudata": {"role": "dimension", "concept": "periode"},
        },
        {
            "name": "harga",
            "type": "string",
            "satudata": {
                "role": "measure",
                "indicator": "LOK.BENCH",
                "unit": "rupiah-per-kg",
            },
        },
    ],
    "satudata": {"version": 1},
}


def book() -> CodeBook:
    """The code book of the world."""
    codes = [Code(HOME, 1, "Kabupaten Contoh", None, "kabupaten")]
    for k in range(KECAMATAN):
        kecamatan = f"{HOME}.{k + 1:02d}"
        codes.append(Code(kecamatan, len(codes) + 1, f"Kecamatan {k + 1}", HOME, "kecamatan"))
        for d in range(DESA):
            code = f"{kecamatan}.{2001 + d}"
            codes.append(Code(code, len(codes) + 1, f"Desa {k + 1}-{d + 1}", kecamatan, "desa"))
    regions = {c.code: c for c in codes}
    items = {f"k{n:02d}": Code(f"k{n:02d}", n, f"Komoditas {n}") for n in range(1, COMMODITIES + 1)}
    unit = Unit("rupiah-per-kg", "Rupiah/kg", "harga-massa", Decimal(1))
    return CodeBook(
        codelists={
            "wilayah": CodeList(
                "wilayah", "1", regions, {"kemendagri": {c: c for c in regions}, "bps": {}}
            ),
            "komoditas": CodeList("komoditas", "1", items),
        },
        units=Units({unit.code: unit}, {"rupiah per kg": unit.code}),
        indicators={"LOK.BENCH": indicator()},
        home=HOME,
        version="1",
    )


def indicator() -> Indicator:
    """A price: parts do not add up, so that only the comparison costs."""
    placed = keys.add_dimension((), "komoditas", "komoditas", COMMODITIES)
    return Indicator(
        id=1,
        code="LOK.BENCH",
        name="Harga contoh",
        konsep="harga contoh",
        definition="Contoh.",
        ukuran="harga",
        unit="rupiah-per-kg",
        dimensions=(Dimension(placed.name, placed.codelist, placed.shift, placed.width),),
        producer=PRODUCER,
    )


def objects(days: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """All objects of the world: (keys, region, commodity, day number, value), keys sorted."""
    start = date(2024, 1, 1)
    packed = np.array(
        [
            period.Period(period.Frequency.DAY, start + timedelta(days=n)).packed
            for n in range(days)
        ],
        dtype=np.int64,
    )
    day, region, item = (
        a.ravel()
        for a in np.meshgrid(
            np.arange(days), np.arange(1, REGIONS + 1), np.arange(1, COMMODITIES + 1), indexing="ij"
        )
    )
    found = keys.pack(indicator(), packed[day], region, {"komoditas": item})
    values = np.random.default_rng(SEED).integers(5_000_00, 150_000_00, len(found)) / 100
    return found, region, item, day, values


def write_candidate(path: Path, days: int) -> int:
    """Write the candidate's CSV (Indonesian notation); returns its number of rows."""
    _, region, item, day, values = objects(days)
    keep = np.isin(item, WANTED)
    region, item, day, values = region[keep], item[keep], day[keep], values[keep].copy()
    rng = np.random.default_rng(SEED + 1)
    values[rng.choice(len(values), CONFLICTS, replace=False)] += 100
    names = {c.index: c.code for c in book().regions.codes.values()}
    dates = [(date(2024, 1, 1) + timedelta(days=n)).isoformat() for n in range(days)]
    swap = str.maketrans(",.", ".,")
    with path.open("w", encoding="utf-8") as out:
        out.write("kode_wilayah;kode_komoditas;tanggal;harga\n")
        for r, i, d, v in zip(
            region.tolist(), item.tolist(), day.tolist(), values.tolist(), strict=True
        ):
            out.write(f"{names[r]};k{i:02d};{dates[d]};{f'{v:,.2f}'.translate(swap)}\n")
    return len(values)
