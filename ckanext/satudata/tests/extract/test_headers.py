from __future__ import annotations

import polars as pl

from ckanext.satudata.extract.declaration import Declaration, Field
from ckanext.satudata.extract.headers import header_names, is_numbering, locate
from ckanext.satudata.extract.raw import RawTable


def table(*rows: tuple, merged: tuple = (), first_row: int = 1) -> RawTable:
    width = max(map(len, rows))
    padded = [tuple(r) + (None,) * (width - len(r)) for r in rows]
    columns = {str(i): pl.Series([r[i] for r in padded], dtype=pl.String) for i in range(width)}
    return RawTable("tabel", "Data", pl.DataFrame(columns), first_row=first_row, merged=merged)


def declared(*names: str, **options) -> Declaration:
    return Declaration(tuple(Field(n) for n in names), **options)


class TestLocate:
    ROWS = (("Judul",), (None,), ("Kode", "Nama", "2025"), ("61.05", "Sintang", "1"))

    def test_first_row_that_names_the_columns(self) -> None:
        layout = locate(table(*self.ROWS), declared("Kode", "Nama", "2025"))
        assert layout is not None
        assert (layout.header, layout.start) == (2, 3)
        assert layout.columns == {"Kode": 0, "Nama": 1, "2025": 2}

    def test_spelling_of_headers_does_not_matter(self) -> None:
        layout = locate(table(*self.ROWS), declared("KODE", " nama*", "2025"))
        assert layout is not None
        assert layout.missing == ()

    def test_declared_row_counts_as_the_spreadsheet_shows_it(self) -> None:
        rows = (("Kode", "Nama"), ("a", "b"), ("Kode", "Nama"), ("c", "d"))
        layout = locate(table(*rows, first_row=5), declared("Kode", "Nama", header_row=7))
        assert layout is not None
        assert layout.header == 2

    def test_half_of_the_names_is_the_least(self) -> None:
        assert locate(table(*self.ROWS), declared("Kode", "A", "B")) is None
        layout = locate(table(*self.ROWS), declared("Kode", "A"))
        assert layout is not None
        assert [f.name for f in layout.missing] == ["A"]
        assert layout.extra == (1, 2)

    def test_numbering_below_the_header_is_no_data(self) -> None:
        layout = locate(
            table(("Kode", "Nama"), ("(1)", "(2)"), ("x", "y")), declared("Kode", "Nama")
        )
        assert layout is not None
        assert layout.start == 2

    def test_field_called_by_its_place(self) -> None:
        layout = locate(table(("Kode", None), ("61.05", "5")), declared("Kode", "Kolom 2"))
        assert layout is not None
        assert layout.columns["Kolom 2"] == 1

    def test_doubled_header(self) -> None:
        layout = locate(
            table(
                ("Kode", "Nilai", "Nilai"),
            ),
            declared("Kode", "Nilai"),
        )
        assert layout is not None
        assert layout.doubled == {"Nilai": (1, 2)}

    def test_merged_cells_do_not_hide_a_table_declared_without_them(self) -> None:
        rows = (("A", None, None), ("x", None, "y"), ("1", "2", "3"))
        names = declared("A / x", "y", header_rows=2)
        layout = locate(table(*rows, merged=((0, 0, 0, 2),)), names)
        assert layout is not None
        assert layout.columns == {"A / x": 0, "y": 2}


class TestHeaderNames:
    def test_group_headings_reach_right_over_empty_cells(self) -> None:
        lines = [["Kecamatan", "Produksi", None, "Ket"], [None, "2024", "2025", None]]
        assert header_names(lines, table(*map(tuple, lines)), 0) == {
            0: "Kecamatan",
            1: "Produksi / 2024",
            2: "Produksi / 2025",
            3: "Ket",
        }

    def test_heading_merged_downwards_does_not_reach_right(self) -> None:
        lines = [["Kecamatan", None], [None, "2024"]]
        assert header_names(lines, table(*map(tuple, lines)), 0) == {0: "Kecamatan", 1: "2024"}

    def test_merged_cells_decide_where_they_are_known(self) -> None:
        lines = [["A", None, None], ["x", None, "y"]]
        merged = ((0, 0, 0, 2),)
        assert header_names(lines, table(*map(tuple, lines), merged=merged), 0) == {
            0: "A / x",
            1: "A",
            2: "A / y",
        }

    def test_repeated_names_are_numbered(self) -> None:
        lines = [["Nilai", "nilai", "Nilai"]]
        assert header_names(lines, table(*map(tuple, lines)), 0) == {
            0: "Nilai",
            1: "nilai (2)",
            2: "Nilai (3)",
        }


class TestIsNumbering:
    def test_numbers_in_order(self) -> None:
        assert is_numbering(["(1)", "(2)", None, "3"])
        assert not is_numbering(["1", "3"])
        assert not is_numbering(["1"])
        assert not is_numbering(["1", "Sintang", "2"])
