"""Files as agencies make them: a title above, years as columns, a source below."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import openpyxl

INDICATOR = "LOK.KEBUTUHAN_PANGAN"
COMMODITY = "beras-medium"

#: Kecamatan of Kabupaten Sintang (Kepmendagri 300.2.2-2138/2025).
KECAMATAN = {
    "61.05.01": "Sintang",
    "61.05.02": "Tempunak",
    "61.05.03": "Sepauk",
    "61.05.04": "Ketungau Hilir",
    "61.05.05": "Ketungau Tengah",
    "61.05.06": "Ketungau Hulu",
    "61.05.07": "Dedai",
    "61.05.08": "Kayan Hilir",
    "61.05.09": "Kayan Hulu",
    "61.05.14": "Serawai",
    "61.05.15": "Ambalau",
    "61.05.19": "Kelam Permai",
    "61.05.20": "Sungai Tebelian",
    "61.05.21": "Binjai Hulu",
}


def wide_workbook(path: Path, years: Mapping[str, Mapping[str, float]]) -> Path:
    """A workbook with a title, years as columns and a source below.

    Args:
        path: where it is written.
        years: year -> Kemendagri code of a kecamatan -> ton of rice.
    """
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Data"
    sheet.append(["Kebutuhan Beras Medium Menurut Kecamatan di Kabupaten Sintang (ton)"])
    sheet.append([])
    sheet.append(["No", "Kode Wilayah", "Kecamatan", *years])
    for number, (code, name) in enumerate(KECAMATAN.items(), start=1):
        sheet.append([number, code, name, *(figures[code] for figures in years.values())])
    sheet.append([])
    sheet.append(["Sumber: contoh untuk peragaan"])
    book.save(path)
    return path


def long_csv(path: Path, header: str, figures: Mapping[str, float]) -> Path:
    """A table with a row per region: code, name and one figure.

    Args:
        path: where it is written.
        header: heading of the figures.
        figures: Kemendagri code -> figure.
    """
    names = {"61.05": "Kabupaten Sintang", **KECAMATAN}
    lines = [f"Kode,Kecamatan,{header}"]
    lines += [f"{code},{names[code]},{value}" for code, value in figures.items()]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
