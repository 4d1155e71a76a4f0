from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from ckanext.satudata.reference.document import read
from ckanext.satudata.reference.units import UnitEntry, parse

from .files import problems, write

HEADER = "code,label,label_en,quantity,factor,aliases\n"


def parsed(folder: Path, rows: str) -> tuple[UnitEntry, ...]:
    return parse(read(write(folder, HEADER + rows, kind="units", name="satuan")))


class TestParse:
    def test_factor_is_exact_and_spellings_are_folded(self, tmp_path: Path) -> None:
        unit = parsed(tmp_path, "gram,Gram,Gram,massa,0.001,Gr.|(g)\n")[0]

        assert unit.factor == Decimal("0.001")
        assert unit.aliases == ("gram", "gr", "g")

    @pytest.mark.parametrize(
        ("rows", "expected"),
        [
            ("kg,Kg,Kg,massa,1,\nkg,Kilo,Kilo,massa,1,\n", [("code-twice", 3)]),
            ("kg,Kg,Kg,massa,1,x\nton,Ton,Ton,massa,1000,X\n", [("name-clash", 3)]),
            ("kg,Kg,Kg,massa,0,\n", [("factor-bad", 2)]),
            ("kg,Kg,Kg,massa,-1,\n", [("factor-bad", 2)]),
            ('kg,Kg,Kg,massa,"0,001",\n', [("factor-bad", 2)]),
            ("kg,Kg,Kg,massa,NaN,\n", [("factor-bad", 2)]),
            ("kg,Kg,Kg,massa,,\n", [("cell-empty", 2)]),
            ("kg,Kg,Kg,,1,\n", [("cell-empty", 2)]),
            ("k g,Kg,Kg,massa,1,\n", [("code-bad", 2)]),
        ],
    )
    def test_bad_units_are_refused(
        self, tmp_path: Path, rows: str, expected: list[tuple[str, int]]
    ) -> None:
        assert problems(parsed, tmp_path, rows) == expected
