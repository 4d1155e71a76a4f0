"""Declarations confirmed before: recognised, adapted, and never silently outliving their year."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.extract.declaration import Declaration, Field, Role
from ckanext.satudata.extract.guessing.guess import guess
from ckanext.satudata.extract.guessing.memory import reusable, signature
from ckanext.satudata.extract.raw import RawTable

from .books import book
from .guess_tables import CODES, NAMES, number, people, sheet


@pytest.fixture(scope="module")
def reference() -> CodeBook:
    return book()


def population(year: int | None, *, title: str = "Jumlah Penduduk", **options: str) -> RawTable:
    heading = f"{title} Tahun {year}" if year else title
    return sheet(
        [
            [heading],
            ["Kode", "Kecamatan", "Jumlah (jiwa)"],
            *[[c, n, people(i)] for i, (c, n) in enumerate(zip(CODES, NAMES, strict=True))],
        ],
        **options,
    )


def confirmed(year: str = "2024", region: str | None = None) -> Declaration:
    extra = [Field("periode", Role.DIMENSION, "periode", constant=year)]
    if region:
        extra.append(
            Field("wilayah", Role.DIMENSION, "wilayah", codelist="wilayah", constant=region)
        )
    return Declaration(
        fields=(
            Field("Kode", Role.DIMENSION, "wilayah", codelist="wilayah", scheme="kemendagri"),
            Field("Kecamatan", Role.LABEL, of="Kode"),
            Field("Jumlah (jiwa)", Role.MEASURE, indicator="SD00282.02", unit="orang"),
        ),
        extra=tuple(extra),
        header_row=2,
    )


class TestSignature:
    def test_is_the_same_for_other_spelling_and_figures(self) -> None:
        one = sheet([["Kode", "Jumlah Penduduk (jiwa)"], ["61.05.01", "10"], ["61.05.02", "20"]])
        other = sheet([[" KODE ", "jumlah penduduk jiwa"], ["61.05.03", "7"]])
        assert signature(one) == signature(other)

    def test_differs_for_other_columns_and_order(self) -> None:
        one = sheet([["Kode", "A", "B"], ["61.05.01", "10", "1"]])
        assert signature(one) != signature(sheet([["Kode", "B", "A"], ["61.05.01", "10", "1"]]))
        assert signature(one) != signature(sheet([["Kode", "A"], ["61.05.01", "10"]]))

    def test_differs_for_another_year_in_title_sheet_or_file(self) -> None:
        assert signature(population(2024)) != signature(population(2025))
        assert signature(population(None, tab="2024")) != signature(population(None, tab="2025"))
        assert signature(population(None, name="p-2024.csv")) != signature(
            population(None, name="p-2025.csv")
        )

    def test_does_not_depend_on_how_much_was_read(self) -> None:
        table = population(2024)
        assert signature(replace(table, frame=table.frame.head(6))) == signature(table)

    def test_of_a_declaration_counts_names_only(self) -> None:
        assert signature(confirmed("2024")) == signature(confirmed("2025"))


class TestRemembered:
    def test_the_confirmed_meaning_is_followed(self, reference: CodeBook) -> None:
        found = guess(population(2024), reference, remembered=[confirmed()])
        assert found.remembered
        assert found.declaration.fields == confirmed().fields
        assert found.complete

    def test_without_memory_the_definition_is_asked(self, reference: CodeBook) -> None:
        assert not guess(population(2024), reference).complete

    def test_the_new_title_s_year_replaces_the_old_one(self, reference: CodeBook) -> None:
        found = guess(population(2025), reference, remembered=[confirmed("2024")])
        assert [f.constant for f in found.declaration.extra] == ["2025"]
        assert found.complete

    def test_an_unnamed_year_is_asked_about(self, reference: CodeBook) -> None:
        found = guess(population(None), reference, remembered=[confirmed("2024")])
        assert [q["code"] for q in found.questions] == ["periode-diingat"]

    def test_another_region_in_the_title_is_asked_about(self, reference: CodeBook) -> None:
        rows = [["Gula Konsumsi", "10"], ["Telur Ayam Ras", "20"]]
        table = sheet(
            [["Kebutuhan Pangan (ton) Kecamatan Dedai Tahun 2025"], ["Komoditas", "Jumlah"], *rows]
        )
        known = Declaration(
            fields=(
                Field("Komoditas", Role.DIMENSION, "komoditas", codelist="komoditas"),
                Field("Jumlah", Role.MEASURE, indicator="LOK.KEBUTUHAN_PANGAN", unit="ton"),
            ),
            extra=(
                Field("periode", Role.DIMENSION, "periode", constant="2025"),
                Field("wilayah", Role.DIMENSION, "wilayah", constant="61.05.03"),
            ),
        )
        found = guess(table, reference, remembered=[known])
        assert [q["code"] for q in found.questions] == ["wilayah-berubah"]
        assert found.declaration.extra[1].constant == "61.05.07"

    def test_a_column_for_a_new_year_is_meant_like_its_neighbours(
        self, reference: CodeBook
    ) -> None:
        def table(*years: int) -> RawTable:
            header = ["Kode", *[f"Tahun {y}" for y in years]]
            rows = [[c, *[number(i, y) for y in years]] for i, c in enumerate(CODES)]
            return sheet([header, *rows])

        known = Declaration(
            fields=(
                Field("Kode", Role.DIMENSION, "wilayah", codelist="wilayah", scheme="kemendagri"),
                Field("Tahun 2023", normalize={"waktu": "2023"}),
                Field("Tahun 2024", normalize={"waktu": "2024"}),
            ),
            extra=(
                Field("waktu", Role.DIMENSION, "periode"),
                Field("nilai", Role.MEASURE, indicator="LOK.LUAS_WILAYAH", unit="km2", target=True),
            ),
        )
        found = guess(table(2023, 2024, 2025), reference, remembered=[known])
        assert [dict(f.normalize) for f in found.declaration.fields[1:]] == [
            {"waktu": "2023"},
            {"waktu": "2024"},
            {"waktu": "2025"},
        ]
        assert found.declaration.measures[0].indicator == "LOK.LUAS_WILAYAH"

    def test_header_lines_are_those_of_this_table(self, reference: CodeBook) -> None:
        table = population(2024)
        moved = sheet([["Pemerintah Kabupaten Sintang"], [None], *table.frame.rows()])
        found = guess(moved, reference, remembered=[confirmed()])
        assert found.remembered
        assert found.declaration.header_row == 4

    def test_the_newest_memory_wins(self, reference: CodeBook) -> None:
        older = confirmed()
        fields = (*older.fields[:2], replace(older.fields[2], indicator="SD00282.01"))
        found = guess(
            population(2024), reference, remembered=[replace(older, fields=fields), older]
        )
        assert found.declaration.measures[0].indicator == "SD00282.01"

    def test_other_columns_are_not_followed(self, reference: CodeBook) -> None:
        table = sheet([["Kode", "Tahun", "Jumlah (jiwa)"], *[[c, "2024", "5"] for c in CODES]])
        assert not guess(table, reference, remembered=[confirmed()]).remembered


class TestReusable:
    def test_where_the_table_names_the_same_year(self) -> None:
        assert reusable(confirmed("2024"), population(2024))

    def test_not_for_another_or_an_unnamed_year(self) -> None:
        assert not reusable(confirmed("2024"), population(2025))
        assert not reusable(confirmed("2024"), population(None))

    def test_where_a_column_holds_the_period(self) -> None:
        known = replace(confirmed(), extra=())
        assert reusable(known, population(None))
