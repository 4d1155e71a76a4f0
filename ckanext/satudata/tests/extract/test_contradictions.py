from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ckanext.satudata.extract.declaration import Field, Role

from .files import csv_file, xlsx_file
from .reading import KODE, PENDUDUK, SINTANG, TAHUN, Y2025, found, read

MONTH = Field("bulan", Role.DIMENSION, "bulan")
YEAR = Field("tahun", Role.DIMENSION, "tahun", constant="2025")
PLACE = Field("wilayah", Role.DIMENSION, "wilayah", "wilayah")
TARGET = Field("nilai", Role.MEASURE, indicator="SD00282.01", unit="orang", target=True)
ABOUT = {"judul-periode-lain", "judul-wilayah-lain", "keterangan-periode-lain"}
ABOUT |= {"keterangan-wilayah-lain"}


def said(result: object) -> set[str]:
    return ABOUT & set(found(result))  # type: ignore[arg-type]


def headed(tmp_path: Path, header: str, *extra: Field, title: str = "") -> set[str]:
    """What is said of a table by region whose figures stand under this header."""
    text = (f"{title};\n" if title else "") + f"Kode;{header}\n61.05.01;5\n61.05.02;6\n"
    measure = replace(PENDUDUK, name=header)
    return said(read(csv_file(tmp_path, text), KODE, measure, extra=extra or (Y2025,)))


def wide(tmp_path: Path, header: str, normalize: dict[str, str], *extra: Field) -> set[str]:
    path = csv_file(tmp_path, f"Kode;{header}\n61.05.01;5\n")
    return said(read(path, KODE, Field(header, normalize=normalize), extra=(TARGET, *extra)))


class TestPeriodOfAHeader:
    @pytest.mark.parametrize("header", ["Penduduk 2024", "2024", "Keadaan 31 Desember 2024"])
    def test_another_one_than_the_constant(self, tmp_path: Path, header: str) -> None:
        assert headed(tmp_path, header) == {"judul-periode-lain"}

    @pytest.mark.parametrize(
        "header",
        [
            "Penduduk",
            "Penduduk 2025",
            "Semester I 2025",
            "Penduduk 2024-2025",
            "Penduduk 2025 (2024 diperbaiki)",
            "PDRB ADHK 2010",
            "Indeks (2018=100)",
            "Penduduk menurut KBLI 2020",
        ],
    )
    def test_none_or_the_same(self, tmp_path: Path, header: str) -> None:
        assert headed(tmp_path, header) == set()

    def test_another_one_than_the_column_is_declared_for(self, tmp_path: Path) -> None:
        period = replace(Y2025, constant=None)
        assert wide(tmp_path, "2024", {"periode": "2025"}, period) == {"judul-periode-lain"}
        assert wide(tmp_path, "2024", {"periode": "2024"}, period) == set()

    def test_months(self, tmp_path: Path) -> None:
        assert wide(tmp_path, "Februari", {"bulan": "01"}, MONTH, YEAR) == {"judul-periode-lain"}
        assert wide(tmp_path, "Jan 2024", {"bulan": "01"}, MONTH, YEAR) == {"judul-periode-lain"}
        assert wide(tmp_path, "Februari 2025", {"bulan": "2"}, MONTH, YEAR) == set()

    def test_location_and_words(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode;Penduduk 2024\n61.05.01;5\n")
        measure = replace(PENDUDUK, name="Penduduk 2024")
        (problem,) = read(path, KODE, measure, extra=(Y2025,)).problems
        assert problem.blocks
        assert (problem.location.column, problem.location.header) == (1, "Penduduk 2024")
        assert (problem.params["named"], problem.params["declared"]) == ("2024", "2025")


class TestRegionOfAHeader:
    def table(self, tmp_path: Path, header: str, region: str) -> set[str]:
        path = csv_file(tmp_path, f"Tahun;{header}\n2025;5\n")
        measure = replace(PENDUDUK, name=header)
        constant = replace(SINTANG, constant=region)
        return said(read(path, TAHUN, measure, extra=(constant,)))

    def test_another_one_than_the_constant(self, tmp_path: Path) -> None:
        assert self.table(tmp_path, "Penduduk Kecamatan Sepauk", "61.05.01") == {
            "judul-wilayah-lain"
        }

    @pytest.mark.parametrize("region", ["61.05", "61.05.07", "61"])
    def test_the_same_or_one_around_it(self, tmp_path: Path, region: str) -> None:
        from .books import book

        (sepauk,) = [c for c in book().regions.named("Sepauk") if c.level == "kecamatan"]
        declared = sepauk.code if region == "61.05.07" else region
        assert self.table(tmp_path, "Penduduk Kecamatan Sepauk", declared) == set()

    def test_wide_columns(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Tahun;Sepauk\n2025;5\n")
        column = Field("Sepauk", normalize={"wilayah": "61.05.01"})
        result = read(path, TAHUN, column, extra=(TARGET, PLACE))
        assert said(result) == {"judul-wilayah-lain"}


class TestTitles:
    def test_a_title_of_another_year_is_a_warning(self, tmp_path: Path) -> None:
        assert headed(tmp_path, "Penduduk", title="Penduduk Tahun 2024") == {
            "keterangan-periode-lain"
        }
        assert headed(tmp_path, "Penduduk", title="Penduduk Tahun 2025") == set()

    def test_the_name_of_a_sheet_counts(self, tmp_path: Path) -> None:
        rows = [["Kode", "Penduduk"], ["61.05.01", 5]]
        for sheet, expected in (("2024", {"keterangan-periode-lain"}), ("2025", set())):
            path = xlsx_file(tmp_path, rows, sheet=sheet)
            assert said(read(path, KODE, PENDUDUK, extra=(Y2025,))) == expected

    def test_years_of_rows_count(self, tmp_path: Path) -> None:
        text = "Penduduk {};;\nKode;Tahun;Penduduk\n61.05.01;2023;5\n61.05.01;2024;5\n"
        for year, expected in (("2024", set()), ("2025", {"keterangan-periode-lain"})):
            path = csv_file(tmp_path, text.format(year))
            assert said(read(path, KODE, TAHUN, PENDUDUK)) == expected

    def test_a_title_of_another_region_is_a_warning(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kecamatan Sepauk;\nTahun;Penduduk\n2025;5\n")
        constant = replace(SINTANG, constant="61.05.01")
        result = read(path, TAHUN, PENDUDUK, extra=(constant,))
        assert said(result) == {"keterangan-wilayah-lain"}
        assert not any(f.blocks for f in result.problems)
        assert said(read(path, TAHUN, PENDUDUK, extra=(SINTANG,))) == set()
