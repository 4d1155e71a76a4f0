from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ckanext.satudata.reference.codelist import Entry, parse
from ckanext.satudata.reference.document import read

from .files import problems, write


def parsed(
    folder: Path,
    rows: str,
    known: Mapping[str, Collection[str]] | None = None,
    **changes: Any,
) -> tuple[Entry, ...]:
    return parse(read(write(folder, rows, **changes)), known or {})


class TestParse:
    def test_everything_about_a_code(self, tmp_path: Path) -> None:
        rows = (
            "code,label,label_en,parent,level,scheme.bps,aliases,valid_from,valid_to,legal_basis\n"
            "61.05,Kabupaten Sintang,,,kabupaten,6107,,,,\n"
            "61.05.01,Sintang,Sintang,61.05,kecamatan,6107140,Kota,1999-01-02,2030-12-31,X\n"
        )
        found = parsed(
            tmp_path,
            rows,
            levels=["kabupaten", "kecamatan"],
            prefixes={"kecamatan": ["Kec"]},
        )

        assert found[1] == Entry(
            code="61.05.01",
            label="Sintang",
            label_en="Sintang",
            parent="61.05",
            level="kecamatan",
            valid_from=date(1999, 1, 2),
            valid_to=date(2030, 12, 31),
            legal_basis="X",
            aliases=("kota", "kec sintang", "kec kota"),
            schemes={"bps": "6107140"},
            attributes={},
        )

    @pytest.mark.parametrize(
        ("rows", "expected"),
        [
            ("code,label\na,A\nb,B\na,C\n", [("code-twice", 4)]),
            ("code,label\n,A\n", [("cell-empty", 2)]),
            ("code,label\na,\n", [("cell-empty", 2)]),
            ("code,label\n_T,Jumlah\n", [("code-bad", 2)]),
            ("code,label\na b,A\n", [("code-bad", 2)]),
            ("code,label,parent\na,A,b\n", [("parent-unknown", 2)]),
            ("code,label,parent\na,A,a\n", [("cycle", 2)]),
            ("code,label,parent\na,A,b\nb,B,c\nc,C,a\nd,D,a\n", [("cycle", 2)]),
            ("code,label,valid_from\na,A,31/12/2024\n", [("date-bad", 2)]),
            ("code,label,valid_from\na,A,2024-02-30\n", [("date-bad", 2)]),
            (
                "code,label,valid_from,valid_to\na,A,2025-01-02,2025-01-01\n",
                [("dates-reversed", 2)],
            ),
            (
                "code,label,parent,valid_from,valid_to\na,A,,,2020-12-31\nb,B,a,2021-01-01,\n",
                [("outside-parent", 3)],
            ),
            ("code,label,scheme.bps\na,A,1\nb,B,1\n", [("crosswalk-clash", 3)]),
            ("code,label,aliases\na,A,x\nb,B,X.\n", [("name-clash", 3)]),
            ("code,label,warna\na,A,merah\n", [("column-unknown", 2)]),
            ("code,label,parent\na,,b\nc,C,\n", [("cell-empty", 2), ("parent-unknown", 2)]),
        ],
    )
    def test_a_bad_list_is_refused_with_every_line(
        self, tmp_path: Path, rows: str, expected: list[tuple[str, int]]
    ) -> None:
        assert problems(parsed, tmp_path, rows) == expected

    def test_a_code_of_another_scheme_may_move_on_to_a_successor(self, tmp_path: Path) -> None:
        rows = "code,label,scheme.bps,valid_from,valid_to\na,A,1,,2020-12-31\nb,A,1,2021-01-01,\n"

        assert [e.schemes["bps"] for e in parsed(tmp_path, rows)] == ["1", "1"]

    def test_one_name_below_two_parents_is_no_clash(self, tmp_path: Path) -> None:
        rows = "code,label,parent\na,A,\nb,B,\na1,Semuntai,a\nb1,Semuntai,b\n"

        assert len(parsed(tmp_path, rows)) == 4

    def test_unknown_level_is_refused(self, tmp_path: Path) -> None:
        path = write(tmp_path, "code,label,level\na,A,distrik\n", levels=["kecamatan"])

        assert problems(parse, read(path), {}) == [("level-unknown", 2)]

    def test_code_damaged_by_a_spreadsheet_is_refused(self, tmp_path: Path) -> None:
        path = write(tmp_path, "code,label\n61.1,Melawi\n", patterns={"code": r"\d\d\.\d\d"})

        assert problems(parse, read(path), {}) == [("pattern-mismatch", 2)]

    def test_canonical_scheme_is_no_crosswalk_column(self, tmp_path: Path) -> None:
        rows = "code,label,scheme.kemendagri\n61.05,Sintang,6105\n"
        path = write(tmp_path, rows, canonical_scheme="kemendagri")

        assert problems(parse, read(path), {}) == [("column-unknown", 2)]

    def test_attribute_must_be_a_known_unit(self, tmp_path: Path) -> None:
        head = {"attributes": ["satuan"], "references": {"satuan": "satuan"}}
        path = write(tmp_path, "code,label,satuan\na,A,kg\nb,B,kilo\n", **head)

        assert problems(parse, read(path), {"satuan": {"kg"}}) == [("reference-unknown", 3)]
