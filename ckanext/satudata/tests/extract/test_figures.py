from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from ckanext.satudata.extract.declaration import Field, Role
from ckanext.satudata.extract.problems import MOST

from .files import csv_file, xlsx_file
from .reading import (
    BERAS,
    KEBUTUHAN,
    KODE,
    MISKIN,
    NAMA,
    PENDUDUK,
    Y2025,
    found,
    read,
    values,
)


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

    def test_what_else_is_wrong_with_an_ambiguous_column_is_told(self, tmp_path: Path) -> None:
        rows = "61.05.01;448.850\n61.05.99;1.250\n61.05.03;12 kg\n61.05.04;abc\n"
        path = csv_file(tmp_path, f"Kode;Kebutuhan\n{rows}")
        result = read(path, KODE, KEBUTUHAN, extra=(Y2025, BERAS))
        assert found(result) == {
            "notasi-taksa": 1,
            "kode-tidak-dikenal": 1,
            "satuan-dalam-sel": 1,
            "angka-tak-terbaca": 1,
        }
        assert values(result) == {}

    def test_what_else_is_wrong_with_a_mixed_column_is_told(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode;Miskin\n61.05.01;9,31\n61.05.99;8.5\n")
        result = read(path, KODE, MISKIN, extra=(Y2025,))
        assert found(result) == {"notasi-campur": 1, "kode-tidak-dikenal": 1}

    def test_an_ambiguous_column_of_nothing_known_is_told(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode;Kebutuhan\n61.05.01;448.850\n")
        unknown = replace(KEBUTUHAN, indicator="LOK.TIDAK_ADA")
        result = read(path, KODE, unknown, extra=(BERAS,))
        assert found(result) == {"notasi-taksa": 1, "tanpa-periode": 1}
        result = read(path, KODE, unknown, extra=(Y2025, BERAS))
        assert found(result) == {"notasi-taksa": 1, "indikator-tidak-dikenal": 1}

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
