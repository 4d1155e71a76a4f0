"""Texts that are left where they stand give what the general reader gives; see ``reading``."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata.extract.declaration import Field, Role
from ckanext.satudata.extract.readers import read_tables
from ckanext.satudata.extract.scanned import Frame

from .files import csv_file
from .reading import KODE, MISKIN, NAMA, PENDUDUK, TAHUN, found, read, values

CODES = st.sampled_from(
    ["61.05.01", "61.05.02", "61.05.1", "610501", "61.05", "", "Jumlah", " ", "61.05.99", "Sepauk"]
)
NAMES = st.sampled_from(["Sintang", "Sepauk", "", "Jumlah", "Entah", "a@b.id", "081234567890"])
YEARS = st.sampled_from(["2024", "2025", "Tahun 2025", "2025-13", "", "tidak ada"])
NUMBERS = st.sampled_from(
    ["12", "1.234", "1.234,5", "1,234.5", "0,5", "-", "", "12*", "Rp 5", "6105010101010001", "1e5"]
)


def long_table() -> list[tuple[int, str, int, str]]:
    """Number, code, year and figure of two thousand rows in Indonesian notation."""
    return [
        (n, f"{1 + n % 9:02d}", 1900 + n // 9, f"{1 + n // 1000}.{n % 1000:03d},00")
        for n in range(2000)
    ]


@pytest.fixture
def frame(tmp_path) -> Frame:
    path = csv_file(tmp_path, "Kode;Penduduk\n61.05.01;12\n;13\n")
    (table,) = read_tables(path, name="a.csv", format="csv")
    assert isinstance(table.frame, Frame)
    return table.frame


class TestFrame:
    def test_answers_as_the_polars_frame_does(self, frame):
        general = frame.polars
        assert (frame.height, frame.width) == general.shape
        assert [frame.row(r) for r in range(3)] == general.rows()
        assert list(frame.top(2)) == general.rows()[:2]
        assert frame.below(2).polars.rows() == general.rows()[2:]
        assert frame.below(9).height == 0
        assert frame.item(2, 0) is None

    def test_everything_else_is_the_polars_frames(self, frame):
        assert frame.null_count().row(0) == (1, 0)
        with pytest.raises(AttributeError):
            frame.no_such_thing  # noqa: B018

    def test_there_is_no_row_beyond_the_last(self, frame):
        with pytest.raises(IndexError):
            frame.item(3, 0)

    def test_a_column_is_the_polars_column(self, frame):
        column = frame.column(0).slice(1)
        assert isinstance(column.series, pl.Series)
        assert column.series.to_list() == column.texts(np.arange(2)) == ["61.05.01", None]


class TestSameFindings:
    @settings(deadline=None, max_examples=60)
    @given(rows=st.lists(st.tuples(CODES, NAMES, YEARS, NUMBERS, NUMBERS), min_size=1, max_size=12))
    def test_whatever_is_wrong(self, rows):
        # `read` compares both readers.
        lines = ["Kode;Nama;Tahun;Penduduk;Miskin", *map(";".join, rows)]
        with tempfile.TemporaryDirectory() as folder:
            path = csv_file(Path(folder), "\n".join(lines) + "\n")
            read(path, KODE, NAMA, TAHUN, PENDUDUK, MISKIN)

    @pytest.mark.parametrize("last", ["", "Sumber: BPS;;;", "Jumlah;;2025;24690"])
    def test_a_long_table_in_one_notation(self, tmp_path, last):
        rows = [f"61.05.{code};Nama {n};{year};{figure}" for n, code, year, figure in long_table()]
        path = csv_file(tmp_path, "\n".join(["Kode;Keterangan;Tahun;Penduduk", *rows, last]))
        result = read(path, KODE, Field("Keterangan", Role.IGNORE), TAHUN, PENDUDUK)
        assert values(result)["61.05.02", "1900"] == 1001
        assert result.rows == (2001 if last.startswith("Jumlah") else 2000)
        assert found(result) == {}

    def test_a_column_of_which_one_cell_is_odd(self, tmp_path):
        rows = [f"61.05.{code};{year};{figure}" for _, code, year, figure in long_table()]
        rows[700] = "61.05.01;1950;12 ribu"
        path = csv_file(tmp_path, "\n".join(["Kode;Tahun;Penduduk", *rows]))
        result = read(path, KODE, TAHUN, PENDUDUK)
        assert found(result) == {"angka-tak-terbaca": 1}
        assert result.problems[0].location.row == 702
