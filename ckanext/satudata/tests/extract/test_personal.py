from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.satudata.extract.declaration import Field, Role
from ckanext.satudata.extract.observations import Extraction

from .files import csv_file, xlsx_file
from .reading import KODE, NAMA, PENDUDUK, TAHUN, Y2025, found, read

MAN, WOMAN = "6105011708450001", "6105015708450001"
RULE = "data-pribadi"


def held(result: Extraction) -> dict[str, str]:
    """Header -> what its column holds."""
    return {
        str(p.location.header): p.params["category"]
        for p in result.problems
        if p.rule == RULE and p.location
    }


def beside(tmp_path: Path, header: str, *cells: str, declared: bool = True) -> Extraction:
    rows = "".join(f"61.05.0{i};{i};{c}\n" for i, c in enumerate(cells, start=1))
    path = csv_file(tmp_path, f"Kode;Penduduk;{header}\n{rows}")
    fields = (KODE, PENDUDUK, *((Field(header, Role.IGNORE),) if declared else ()))
    return read(path, *fields, extra=(Y2025,))


class TestColumns:
    @pytest.mark.parametrize("declared", [True, False])
    @pytest.mark.parametrize(
        ("header", "cell", "kind"),
        [
            ("NIK", MAN, "nik"),
            ("Lain", WOMAN, "nik"),
            ("Ket", f"a.n. Budi, {MAN}", "nik"),
            ("Ket", "0812-3456-7890", "ponsel"),
            ("No HP", "81234567890", "ponsel"),
            ("Kontak", "budi@gmail.com", "surel"),
        ],
    )
    def test_found_wherever_it_stands(
        self, tmp_path: Path, declared: bool, header: str, cell: str, kind: str
    ) -> None:
        result = beside(tmp_path, header, "-", cell, declared=declared)
        assert held(result) == {header: kind}
        (problem,) = [p for p in result.problems if p.rule == RULE]
        assert problem.blocks
        assert problem.location.row == 3
        assert problem.params["rows"] == 1

    @pytest.mark.parametrize(
        ("header", "cell"),
        [
            ("Keterangan", "lihat 0565-21234"),
            ("Surel", "dinkes@sintang.go.id"),
            ("Nama", "Budi"),
            ("NPSN", "30105123"),
        ],
    )
    def test_bodies_and_names_alone_are_left(self, tmp_path: Path, header: str, cell: str) -> None:
        assert held(beside(tmp_path, header, cell)) == {}

    def test_names_beside_it(self, tmp_path: Path) -> None:
        path = csv_file(
            tmp_path,
            "Kode;Kecamatan;Penduduk;Nama;NIK\n61.05.02;Tempunak;5;Budi Santoso;" + MAN + "\n",
        )
        ignored = [Field(n, Role.IGNORE) for n in ("Nama", "NIK")]
        region = Field("Kecamatan", Role.LABEL, of="Kode")
        result = read(path, KODE, region, PENDUDUK, *ignored, extra=(Y2025,))
        assert held(result) == {"Nama": "nama", "NIK": "nik"}
        texts = {p.location.text for p in result.problems if p.rule == RULE}
        assert texts == {"B*** S***", "6105************"}

    def test_names_of_regions_are_none(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, f"Kode;Nama;Penduduk;NIK\n61.05.01;Sintang;5;{MAN}\n")
        result = read(path, KODE, NAMA, PENDUDUK, Field("NIK", Role.IGNORE), extra=(Y2025,))
        assert held(result) == {"NIK": "nik"}

    def test_a_measure_is_no_hiding_place(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, f"Kode;Tahun;Penduduk\n61.05.01;2025;{MAN}\n")
        assert held(read(path, KODE, TAHUN, PENDUDUK)) == {"Penduduk": "nik"}

    def test_nor_are_the_lines_around_the_table(self, tmp_path: Path) -> None:
        path = csv_file(
            tmp_path,
            f"Petugas {MAN};;\nKode;Tahun;Penduduk\n61.05.01;2025;5\nHub. 081234567890;;\n",
        )
        result = read(path, KODE, TAHUN, PENDUDUK)
        assert found(result)[RULE] == 2


class TestTexts:
    def test_no_finding_shows_it(self, tmp_path: Path) -> None:
        path = csv_file(
            tmp_path,
            f"Kode;Tahun;Penduduk;KK\n{MAN};2025;5;{WOMAN}\n61.05.01;{MAN};{WOMAN}x;081234567890\n",
        )
        result = read(path, KODE, TAHUN, PENDUDUK, Field("KK", Role.IGNORE))
        assert len(result.problems) >= 4
        shown = repr(result.problems)
        for secret in (MAN, WOMAN, "081234567890", MAN[6:], WOMAN[6:]):
            assert secret not in shown


class TestOtherTables:
    def test_a_table_said_to_hold_no_figures(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, f"No;Nama;NIK\n1;Budi;{MAN}\n2;Ani;{WOMAN}\n3;Edi;-\n")
        assert held(read(path, reason="Daftar penerima")) == {"Nama": "nama", "NIK": "nik"}

    def test_a_sheet_nobody_declared(self, tmp_path: Path) -> None:
        path = xlsx_file(
            tmp_path,
            [["Kode", "Tahun", "Penduduk"], ["61.05.01", "2025", 5]],
            others={"Lampiran": [["Nama", "Surel"], ["Budi", "budi@gmail.com"]]},
        )
        assert found(read(path, KODE, TAHUN, PENDUDUK)) == {"data-pribadi-lembar": 1}
