from __future__ import annotations

import io
import random
import zipfile
import zlib
from pathlib import Path

import pytest

from ckanext.satudata.extract.limits import Limits, ReadError
from ckanext.satudata.extract.raw import CellType
from ckanext.satudata.extract.readers import read_tables

from .files import csv_file, ods_file, xls_file, xlsx_file

ROWS = [["Kode", "Nilai"], ["61.10", 12.5], ["61.05.01", 7]]


def tables(path: str, **options):
    format_ = options.pop("format", path.rsplit(".", 1)[-1])
    return read_tables(path, name=Path(path).name, format=format_, **options)


def refused(path: str, **options) -> ReadError:
    with pytest.raises(ReadError) as caught:
        tables(path, **options)
    return caught.value


class TestText:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_delimiters(self, tmp_path: Path, delimiter: str) -> None:
        text = "\n".join(
            delimiter.join(r) for r in (("Kode", "Nilai"), ("61.10", "1"), ("x y", "2"))
        )
        assert tables(csv_file(tmp_path, text))[0].frame.rows() == [
            ("Kode", "Nilai"),
            ("61.10", "1"),
            ("x y", "2"),
        ]

    def test_decimal_commas_between_semicolons(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "1,5;2,5;3,5\n4,5;5,5;6,5\n")
        assert tables(path)[0].frame.width == 3

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
    )
    def test_encodings(self, tmp_path: Path, encoding: str) -> None:
        path = csv_file(tmp_path, "Kode,Nama\n61.05,Café – é\n".encode(encoding))
        assert tables(path)[0].frame.rows() == [("Kode", "Nama"), ("61.05", "Café – é")]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_line_ends(self, tmp_path: Path, end: str) -> None:
        assert tables(csv_file(tmp_path, f"a,b{end}1,2{end}"))[0].frame.rows() == [
            ("a", "b"),
            ("1", "2"),
        ]

    def test_rows_are_counted_as_a_spreadsheet_counts_them(self, tmp_path: Path) -> None:
        frame = tables(csv_file(tmp_path, '\na,b\n\n"x\ny",2\n1,2\n'))[0].frame
        assert frame.rows() == [
            (None, None),
            ("a", "b"),
            (None, None),
            ("x\ny", "2"),
            ("1", "2"),
        ]

    def test_the_line_by_which_excel_tells_its_delimiter(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "sep=|\na|b,c\n1|2,3\n")
        assert tables(path)[0].frame.rows() == [("a", "b,c"), ("1", "2,3")]

    def test_rows_of_unequal_length_are_kept_and_told(self, tmp_path: Path) -> None:
        table = tables(csv_file(tmp_path, "Judul\na,b,c\n1,2\n1,2,3,4\n5,6,7\n"))[0]
        assert table.frame.rows()[3] == ("1", "2", "3", "4")
        assert table.short.tolist() == [0, 1, 2, 4]
        assert table.widths.tolist() == [1, 3, 2, 3]

    def test_head_reads_only_the_first_rows(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, 'a,b\n"1\n1",2\n3,4\n5,6\n')
        assert tables(path, head=2)[0].frame.rows() == [("a", "b"), ("1\n1", "2")]

    def test_unclosed_quote_names_its_row(self, tmp_path: Path) -> None:
        error = refused(csv_file(tmp_path, 'a,b\n1,2\n3,"4\n5,6\n'))
        assert (error.code, error.params["row"]) == ("kutip-rusak", 3)

    def test_quote_inside_an_unquoted_cell_is_just_a_character(self, tmp_path: Path) -> None:
        assert tables(csv_file(tmp_path, 'a,b\n5" pipa,2\n'))[0].frame.rows()[1] == ('5" pipa', "2")

    def test_text_that_begins_like_packed_data(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "x^2,y\n4,5\n")
        assert tables(path)[0].frame.rows() == [("x^2", "y"), ("4", "5")]

    def test_packed_data_is_not_unpacked(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, zlib.compress(b"a,b\n" * 100_000))
        assert refused(path).code in ("bita-nol", "enkode-tak-dikenal")

    def test_nul(self, tmp_path: Path) -> None:
        error = refused(csv_file(tmp_path, b"a,b\n1,\0\n"))
        assert (error.code, error.params["row"]) == ("bita-nol", 2)

    def test_undecodable(self, tmp_path: Path) -> None:
        assert refused(csv_file(tmp_path, b"a,b\n1,\x81\n")).code == "enkode-tak-dikenal"

    @pytest.mark.parametrize("content", [b"", b"\n\n \n", b"\xef\xbb\xbf", b",,\n,,\n"])
    def test_empty(self, tmp_path: Path, content: bytes) -> None:
        assert refused(csv_file(tmp_path, content)).code == "berkas-kosong"

    def test_100_000_columns(self, tmp_path: Path) -> None:
        error = refused(csv_file(tmp_path, ",".join(["a"] * 100_000) + "\n"))
        assert (error.code, error.params["found"]) == ("kolom-terlalu-banyak", 100_000)

    def test_too_many_empty_lines_are_refused_before_they_take_memory(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, b"a,b\n" + b"\n" * 3_000_000 + b"1,2\n")
        assert refused(path).code == "baris-terlalu-banyak"

    def test_too_large(self, tmp_path: Path) -> None:
        error = refused(csv_file(tmp_path, b"a,b\n1,2\n"), limits=Limits(bytes=5))
        assert error.code == "berkas-terlalu-besar"

    def test_a_table_called_pdf_is_still_read(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "a,b\n1,2\n", name="laporan.pdf")
        assert tables(path)[0].frame.height == 2


class TestSpreadsheets:
    @pytest.mark.parametrize("write", [xlsx_file, xls_file, ods_file])
    def test_codes_never_pass_through_a_number(self, tmp_path: Path, write) -> None:
        table = tables(write(tmp_path, ROWS))[0]
        assert table.frame.rows() == [("Kode", "Nilai"), ("61.10", "12.5"), ("61.05.01", "7")]
        assert table.of_type(1, CellType.NUMBER).tolist() == [False, True, True]
        assert table.sheet == "Data"

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (0.1, "0.1"),
            (1e-7, "0.0000001"),
            (1.5e20, "150000000000000000000"),
            (-3.0, "-3"),
            (1e15, "1000000000000000"),
        ],
    )
    def test_numbers_print_with_the_fewest_digits(
        self, tmp_path: Path, value: float, text: str
    ) -> None:
        assert tables(xlsx_file(tmp_path, [["a"], [value]]))[0].frame.item(1, 0) == text

    def test_first_row_is_the_sheets_first_row(self, tmp_path: Path) -> None:
        table = tables(xlsx_file(tmp_path, [[], [], [None, "a"], [None, 1]]))[0]
        assert (table.first_row, table.frame.item(2, 1), table.frame.height) == (1, "a", 4)

    def test_hidden_sheets_are_named_not_read(self, tmp_path: Path) -> None:
        path = xlsx_file(tmp_path, ROWS, others={"Rahasia": [["x"]]}, hidden=["Rahasia"])
        found = tables(path)
        assert [t.sheet for t in found] == ["Data"]
        assert found[0].hidden == ("Rahasia",)

    def test_only_hidden_sheets(self, tmp_path: Path) -> None:
        path = xlsx_file(tmp_path, ROWS, others={"B": [["x"]]})
        hide = (b'state="visible"', b'state="hidden"')
        _rewrite(path, "xl/workbook.xml", lambda d: d.replace(*hide))
        assert refused(path).code == "tanpa-lembar"

    def test_merged_cells_are_told(self, tmp_path: Path) -> None:
        table = tables(xlsx_file(tmp_path, [["a", "b"], [1, 2]], merged=["A1:B1"]))[0]
        assert table.merged == ((0, 0, 0, 1),)

    def test_formula_errors_in_xls(self, tmp_path: Path) -> None:
        import xlwt

        book = xlwt.Workbook()
        sheet = book.add_sheet("Data")
        sheet.write(0, 0, "a")
        sheet.row(1).set_cell_error(0, "#REF!")
        book.save(str(tmp_path / "a.xls"))
        table = tables(str(tmp_path / "a.xls"))[0]
        assert table.frame.item(1, 0) == "#REF!"
        assert table.of_type(0, CellType.ERROR).tolist() == [False, True]

    def test_formula_errors_in_ods(self, tmp_path: Path) -> None:
        path = ods_file(tmp_path, [["a"], ["#DIV/0!"]])
        _rewrite(
            path,
            "content.xml",
            lambda d: d.replace(
                b'<table:table-cell office:value-type="string"><text:p>#DIV/0!',
                b'<table:table-cell table:formula="of:=1/0" office:value-type="string">'
                b"<text:p>#DIV/0!",
            ),
        )
        assert tables(path)[0].of_type(0, CellType.ERROR).tolist() == [False, True]


class TestWrongTypes:
    @pytest.mark.parametrize(
        ("content", "name", "code", "found"),
        [
            (b"%PDF-1.7 ...", "a.xlsx", "jenis-berkas-salah", "PDF"),
            (
                b"<html><table><tr><td>1</td></tr></table></html>",
                "a.xls",
                "jenis-berkas-salah",
                "HTML",
            ),
            (b"\n  <!DOCTYPE html>", "a.csv", "jenis-berkas-salah", "HTML"),
            (b'<?xml version="1.0"?><Workbook/>', "a.xls", "jenis-berkas-salah", "XML"),
            (b'{"a": 1}', "a.csv", "jenis-berkas-salah", "JSON"),
            (b"a,b\n1,2\n", "a.xlsx", "jenis-berkas-salah", "CSV"),
            (b"\x1f\x8b\x08", "a.csv", "jenis-berkas-salah", "GZIP"),
            (b"PK\x03\x04rusak", "a.xlsx", "berkas-rusak", None),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "berkas-rusak", None),
        ],
    )
    def test_content_under_a_wrong_name(self, tmp_path, content, name, code, found) -> None:
        error = refused(csv_file(tmp_path, content, name=name))
        assert error.code == code
        assert error.params.get("found") == found

    def test_spreadsheet_called_csv(self, tmp_path: Path) -> None:
        error = refused(xlsx_file(tmp_path, ROWS, name="a.csv"))
        assert (error.code, error.params["found"]) == ("jenis-berkas-salah", "XLSX")

    def test_zip_that_is_no_spreadsheet(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("word/document.xml", "<x/>")
        error = refused(str(path))
        assert (error.code, error.params["found"]) == ("zip-bukan-lembar", "Word (DOCX)")

    @pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.99])
    @pytest.mark.parametrize("write", [xlsx_file, ods_file])
    def test_truncated_upload(self, tmp_path: Path, write, keep: float) -> None:
        path = Path(write(tmp_path, ROWS))
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * keep)])
        assert refused(str(path)).code == "berkas-rusak"

    def test_macros(self, tmp_path: Path) -> None:
        path = xlsx_file(tmp_path, ROWS, name="a.xlsm")
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("xl/vbaProject.bin", b"x")
        assert refused(path).code == "berkas-makro"

    def test_password(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(_encrypted_package())
        assert refused(str(path)).code == "berkas-terkunci"


class TestBombs:
    def test_ratio(self, tmp_path: Path) -> None:
        path = xlsx_file(tmp_path, ROWS)
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/media/a.bin", b"\0" * 50_000_000)
        assert refused(path).code == "bom-zip"

    def test_header_that_lies_about_the_size(self, tmp_path: Path) -> None:
        path = Path(xlsx_file(tmp_path, ROWS))
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/media/a.bin", b"\0" * 5_000_000)
        content = path.read_bytes()
        size = (5_000_000).to_bytes(4, "little")
        assert content.count(size) == 2
        path.write_bytes(content.replace(size, (10).to_bytes(4, "little")))
        assert refused(str(path)).code == "berkas-rusak"

    def test_unpacked_size(self, tmp_path: Path) -> None:
        error = refused(xlsx_file(tmp_path, ROWS), limits=Limits(unpacked=1000))
        assert error.code == "bom-zip"

    def test_number_of_parts(self, tmp_path: Path) -> None:
        path = xlsx_file(tmp_path, ROWS)
        with zipfile.ZipFile(path, "a") as archive:
            for i in range(2_100):
                archive.writestr(f"xl/{i}", b"")
        assert refused(path).code == "bom-zip"

    @pytest.mark.parametrize(
        ("cell", "code"),
        [
            (b'<c r="XFD1"><v>1</v></c>', "kolom-terlalu-banyak"),
            (b"<c r='XFD1'><v>1</v></c>", "kolom-terlalu-banyak"),
            (b'<c s="0" r = "XFD1"><v>1</v></c>', "kolom-terlalu-banyak"),
            (b'</row><row r="1048576"><c r="ZZ1048576"><v>1</v></c>', "sel-terlalu-banyak"),
        ],
    )
    def test_two_cells_far_apart(self, tmp_path: Path, cell: bytes, code: str) -> None:
        path = xlsx_file(tmp_path, ROWS)
        _rewrite(
            path, "xl/worksheets/sheet1.xml", lambda d: d.replace(b"</row>", cell + b"</row>", 1)
        )
        assert refused(path).code == code

    def test_formatting_far_below_is_no_content(self, tmp_path: Path) -> None:
        path = xlsx_file(tmp_path, ROWS)
        empty = b'</row><row r="1048576"><c r="AZ1048576" s="0"/></row>'
        _rewrite(path, "xl/worksheets/sheet1.xml", lambda d: _replace_last(d, b"</row>", empty))
        assert tables(path)[0].frame.height == 3

    def test_one_huge_text_shared_by_many_cells(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        import xlsxwriter

        book = xlsxwriter.Workbook(str(path))
        sheet = book.add_worksheet("Data")
        for row in range(2_000):
            sheet.write_string(row, 0, "x" * 30_000)
        book.close()
        assert refused(str(path), limits=Limits(text=10_000_000)).code == "bom-zip"
        assert tables(str(path), limits=Limits(text=100_000_000))[0].frame.height == 2_000

    def test_one_huge_text_shared_by_many_cells_of_xls(self, tmp_path: Path) -> None:
        path = xls_file(tmp_path, [["x" * 30_000]] * 2_000)
        assert refused(path, limits=Limits(text=10_000_000)).code == "bom-zip"
        assert tables(path, limits=Limits(text=100_000_000))[0].frame.height == 2_000

    def test_repeated_cells_of_ods(self, tmp_path: Path) -> None:
        path = ods_file(tmp_path, ROWS)
        _rewrite(
            path,
            "content.xml",
            lambda d: d.replace(
                b"<table:table-cell office",
                b'<table:table-cell table:number-columns-repeated="16000" office',
                1,
            ),
        )
        assert refused(path).code == "kolom-terlalu-banyak"

    def test_repeated_rows_of_ods(self, tmp_path: Path) -> None:
        path = ods_file(tmp_path, ROWS)
        _rewrite(
            path,
            "content.xml",
            lambda d: d.replace(
                b"<table:table-row>", b'<table:table-row table:number-rows-repeated="99999999">', 1
            ),
        )
        assert refused(path).code == "baris-terlalu-banyak"

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param(b"<text:p>" + b"x" * 20_000 + b"</text:p>", id="written"),
            pytest.param(b'<text:p>x<text:s text:c="9999"/></text:p>', id="spaces"),
        ],
    )
    def test_a_long_text_repeated_in_many_cells_of_ods(self, tmp_path: Path, text: bytes) -> None:
        path = ods_file(tmp_path, [*ROWS, ["Sintang"]])
        row = b'<table:table-row table:number-rows-repeated="1000">'
        _rewrite(
            path,
            "content.xml",
            lambda d: _replace_last(
                d.replace(b"<text:p>Sintang</text:p>", text), b"<table:table-row>", row
            ),
        )
        assert refused(path, limits=Limits(text=5_000_000)).code == "bom-zip"
        assert tables(path, limits=Limits(text=50_000_000))[0].frame.height > 1_000

    def test_repeated_figures_of_ods_count_also_where_their_tag_is_empty(
        self, tmp_path: Path
    ) -> None:
        path = ods_file(tmp_path, ROWS)
        cell = b'<table:table-cell table:number-columns-repeated="16000" office:value="1"'
        cell += b' office:value-type="float"/></table:table-row>'
        _rewrite(path, "content.xml", lambda d: _replace_last(d, b"</table:table-row>", cell))
        assert refused(path).code == "kolom-terlalu-banyak"

    def test_a_comment_that_looks_like_a_sheet(self, tmp_path: Path) -> None:
        path = ods_file(tmp_path, [["a"], ["#DIV/0!"]])
        decoy = b'<!--<table:table table:name="x">--><table:table-row>'
        _rewrite(
            path,
            "content.xml",
            lambda d: d.replace(b"<table:table-row>", decoy).replace(
                b'office:value-type="string"', b'table:formula="of:=1/0" office:value-type="string"'
            ),
        )
        (table,) = tables(path)
        assert table.of_type(0, CellType.ERROR).tolist() == [False, True]

    @pytest.mark.parametrize(
        ("write", "part"), [(xlsx_file, "docProps/app.xml"), (ods_file, "content.xml")]
    )
    def test_a_comment_without_end_in_sight(self, tmp_path: Path, write, part: str) -> None:
        path = write(tmp_path, ROWS)
        chance = random.Random(1)
        noise = b"".join(chance.randbytes(1 << 19).hex().encode() for _ in range(20))
        _rewrite(path, part, lambda d: d + b"<!--" + noise + b"-->")
        assert refused(path, limits=Limits(bytes=1 << 30)).code == "berkas-rusak"

    def test_merged_cells_that_overlap(self, tmp_path: Path) -> None:
        path = xlsx_file(tmp_path, ROWS, merged=["A1:A2"])
        merged = b"".join(b'<mergeCell ref="A%d:B1000000"/>' % n for n in range(2, 9))
        _rewrite(
            path,
            "xl/worksheets/sheet1.xml",
            lambda d: d.replace(b"</mergeCells>", merged + b"</mergeCells>"),
        )
        assert refused(path).code == "berkas-rusak"

    def test_repeated_empty_rows_of_ods_are_normal(self, tmp_path: Path) -> None:
        path = ods_file(tmp_path, ROWS)
        _rewrite(
            path,
            "content.xml",
            lambda d: _replace_last(
                d,
                b"</table:table-row>",
                b'</table:table-row><table:table-row table:number-rows-repeated="1048000">'
                b'<table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
            ),
        )
        assert tables(path)[0].frame.height == 3


def _rewrite(path: str, part: str, change) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {i.filename: archive.read(i) for i in archive.infolist()}
    changed = change(parts[part])
    assert changed != parts[part]
    parts[part] = changed
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def _replace_last(data: bytes, old: bytes, new: bytes) -> bytes:
    head, found, tail = data.rpartition(old)
    assert found
    return head + new + tail


def _encrypted_package() -> bytes:
    """An OLE container with a stream EncryptedPackage, as Office writes it with a password."""
    from xlwt.CompoundDoc import XlsDoc

    out = io.BytesIO()
    XlsDoc().save(out, zlib.compress(b"rahasia" * 2000))
    content = bytearray(out.getvalue())
    old = "Workbook".encode("utf-16-le")
    at = content.find(old)
    assert at > 0
    name = "EncryptedPackage".encode("utf-16-le") + b"\0\0"
    content[at : at + len(name)] = name
    content[at + 64 : at + 66] = len(name).to_bytes(2, "little")
    return bytes(content)
