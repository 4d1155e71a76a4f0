"""Ordinary workbooks pass the quick look; only what is suspicious is parsed cell by cell."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from ckanext.satudata.extract.sheets.xlsx import _worth_a_look


def sheet(*, constant_memory: bool = False, formula: bool = False) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": constant_memory}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Kode", "Nilai"])
        page.write_row(1, 0, ["61.05.01", 12.5])
        if formula:
            page.write_formula(2, 1, "=1/0", value="#DIV/0!")
    with zipfile.ZipFile(out) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


class TestQuickLook:
    @pytest.mark.parametrize("constant_memory", [True, False])
    def test_lets_an_ordinary_sheet_pass(self, constant_memory):
        assert not _worth_a_look([sheet(constant_memory=constant_memory)])

    def test_stops_at_an_error(self):
        assert _worth_a_look([sheet(), sheet(formula=True)])

    @pytest.mark.parametrize("reference", [b"a1", b"", b" A1", b"$A$1"])
    def test_stops_at_a_reference_no_program_writes(self, reference):
        assert _worth_a_look([sheet().replace(b'<c r="A1"', b'<c r="' + reference + b'"')])
