"""A small kabupaten to try the comparison on; all figures are invented."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from ckanext.satudata.consistency import engine, keys, period
from ckanext.satudata.consistency.agreements import Agreed, Agreement, Entry
from ckanext.satudata.consistency.findings import Finding, Report
from ckanext.satudata.consistency.observations import (
    Candidate,
    Figures,
    Publication,
    Published,
    TableRef,
)
from ckanext.satudata.consistency.rules import RuleSet
from ckanext.satudata.consistency.vocabulary import (
    Code,
    CodeBook,
    CodeList,
    Indicator,
    Unit,
    Units,
)
from ckanext.satudata.rules import shipped

HOME = "61.05"
KECAMATAN = ("61.05.01", "61.05.02", "61.05.03", "61.05.14")
DESA = ("61.05.01.2001", "61.05.01.2002")
#: Split off from kecamatan 01 in the middle of 2023.
YOUNG = "61.05.22"
#: Gone since the end of 2019.
OLD = "61.05.10"

NEED = "LOK.KEBUTUHAN"
PRICE = "LOK.HARGA"
CENSUS = "SD00282.01"
REGISTER = "SD00282.02"
SHARE = "SD00282.03-persen"
AREA = "LOK.LUAS"

#: A cell: where it speaks of, and the figure as it is written.
Cell = tuple[str, str, str, str]

#: A publication with the number of its indicator.
Public = tuple[int, Published]


def book() -> CodeBook:
    """The code book."""
    regions = [
        Code(HOME, 1, "Sintang", None, "kabupaten"),
        *(Code(c, i, f"Nama {i}", HOME, "kecamatan") for i, c in enumerate(KECAMATAN, start=2)),
        Code(OLD, 6, "Lama", HOME, "kecamatan", valid_to=date(2019, 12, 31)),
        Code(YOUNG, 7, "Muda", HOME, "kecamatan", valid_from=date(2023, 7, 1)),
        *(Code(c, i, f"Desa {i}", KECAMATAN[0], "desa") for i, c in enumerate(DESA, start=8)),
    ]
    goods = [Code("beras", 1, "Beras"), Code("gula", 2, "Gula")]
    units = [
        Unit("kg", "Kg", "massa", Decimal(1)),
        Unit("kuintal", "Kuintal", "massa", Decimal(100)),
        Unit("ton", "Ton", "massa", Decimal(1000)),
        Unit("rupiah-per-kg", "Rupiah/kg", "harga_massa", Decimal(1)),
        Unit("orang", "Orang", "cacah_orang", Decimal(1)),
        Unit("ribu-orang", "Ribu Orang", "cacah_orang", Decimal(1000)),
        Unit("persen", "Persen", "rasio", Decimal(1)),
        Unit("ha", "Hektar", "luas", Decimal(10_000)),
        Unit("km2", "Km2", "luas", Decimal(1_000_000)),
    ]
    split = (keys.add_dimension((), "komoditas", "komoditas", 7),)
    indicators = [
        Indicator(
            1,
            NEED,
            "Kebutuhan",
            "kebutuhan",
            "Yang dimakan.",
            "jumlah",
            "ton",
            split,
            additive=True,
        ),
        Indicator(
            2,
            PRICE,
            "Harga",
            "harga",
            "Yang dibayar.",
            "rata-rata",
            "rupiah-per-kg",
            split,
            rel_tol=0.01,
        ),
        Indicator(
            3, CENSUS, "Penduduk", "SD00282", "Berdomisili.", "jumlah", "orang", additive=True
        ),
        Indicator(
            4,
            REGISTER,
            "Penduduk Terdaftar",
            "SD00282",
            "Tercatat.",
            "Jumlah",
            "ribu-orang",
            split,
            additive=True,
        ),
        Indicator(5, SHARE, "Bagian Penduduk", "SD00282", "Bagian.", "persentase", "persen"),
        Indicator(6, AREA, "Luas", "luas", "Daratan.", "luas", "km2", abs_tol=0.25, additive=True),
    ]
    return CodeBook(
        codelists={
            "wilayah": CodeList("wilayah", "1", {c.code: c for c in regions}),
            "komoditas": CodeList("komoditas", "1", {c.code: c for c in goods}),
        },
        units=Units({u.code: u for u in units}, {}),
        indicators={i.code: i for i in indicators},
        home=HOME,
    )


BOOK = book()


def held_by(code: str, organization: str | None, within: CodeBook = BOOK) -> CodeBook:
    """The code book with a mandate given."""
    changed = replace(within.indicators[code], producer=organization)
    return replace(within, indicators={**within.indicators, code: changed})


def key(code: str, when: str, where: str, what: str = "_T", within: CodeBook = BOOK) -> int:
    """The packed key of one object."""
    indicator = within.indicators[code]

    def column(value: int) -> np.ndarray:
        return np.array([value], dtype=np.int64)

    rest = {}
    if indicator.dimensions:
        goods = within.codelists["komoditas"].get(what)
        rest["komoditas"] = column(goods.index if goods else 0)
    region = within.regions.get(where)
    packed = keys.pack(
        indicator,
        column(period.parse(when).packed),
        column(region.index if region else 0),
        rest,
    )
    return int(packed[0])


def cell(when: str, where: str, text: str, what: str = "_T") -> Cell:
    """One cell of a table."""
    return when, where, text, what


def figures(
    code: str,
    cells: Iterable[Cell],
    *,
    tables: Sequence[int] | None = None,
    within: CodeBook = BOOK,
) -> Figures:
    """Figures as a reader would give them: row 2 on, third column."""
    cells = list(cells)
    n = len(cells)
    numbers = [Decimal(c[2]) for c in cells]
    return Figures.sorted(
        within.indicators[code],
        np.array([key(code, c[0], c[1], c[3], within) for c in cells], dtype=np.int64),
        np.array([float(x) for x in numbers]),
        np.array([-x.as_tuple().exponent for x in numbers], dtype=np.int8),
        np.zeros(n, np.uint8),
        np.array(tables if tables is not None else [0] * n, dtype=np.int16),
        np.arange(2, n + 2, dtype=np.int32),
        np.full(n, 2, dtype=np.int16),
    )


def public(
    number: int,
    code: str,
    cells: Iterable[Cell],
    *,
    by: str = "dkp",
    dataset: str | None = None,
    within: CodeBook = BOOK,
) -> Public:
    """A publication of another dataset."""
    f = figures(code, cells, within=within)
    dataset = dataset or f"dataset-{number}"
    about = Publication(
        number,
        dataset,
        f"nama-{dataset}",
        f"Judul {dataset}",
        by,
        by.upper(),
        f"r{number}",
        "x.csv",
    )
    return f.indicator.id, Published(about, f.keys, f.values, f.decimals, f.status)


def candidate(*parts: Figures, tables: int = 1, **fields: Any) -> Candidate:
    """A candidate of organization ``dagang``."""
    refs = tuple(
        TableRef(f"res{i}", f"tabel{i}.xlsx", "Data", ("Kode", "Nama", "Nilai"))
        for i in range(tables)
    )
    return Candidate("dagang", "Dinas Perdagangan", "milik-sendiri", refs, parts, **fields)


def entries(
    code: str, cells: Iterable[Cell], party: str | None = None, number: str = "001/BA-SDI/2026"
) -> list[Entry]:
    """What one agreement says: everybody's figures, or those of a party."""
    told = Agreement(f"id-{number}", number, {"id": "Beda cara.", "en": "Other methods."})
    return [
        Entry(
            key(code, when, where, what),
            float(text),
            -Decimal(text).as_tuple().exponent,
            party,
            told,
        )
        for when, where, text, what in cells
    ]


def agreed(code: str, *said: Entry) -> dict[int, Agreed]:
    """What agreements in force say of an indicator."""
    return {BOOK.indicators[code].id: Agreed.of(said)}


def check(
    what: Candidate,
    *known: Public,
    within: CodeBook = BOOK,
    rules: RuleSet | None = None,
    **options: Any,
) -> Report:
    """Judge a candidate against what is public."""
    rules = rules or shipped()
    spans = engine.spans(what, within, rules.relations)
    looked_up: dict[int, list[Published]] = {n: [] for n in spans}
    for number, one in known:
        looked_up.setdefault(number, []).append(one)
    return engine.check(
        what,
        looked_up,
        rules,
        within,
        own_dataset=options.pop("own_dataset", "milik-sendiri"),
        **options,
    )


def found(report: Report, rule: str) -> list[Finding]:
    """The findings of one rule."""
    return [f for f in report.findings if f.rule == rule]
