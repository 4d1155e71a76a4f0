"""Headers of two lines over figures that no indicator of the portal measures yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.satudata.extract.declaration import PERIOD, Declaration, Role
from ckanext.satudata.extract.guessing.guess import guess
from ckanext.satudata.extract.readers import read_tables

from .books import book
from .files import csv_file

ROWS = "Sintang;1;2;3;4\nTempunak;5;6;7;8\nSepauk;9;8;7;6\n"


def guessed(tmp_path: Path, text: str) -> Declaration:
    path = csv_file(tmp_path, text)
    (table,) = read_tables(path, name="kandang.csv", format="csv")
    return guess(table, book()).declaration


class TestTwoLines:
    @pytest.mark.parametrize("title", ["", "Tabel 3. Kandang 2025;;;;\n\n"])
    def test_of_names_nobody_knows(self, tmp_path: Path, title: str) -> None:
        head = "Kecamatan;Kandang;;Petak;\n;Baik;Rusak;Baik;Rusak\n"
        found = guessed(tmp_path, title + head + ROWS)

        assert found.header_rows == 2
        assert [f.name for f in found.fields if f.role is Role.MEASURE] == [
            "Kandang / Baik",
            "Kandang / Rusak",
            "Petak / Baik",
            "Petak / Rusak",
        ]

    @pytest.mark.parametrize(
        "head",
        [
            "Kecamatan;Kandang;;Petak;\n;2024;2025;2024;2025\n",
            "Kecamatan;2024;2025;2024;2025\n;Kandang;Kandang;Petak;Petak\n",
        ],
    )
    def test_of_which_one_says_years(self, tmp_path: Path, head: str) -> None:
        found = guessed(tmp_path, head + ROWS)

        assert found.header_rows == 2
        assert [f.normalize.get(PERIOD) for f in found.fields[1:]] == ["2024", "2025"] * 2
        assert any(f.target for f in found.extra)
