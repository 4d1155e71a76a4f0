from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ckanext.satudata.consistency.findings import Severity
from ckanext.satudata.extract.declaration import Field, Role
from ckanext.satudata.extract.limits import ReadError
from ckanext.satudata.extract.problems import MOST

from .files import csv_file, ods_file, xls_file, xlsx_file
from .reading import (
    BERAS,
    KEBUTUHAN,
    KECAMATAN,
    KODE,
    MISKIN,
    NAMA,
    PENDUDUK,
    SINTANG,
    TAHUN,
    Y2025,
    found,
    read,
    values,
)

NO = Field("No", Role.IGNORE)


class TestPlainTables:
    def test_code_name_and_figure(self, tmp_path: Path) -> None:
        path = csv_file(
            tmp_path,
            "Kode;Nama;Tahun;Penduduk\n61.05.01;Sintang;2025;71.234\n"
            "61.05.02;Tempunak;2025;1.234.567\n",
        )
        result = read(path, KODE, NAMA, TAHUN, PENDUDUK)
        assert values(result) == {("61.05.01", "2025"): 71234, ("61.05.02", "2025"): 1234567}
        assert found(result) == {}
        assert result.rows == 2

    @pytest.mark.parametrize("write", [xlsx_file, xls_file, ods_file])
    def test_same_from_every_spreadsheet_format(self, tmp_path: Path, write) -> None:
        rows = [["Kode", "Tahun", "Penduduk"], ["61.05.01", 2025, 71234], ["61.05.02", 2025, 28.5]]
        result = read(write(tmp_path, rows), KODE, TAHUN, PENDUDUK)
        assert values(result) == {("61.05.01", "2025"): 71234, ("61.05.02", "2025"): 28.5}
        assert result.figures[0].decimals.tolist() == [0, 1]

    def test_location_is_the_row_a_spreadsheet_shows(self, tmp_path: Path) -> None:
        path = csv_file(
            tmp_path,
            'Data Penduduk,,\n\nKode,Tahun,Penduduk\n61.05.01,2025,"1"\n\n'
            '"61.05.02",2025,"satu\ndua"\n'
            "61.05.03,2025,abc\n",
        )
        result = read(path, KODE, TAHUN, PENDUDUK)
        places = [(f.location.row, f.location.column, f.location.text) for f in result.problems]
        assert places == [(6, 2, "satu\ndua"), (7, 2, "abc")]
        assert result.problems[0].location.header == "Penduduk"
        assert result.figures[0].row.tolist() == [4]

    def test_title_footer_and_total(self, tmp_path: Path) -> None:
        path = xlsx_file(
            tmp_path,
            [
                ["JUMLAH PENDUDUK KABUPATEN SINTANG"],
                ["TAHUN 2025"],
                [],
                ["No", "Kecamatan", "Penduduk"],
                ["(1)", "(2)", "(3)"],
                [1, "Sintang", 71234],
                [2, "Tempunak", 28500],
                [None, "Jumlah", 99734],
                ["Sumber: Disdukcapil Kabupaten Sintang, 2026"],
                ["*) angka sementara"],
                [None, None, "Sintang, 3 Januari 2026"],
                [None, None, "Kepala Dinas"],
            ],
        )
        result = read(path, NO, KECAMATAN, PENDUDUK, extra=(Y2025,))
        assert values(result) == {
            ("61.05.01", "2025"): 71234,
            ("61.05.02", "2025"): 28500,
            ("61.05", "2025"): 99734,
        }
        assert found(result) == {}

    def test_total_word_in_the_merged_number_column(self, tmp_path: Path) -> None:
        rows = [
            ["No", "Kecamatan", "Penduduk"],
            [1, "Sepauk", 5],
            [2, "Dedai", 7],
            ["JUMLAH", None, 12],
        ]
        path = xlsx_file(tmp_path, rows, merged=["A4:B4"])
        result = read(path, NO, KECAMATAN, PENDUDUK, extra=(Y2025,))
        assert values(result)["61.05", "2025"] == 12
        assert found(result) == {}

    def test_total_word_without_merging(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "No,Kecamatan,Penduduk\n1,Sepauk,5\n2,Dedai,7\nTotal,,12\n")
        result = read(path, NO, KECAMATAN, PENDUDUK, extra=(Y2025,))
        assert values(result)["61.05", "2025"] == 12

    def test_merged_region_cells_are_filled_down(self, tmp_path: Path) -> None:
        rows = [
            ["Kecamatan", "Tahun", "Penduduk"],
            ["Sepauk", 2024, 5],
            [None, 2025, 6],
            ["Dedai", 2024, 7],
            [None, 2025, 8],
        ]
        result = read(
            xlsx_file(tmp_path, rows, merged=["A2:A3", "A4:A5"]), KECAMATAN, TAHUN, PENDUDUK
        )
        assert values(result)["61.05.03", "2025"] == 6
        assert values(result)["61.05.07", "2025"] == 8

    def test_blank_region_without_merging_is_no_guess(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kecamatan,Tahun,Penduduk\nSepauk,2024,5\n,2025,6\n")
        result = read(path, KECAMATAN, TAHUN, PENDUDUK)
        assert found(result) == {"dimensi-kosong": 1}
        assert values(result) == {("61.05.03", "2024"): 5}

    def test_figure_merged_over_two_regions_is_refused(self, tmp_path: Path) -> None:
        rows = [["Kecamatan", "Penduduk"], ["Sepauk", 12], ["Dedai", None]]
        result = read(
            xlsx_file(tmp_path, rows, merged=["B2:B3"]), KECAMATAN, PENDUDUK, extra=(Y2025,)
        )
        assert found(result) == {"sel-gabungan": 1}

    def test_repeated_header_of_a_printed_table(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kecamatan,2025\nSepauk,5\nKecamatan,2025\nDedai,7\n")
        wide = Field("2025", normalize={"periode": "2025"})
        target = Field("nilai", Role.MEASURE, indicator="SD00282.01", unit="orang", target=True)
        result = read(
            path, KECAMATAN, wide, extra=(Field("periode", Role.DIMENSION, "periode"), target)
        )
        assert sorted(values(result).values()) == [5, 7]

    def test_subheading_is_told_not_dropped_silently(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kecamatan,Penduduk\nWilayah Timur,\nSepauk,5\nDedai,7\n")
        result = read(path, KECAMATAN, PENDUDUK, extra=(Y2025,))
        assert found(result) == {"baris-dilewati": 1}
        assert result.problems[0].severity is Severity.INFORMATION
        assert result.rows == 2

    def test_missing_marks_are_no_zero(self, tmp_path: Path) -> None:
        cells = ["-", "–", "…", "...", "n/a", "NA", "tad", "t.a.d", "x", "", "0"]
        names = [
            "Tempunak",
            "Sepauk",
            "Ketungau Hilir",
            "Ketungau Tengah",
            "Ketungau Hulu",
            "Dedai",
        ]
        names += ["Kayan Hilir", "Kayan Hulu", "Serawai", "Ambalau", "Kelam Permai"]
        body = "\n".join(f"{n};{c}" for n, c in zip(names, cells, strict=True))
        result = read(
            csv_file(tmp_path, f"Kecamatan;Penduduk\n{body}\n"), KECAMATAN, PENDUDUK, extra=(Y2025,)
        )
        assert values(result) == {("61.05.19", "2025"): 0}
        assert result.missing == 10
        assert found(result) == {}

    def test_mistyped_figure_in_the_last_row_is_reported(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kecamatan,Penduduk\nSepauk,5\nDedaii,12 3\n")
        result = read(path, KECAMATAN, PENDUDUK, extra=(Y2025,))
        assert found(result) == {"angka-tak-terbaca": 1}


class TestWideTables:
    TARGET = Field(
        "nilai",
        Role.MEASURE,
        indicator="LOK.KEBUTUHAN_PANGAN",
        unit="ton",
        target=True,
    )

    def test_years_as_columns_under_a_group_heading(self, tmp_path: Path) -> None:
        rows = [
            ["Kecamatan", "Kebutuhan (ton)", None],
            [None, 2024, 2025],
            ["Sepauk", 10.5, 11],
            ["Dedai", 12, None],
        ]
        path = xlsx_file(tmp_path, rows, merged=["B1:C1", "A1:A2"])
        result = read(
            path,
            KECAMATAN,
            Field("Kebutuhan (ton) / 2024", normalize={"tahun": "2024"}),
            Field("Kebutuhan (ton) / 2025", normalize={"tahun": "2025"}),
            extra=(Field("tahun", Role.DIMENSION, "periode"), self.TARGET, BERAS),
            header_rows=2,
        )
        assert values(result) == {
            ("61.05.03", "2024", "beras-medium"): 10.5,
            ("61.05.03", "2025", "beras-medium"): 11,
            ("61.05.07", "2024", "beras-medium"): 12,
        }
        assert result.missing == 1
        assert found(result) == {}

    def test_group_heading_without_merged_cells(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kecamatan;Kebutuhan;\n;2024;2025\nSepauk;10,5;11\n")
        result = read(
            path,
            KECAMATAN,
            Field("Kebutuhan / 2024", normalize={"tahun": "2024"}),
            Field("Kebutuhan / 2025", normalize={"tahun": "2025"}),
            extra=(Field("tahun", Role.DIMENSION, "periode"), self.TARGET, BERAS),
            header_rows=2,
        )
        assert values(result)["61.05.03", "2025", "beras-medium"] == 11

    def test_months_as_columns_with_the_year_set(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kecamatan;Jan;Feb\nSepauk;1,5;2,5\n")
        result = read(
            path,
            KECAMATAN,
            Field("Jan", normalize={"bulan": "Januari"}),
            Field("Feb", normalize={"bulan": "Februari"}),
            extra=(
                Field("bulan", Role.DIMENSION, "bulan"),
                Field("tahun", Role.DIMENSION, "tahun", constant="2025"),
                self.TARGET,
                BERAS,
            ),
        )
        assert values(result) == {
            ("61.05.03", "2025-01", "beras-medium"): 1.5,
            ("61.05.03", "2025-02", "beras-medium"): 2.5,
        }

    def test_commodities_as_columns(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kecamatan;Beras Medium;Gula\nSepauk;1,5;2\n")
        result = read(
            path,
            KECAMATAN,
            Field("Beras Medium", normalize={"komoditas": "beras-medium"}),
            Field("Gula", normalize={"komoditas": "Gula Konsumsi"}),
            extra=(Field("komoditas", Role.DIMENSION, "komoditas"), Y2025, self.TARGET),
        )
        assert values(result) == {
            ("61.05.03", "2025", "beras-medium"): 1.5,
            ("61.05.03", "2025", "gula"): 2,
        }

    def test_sexes_and_their_total_as_columns(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kecamatan,Laki-laki,Perempuan,Jumlah\nSepauk,3,4,7\n")
        sex = Field("jk", Role.DIMENSION, "jenis_kelamin")
        target = Field("nilai", Role.MEASURE, indicator="SD00282.01", unit="orang", target=True)
        result = read(
            path,
            KECAMATAN,
            Field("Laki-laki", normalize={"jk": "L"}),
            Field("Perempuan", normalize={"jk": "P"}),
            Field("Jumlah", normalize={"jk": "_T"}),
            extra=(sex, Y2025, target),
        )
        assert values(result) == {
            ("61.05.03", "2025", "L"): 3,
            ("61.05.03", "2025", "P"): 4,
            ("61.05.03", "2025"): 7,
        }

    def test_indicator_per_column(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode,Penduduk,Miskin\n61.05.01,71234,9.31\n")
        result = read(path, KODE, PENDUDUK, MISKIN, extra=(Y2025,))
        assert {f.indicator.code: f.values.tolist() for f in result.figures} == {
            "SD00282.01": [71234],
            "SD00893.01-persen": [9.31],
        }

    def test_indicator_column(self, tmp_path: Path) -> None:
        path = csv_file(
            tmp_path,
            "Indikator,Kode,Satuan,Nilai\nSD00282.01,61.05.01,Jiwa,5\n"
            "Luas Wilayah,61.05.01,Ha,250\n"
            "Bahagia,61.05.01,Unit,1\n",
        )
        result = read(
            path,
            Field("Indikator", Role.DIMENSION, "indikator"),
            KODE,
            Field("Satuan", Role.ATTRIBUTE, "satuan"),
            Field("Nilai", Role.MEASURE),
            extra=(Y2025,),
        )
        assert {f.indicator.code: f.values.tolist() for f in result.figures} == {
            "SD00282.01": [5],
            "LOK.LUAS_WILAYAH": [2.5],
        }
        assert found(result) == {"indikator-tidak-dikenal": 1}

    def test_year_and_month_in_two_columns(self, tmp_path: Path) -> None:
        path = csv_file(
            tmp_path, "Kode,Tahun,Bulan,Miskin\n61.05.01,2025,Maret,9.31\n61.05.01,2025,13,1.5\n"
        )
        result = read(
            path,
            KODE,
            Field("Tahun", Role.DIMENSION, "tahun"),
            Field("Bulan", Role.DIMENSION, "bulan"),
            MISKIN,
        )
        assert values(result) == {("61.05.01", "2025-03"): 9.31}
        assert [(f.rule, f.location.row, f.location.text) for f in result.problems] == [
            ("periode-tak-terbaca", 3, "13")
        ]


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

    def test_ignored_figures_are_told(self, tmp_path: Path) -> None:
        path = csv_file(
            tmp_path, "No,Kode,Tahun,Penduduk,KK\n1,61.05.01,2025,5,2\n2,61.05.02,2025,6,9\n"
        )
        result = read(path, NO, KODE, TAHUN, PENDUDUK, Field("KK", Role.IGNORE))
        assert found(result) == {"kolom-diabaikan": 1}
        assert not result.problems[0].blocks

    def test_columns_may_change_places(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Penduduk,Kode,Tahun\n5,61.05.01,2025\n")
        assert values(read(path, KODE, TAHUN, PENDUDUK)) == {("61.05.01", "2025"): 5}

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
        result = read(csv_file(tmp_path, "a,b\n1,2\n"), reason="daftar alamat")
        assert found(result) == {"tabel-tanpa-angka": 1}

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


class TestCodes:
    def test_code_and_name_disagree(self, tmp_path: Path) -> None:
        path = csv_file(
            tmp_path,
            "Kode,Nama,Penduduk\n61.05.01,Sintang,5\n61.05.02,Sepauk,6\n61.05.07,Dedaii,7\n",
        )
        result = read(path, KODE, NAMA, PENDUDUK, extra=(Y2025,))
        assert found(result) == {"kode-nama-tak-cocok": 1, "nama-tak-dikenal": 1}
        clash = next(f for f in result.problems if f.rule == "kode-nama-tak-cocok")
        assert clash.params["code"] == "61.05.02"
        assert "61.05.03" in clash.params["candidates"]

    def test_number_cell_that_lost_its_zero(self, tmp_path: Path) -> None:
        path = xlsx_file(tmp_path, [["Kode", "Penduduk"], [61.05, 5], [61.1, 6]])
        result = read(path, KODE, PENDUDUK, extra=(Y2025,))
        assert values(result) == {("61.05", "2025"): 5}
        assert [(f.rule, f.location.text, f.params) for f in result.problems] == [
            ("kode-rusak", "61.1", {"candidates": "61.10"})
        ]

    def test_date_cell_where_a_code_belongs(self, tmp_path: Path) -> None:
        path = xlsx_file(tmp_path, [["Kode", "Penduduk"], [dt.date(1961, 5, 1), 5]])
        result = read(path, KODE, PENDUDUK, extra=(Y2025,))
        assert [(f.rule, f.params["candidates"]) for f in result.problems] == [
            ("kode-jadi-tanggal", "61.05.01")
        ]

    def test_bps_code_is_never_taken_for_a_kemendagri_code(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode,Penduduk\n6105,5\n")
        result = read(path, KODE, PENDUDUK, extra=(Y2025,))
        assert values(result) == {}
        finding = result.problems[0]
        assert finding.rule == "kode-tanpa-titik"
        assert finding.params["kemendagri"].startswith("61.05 Sintang")
        assert finding.params["bps"].startswith("61.03 Sanggau")

    def test_bps_codes_as_number_cells(self, tmp_path: Path) -> None:
        kode = Field("Kode", Role.DIMENSION, "wilayah", scheme="bps")
        path = xlsx_file(tmp_path, [["Kode", "Penduduk"], [6107140, 5], ["6107120", 6]])
        result = read(path, kode, PENDUDUK, extra=(Y2025,))
        assert values(result) == {("61.05.01", "2025"): 5, ("61.05.02", "2025"): 6}

    def test_unknown_code_only_counts_where_a_figure_stands(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode,Penduduk\n61.05.99,5\n61.05.98,-\n61.05.01,7\n")
        result = read(path, KODE, PENDUDUK, extra=(Y2025,))
        assert found(result) == {"kode-tidak-dikenal": 1, "baris-dilewati": 1}

    def test_many_bad_rows_are_counted_not_kept(self, tmp_path: Path) -> None:
        body = "99.99.99,5\n" * (MOST + 500)
        result = read(csv_file(tmp_path, f"Kode,Penduduk\n{body}"), KODE, PENDUDUK, extra=(Y2025,))
        assert found(result) == {"kode-tidak-dikenal": MOST + 500}
        assert len(result.problems) == MOST

    def test_constant_that_means_nothing(self, tmp_path: Path) -> None:
        wrong = Field("periode", Role.DIMENSION, "periode", constant="entah")
        result = read(
            csv_file(tmp_path, "Kode,Penduduk\n61.05.01,5\n"), KODE, PENDUDUK, extra=(wrong,)
        )
        assert found(result) == {"tetapan-tak-dikenal": 1}
        assert values(result) == {}


class TestNumbers:
    def test_mixed_notation_refuses_the_column_and_names_two_cells(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode;Miskin\n61.05.01;9,31\n61.05.02;8.5\n")
        result = read(path, KODE, MISKIN, extra=(Y2025,))
        assert values(result) == {}
        finding = result.problems[0]
        assert (finding.rule, finding.location.row, finding.location.text) == (
            "notasi-campur",
            2,
            "9,31",
        )
        assert (finding.params["other_row"], finding.params["other_text"]) == (3, "8.5")

    def test_ambiguous_column_is_refused(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode;Kebutuhan\n61.05.01;448.850\n61.05.02;12\n")
        result = read(path, KODE, KEBUTUHAN, extra=(Y2025, BERAS))
        assert found(result) == {"notasi-taksa": 1}
        assert result.problems[0].params == {"thousands": "448850", "fraction": "448,850"}

    @pytest.mark.parametrize(("notation", "value"), [("id", 448850.0), ("en", 448.85)])
    def test_declared_notation_decides(self, tmp_path: Path, notation: str, value: float) -> None:
        path = csv_file(tmp_path, "Kode;Kebutuhan\n61.05.01;448.850\n")
        result = read(path, KODE, KEBUTUHAN, extra=(Y2025, BERAS), notation=notation)
        assert list(values(result).values()) == [value]

    def test_another_column_decides(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode;Miskin;Kebutuhan\n61.05.01;9,31;448.850\n")
        result = read(path, KODE, MISKIN, KEBUTUHAN, extra=(Y2025,))
        assert [f.values.tolist() for f in result.figures] == [[9.31], [448850.0]]

    def test_people_come_whole(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode;Penduduk\n61.05.01;448.850\n")
        assert list(values(read(path, KODE, PENDUDUK, extra=(Y2025,))).values()) == [448850]

    def test_unit_and_table_that_disagree_decide_nothing(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode;Miskin;Penduduk\n61.05.01;9.31;448.850\n")
        result = read(path, KODE, MISKIN, PENDUDUK, extra=(Y2025,))
        assert found(result) == {"notasi-taksa": 1}

    def test_number_cells_are_exact_beside_text_cells(self, tmp_path: Path) -> None:
        rows = [
            ["Kode", "Miskin"],
            ["61.05.01", 9.125],
            ["61.05.02", "8,5"],
            ["61.05.03", "1.234,5"],
        ]
        result = read(xlsx_file(tmp_path, rows), KODE, MISKIN, extra=(Y2025,))
        assert sorted(values(result).values()) == [8.5, 9.125, 1234.5]

    def test_formula_errors_are_named(self, tmp_path: Path) -> None:
        import openpyxl

        path = xlsx_file(tmp_path, [["Kode", "Penduduk"], ["61.05.01", 5], ["61.05.02", None]])
        book = openpyxl.load_workbook(path)
        book.active["B3"] = "#DIV/0!"
        book.active["B4"] = "=1+1"
        book.active["A4"] = "61.05.03"
        book.save(path)
        result = read(path, KODE, PENDUDUK, extra=(Y2025,))
        assert found(result) == {"sel-rumus-galat": 1, "sel-rumus-belum-dihitung": 1}
        assert {(f.location.row, f.location.text) for f in result.problems} == {
            (3, "#DIV/0!"),
            (4, None),
        }

    def test_scientific_text_is_refused(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode;Penduduk\n61.05.01;1,2E+05\n")
        assert found(read(path, KODE, PENDUDUK, extra=(Y2025,))) == {"angka-ilmiah": 1}

    def test_too_large(self, tmp_path: Path) -> None:
        uang = Field("Rp", Role.MEASURE, indicator="LOK.REALISASI_ANGGARAN", unit="juta rupiah")
        path = csv_file(tmp_path, "Kode;Rp\n61.05.01;9000000000\n61.05.02;9000000001\n")
        result = read(path, KODE, uang, extra=(Y2025,))
        assert list(values(result).values()) == [9.0e15]
        assert [(f.rule, f.location.row) for f in result.problems] == [("angka-terlalu-besar", 3)]

    def test_footnote_marks_give_the_status(self, tmp_path: Path) -> None:
        path = csv_file(
            tmp_path,
            "Kode;Penduduk\n61.05.01;1.000*\n61.05.02;2.000 r)\n61.05.03;3.000 e)\n"
            "61.05.04;4.000.000\n",
        )
        result = read(path, KODE, PENDUDUK, extra=(Y2025,))
        assert result.figures[0].status.tolist() == [1, 0, 2, 0]

    def test_a_note_below_says_what_a_mark_means(self, tmp_path: Path) -> None:
        path = csv_file(
            tmp_path, "Kode;Penduduk\n61.05.01;1.000*\nKeterangan: *) angka estimasi;\n"
        )
        assert read(path, KODE, PENDUDUK, extra=(Y2025,)).figures[0].status.tolist() == [2]

    def test_status_column(self, tmp_path: Path) -> None:
        status = Field("Status", Role.ATTRIBUTE, "status")
        path = csv_file(
            tmp_path,
            "Kode,Penduduk,Status\n61.05.01,1,Sementara\n61.05.02,2,\n61.05.03,3,Tetap\n"
            "61.05.04,4,aneh\n",
        )
        result = read(path, KODE, PENDUDUK, status, extra=(Y2025,))
        assert result.figures[0].status.tolist() == [1, 0, 0]
        assert found(result) == {"status-tidak-dikenal": 1}


class TestUnits:
    def test_kilograms_become_tonnes_exactly(self, tmp_path: Path) -> None:
        kilo = Field("Kg", Role.MEASURE, indicator="LOK.KEBUTUHAN_PANGAN", unit="kg")
        path = csv_file(tmp_path, "Kode,Kg\n61.05.01,12345\n61.05.02,0.1\n")
        result = read(path, KODE, kilo, extra=(Y2025, BERAS))
        assert result.figures[0].values.tolist() == [12.345, 0.0001]
        assert result.figures[0].decimals.tolist() == [3, 4]

    def test_unit_column_converts_each_row(self, tmp_path: Path) -> None:
        satuan = Field("Satuan", Role.ATTRIBUTE, "satuan")
        path = csv_file(
            tmp_path,
            "Kode,Kebutuhan,Satuan\n61.05.01,5,Ton\n61.05.02,5,kuintal\n61.05.03,5,\n"
            "61.05.04,5,zak\n"
            "61.05.05,5,Orang\n",
        )
        result = read(path, KODE, KEBUTUHAN, satuan, extra=(Y2025, BERAS))
        assert result.figures[0].values.tolist() == [5, 0.5, 5]
        assert result.figures[0].decimals.tolist() == [0, 1, 0]
        assert found(result) == {"satuan-tidak-dikenal": 1, "satuan-tidak-cocok": 1}

    def test_declared_unit_of_another_quantity(self, tmp_path: Path) -> None:
        wrong = Field("Kebutuhan", Role.MEASURE, indicator="LOK.KEBUTUHAN_PANGAN", unit="orang")
        path = csv_file(tmp_path, "Kode,Kebutuhan\n61.05.01,5\n")
        result = read(path, KODE, wrong, extra=(Y2025, BERAS))
        assert found(result) == {"satuan-tidak-cocok": 1}
        assert values(result) == {}

    def test_no_unit_is_no_guess(self, tmp_path: Path) -> None:
        bare = Field("Kebutuhan", Role.MEASURE, indicator="LOK.KEBUTUHAN_PANGAN")
        path = csv_file(tmp_path, "Kode,Kebutuhan\n61.05.01,5\n")
        assert found(read(path, KODE, bare, extra=(Y2025, BERAS))) == {"tanpa-satuan": 1}

    def test_unit_written_in_the_cell(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode;Kebutuhan\n61.05.01;5 ton\n61.05.02;5 kg\n61.05.03;Rp 5\n")
        result = read(path, KODE, KEBUTUHAN, extra=(Y2025, BERAS))
        assert list(values(result).values()) == [5]
        assert found(result) == {"satuan-dalam-sel": 2}

    def test_letters_behind_a_number_are_no_unit(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode;Penduduk\n61.05.01;1o\n")
        result = read(path, KODE, PENDUDUK, extra=(Y2025,))
        assert values(result) == {}
        assert found(result) == {"angka-tak-terbaca": 1}

    def test_percent_sign_in_a_column_of_per_cent(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode;Miskin\n61.05.01;9,31%\n")
        assert list(values(read(path, KODE, MISKIN, extra=(Y2025,))).values()) == [9.31]

    def test_cells_formatted_as_per_cent_mean_what_they_show(self, tmp_path: Path) -> None:
        import openpyxl

        path = xlsx_file(tmp_path, [["Kode", "Miskin"], ["61.05.01", 0.0931], ["61.05.02", 8.5]])
        book = openpyxl.load_workbook(path)
        book.active["B2"].number_format = "0.00%"
        book.save(path)
        result = read(path, KODE, MISKIN, extra=(Y2025,))
        assert values(result) == {("61.05.01", "2025"): 9.31, ("61.05.02", "2025"): 8.5}
        assert result.figures[0].decimals.tolist() == [2, 1]


class TestOneRow:
    def test_region_and_period_set_for_the_whole_table(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Uraian,Penduduk\nPenduduk,457204\n")
        result = read(path, Field("Uraian", Role.IGNORE), PENDUDUK, extra=(SINTANG, Y2025))
        assert values(result) == {("61.05", "2025"): 457204}
