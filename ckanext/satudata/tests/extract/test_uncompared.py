from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.satudata.consistency.render import Renderer
from ckanext.satudata.extract.declaration import Field, Role
from ckanext.satudata.rules import shipped

from .books import book
from .files import csv_file, xlsx_file
from .reading import KODE, PENDUDUK, TAHUN, Y2025, found, read


def beside(tmp_path: Path, header: str, *cells: str, role: Role = Role.IGNORE, **field: str):
    """A table of people with one more column, so declared."""
    rows = "".join(
        f"61.05.{i:02d};2025;{100 + i};{cell}\n" for i, cell in enumerate(cells, start=1)
    )
    path = csv_file(tmp_path, f"Kode;Tahun;Penduduk;{header}\n{rows}")
    return read(path, KODE, TAHUN, PENDUDUK, Field(header, role, **field))


class TestSilentColumns:
    @pytest.mark.parametrize("role", [Role.IGNORE, Role.ATTRIBUTE, Role.LABEL])
    @pytest.mark.parametrize(
        "cell",
        [
            "448.850",
            "1,5",
            "7",
            "12 ton",
            "Rp 5.000",
            "1,2E+05",
            "9*",
            "± 448.850",
            "448 (estimasi)",
            "４４８",
            "٤٤٨",
        ],
    )
    def test_one_figure_holds_back(self, tmp_path: Path, role: Role, cell: str) -> None:
        result = beside(tmp_path, "Lain", "-", cell, "baik", role=role)
        assert found(result) == {"kolom-diabaikan": 1}
        (problem,) = result.problems
        assert problem.blocks
        assert (problem.location.row, problem.location.text) == (3, cell)
        assert problem.params["rows"] == 1

    @pytest.mark.parametrize(
        ("header", "cells"),
        [
            ("Keterangan", ("baik", "-", "lihat halaman 3")),
            ("No", ("1", "2", "3")),
            ("Kode BPS", ("6107010", "6107020")),
            ("Tahun Berdiri", ("1990", "2001")),
        ],
    )
    def test_columns_of_no_figures_do_not_bother(
        self, tmp_path: Path, header: str, cells: tuple[str, ...]
    ) -> None:
        assert found(beside(tmp_path, header, *cells)) == {}

    def test_a_unit_column_holds_units_alone(self, tmp_path: Path) -> None:
        units = {"role": Role.ATTRIBUTE, "concept": "satuan"}
        assert found(beside(tmp_path, "Satuan", "orang", "jiwa", **units)) == {}
        path = csv_file(
            tmp_path, "Kode;Tahun;Penduduk;Satuan\n61.05.01;2025;5;orang\n61.05.02;2025;-;448850\n"
        )
        result = read(path, KODE, TAHUN, PENDUDUK, Field("Satuan", **units))
        assert found(result) == {"kolom-diabaikan": 1}

    def test_the_indicator_it_resembles_is_named(self, tmp_path: Path) -> None:
        result = beside(tmp_path, "Jumlah Penduduk", "5", "6")
        (problem,) = result.problems
        assert problem.indicator == "SD00282.01"
        for lang in ("id", "en"):
            words = Renderer(shipped(), book(), lang, tables=result.tables).render(problem)
            assert book().indicators["SD00282.01"].name in words.message

    def test_a_declared_field_without_a_role_is_undeclared(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode;Tahun;Penduduk;Lain\n61.05.01;2025;5;9\n")
        result = read(path, KODE, TAHUN, PENDUDUK, Field("Lain"))
        assert found(result) == {"kolom-tak-dideklarasikan": 1}


class TestRepeats:
    WIDE = tuple(
        Field(name, Role.MEASURE, indicator="SD00282.01", unit="orang")
        for name in ("Laki-laki", "Perempuan")
    )

    def total(self, tmp_path: Path, header: str, *rows: str) -> dict[str, int]:
        path = csv_file(tmp_path, f"Kode;A;B;{header}\n" + "".join(r + "\n" for r in rows))
        fields = (
            Field("A", Role.MEASURE, indicator="SD00282.01", unit="orang"),
            Field("B", Role.MEASURE, indicator="SD00282.01", unit="orang"),
        )
        return found(read(path, KODE, *fields, Field(header, Role.IGNORE), extra=(Y2025,)))

    def test_a_total_of_compared_columns_passes(self, tmp_path: Path) -> None:
        rows = ("61.05.01;1000;2500;3.500", "61.05.02;4;5;9")
        assert "kolom-diabaikan" not in self.total(tmp_path, "Jumlah", *rows)

    def test_an_average_rounded_as_written_passes(self, tmp_path: Path) -> None:
        assert "kolom-diabaikan" not in self.total(tmp_path, "Rata-rata", "61.05.01;1;2;1,5")
        assert "kolom-diabaikan" not in self.total(tmp_path, "Rata-rata", "61.05.01;2;3;2,5")

    def test_one_row_that_does_not_add_up_holds_back(self, tmp_path: Path) -> None:
        rows = ("61.05.01;1000;2500;3500", "61.05.02;4;5;10")
        assert self.total(tmp_path, "Jumlah", *rows)["kolom-diabaikan"] == 1

    def test_what_is_not_called_a_total_holds_back(self, tmp_path: Path) -> None:
        assert self.total(tmp_path, "Kebutuhan", "61.05.01;1;2;3")["kolom-diabaikan"] == 1


class TestTablesSaidToHoldNone:
    def test_lists_of_things_pass(self, tmp_path: Path) -> None:
        path = csv_file(
            tmp_path,
            "No;Nama Sekolah;NPSN;Kode Pos;Tahun Berdiri\n1;SDN 1;30105123;78611;1987\n"
            "2;SDN 2;30105124;78612;1990\n",
        )
        assert found(read(path, reason="Daftar sekolah")) == {"tabel-tanpa-angka": 1}

    def test_each_column_of_figures_holds_back(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "No;Nama Sekolah;Siswa;Guru\n1;SDN 1;210;12\n2;SDN 2;180;11\n")
        result = read(path, reason="Daftar sekolah")
        assert found(result) == {"tabel-tanpa-angka": 1, "tabel-berisi-angka": 2}
        assert [p.location.header for p in result.problems if p.blocks] == ["Siswa", "Guru"]

    def test_figures_above_the_header_hold_back(self, tmp_path: Path) -> None:
        path = xlsx_file(
            tmp_path,
            [["Produksi", 448850], [], ["No", "Nama"], [1, "Pasar"], [2, "Toko"], [3, "Kios"]],
        )
        result = read(path, reason="Daftar pasar")
        assert found(result)["tabel-berisi-angka"] == 1

    def test_figures_that_look_like_years_do(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "No;Nama Sekolah;Siswa\n1;SMA 1;1990\n2;SMA 2;2010\n")
        assert found(read(path, reason="Daftar sekolah"))["tabel-berisi-angka"] == 1

    def test_years_in_titles_do_not(self, tmp_path: Path) -> None:
        path = csv_file(
            tmp_path, "Daftar pasar;\nTahun :;2025\n;\nNo;Nama\n1;Pasar\n2;Toko\n3;Kios\n"
        )
        assert found(read(path, reason="Daftar pasar")) == {"tabel-tanpa-angka": 1}


class TestStructure:
    def digest(self, tmp_path: Path, text: str, *fields: Field, **options: str) -> str:
        return read(csv_file(tmp_path, text), *fields, **options).structure

    def test_other_figures_are_the_same_structure(self, tmp_path: Path) -> None:
        one = self.digest(tmp_path, "Kode;Tahun;Penduduk\n61.05.01;2025;5\n", KODE, TAHUN, PENDUDUK)
        two = self.digest(tmp_path, "Kode;Tahun;Penduduk\n61.05.02;2026;9\n", KODE, TAHUN, PENDUDUK)
        assert one == two
        assert len(one) == 64

    def test_another_header_or_meaning_is_another(self, tmp_path: Path) -> None:
        text = "Kode;Tahun;Penduduk;Lain\n61.05.01;2025;5;6\n"
        fields = (KODE, TAHUN, PENDUDUK)
        digests = {
            self.digest(tmp_path, text, *fields, Field("Lain", Role.IGNORE)),
            self.digest(tmp_path, text, *fields, Field("Lain", Role.ATTRIBUTE)),
            self.digest(tmp_path, text, *fields, Field("Lain", Role.IGNORE), reason="x"),
            self.digest(tmp_path, text.replace(";Lain", ";Lain;Baru"), *fields),
        }
        assert len(digests) == 4
