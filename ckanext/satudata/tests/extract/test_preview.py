"""The preview shows what the check will see, row by row."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.extract.declaration import Declaration, Field, Role
from ckanext.satudata.extract.observations import extract_table
from ckanext.satudata.extract.preview import Preview, preview

from .books import book
from .guess_tables import CODES, Cell, number, sheet

DECLARED = Declaration(
    fields=(
        Field("Kode", Role.DIMENSION, "wilayah", codelist="wilayah", scheme="kemendagri"),
        Field("Komoditas", Role.DIMENSION, "komoditas", codelist="komoditas"),
        Field("Tahun", Role.DIMENSION, "periode"),
        Field("Kebutuhan", Role.MEASURE, indicator="LOK.KEBUTUHAN_PANGAN", unit="kg"),
        Field("Status", Role.ATTRIBUTE, "status"),
    ),
    header_row=2,
)
HEADER = ["Kode", "Komoditas", "Tahun", "Kebutuhan", "Status"]


@pytest.fixture(scope="module")
def reference() -> CodeBook:
    return book()


def show(reference: CodeBook, *rows: list[Cell], declared: Declaration = DECLARED) -> Preview:
    return preview(sheet([["Kebutuhan pangan"], HEADER, *rows]), declared, reference)


class TestPreview:
    def test_a_row_tells_its_figure_in_words(self, reference: CodeBook) -> None:
        shown = show(reference, ["61.05.03", "Gula Konsumsi", "2025", "1.234,5", "sementara"])
        (row,) = shown.rows
        assert row.row == 3
        assert row.cells == ("61.05.03", "Gula Konsumsi", "2025", "1.234,5", "sementara")
        (figure,) = row.figures
        assert (figure.indicator, figure.indicator_name) == (
            "LOK.KEBUTUHAN_PANGAN",
            "Kebutuhan Pangan",
        )
        assert (figure.region.code, figure.region.label) == ("61.05.03", "Sepauk")
        assert figure.period == "2025"
        assert [(i.dimension, i.code, i.label) for i in figure.items] == [
            ("komoditas", "gula", "Gula Konsumsi")
        ]
        assert (figure.value, figure.decimals, figure.unit) == (1.2345, 4, "Ton")
        assert figure.status == "provisional"
        assert figure.column == 3
        assert row.problems == ()

    def test_a_row_tells_what_is_wrong_with_it(self, reference: CodeBook) -> None:
        shown = show(
            reference,
            ["61.05.03", "Gula Konsumsi", "2025", "10,5", None],
            ["61.05.88", "Gula Konsumsi", "2025", "11,5", None],
        )
        good, bad = shown.rows
        assert good.problems == ()
        assert bad.figures == ()
        (problem,) = bad.problems
        assert (problem.column, problem.header, problem.text) == (0, "Kode", "61.05.88")
        assert shown.counts == {problem.rule: 1}

    def test_missing_figures_are_neither_figures_nor_problems(self, reference: CodeBook) -> None:
        shown = show(
            reference,
            ["61.05.03", "Gula Konsumsi", "2025", "-", None],
            ["61.05.07", "Gula Konsumsi", "2025", "10,5", None],
        )
        assert [(len(r.figures), len(r.problems)) for r in shown.rows] == [(0, 0), (1, 0)]
        assert (shown.figures, shown.missing) == (1, 1)

    def test_shows_the_first_rows_and_counts_all(self, reference: CodeBook) -> None:
        rows = [[c, "Gula Konsumsi", "2025", number(i), None] for i, c in enumerate(CODES)]
        table = sheet([["Kebutuhan pangan"], HEADER, *rows])
        shown = preview(table, DECLARED, reference, rows=3)
        assert [r.row for r in shown.rows] == [3, 4, 5]
        assert shown.figures == len(CODES)

    def test_blank_rows_are_passed_over(self, reference: CodeBook) -> None:
        shown = show(
            reference,
            ["61.05.03", "Gula Konsumsi", "2025", "10,5", None],
            [None],
            ["61.05.07", "Gula Konsumsi", "2025", "10,5", None],
        )
        assert [r.row for r in shown.rows] == [3, 5]

    def test_a_problem_of_the_whole_table(self, reference: CodeBook) -> None:
        unnamed = replace(DECLARED.fields[3], indicator=None)
        declared = replace(DECLARED, fields=(*DECLARED.fields[:3], unnamed, DECLARED.fields[4]))
        shown = show(
            reference, ["61.05.03", "Gula Konsumsi", "2025", "10,5", None], declared=declared
        )
        assert [p.rule for p in shown.problems] == ["tanpa-indikator"]
        assert shown.rows[0].figures == ()

    def test_without_a_stated_header_row(self, reference: CodeBook) -> None:
        shown = show(
            reference,
            ["61.05.03", "Gula Konsumsi", "2025", "10,5", None],
            declared=replace(DECLARED, header_row=None),
        )
        assert [len(r.figures) for r in shown.rows] == [1]

    def test_wide_rows_have_a_figure_per_column(self, reference: CodeBook) -> None:
        declared = Declaration(
            fields=(
                Field("Kode", Role.DIMENSION, "wilayah", codelist="wilayah", scheme="kemendagri"),
                Field("2024", normalize={"periode": "2024"}),
                Field("2025", normalize={"periode": "2025"}),
            ),
            extra=(
                Field("periode", Role.DIMENSION, "periode"),
                Field("nilai", Role.MEASURE, indicator="LOK.LUAS_WILAYAH", unit="km2", target=True),
            ),
        )
        table = sheet([["Kode", "2024", "2025"], ["61.05.03", "10,5", "11,5"]])
        (row,) = preview(table, declared, reference).rows
        assert [(f.period, f.value, f.column) for f in row.figures] == [
            ("2024", 10.5, 1),
            ("2025", 11.5, 2),
        ]

    def test_agrees_with_the_extraction(self, reference: CodeBook) -> None:
        rows = [[c, "Gula Konsumsi", "2025", number(i), None] for i, c in enumerate(CODES)]
        table = sheet([["Kebutuhan pangan"], HEADER, *rows])
        shown = preview(table, DECLARED, reference, rows=100)
        (block,) = extract_table(table, DECLARED, reference).figures
        assert sorted(f.value for r in shown.rows for f in r.figures) == sorted(
            block.values.tolist()
        )

    def test_is_json_ready(self, reference: CodeBook) -> None:
        shown = show(
            reference,
            ["61.05.03", "Gula Konsumsi", "2025", "10,5", None],
            ["nowhere", "Gula Konsumsi", "2025", "x1", None],
        )
        assert json.loads(json.dumps(asdict(shown)))["rows"][0]["figures"][0]["period"] == "2025"
