"""Reports in words, against real reports of frictionless and the stored shapes of older ones."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import pytest
from frictionless import Error, Schema, system, validate

from ckanext.satudata.extract import fetch
from ckanext.satudata.validation import messages


def run(table: str, tmp_path: Path, **schema: Any) -> dict[str, Any]:
    path = tmp_path / "table.csv"
    path.write_text(table, encoding="utf-8")
    with system.use_context(trusted=True):
        return validate(
            str(path), schema=Schema.from_descriptor(schema) if schema else None
        ).to_dict()


def fetch_codes() -> set[str]:
    """The ways a fetch can fail, but for the one that a reader of bodies adds."""
    sources = [p.read_text(encoding="utf-8") for p in Path(fetch.__path__[0]).glob("*.py")]
    return set(re.findall(r'FetchError\(\s*"([a-z-]+)"', "\n".join(sources))) - {"content"}


class TestCatalogue:
    @pytest.mark.parametrize("kind", sorted(messages.catalogue()["errors"]))
    def test_errors_have_both_languages_with_the_same_placeholders(self, kind: str) -> None:
        text = messages.catalogue()["errors"][kind]
        assert set(text) == {"title", "message", "advice"}
        for part in text.values():
            assert set(part) == {"id", "en"}
        mentioned = [set(re.findall(r"\{(\w+)\}", text["message"][lang])) for lang in ("id", "en")]
        assert mentioned[0] == mentioned[1]
        assert mentioned[0] <= {"row", "column", "letter", "field", "label", "cell", "note"}

    @pytest.mark.parametrize("section", ["problems", "summary"])
    def test_texts_mention_the_same_in_both_languages(self, section: str) -> None:
        for text in messages.catalogue()[section].values():
            assert re.findall(r"\{\w+\}", text["id"]) == re.findall(r"\{\w+\}", text["en"])

    @pytest.mark.parametrize("tag", ["#header", "#label", "#row", "#cell"])
    def test_every_error_of_a_table_that_frictionless_knows_is_there(self, tag: str) -> None:
        general = {"header-error", "label-error", "row-error", "cell-error"}
        known = {kind.type for kind in Error.list_children() if tag in kind.tags} - general
        assert known
        assert known <= set(messages.catalogue()["errors"])

    def test_every_way_a_fetch_can_fail_is_there(self) -> None:
        codes = fetch_codes()
        assert len(codes) > 8
        assert codes <= set(messages.catalogue()["problems"])

    def test_every_problem_of_the_code_is_there_and_the_other_way_round(self) -> None:
        folder = Path(messages.__file__).parent
        source = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
        raised = set(re.findall(r'(?:Problem|TooLarge)\(\s*"([a-z-]+)"', source))
        named = set(re.findall(r'"(large-[a-z]+|failed|unpacks-too-large)"', source))
        assert raised | named | fetch_codes() == set(messages.catalogue()["problems"])


class TestTranslate:
    def test_a_whole_report_in_indonesian(self, tmp_path: Path) -> None:
        report = run(
            "kode,tahun,jumlah\n61.05,2025,x\n61.05,2025\n,,\n61.06,2025,1,2\n61.07,25,900\n",
            tmp_path,
            fields=[
                {"name": "kode"},
                {"name": "tahun", "type": "year", "constraints": {"required": True}},
                {"name": "jumlah", "type": "integer", "constraints": {"maximum": 500}},
            ],
        )
        assert [message.text for message in messages.translate_report(report, "id")] == [
            'Sel C2 (kolom "jumlah") berisi "x"; seharusnya bilangan bulat.',
            'Baris 3 tidak mempunyai sel untuk kolom 3 ("jumlah").',
            "Baris 4 kosong sama sekali.",
            'Baris 5 mempunyai isi ("2") pada kolom 4, di luar judul kolom.',
            'Sel B6 (kolom "tahun") berisi "25"; seharusnya tahun.',
            'Sel C6 (kolom "jumlah") berisi "900"; paling banyak 500.',
        ]
        assert messages.report_summary(report, "id") == "Ditemukan 6 kesalahan."

    def test_the_same_in_english(self, tmp_path: Path) -> None:
        report = run("a,b\nx,2\n", tmp_path, fields=[{"name": "a", "type": "date"}, {"name": "b"}])
        [message] = messages.translate_report(report, "en")
        assert message.text == 'Cell A2 (column "a") holds "x"; it should be a date.'
        assert message.title == "Wrong type"

    def test_headers(self, tmp_path: Path) -> None:
        report = run("a,,a,b\n1,2,3,4\n", tmp_path)
        assert [message.text for message in messages.translate_report(report, "id")] == [
            "Kolom 2 tidak mempunyai judul.",
            'Judul "a" pada kolom 3 sudah dipakai kolom lain: kolom 1.',
        ]

    @pytest.mark.parametrize(
        ("constraint", "cell", "text"),
        [
            ({"required": True}, "", "wajib diisi"),
            ({"enum": ["L", "P"]}, "X", "harus salah satu dari 'L', 'P'"),
            ({"pattern": r"\d{2}"}, "X", r"harus berpola \d{2}"),
            ({"minLength": 3}, "X", "paling pendek 3 huruf"),
            ({"maxLength": 1}, "XYZ", "paling panjang 1 huruf"),
        ],
    )
    def test_constraints(
        self, tmp_path: Path, constraint: dict[str, Any], cell: str, text: str
    ) -> None:
        fields = [{"name": "a", "constraints": constraint}, {"name": "b"}]
        [message] = messages.translate_report(
            run(f"a,b\n{cell},1\n", tmp_path, fields=fields), "id"
        )
        assert text in message.text

    def test_keys_name_the_other_row(self, tmp_path: Path) -> None:
        report = run("a\n1\n1\n", tmp_path, fields=[{"name": "a"}], primaryKey=["a"])
        [message] = messages.translate_report(report, "id")
        assert message.text == "Baris 3 melanggar kunci utama: sama dengan baris 2."

    def test_gives_the_place_for_programs(self, tmp_path: Path) -> None:
        report = run(
            "a,b\n1,x\n", tmp_path, fields=[{"name": "a"}, {"name": "b", "type": "number"}]
        )
        [message] = messages.translate_report(report, "id")
        place = (message.row, message.column, message.letter, message.field, message.cell)
        assert place == (2, 2, "B", "b", "x")

    def test_a_type_of_a_plugin_keeps_its_words(self) -> None:
        error = {"type": "my-error", "title": "Mine", "message": "Look {row}", "note": ""}
        message = messages.translate(error, "id")
        assert (message.title, message.text, message.advice) == ("Mine", "Look {row}", "")

    def test_an_unknown_note_stays_as_it_is(self) -> None:
        message = messages.translate({"type": "source-error", "note": "Strange thing."}, "id")
        assert message.text == "Isi berkas rusak atau bukan tabel: Strange thing."

    def test_braces_in_cells_mean_nothing(self) -> None:
        error = {"type": "type-error", "rowNumber": 2, "fieldNumber": 1, "fieldName": "{cell}"}
        message = messages.translate({**error, "cell": "{row}{0}%s", "note": "{note}"}, "id")
        assert message.text == 'Sel A2 (kolom "{cell}") berisi "{row}{0}%s"; {note}.'

    def test_a_long_cell_is_cut(self) -> None:
        error = {"type": "type-error", "rowNumber": 2, "fieldNumber": 1, "cell": "x" * 5000}
        message = messages.translate(error, "id")
        assert message.cell == "x" * 119 + "…"
        assert len(message.text) < 300

    def test_an_error_without_its_place_falls_back_to_the_original(self) -> None:
        message = messages.translate({"type": "type-error", "message": "Original"}, "id")
        assert message.text == "Original"
        assert message.title == "Jenis nilai salah"


class TestReport:
    OLD: ClassVar[dict[str, Any]] = {
        "valid": False,
        "error-count": 7,
        "tables": [{"errors": [{"code": "blank-row", "row-number": 3, "message": "Blank"}]}],
    }

    def test_of_an_older_frictionless_is_understood(self) -> None:
        [message] = messages.translate_report(self.OLD, "id")
        assert message.text == "Baris 3 kosong sama sekali."
        assert messages.error_count(self.OLD) == 7

    def test_lines_count_what_they_leave_out(self, tmp_path: Path) -> None:
        report = run("a,b\n" + "1\n" * 25, tmp_path)
        lines = messages.report_lines(report, "id", limit=3)
        assert lines[0] == "Ditemukan 25 kesalahan."
        assert lines[1].startswith("Baris 2 tidak mempunyai sel")
        assert "sel kosong" in lines[1]
        assert lines[-1] == "… dan 22 lagi."
        assert len(lines) == 5

    def test_without_errors(self, tmp_path: Path) -> None:
        report = run("a\n1\n", tmp_path)
        assert messages.report_lines(report, "id") == ["Tidak ditemukan kesalahan."]

    def test_errors_outside_tables_count(self) -> None:
        report = {"valid": False, "errors": [{"type": "schema-error", "note": "x"}], "tasks": []}
        assert messages.translate_report(report, "id")[0].text == "Skema tabel tidak sah: x."


class TestErrorLines:
    def test_ours_are_told_in_the_language_asked_for(self) -> None:
        error = {"code": "too-large", "params": {"limit": "10"}, "message": ["stored"]}
        assert "10 MB" in messages.error_lines(error, "id")[0]
        assert messages.error_lines(error, "en")[0].startswith("The file is larger than 10 MB")

    def test_others_as_they_were_stored(self) -> None:
        assert messages.error_lines({"message": ["Some text"]}, "id") == ["Some text"]
        assert messages.error_lines(None, "id") == []


@pytest.mark.parametrize(
    ("number", "letter"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (0, "")]
)
def test_column_letter(number: int, letter: str) -> None:
    assert messages.column_letter(number) == letter


@pytest.mark.parametrize(
    ("locale", "lang"), [("id", "id"), ("id_ID", "id"), ("en", "en"), ("fr", "en"), (None, "en")]
)
def test_language(locale: str | None, lang: str) -> None:
    assert messages.language(locale) == lang
