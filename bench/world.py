"""A made-up world of figures, the same every time: code book, published figures, candidate."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ckanext.satudata.consistency import keys, period
from ckanext.satudata.consistency.frozen import frozen
from ckanext.satudata.consistency.observations import Publication
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
TOGETHER = 2  # commodities that one agency publishes
WANTED = (3, 11)  # commodities of the candidate: a tenth of all, of two agencies
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


def book(commodities: int = COMMODITIES) -> CodeBook:
    """The code book of the world."""
    codes = [Code(HOME, 1, "Kabupaten Contoh", None, "kabupaten")]
    for k in range(KECAMATAN):
        kecamatan = f"{HOME}.{k + 1:02d}"
        codes.append(Code(kecamatan, len(codes) + 1, f"Kecamatan {k + 1}", HOME, "kecamatan"))
        for d in range(DESA):
            code = f"{kecamatan}.{2001 + d}"
            codes.append(Code(code, len(codes) + 1, f"Desa {k + 1}-{d + 1}", kecamatan, "desa"))
    regions = {c.code: c for c in codes}
    items = {f"k{n:02d}": Code(f"k{n:02d}", n, f"Komoditas {n}") for n in range(1, commodities + 1)}
    units = [
        Unit("rupiah-per-kg", "Rupiah/kg", "harga-massa", Decimal(1)),
        Unit("kg", "Kg", "massa", Decimal(1)),
    ]
    return CodeBook(
        codelists={
            "wilayah": CodeList(
                "wilayah", "1", regions, {"kemendagri": {c: c for c in regions}, "bps": {}}
            ),
            "komoditas": CodeList("komoditas", "1", items),
        },
        units=Units({u.code: u for u in units}, {"rupiah per kg": "rupiah-per-kg"}),
        indicators={"LOK.BENCH": indicator(commodities)},
        home=HOME,
        version="1",
    )


def indicator(commodities: int = COMMODITIES) -> Indicator:
    """A price: parts do not add up, so that only the comparison costs."""
    placed = keys.add_dimension((), "komoditas", "komoditas", commodities)
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


@frozen
class Part:
    """What one agency publishes. All arrays have shape ``(n,)`` and are in key order.

    Attributes:
        keys: packed objects.
        region: region indices.
        item: commodity indices.
        day: number of the day.
        values: prices.
    """

    keys: npt.NDArray[np.int64]
    region: npt.NDArray[np.int64]
    item: npt.NDArray[np.int64]
    day: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]


def agency(number: int, organization: str) -> Publication:
    """What is told of a publication."""
    return Publication(number, f"d{number}", "d", "D", organization, organization, "r", "R")


def part(days: int, number: int, commodities: int = COMMODITIES) -> Part:
    """The figures of one agency: :data:`TOGETHER` commodities of each region on each day.

    Prices stay within a tenth of their usual value, and a region's among those of its parts:
    nothing is wrong with what is public.

    Args:
        days: how many.
        number: of the agency, from 0.
        commodities: of all agencies; decides how keys are laid out.
    """
    packed = np.array(
        [period.Period(period.Frequency.DAY, _date(n)).packed for n in range(days)], np.int64
    )
    items = np.arange(1, TOGETHER + 1) + number * TOGETHER
    day, region, item = (
        a.ravel()
        for a in np.meshgrid(np.arange(days), np.arange(1, REGIONS + 1), items, indexing="ij")
    )
    found = keys.pack(indicator(commodities), packed[day], region, {"komoditas": item})
    rng = np.random.default_rng([SEED, number])
    usual = rng.integers(5_000_00, 150_000_00, TOGETHER)[(item - 1) % TOGETHER]
    apart = rng.uniform(0.1, 0.9, len(found)) * _scatter()[region]
    return Part(found, region, item, day, np.rint(usual * (1 + apart)) / 100)


def _scatter() -> npt.NDArray[np.float64]:
    """How far from the usual price a region's may be, by its index.

    Half the parts of each region are cheaper than usual and half are dearer, by ten times as
    much as the region itself: so every region's price lies among those of its parts.
    """
    within, kecamatan = np.arange(REGIONS - 1) % (DESA + 1), np.arange(REGIONS - 1) // (DESA + 1)
    amount = np.where(within == 0, 0.01, 0.1)
    sign = np.where(np.where(within == 0, kecamatan, within) % 2, 1, -1)
    return np.concatenate(([0, 0], amount * sign))


def _is_desa(region: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    return np.abs(_scatter()[region]) > 0.05


def write_candidate(path: Path, days: int) -> None:
    """Write the candidate's CSV (Indonesian notation), in the order of keys."""
    pieces = [part(days, (item - 1) // TOGETHER) for item in WANTED]
    rows = [p.item == item for p, item in zip(pieces, WANTED, strict=True)]
    found, region, item, day, values = (
        np.concatenate([getattr(p, name)[r] for p, r in zip(pieces, rows, strict=True)])
        for name in ("keys", "region", "item", "day", "values")
    )
    rng = np.random.default_rng(SEED)
    values[rng.choice(np.flatnonzero(_is_desa(region)), CONFLICTS, replace=False)] += 100
    names = {c.index: c.code for c in book().regions.codes.values()}
    dates = [day_of(n) for n in range(days)]
    swap = str.maketrans(",.", ".,")
    with path.open("w", encoding="utf-8") as out:
        out.write("kode_wilayah;kode_komoditas;tanggal;harga\n")
        for at in np.argsort(found).tolist():
            price = f"{values[at]:,.2f}".translate(swap)
            out.write(f"{names[int(region[at])]};k{item[at]:02d};{dates[day[at]]};{price}\n")


def day_of(number: int) -> str:
    """The date of a day, as files have it."""
    return _date(number).isoformat()


def _date(number: int) -> date:
    return date(2024, 1, 1) + timedelta(days=number)
