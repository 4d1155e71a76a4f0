from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.satudata.extract.declaration import Field, Role
from ckanext.satudata.extract.limits import ReadError

from .files import csv_file, xlsx_file
from .reading import (
    KODE,
    MISKIN,
    PENDUDUK,
    TAHUN,
    Y2025,
    found,
    read,
    values,
)

NO = Field("No", Role.IGNORE)


class TestColumnsThatDoNotFit:
    def test_header_row_moved_down(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Judul baru,,\nKode,Tahun,Penduduk\n61.05.01,2025,5\n")
        result = read(path, KODE, TAHUN, PENDUDUK, header_row=1)
        assert values(result) == {("61.05.01", "2025"): 5}

    def test_no_header(self, tmp_path: Path) -> None:
        result = read(csv_file(tmp_path, "a,b,c\n1,2,3\n"), KODE, TAHUN, PENDUDUK)
        assert found(result) == {"judul-tidak-ditemukan": 1}
        assert result.figures == ()

    def test_renamed_column_names_both(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode,Tahun,Jumlah Jiwa\n61.05.01,2025,5\n")
        result = read(path, KODE, TAHUN, PENDUDUK)
        renamed = next(f for f in result.problems if f.rule == "judul-berubah")
        assert (renamed.params["expected"], renamed.location.text) == ("Penduduk", "Jumlah Jiwa")
        assert result.figures == ()

    def test_missing_column(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode,Tahun,Penduduk\n61.05.01,2025,5\n")
        result = read(path, KODE, TAHUN, PENDUDUK, MISKIN)
        assert found(result) == {"kolom-tidak-ada": 1}
        assert result.problems[0].params["expected"] == "Miskin"

    def test_undeclared_figures_do_not_slip_past(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode,Tahun,Penduduk,KK,Ket\n61.05.01,2025,5,2,baik\n")
        result = read(path, KODE, TAHUN, PENDUDUK)
        assert found(result) == {"kolom-tak-dideklarasikan": 1}
        assert result.problems[0].location.header == "KK"
        assert result.problems[0].blocks

    def test_ignored_figures_hold_back(self, tmp_path: Path) -> None:
        path = csv_file(
            tmp_path, "No,Kode,Tahun,Penduduk,KK\n1,61.05.01,2025,5,2\n2,61.05.02,2025,6,9\n"
        )
        result = read(path, NO, KODE, TAHUN, PENDUDUK, Field("KK", Role.IGNORE))
        assert found(result) == {"kolom-diabaikan": 1}
        assert result.problems[0].blocks

    def test_columns_may_change_places(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Penduduk,Kode,Tahun\n5,61.05.01,2025\n")
        assert values(read(path, KODE, TAHUN, PENDUDUK)) == {("61.05.01", "2025"): 5}

    @pytest.mark.parametrize("rows", ["", "61.05.01,2025,\n", "61.05.01,2025,-\n"])
    def test_a_table_without_one_figure_is_not_a_pass(self, tmp_path: Path, rows: str) -> None:
        path = csv_file(tmp_path, "Kode,Tahun,Penduduk\n" + rows)
        result = read(path, KODE, TAHUN, PENDUDUK)
        assert found(result) == {"tabel-tanpa-isi": 1}
        assert result.problems[0].blocks

    def test_doubled_header(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode,Tahun,Penduduk,Penduduk\n61.05.01,2025,5,6\n")
        result = read(path, KODE, TAHUN, PENDUDUK)
        assert found(result) == {"judul-ganda": 1}
        assert result.figures == ()

    def test_doubled_header_told_apart_by_the_declaration(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode,2025,2025\n61.05.01,5,6\n")
        other = Field("2025 (2)", Role.MEASURE, indicator="SD00282.02", unit="orang")
        first = Field("2025", Role.MEASURE, indicator="SD00282.01", unit="orang")
        result = read(path, KODE, first, other, extra=(Y2025,))
        assert [f.values.tolist() for f in result.figures] == [[5], [6]]

    def test_decimal_comma_in_a_comma_separated_file(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode,Tahun,Miskin\n61.05.01,2025,9,31\n61.05.02,2025,8\n")
        result = read(path, KODE, TAHUN, MISKIN)
        assert found(result) == {"baris-tak-rata": 1}
        assert (result.problems[0].location.row, result.problems[0].location.text) == (2, "31")

    def test_row_cut_short(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode,Tahun,Penduduk\n61.05.01,2025,5\n61.05.02,2025")
        result = read(path, KODE, TAHUN, PENDUDUK)
        assert found(result) == {"baris-terpotong": 1}
        assert result.problems[0].location.row == 3

    def test_figures_on_another_sheet(self, tmp_path: Path) -> None:
        path = xlsx_file(
            tmp_path,
            [["Kode", "Tahun", "Penduduk"], ["61.05.01", 2025, 5]],
            others={"Lama": [["x", 7]], "Petunjuk": [[1, "isi"]], "Bantu": [["y", 3]]},
            hidden=["Bantu"],
        )
        result = read(path, KODE, TAHUN, PENDUDUK, sheet="Data")
        assert found(result) == {"lembar-tak-dideklarasikan": 1, "lembar-tersembunyi": 1}
        assert {f.params["sheet"] for f in result.problems} == {"Lama", "Bantu"}

    def test_sheet_that_is_not_there(self, tmp_path: Path) -> None:
        path = xlsx_file(tmp_path, [["Kode"]], others={"B": [["a"]]})
        with pytest.raises(ReadError, match="lembar-tidak-ada"):
            read(path, KODE, sheet="C")

    def test_table_without_region_or_period(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Uraian,Penduduk\na,5\n")
        result = read(path, Field("Uraian", Role.IGNORE), PENDUDUK)
        assert found(result) == {"tanpa-wilayah": 1, "tanpa-periode": 1}
        assert result.figures == ()

    def test_declared_as_without_figures(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "No,Nama,Alamat\n1,Pasar Inpres,Jl. Masuka\n")
        result = read(path, reason="daftar alamat")
        assert found(result) == {"tabel-tanpa-angka": 1}
        assert not result.problems[0].blocks

    def test_measure_without_indicator(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode,Nilai\n61.05.01,5\n")
        result = read(path, KODE, Field("Nilai", Role.MEASURE, unit="orang"), extra=(Y2025,))
        assert found(result) == {"tanpa-indikator": 1}

    def test_dimension_the_indicator_does_not_have(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode,Barang,Miskin\n61.05.01,Gula Konsumsi,5.25\n")
        result = read(
            path, KODE, Field("Barang", Role.DIMENSION, "komoditas"), MISKIN, extra=(Y2025,)
        )
        assert found(result) == {"dimensi-bukan-milik-indikator": 1}
        assert result.figures == ()
