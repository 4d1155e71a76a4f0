"""Templates: filled in by real programs, they come back as figures without any declaring."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from ckanext.satudata.consistency.keys import decode
from ckanext.satudata.consistency.period import parse
from ckanext.satudata.consistency.vocabulary import Code, CodeBook
from ckanext.satudata.extract.declaration import Role
from ckanext.satudata.extract.observations import extract
from ckanext.satudata.extract.readers import read_tables
from ckanext.satudata.extract.template import (
    TemplateError,
    build_template,
    declaration_from_table,
    declaration_from_template,
    template_declaration,
)

from .books import KECAMATAN, book

CUSTOM = b"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
NEEDS = "LOK.KEBUTUHAN_PANGAN"


@pytest.fixture(scope="module")
def reference() -> CodeBook:
    return book()


def _build(reference: CodeBook, indicator: str = NEEDS, **options: object) -> bytes:
    options.setdefault("periods", [parse("2025")])
    return build_template(reference.indicators[indicator], reference, **options)  # type: ignore[arg-type]


def _sheet(content: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


class TestBuildTemplate:
    def test_has_a_row_per_region_item_and_period(self, reference: CodeBook) -> None:
        content = _build(
            reference,
            periods=[parse("2024"), parse("2025")],
            codes={"komoditas": ["gula", "telur"]},
        )
        rows = [r for r in _sheet(content).iter_rows(min_row=2, values_only=True) if r[0]]
        assert len(rows) == 14 * 2 * 2
        assert {(r[0], r[2], r[4]) for r in rows} == {
            (code, item, year)
            for code, _, _ in KECAMATAN
            for item in ("gula", "telur")
            for year in ("2024", "2025")
        }

    def test_codes_and_periods_are_text_cells(self, reference: CodeBook) -> None:
        sheet = _sheet(_build(reference))
        assert [sheet.cell(2, c).data_type for c in (1, 5)] == ["s", "s"]
        assert sheet.cell(2, 1).number_format == "@"

    def test_regions_can_be_chosen(self, reference: CodeBook) -> None:
        chosen = [reference.regions.codes["61.05.07"]]
        rows = list(_sheet(_build(reference, "LOK.LUAS_WILAYAH", regions=chosen)).values)
        assert [r[0] for r in rows[1:] if r[0]] == ["61.05.07"]

    def test_a_region_that_ended_before_the_period_is_left_out(self, reference: CodeBook) -> None:
        regions = reference.regions
        gone = replace(regions.codes["61.05.03"], valid_to=parse("2019").end)
        changed = replace(regions, codes={**regions.codes, gone.code: gone})
        older = replace(reference, codelists={**reference.codelists, "wilayah": changed})
        indicator = older.indicators["LOK.LUAS_WILAYAH"]
        now = build_template(indicator, older, periods=[parse("2025")], format="csv")
        then = build_template(indicator, older, periods=[parse("2018")], format="csv")
        assert b"61.05.03" not in now
        assert b"61.05.03" in then

    def test_prepared_cells_are_locked_and_figures_are_open(self, reference: CodeBook) -> None:
        sheet = _sheet(_build(reference))
        header = [c.value for c in sheet[1]]
        locked = {name: sheet.cell(2, i).protection.locked for i, name in enumerate(header, 1)}
        assert sheet.protection.sheet
        assert {n for n, state in locked.items() if not state} == {
            "nilai",
            "satuan",
            "status",
            "catatan",
        }

    def test_spare_rows_below_are_open_in_every_column(self, reference: CodeBook) -> None:
        sheet = _sheet(_build(reference, "LOK.LUAS_WILAYAH"))
        assert not any(c.protection.locked for c in sheet[16])

    def test_drop_downs_offer_the_lists(self, reference: CodeBook) -> None:
        content = _build(reference)
        workbook = openpyxl.load_workbook(io.BytesIO(content))
        sheet = workbook.worksheets[0]
        header = [c.value for c in sheet[1]]
        offered = {}
        for rule in sheet.data_validations.dataValidation:
            if rule.type != "list":
                continue
            name, cells = rule.formula1.replace("$", "").split("!")
            column = header[next(iter(rule.sqref.ranges)).min_col - 1]
            values = [row[0].value for row in workbook[name.strip("'")][cells]]
            offered[column] = values
        assert offered["kode_wilayah"] == [code for code, _, _ in KECAMATAN]
        assert offered["satuan"] == ["Kg", "Kuintal", "Ton"]
        assert "Beras Medium" in offered["nama_komoditas"]
        assert "sementara" in offered["status"]

    def test_the_figure_column_accepts_numbers_and_the_missing_mark_only(
        self, reference: CodeBook
    ) -> None:
        sheet = _sheet(_build(reference))
        (rule,) = [r for r in sheet.data_validations.dataValidation if r.type == "custom"]
        assert rule.formula1 == 'OR(ISNUMBER(F2),F2="-")'

    def test_the_table_is_first_and_instructions_follow(self, reference: CodeBook) -> None:
        workbook = openpyxl.load_workbook(io.BytesIO(_build(reference)))
        assert workbook.sheetnames == [NEEDS, "Petunjuk", "Daftar"]
        text = " ".join(str(c.value) for row in workbook["Petunjuk"] for c in row)
        assert "Kebutuhan Pangan" in text
        assert "Tulis tanda -" in text
        assert "Write - where there is no figure" in text

    def test_header_stays_visible(self, reference: CodeBook) -> None:
        assert _sheet(_build(reference)).freeze_panes == "A2"

    def test_csv_opens_in_indonesian_excel(self, reference: CodeBook) -> None:
        content = _build(reference, "LOK.LUAS_WILAYAH", format="csv")
        assert content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
        assert rows[0][0] == "kode_indikator"
        assert rows[1][:3] == ["LOK.LUAS_WILAYAH", "61.05.01", "Sintang"]

    @pytest.mark.parametrize("start", ["=", "+", "-", "@"])
    def test_labels_are_never_formulas(self, reference: CodeBook, start: str) -> None:
        label = f"{start}HYPERLINK(1)"
        region = Code("61.05.99", 900, label, parent="61.05", level="kecamatan")
        text = _build(reference, "LOK.LUAS_WILAYAH", regions=[region], format="csv").decode(
            "utf-8-sig"
        )
        assert text.splitlines()[1].split(";")[2] == f"'{label}"
        cell = _sheet(_build(reference, "LOK.LUAS_WILAYAH", regions=[region])).cell(2, 2)
        assert (cell.data_type, cell.value) == ("s", label)

    @pytest.mark.parametrize(
        ("options", "code"),
        [
            ({"periods": []}, "tanpa-periode"),
            ({"format": "pdf"}, "format-tidak-dikenal"),
            ({"codes": {"umur": ["0-4"]}}, "dimensi-tidak-dikenal"),
            ({"codes": {"komoditas": ["emas"]}}, "kode-tidak-dikenal"),
            ({"periods": [parse(f"{y}") for y in range(1950, 2250)] * 4}, "templat-terlalu-besar"),
        ],
    )
    def test_refuses_what_cannot_be_made(
        self, reference: CodeBook, options: dict[str, object], code: str
    ) -> None:
        with pytest.raises(TemplateError) as caught:
            _build(reference, **options)
        assert caught.value.code == code


def _read(path: Path, reference: CodeBook) -> dict[tuple[str, str, str], tuple[float, int]]:
    """The figures of a filled-in template: (region, item, period) -> value and status."""
    declaration = declaration_from_template(str(path), name=path.name)
    assert declaration is not None
    read = extract(
        str(path), name=path.name, format=path.suffix[1:], declaration=declaration, book=reference
    )
    assert read.problems == ()
    out = {}
    for block in read.figures:
        for key, value, status in zip(block.keys, block.values, block.status, strict=True):
            found = decode(block.indicator, int(key), reference.codelists)
            item = "/".join(found.rest.values())
            out[found.region, item, found.period] = (float(value), int(status))
    return out


class TestRoundTrip:
    def test_a_filled_in_workbook_gives_its_figures(
        self, reference: CodeBook, tmp_path: Path
    ) -> None:
        path = tmp_path / "kebutuhan.xlsx"
        content = _build(reference, codes={"komoditas": ["gula", "telur"]})
        workbook = openpyxl.load_workbook(io.BytesIO(content))
        sheet = workbook.worksheets[0]
        wanted = {}
        for number, row in enumerate(sheet.iter_rows(min_row=2, max_row=29)):
            value = 1000 + number / 4
            row[5].value = value
            wanted[row[0].value, row[2].value, "2025"] = (value, 0)
        workbook.save(path)
        assert len(wanted) == 28
        assert _read(path, reference) == wanted

    def test_units_statuses_and_gaps(self, reference: CodeBook, tmp_path: Path) -> None:
        path = tmp_path / "kebutuhan.xlsx"
        content = _build(reference, codes={"komoditas": ["gula"]})
        workbook = openpyxl.load_workbook(io.BytesIO(content))
        sheet = workbook.worksheets[0]
        sheet["F2"], sheet["G2"], sheet["H2"] = 12345, "Kg", "sementara"
        sheet["F3"] = "-"
        sheet["F4"], sheet["H4"] = 0, "perkiraan"
        sheet["F5"], sheet["I5"] = 7.5, "catatan apa pun"
        workbook.save(path)
        assert _read(path, reference) == {
            ("61.05.01", "gula", "2025"): (12.345, 1),
            ("61.05.03", "gula", "2025"): (0.0, 2),
            ("61.05.04", "gula", "2025"): (7.5, 0),
        }

    def test_a_spare_row_counts(self, reference: CodeBook, tmp_path: Path) -> None:
        path = tmp_path / "luas.xlsx"
        workbook = openpyxl.load_workbook(io.BytesIO(_build(reference, "LOK.LUAS_WILAYAH")))
        sheet = workbook.worksheets[0]
        for column, value in zip(
            "ABCDE", ("61.05", "Sintang", "2025", 21635.5, "Km2"), strict=True
        ):
            sheet[f"{column}20"] = value
        workbook.save(path)
        assert _read(path, reference) == {("61.05", "", "2025"): (21635.5, 0)}

    def test_every_status_offered_is_understood(self, reference: CodeBook, tmp_path: Path) -> None:
        path = tmp_path / "luas.xlsx"
        workbook = openpyxl.load_workbook(io.BytesIO(_build(reference, "LOK.LUAS_WILAYAH")))
        sheet = workbook.worksheets[0]
        offered = [c.value for c in workbook["Daftar"][1]].index("status") + 1
        statuses = [
            row[offered - 1].value
            for row in workbook["Daftar"].iter_rows(min_row=2)
            if row[offered - 1].value
        ]
        for row, status in enumerate(statuses, start=2):
            sheet.cell(row, 4, row)
            sheet.cell(row, 6, status)
        workbook.save(path)
        assert sorted(s for _, s in _read(path, reference).values()) == [0, 1, 2, 3]

    @pytest.mark.parametrize("delimiter", [";", ","])
    def test_a_filled_in_csv_gives_its_figures(
        self, reference: CodeBook, tmp_path: Path, delimiter: str
    ) -> None:
        path = tmp_path / "penduduk.csv"
        content = _build(reference, "SD00282.02", codes={"jenis_kelamin": ["L", "P"]}, format="csv")
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
        place = rows[0].index("nilai")
        for number, row in enumerate(rows[1:]):
            row[place] = f"{10 + number}.500"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
        found = _read(path, reference)
        assert len(found) == 28
        assert found["61.05.01", "L", "2025"] == (10500.0, 0)
        assert found["61.05.21", "P", "2025"] == (37500.0, 0)

    @pytest.mark.parametrize(
        "text", ["2025", "2025-S1", "2025-Q3", "2025-07", "2025-07-31", "2024/2025"]
    )
    @pytest.mark.parametrize("format", ["xlsx", "csv"])
    def test_every_kind_of_period_comes_back(
        self, reference: CodeBook, tmp_path: Path, text: str, format: str
    ) -> None:
        path = tmp_path / f"luas.{format}"
        content = _build(reference, "LOK.LUAS_WILAYAH", periods=[parse(text)], format=format)
        if format == "csv":
            path.write_bytes(content.replace(f";{text};;".encode(), f";{text};12,5;".encode()))
        else:
            workbook = openpyxl.load_workbook(io.BytesIO(content))
            for row in range(2, 16):
                workbook.worksheets[0].cell(row, 4, 12.5)
            workbook.save(path)
        found = _read(path, reference)
        assert len(found) == 14
        assert {period for _, _, period in found} == {text}


class TestTemplateDeclaration:
    """Properties that nobody sees must not say something else than the table."""

    @pytest.fixture
    def declared(self, reference: CodeBook, tmp_path: Path):
        def declare(change) -> tuple[str | None, list[str]]:
            path = tmp_path / "t.xlsx"
            workbook = openpyxl.load_workbook(io.BytesIO(_build(reference)))
            change(workbook.worksheets[0])
            workbook.save(path)
            (table, *_) = read_tables(str(path), name=path.name, format="xlsx")
            found = template_declaration(str(path), table, name=path.name)
            return found.measures[0].indicator, [f.name for f in found.fields]

        return declare

    def test_the_sheet_goes_before_the_property(self, declared) -> None:
        def rename(sheet) -> None:
            sheet.title = "LOK.LUAS_PANEN"

        assert declared(rename)[0] == "LOK.LUAS_PANEN"

    def test_a_column_of_indicators_goes_before_the_property(self, declared) -> None:
        def insert(sheet) -> None:
            sheet.data_validations.dataValidation = []
            sheet.insert_cols(1)
            sheet["A1"] = "kode_indikator"

        indicator, fields = declared(insert)
        assert (indicator, fields[0]) == (None, "kode_indikator")

    def test_the_property_says_it_where_nothing_else_does(self, declared) -> None:
        def rename(sheet) -> None:
            sheet.title = "Isian"

        assert declared(rename)[0] == NEEDS


class TestDeclarationFromTemplate:
    @pytest.mark.parametrize("format", ["xlsx", "csv"])
    def test_recognises_its_own_files(
        self, reference: CodeBook, tmp_path: Path, format: str
    ) -> None:
        path = tmp_path / f"t.{format}"
        path.write_bytes(_build(reference, format=format))
        declaration = declaration_from_template(str(path), name=path.name)
        assert declaration is not None
        roles = {f.name: (f.role, f.concept) for f in declaration.fields}
        assert roles["kode_wilayah"] == (Role.DIMENSION, "wilayah")
        assert roles["kode_komoditas"] == (Role.DIMENSION, "komoditas")
        assert roles["nilai"] == (Role.MEASURE, None)

    def test_the_indicator_comes_back(self, reference: CodeBook, tmp_path: Path) -> None:
        path = tmp_path / "t.xlsx"
        path.write_bytes(_build(reference, "SD00282.02"))
        declaration = declaration_from_template(str(path), name=path.name)
        assert declaration is not None
        assert [m.indicator for m in declaration.measures] == ["SD00282.02"]

    def test_survives_openpyxl(self, reference: CodeBook, tmp_path: Path) -> None:
        path = tmp_path / "t.xlsx"
        workbook = openpyxl.load_workbook(io.BytesIO(_build(reference)))
        workbook.save(path)
        declaration = declaration_from_template(str(path), name=path.name)
        assert declaration is not None
        assert declaration.measures[0].indicator == NEEDS

    def test_without_properties_the_sheet_names_the_indicator(
        self, reference: CodeBook, tmp_path: Path
    ) -> None:
        path = tmp_path / "t.xlsx"
        original = openpyxl.load_workbook(io.BytesIO(_build(reference))).worksheets[0]
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        sheet.title = original.title
        for row in original.values:
            sheet.append(row)
        workbook.save(path)
        assert declaration_from_template(str(path), name=path.name) is None
        table = read_tables(str(path), name=path.name, format="xlsx", head=20)[0]
        declaration = declaration_from_table(table)
        assert declaration is not None
        assert declaration.measures[0].indicator == NEEDS

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_csv_saved_again_otherwise(
        self, reference: CodeBook, tmp_path: Path, delimiter: str, encoding: str
    ) -> None:
        path = tmp_path / "t.csv"
        text = _build(reference, format="csv").decode("utf-8-sig").replace(";", delimiter)
        path.write_bytes(text.encode(encoding))
        assert declaration_from_template(str(path), name="t.csv") is not None

    def test_an_ordinary_table_is_none(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        path.write_text("kode_wilayah,nilai\n61.05.01,3\n")
        assert declaration_from_template(str(path), name="t.csv") is None
        workbook = openpyxl.Workbook()
        workbook.active.append(["kode_wilayah", "nilai"])
        workbook.save(tmp_path / "t.xlsx")
        assert declaration_from_template(str(tmp_path / "t.xlsx"), name="t.xlsx") is None

    def test_damaged_files_are_none(self, reference: CodeBook, tmp_path: Path) -> None:
        content = _build(reference)
        dice = random.Random(1)
        path = tmp_path / "t.xlsx"
        for _ in range(60):
            damaged = bytearray(content[: dice.randrange(1, len(content))])
            for _ in range(20):
                damaged[dice.randrange(len(damaged))] = dice.randrange(256)
            path.write_bytes(damaged)
            assert declaration_from_template(str(path), name="t.xlsx") is None

    @pytest.mark.parametrize(
        "xml",
        [
            b"<!DOCTYPE x [<!ENTITY a 'b'>]><Properties>&a;</Properties>",
            b"<Properties><property name='satudata'>not json</property></Properties>",
            b"not xml",
            b"<p xmlns='%s'><property name='satudata'>[1]</property></p>" % CUSTOM,
        ],
    )
    def test_foreign_properties_are_none(self, tmp_path: Path, xml: bytes) -> None:
        path = tmp_path / "t.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("docProps/custom.xml", xml)
        assert declaration_from_template(str(path), name="t.xlsx") is None

    def test_a_file_that_does_not_exist_is_none(self, tmp_path: Path) -> None:
        assert declaration_from_template(str(tmp_path / "no.xlsx"), name="no.xlsx") is None
