from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ckanext.satudata.reference.document import read

from .files import problems, write


class TestRead:
    def test_head_and_rows_of_a_csv(self, tmp_path: Path) -> None:
        found = read(write(tmp_path, "code,label\n61.10, Melawi \n", version="2025.1"))

        assert (found.name, found.version, found.effective_from) == (
            "contoh",
            "2025.1",
            date(2025, 1, 1),
        )
        assert [(r.line, dict(r.cells)) for r in found.rows] == [
            (2, {"code": "61.10", "label": "Melawi"})
        ]

    def test_rows_inside_the_yaml_stay_text(self, tmp_path: Path) -> None:
        path = tmp_path / "contoh.yaml"
        path.write_text(
            "kind: codelist\nname: contoh\nversion: 2025.10\neffective_from: 2025-01-01\n"
            "source: contoh\nlabel: {id: Contoh, en: Example}\n"
            "codes:\n  - {code: 61.10, label: no}\n"
        )
        found = read(path)

        assert found.version == "2025.10"
        assert [(r.line, dict(r.cells)) for r in found.rows] == [
            (8, {"code": "61.10", "label": "no"})
        ]

    def test_semicolons_of_an_indonesian_spreadsheet(self, tmp_path: Path) -> None:
        found = read(write(tmp_path, 'code;label\na;"A, B"\n'))

        assert found.rows[0].cells == {"code": "a", "label": "A, B"}

    def test_lines_count_line_breaks_inside_quotes_and_blank_lines(self, tmp_path: Path) -> None:
        found = read(write(tmp_path, 'code,label\na,"A\nA"\n\nb,B\n'))

        assert [r.line for r in found.rows] == [2, 5]

    def test_byte_order_mark_is_no_part_of_the_first_column(self, tmp_path: Path) -> None:
        found = read(write(tmp_path, "\ufeffcode,label\na,A\n"))

        assert found.rows[0].get("code") == "a"

    def test_hash_covers_both_files(self, tmp_path: Path) -> None:
        first = read(write(tmp_path)).sha256
        other_rows = read(write(tmp_path, "code,label\na,B\n")).sha256
        other_head = read(write(tmp_path, source="lain")).sha256

        assert len({first, other_rows, other_head}) == 3

    @pytest.mark.parametrize(
        ("changes", "rule"),
        [
            ({"kind": "list"}, "kind-unknown"),
            ({"name": "Wilayah 1"}, "name-bad"),
            ({"version": None}, "key-missing"),
            ({"source": " "}, "key-missing"),
            ({"label": {"id": "Contoh"}}, "label-incomplete"),
            ({"effective_from": "25-04-2025"}, "date-bad"),
            ({"patterns": {"code": "("}}, "pattern-bad"),
            ({"sumber": "x"}, "key-unknown"),
            ({"file": None}, "rows-where"),
            ({"codes": [{"code": "a", "label": "A"}]}, "rows-where"),
            ({"file": "../codes.csv"}, "file-elsewhere"),
            ({"file": "missing.csv"}, "file-unreadable"),
        ],
    )
    def test_wrong_head_is_refused(
        self, tmp_path: Path, changes: dict[str, object], rule: str
    ) -> None:
        found = problems(read, write(tmp_path, **changes))

        assert rule in [r for r, _ in found]

    @pytest.mark.parametrize(
        ("rows", "expected"),
        [
            ("code,label\n", ("no-rows", None)),
            ("code,label\na,A\nb,B,C\n", ("cells-count", 3)),
            ("code,label,label\na,A,A\n", ("column-twice", 1)),
            ('code,label\na,"A\n', ("not-csv", 2)),
        ],
    )
    def test_wrong_rows_are_refused_with_their_line(
        self, tmp_path: Path, rows: str, expected: tuple[str, int | None]
    ) -> None:
        assert expected in problems(read, write(tmp_path, rows))

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("kind: [", ("not-yaml", 1)),
            ("- a\n", ("not-a-reference", None)),
            ("", ("not-a-reference", None)),
            ("kind: codelist\nkind: units\n", ("key-twice", 2)),
            ("kind: \x00", ("not-yaml", None)),
        ],
    )
    def test_other_files_are_refused(
        self, tmp_path: Path, text: str, expected: tuple[str, int | None]
    ) -> None:
        path = tmp_path / "contoh.yaml"
        path.write_text(text)

        assert expected in problems(read, path)

    def test_bytes_that_are_not_utf8_are_named_by_line(self, tmp_path: Path) -> None:
        path = write(tmp_path)
        (tmp_path / "codes.csv").write_bytes(b"code,label\na,A\nb,Caf\xe9\n")

        assert problems(read, path) == [("not-utf8", 3)]

    def test_several_values_in_a_cell(self, tmp_path: Path) -> None:
        row = read(write(tmp_path, "code,label,aliases\na,A,x| y ||x\n")).rows[0]

        assert row.several("aliases") == ("x", "y")
        assert row.several("missing") == ()
