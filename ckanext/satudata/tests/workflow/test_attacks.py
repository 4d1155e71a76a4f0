"""Attempts to bring a contradicting figure, or another agency's draft, before the public."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import xlsxwriter
from ckan import model
from werkzeug.datastructures import FileStorage

from ckanext.satudata.demo import tables
from ckanext.satudata.store import content
from ckanext.satudata.tests.extract.files import xls_file
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Agency,
    Table,
    act,
    agency,
    refusal,
    sysadmin,
)
from ckanext.satudata.tests.worlds import indicator as new_indicator

pytestmark = pytest.mark.usefixtures("portal")

RIGHT = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}
HEADER = ["Kode", "Kecamatan", "Nilai"]


def rows(shift: int = 0) -> list[list[str]]:
    """Data rows; shifted figures contradict the public ones."""
    return [[code, "", f"{value + shift:g}"] for code, value in RIGHT.items()]


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]], hidden: str = "") -> bytes:
    """An XLSX file whose cells are what they are in Python."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            if name == hidden:
                sheet.hide()
            for number, line in enumerate(lines):
                sheet.write_row(number, 0, line)
    return out.getvalue()


def try_to_publish(
    who: Agency, file: bytes, filename: str, declaration: dict[str, Any] | None = None
) -> set[str]:
    """The rules that hold a dataset with this file back; it must be held back."""
    dataset = who.draft()
    schema = {"schema": json.dumps(declaration)} if declaration else {}
    upload = FileStorage(io.BytesIO(file), filename=filename)
    act(
        "resource_create",
        who.user,
        package_id=dataset["id"],
        name=filename,
        upload=upload,
        **schema,
    )
    with pytest.raises(tk.ValidationError) as caught:
        who.publish(dataset["id"])
    assert model.Package.get(dataset["id"]).state == "draft"
    return {f["rule"] for f in refusal(caught.value)["findings"] if f["blocks"]}


@pytest.fixture
def holder():
    return agency("uji-pemegang")


@pytest.fixture
def other():
    return agency("uji-lain")


@pytest.fixture
def code(holder):
    number = new_indicator(producer_org=holder.id)
    holder.published(Table(number, RIGHT))
    return number


@pytest.fixture
def declaration(code):
    return tables.declaration("Nilai", code, "ton", "2025", {})


class TestColumns:
    """A second column of figures beside the declared one."""

    @pytest.fixture
    def file(self):
        wrong = rows(777)
        return tables.as_csv(
            [[*HEADER, "Lain"], *([*r, w[2]] for r, w in zip(rows(), wrong, strict=True))]
        )

    @pytest.mark.parametrize(
        "satudata",
        [
            {},
            {"role": "ignore"},
            {"role": "attribute", "concept": "catatan"},
            {"role": "attribute", "concept": "satuan"},
            {"role": "label"},
            {"role": "label", "of": "Kode"},
            {"role": "label", "of": "Nilai"},
        ],
    )
    def test_a_role_does_not_hide_figures(self, other, declaration, file, satudata):
        declaration["fields"].append({"name": "Lain", "satudata": satudata})
        rules = try_to_publish(other, file, "t.csv", declaration)
        assert ("kolom-diabaikan" if satudata else "kolom-tak-dideklarasikan") in rules

    def test_a_reason_does_not_hide_figures(self, other, declaration, file):
        declaration["satudata"]["reason"] = "Daftar alamat."
        assert "tabel-berisi-angka" in try_to_publish(other, file, "t.csv", declaration)

    def test_codes_of_another_scheme_are_labels(self, other, declaration):
        lines = [[r[0], "6107140", r[2]] for r in rows()[:1]]
        report = act(
            "satudata_check",
            other.user,
            organization_id=other.id,
            schema=json.dumps(declaration),
            upload=FileStorage(io.BytesIO(tables.as_csv([HEADER, *lines])), filename="t.csv"),
        )
        rules = {f["rule"] for f in report["findings"]}
        assert not rules & {"kolom-tak-dideklarasikan", "kolom-diabaikan"}


class TestOutsideTheTable:
    """Figures of the file that the declaration passes by."""

    def test_a_table_above_the_declared_header(self, other, declaration):
        declaration["satudata"]["header_row"] = 16
        file = tables.as_csv([HEADER, *rows(777), HEADER, *rows()])
        assert try_to_publish(other, file, "t.csv", declaration) == {"angka-di-luar-tabel"}

    def test_data_rows_declared_as_header_lines(self, other, declaration):
        lines = [HEADER, *rows(777)]
        declaration["satudata"] |= {"header_row": 1, "header_rows": len(lines)}
        for number, field in enumerate(declaration["fields"]):
            field["name"] = " / ".join(line[number] for line in lines if line[number])
        declaration["fields"][1]["satudata"]["of"] = declaration["fields"][0]["name"]
        file = tables.as_csv([*lines, *rows()])
        assert try_to_publish(other, file, "t.csv", declaration) == {"angka-di-luar-tabel"}

    def test_figures_among_the_notes(self, other, declaration):
        notes = [[f"Kecamatan {n}", row[2], ""] for n, row in enumerate(rows(777))]
        file = tables.as_csv([HEADER, *rows(), *notes])
        assert try_to_publish(other, file, "t.csv", declaration) == {"angka-di-luar-tabel"}

    def test_titles_and_notes_may_name_years(self, other, declaration):
        lines = [["Nilai", "Tahun", "2025"], HEADER, *rows(), ["Sintang,", "", "2026"]]
        upload = FileStorage(io.BytesIO(tables.as_csv(lines)), filename="t.csv")
        report = act(
            "satudata_check",
            other.user,
            organization_id=other.id,
            schema=json.dumps(declaration),
            upload=upload,
        )
        assert "angka-di-luar-tabel" not in {f["rule"] for f in report["findings"]}

    def test_a_second_sheet_of_texts(self, other, declaration):
        declaration["satudata"]["sheet"] = "A"
        file = workbook({"A": [HEADER, *rows()], "B": [HEADER, *rows(777)]})
        assert try_to_publish(other, file, "t.xlsx", declaration) == {"lembar-tak-dideklarasikan"}

    def test_a_second_sheet_with_figures_in_its_first_column(self, other, declaration):
        declaration["satudata"]["sheet"] = "A"
        file = workbook({"A": [HEADER, *rows()], "B": [[float(r[2]), r[0]] for r in rows(777)]})
        assert try_to_publish(other, file, "t.xlsx", declaration) == {"lembar-tak-dideklarasikan"}

    def test_a_hidden_sheet(self, other, declaration):
        file = workbook({"A": [HEADER, *rows()], "B": [HEADER, *rows(777)]}, hidden="B")
        assert try_to_publish(other, file, "t.xlsx", declaration) == {"lembar-tersembunyi"}


PROSE = b"Produksi beras naik pada 2025; lihat tabel di bawah ini.\n"


class TestDisguise:
    """Tables that claim to be something else."""

    @pytest.mark.parametrize(
        "file",
        [
            pytest.param(
                "\r\n".join(";".join(r) for r in [HEADER, *rows()]).encode("utf-16"), id="utf-16"
            ),
            pytest.param(
                b"Kebutuhan beras\r\n\r\n" + tables.as_csv([HEADER, *rows()])[3:], id="titled"
            ),
            pytest.param(b"[x]\r\n" + tables.as_csv([HEADER, *rows()])[3:], id="bracket"),
            pytest.param(tables.as_csv([HEADER, *rows()[:2]]), id="short"),
            pytest.param(PROSE * 900 + tables.as_csv([HEADER, *rows()])[3:], id="below-prose"),
            pytest.param(
                (b"x" * 79 + b"\n") * (1 << 14) + tables.as_csv([HEADER, *rows()])[3:],
                id="below-a-megabyte",
            ),
        ],
    )
    def test_text_with_an_odd_name_is_a_table(self, other, file):
        assert try_to_publish(other, file, "t.dat") == {"tanpa-deklarasi"}

    @pytest.mark.parametrize("filename", ["t.docx", "t.odt", "t.xlsx"])
    def test_a_workbook_that_calls_itself_a_document(self, other, filename):
        padding = b"".join(random.Random(1).randbytes(64) for _ in range(100))
        file = io.BytesIO(workbook({"A": [HEADER, *rows(777)]}))
        out = io.BytesIO()
        with zipfile.ZipFile(file) as book, zipfile.ZipFile(out, "w") as copy:
            copy.writestr("docProps/thumbnail.jpeg", padding)
            for part in book.namelist():
                copy.writestr(part, book.read(part))
        dataset = other.draft()
        act(
            "resource_create",
            other.user,
            package_id=dataset["id"],
            name="x",
            format="DOCX",
            upload=FileStorage(io.BytesIO(out.getvalue()), filename=filename),
        )
        with pytest.raises(tk.ValidationError):
            other.publish(dataset["id"])

    @pytest.mark.parametrize("filename", ["t.doc", "t.xls"])
    def test_an_old_workbook_that_calls_itself_a_document(self, other, tmp_path, filename):
        file = Path(xls_file(tmp_path, [HEADER, *rows(777)])).read_bytes()
        dataset = other.draft()
        act(
            "resource_create",
            other.user,
            package_id=dataset["id"],
            name="x",
            format="DOC",
            upload=FileStorage(io.BytesIO(file), filename=filename),
        )
        with pytest.raises(tk.ValidationError):
            other.publish(dataset["id"])

    def test_a_document_with_a_sheet_inside_stays_one(self, other):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as document:
            kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            document.writestr("[Content_Types].xml", f'<Default ContentType="{kind}"/>')
            document.writestr("word/document.xml", "<x/>")
            document.writestr("word/embeddings/a.xlsx", workbook({"A": [HEADER, *rows(777)]}))
        dataset = other.draft()
        upload = FileStorage(io.BytesIO(out.getvalue()), filename="t.docx")
        act("resource_create", other.user, package_id=dataset["id"], name="x", upload=upload)
        assert other.publish(dataset["id"])["state"] == "active"

    @pytest.mark.parametrize(
        ("file", "filename"),
        [
            (b"Satu, dua dan tiga.\nEmpat, lima.\nEnam, tujuh.\nDelapan, 9.\n", "teks.md"),
            (PROSE * 900, "laporan.txt.md"),
            (json.dumps({"a": [1, 2, 3], "b": {"c": 1, "d": 2}}, indent=1).encode(), "x.json"),
            (b"<svg><path d='M\n1,2\n3,4\n'/></svg>", "x.svg"),
            (b"\x89PNG\r\n\x1a\n\0\0 1,2\n3,4\n", "x.png"),
        ],
    )
    def test_documents_stay_documents(self, other, file, filename):
        dataset = other.draft()
        upload = FileStorage(io.BytesIO(file), filename=filename)
        act("resource_create", other.user, package_id=dataset["id"], name="x", upload=upload)
        assert other.publish(dataset["id"])["state"] == "active"


class TestOtherAgenciesFiles:
    """Ids of what is no longer there."""

    @pytest.fixture
    def lost(self, holder, code):
        dataset = holder.draft()
        return holder.add(dataset["id"], Table(code, RIGHT))

    @pytest.fixture(params=["resource_delete", "dataset_purge"])
    def gone(self, request, lost, holder):
        """Id of a resource of another agency's draft that was deleted or purged."""
        if request.param == "resource_delete":
            act("resource_delete", holder.user, id=lost["id"])
        else:
            tk.get_action("dataset_purge")({"ignore_auth": True}, {"id": lost["package_id"]})
        return lost["id"]

    def test_a_new_resource_does_not_inherit_a_file(self, gone, other):
        taken = {"id": gone, "name": "x", "url": "t.csv", "url_type": "upload"}
        act("resource_create", other.user, package_id=other.draft()["id"], **taken)
        assert content.served(model.Resource.get(gone)) is None
        assert not model.Resource.get(gone).hash

    def test_nor_does_one_inlined_in_a_new_dataset(self, gone, other):
        taken = {"id": gone, "name": "x", "url": "t.csv", "url_type": "upload"}
        other.draft(resources=[taken])
        assert content.served(model.Resource.get(gone)) is None


class TestDamagedInput:
    """Parameters that once ended in a server error."""

    @pytest.mark.parametrize("word", ["header_row", "header_rows"])
    def test_endless_numbers(self, other, declaration, word):
        declaration["satudata"][word] = float("inf")
        with pytest.raises(tk.ValidationError) as caught:
            act(
                "resource_create",
                other.user,
                package_id=other.draft()["id"],
                url="https://contoh.id/a.pdf",
                schema=json.dumps(declaration),
            )
        assert "schema" in caught.value.error_dict

    def test_endless_nesting(self, other):
        with pytest.raises(tk.ValidationError) as caught:
            act(
                "resource_create",
                other.user,
                package_id=other.draft()["id"],
                url="https://contoh.id/a.pdf",
                schema='{"fields":' + "[" * 100_000,
            )
        assert "schema" in caught.value.error_dict

    def test_endless_nesting_in_a_dry_run(self, other):
        report = act(
            "satudata_check",
            other.user,
            organization_id=other.id,
            schema="[" * 100_000,
            upload=FileStorage(io.BytesIO(b"a;1\n"), filename="x.csv"),
        )
        assert [f["rule"] for f in report["findings"] if f["blocks"]] == ["deklarasi-rusak"]

    def test_digits_that_are_no_numbers(self):
        with pytest.raises(tk.ValidationError) as caught:
            act("satudata_observation_list", None, after="²:1")
        assert "after" in caught.value.error_dict

    @pytest.mark.parametrize("after", ["9" * 5000 + ":1", "1:" + "9" * 5000, "1:9" + "9" * 19])
    def test_numbers_beyond_any(self, after):
        with pytest.raises(tk.ValidationError) as caught:
            act("satudata_observation_list", None, after=after)
        assert "after" in caught.value.error_dict

    @pytest.mark.parametrize(
        ("action", "parameters"),
        [
            ("satudata_report_list", {"dataset_id": "tidak-ada"}),
            ("satudata_note_list", {"id": "tidak-ada"}),
            ("satudata_former_figure_list", {"id": "tidak-ada"}),
            ("satudata_dataset_status", {"id": "tidak-ada"}),
            ("satudata_declaration_guess", {"id": "tidak-ada"}),
            (
                "satudata_exemption_grant",
                {
                    "resource_id": "tidak-ada",
                    "kind": "figures",
                    "column": "Nilai",
                    "structure": "x",
                    "reason": "Bukan indikator statistik.",
                },
            ),
        ],
    )
    def test_ids_of_nothing(self, action, parameters):
        with pytest.raises(tk.ObjectNotFound):
            act(action, sysadmin(), **parameters)

    def test_control_characters_in_the_list_of_indicators(self, code):
        act("satudata_indicator_update", sysadmin(), id=code, definition="Nol\0 saja.")
        assert act("satudata_indicator_show", None, id=code)["definition"] == "Nol saja."
        with pytest.raises(tk.ObjectNotFound):
            act("satudata_walidata_hand_on", sysadmin(), id="tidak\0ada")

    @pytest.mark.parametrize(
        "change",
        [
            {"fields": {"resources": None}},
            {"fields": {"resources": {"a": 1}}},
            {"fields": {"resources": [[1]]}},
            {"fields": "[" * 100_000},
            {"upload": "/etc/passwd"},
        ],
    )
    def test_revisions_of_another_shape(self, holder, code, change):
        dataset = holder.published(Table(new_indicator(producer_org=holder.id), RIGHT))
        with pytest.raises(tk.ValidationError) as caught:
            act(
                "satudata_revision_prepare",
                holder.user,
                id=dataset["id"],
                resource_id=dataset["resources"][0]["id"],
                **change,
            )
        assert set(caught.value.error_dict) == set(change)
        assert act("satudata_revision_list", holder.user, dataset_id=dataset["id"]) == []
