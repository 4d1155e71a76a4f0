"""A small code book for the tests of reading: Kabupaten Sintang, a few units and indicators.

Region codes are the real ones (Kepmendagri 300.2.2-2138/2025; BPS' master of regions);
indicators and commodities are examples.
"""

from __future__ import annotations

from decimal import Decimal

from ckanext.satudata.consistency.keys import add_dimension
from ckanext.satudata.consistency.vocabulary import (
    Code,
    CodeBook,
    CodeList,
    Dimension,
    Indicator,
    Unit,
    Units,
    normalise,
)

HOME = "61.05"

#: Kemendagri code, BPS code, name; codes are not contiguous.
KECAMATAN = (
    ("61.05.01", "6107140", "Sintang"),
    ("61.05.02", "6107120", "Tempunak"),
    ("61.05.03", "6107110", "Sepauk"),
    ("61.05.04", "6107190", "Ketungau Hilir"),
    ("61.05.05", "6107200", "Ketungau Tengah"),
    ("61.05.06", "6107210", "Ketungau Hulu"),
    ("61.05.07", "6107150", "Dedai"),
    ("61.05.08", "6107160", "Kayan Hilir"),
    ("61.05.09", "6107080", "Kayan Hulu"),
    ("61.05.14", "6107060", "Serawai"),
    ("61.05.15", "6107070", "Ambalau"),
    ("61.05.19", "6107170", "Kelam Permai"),
    ("61.05.20", "6107130", "Sungai Tebelian"),
    ("61.05.21", "6107180", "Binjai Hulu"),
)

#: Some desa and kelurahan.
DESA = (
    ("61.05.01.1001", "6107140001", "Ladang"),
    ("61.05.01.1003", "6107140003", "Tanjung Puri"),
    ("61.05.02.2001", "6107120001", "Tempunak Kapuas"),
    ("61.05.07.2001", "6107150001", "Dedai Kanan"),
)

#: A neighbour whose Kemendagri number is another kabupaten's BPS number, and kecamatan of it.
ABROAD = (
    ("61", "61", "Kalimantan Barat", "provinsi", None),
    ("61.03", "6105", "Sanggau", "kabupaten", "61"),
    ("61.07", "6102", "Bengkayang", "kabupaten", "61"),
    ("61.10", "6110", "Melawi", "kabupaten", "61"),
    ("61.03.10", "6105100", "Tayan Hilir", "kecamatan", "61.03"),
)

COMMODITIES = (
    ("beras-medium", "Beras Medium"),
    ("beras-premium", "Beras Premium"),
    ("gula", "Gula Konsumsi"),
    ("minyak-goreng", "Minyak Goreng Curah"),
    ("telur", "Telur Ayam Ras"),
    ("cabai-merah", "Cabai Merah Keriting"),
    ("elpiji-3kg", "Gas Elpiji 3 Kg"),
)

_UNITS = (
    ("kg", "Kg", "massa", "1", ("kilogram",)),
    ("kuintal", "Kuintal", "massa", "100", ("kw", "ku")),
    ("ton", "Ton", "massa", "1000", ("t",)),
    ("orang", "Orang", "cacah_orang", "1", ("jiwa", "penduduk")),
    ("ribu-orang", "Ribu Orang", "cacah_orang", "1000", ("ribu jiwa", "000 jiwa")),
    ("unit", "Unit", "cacah", "1", ("buah",)),
    ("rupiah", "Rupiah", "uang", "1", ("rp", "idr")),
    ("juta-rupiah", "Juta Rupiah", "uang", "1000000", ("jutaan rupiah", "rp juta")),
    ("rupiah-per-kg", "Rupiah/kg", "harga_massa", "1", ("rp kg", "rupiah kg")),
    ("persen", "Persen", "rasio", "1", ("%", "persentase")),
    ("ha", "Hektar", "luas", "10000", ("hektar", "hektare")),
    ("km2", "Km2", "luas", "1000000", ("km²", "kilometer persegi")),
)


def book() -> CodeBook:
    """A new code book; equal each time."""
    return CodeBook(
        codelists={
            "wilayah": _regions(),
            "komoditas": _list(
                "komoditas", COMMODITIES, {"beras": ("beras-medium", "beras-premium")}
            ),
            "jenis_kelamin": _list(
                "jenis_kelamin",
                (("L", "Laki-laki"), ("P", "Perempuan")),
                {"pria": ("L",), "wanita": ("P",), "lk": ("L",), "pr": ("P",)},
            ),
        },
        units=Units(
            units={c: Unit(c, label, q, Decimal(f)) for c, label, q, f, _ in _UNITS},
            aliases={
                normalise(spelling): code
                for code, label, _, _, others in _UNITS
                for spelling in (code, label, *others)
            },
        ),
        indicators={i.code: i for i in _indicators()},
        home=HOME,
        version="test",
    )


def _regions() -> CodeList:
    rows: list[tuple[str, str, str, str, str | None]] = [
        *ABROAD,
        (HOME, "6107", "Sintang", "kabupaten", "61"),
        *((k, b, n, "kecamatan", HOME) for k, b, n in KECAMATAN),
        *((k, b, n, "desa", k.rsplit(".", 1)[0]) for k, b, n in DESA),
    ]
    codes = {
        k: Code(k, i, n, parent=parent, level=level)
        for i, (k, _, n, level, parent) in enumerate(rows, start=1)
    }
    aliases: dict[str, tuple[str, ...]] = {}
    for k, _, n, level, _ in rows:
        name = normalise(f"{level} {n}")
        aliases[name] = (*aliases.get(name, ()), k)
    return CodeList(
        "wilayah",
        "test",
        codes,
        {"kemendagri": {k: k for k in codes}, "bps": {b: k for k, b, *_ in rows}},
        aliases,
    )


def _list(
    name: str, rows: tuple[tuple[str, str], ...], aliases: dict[str, tuple[str, ...]]
) -> CodeList:
    codes = {c: Code(c, i, label) for i, (c, label) in enumerate(rows, start=1)}
    return CodeList(name, "test", codes, {}, aliases)


def _dimensions(**lists: int) -> tuple[Dimension, ...]:
    out: tuple[Dimension, ...] = ()
    for name, size in lists.items():
        out = (*out, add_dimension(out, name, name, size))
    return out


def _indicators() -> tuple[Indicator, ...]:
    goods = _dimensions(komoditas=len(COMMODITIES))
    sex = _dimensions(jenis_kelamin=2)
    return (
        Indicator(
            1,
            "LOK.KEBUTUHAN_PANGAN",
            "Kebutuhan Pangan",
            "kebutuhan pangan",
            "Bahan pangan yang diperlukan penduduk untuk konsumsi.",
            "jumlah",
            "ton",
            goods,
            additive=True,
        ),
        Indicator(
            2,
            "LOK.STOK_PASAR",
            "Stok Pangan di Pasar",
            "stok pangan",
            "Bahan pangan yang ada pada pedagang.",
            "jumlah",
            "ton",
            goods,
            additive=True,
        ),
        Indicator(
            3,
            "LOK.HARGA_ECERAN",
            "Harga Eceran",
            "harga eceran pangan",
            "Harga yang dibayar konsumen di pasar.",
            "rata-rata",
            "rupiah-per-kg",
            goods,
            rel_tol=0.01,
        ),
        Indicator(
            4,
            "SD00282.01",
            "Jumlah Penduduk",
            "SD00282",
            "Penduduk yang berdomisili setahun atau lebih.",
            "jumlah",
            "orang",
            sex,
            additive=True,
        ),
        Indicator(
            5,
            "SD00282.02",
            "Jumlah Penduduk Terdaftar",
            "SD00282",
            "Penduduk yang tercatat pada administrasi kependudukan.",
            "jumlah",
            "orang",
            sex,
            additive=True,
        ),
        Indicator(
            6,
            "SD00893.01-persen",
            "Persentase Penduduk Miskin",
            "SD00893",
            "Bagian penduduk di bawah garis kemiskinan.",
            "persentase",
            "persen",
        ),
        Indicator(
            7,
            "LOK.LUAS_WILAYAH",
            "Luas Wilayah",
            "luas wilayah",
            "Luas daratan.",
            "luas",
            "km2",
            additive=True,
        ),
        Indicator(
            8,
            "LOK.REALISASI_ANGGARAN",
            "Realisasi Anggaran",
            "anggaran",
            "Belanja yang sudah dibayarkan.",
            "nilai",
            "rupiah",
            additive=True,
        ),
    )
