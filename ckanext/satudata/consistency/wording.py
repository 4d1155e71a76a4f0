"""Numbers, periods and cells as people write them, in Indonesian and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from .findings import Cause, Location, Outcome, Severity
from .observations import TableRef
from .period import Frequency, Period

#: What stands for "not applicable".
NONE = "–"

Words = Mapping[str, Mapping[str, str]]

SEVERITIES: Words = {
    Severity.ERROR.value: {"id": "Kesalahan", "en": "Error"},
    Severity.WARNING.value: {"id": "Peringatan", "en": "Warning"},
    Severity.INFORMATION.value: {"id": "Keterangan", "en": "Information"},
}

OUTCOMES: Words = {
    Outcome.FAIL.value: {"id": "Tidak lulus", "en": "Failed"},
    Outcome.NOT_EVALUABLE.value: {"id": "Tidak dapat dinilai", "en": "Not evaluable"},
    Outcome.ERROR.value: {"id": "Aturan terhenti", "en": "Rule stopped"},
}

CAUSES: Words = {
    Cause.DEFINITION.value: {"id": "definisi lain", "en": "another definition"},
    Cause.VINTAGE.value: {"id": "angka sementara dan tetap", "en": "provisional and final"},
    Cause.REFERENCE_DATE.value: {"id": "tanggal atau periode acuan", "en": "reference date"},
    Cause.UNIT_OR_SCALE.value: {"id": "satuan atau skala", "en": "unit or scale"},
    Cause.ROUNDING.value: {"id": "pembulatan", "en": "rounding"},
    Cause.TRANSPOSED_DIGITS.value: {"id": "angka tertukar letak", "en": "transposed digits"},
    Cause.SHIFTED_ROW.value: {"id": "baris bergeser", "en": "shifted row"},
    Cause.SHIFTED_COLUMN.value: {"id": "kolom bergeser", "en": "shifted column"},
    Cause.MISTAKE.value: {"id": "salah ketik", "en": "keying mistake"},
    Cause.UNKNOWN.value: {"id": "belum diketahui", "en": "unknown"},
}

TOLERANCES: Words = {
    "absolute": {"id": "toleransi mutlak", "en": "absolute"},
    "relative": {"id": "toleransi relatif", "en": "relative"},
    "rounding": {"id": "pembulatan", "en": "rounding"},
}

_MONTHS: Mapping[str, Sequence[str]] = {
    "id": (
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
        *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_ROMAN = ("I", "II", "III", "IV")
_PERIODS: Mapping[Frequency, Mapping[str, str]] = {
    Frequency.SEMESTER: {"id": "Semester {roman} {year}", "en": "Semester {roman} {year}"},
    Frequency.QUARTER: {"id": "Triwulan {roman} {year}", "en": "Quarter {roman} {year}"},
    Frequency.MONTH: {"id": "{month} {year}", "en": "{month} {year}"},
    Frequency.WEEK: {"id": "Minggu {week} {year}", "en": "Week {week} {year}"},
    Frequency.DAY: {"id": "{day} {month} {year}", "en": "{day} {month} {year}"},
}


#: Classifications in running text, where the words of their names do not serve.
_DIMENSIONS = {
    "agama": {"en": "religion"},
    "jenis_kelamin": {"en": "sex"},
    "jenjang_pendidikan": {"en": "level of education"},
    "kelompok_umur": {"en": "age group"},
    "komoditas": {"en": "commodity"},
    "kondisi_jalan": {"en": "road condition"},
    "lapangan_usaha": {"en": "industry"},
    "level_harga": {"en": "price level"},
    "status_jalan": {"en": "road administration"},
    "wilayah": {"en": "region"},
}


def dimension(name: str, lang: str) -> str:
    """A classification's name in running text."""
    return _DIMENSIONS.get(name, {}).get(lang, name.replace("_", " "))


def number(value: float | None, lang: str) -> str:
    """A number in the language's notation: ``1.234,5`` in Indonesian, ``1,234.5`` in English.

    At most 15 significant digits are shown, which is what a float holds of a decimal number.
    """
    if value is None:
        return NONE
    plain = str(int(value)) if float(value).is_integer() else f"{Decimal(f'{value:.15g}'):f}"
    sign = "-" if plain.startswith("-") else ""
    whole, _, fraction = plain.lstrip("-").partition(".")
    thousands, point = (".", ",") if lang == "id" else (",", ".")
    grouped = f"{int(whole):,}".replace(",", thousands)
    return sign + grouped + (point + fraction if fraction else "")


def period(value: Period, lang: str) -> str:
    """A period as people say it: ``Triwulan III 2025``."""
    pattern = _PERIODS.get(value.frequency)
    if pattern is None:
        return str(value)
    start = value.start
    months = 6 if value.frequency is Frequency.SEMESTER else 3
    iso = start.isocalendar()
    return pattern[lang].format(
        roman=_ROMAN[(start.month - 1) // months],
        month=_MONTHS[lang][start.month - 1],
        week=iso.week,
        day=start.day,
        year=iso.year if value.frequency is Frequency.WEEK else start.year,
    )


def column_letters(column: int) -> str:
    """A 0-based column number as spreadsheets show it: 0 is A, 26 is AA."""
    out = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(ord("A") + rest) + out
    return out


def table_name(tables: Sequence[TableRef], table: int) -> str:
    """The table as people know it, with its sheet."""
    if not 0 <= table < len(tables):
        return NONE
    one = tables[table]
    return f"{one.name} ({one.sheet})" if one.sheet else one.name


#: How the place of a cell begins, where no table is named.
PLACES = {"id": ("baris ", "kolom "), "en": ("row ", "column ")}


def cell(where: Location | None, lang: str, tables: Sequence[TableRef] = ()) -> str:
    """A cell as people find it: ``baris 7, kolom D (Kebutuhan)``.

    The table is named where there are several, or where nothing else is known.
    """
    if where is None:
        return NONE
    row, column = ("baris", "kolom") if lang == "id" else ("row", "column")
    parts = []
    if where.row is not None:
        parts.append(f"{row} {where.row}")
    if where.column is not None:
        header = f" ({where.header})" if where.header else ""
        parts.append(f"{column} {column_letters(where.column)}{header}")
    if len(tables) > 1 or not parts:
        parts.insert(0, table_name(tables, where.table))
    return ", ".join(parts)
