"""Proposing and confirming what columns mean; templates."""

from __future__ import annotations

import base64
import io
import json

import ckan.plugins.toolkit as tk
import openpyxl
import pytest
from werkzeug.datastructures import FileStorage

from ckanext.satudata.demo import metadata
from ckanext.satudata.organizations import registry
from ckanext.satudata.tests.workflow.setoran.scene import operator_of
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Table,
    act,
    agency,
    figures,
    sysadmin,
    unique,
)
from ckanext.satudata.tests.worlds import indicator as new_indicator

pytestmark = pytest.mark.usefixtures("portal")

FIRST = {code: 100.5 + n for n, code in enumerate(KECAMATAN)}


@pytest.fixture
def holder():
    return agency("uji-pemegang")


@pytest.fixture
def code(holder):
    return new_indicator(producer_org=holder.id)


class TestGuess:
    def test_proposes_with_a_preview(self, holder, code):
        dataset = holder.draft()
        resource = holder.add(dataset["id"], Table(code, FIRST, declared=False))
        found = act("satudata_declaration_guess", holder.user, id=resource["id"])
        concepts = {
            f["name"]: f.get("satudata", {}).get("concept") for f in found["declaration"]["fields"]
        }
        assert concepts["Kode"] == "wilayah"
        assert found["preview"]["rows"]

    def test_it_knows_the_dataset_and_the_region_of_its_producer(self, holder):
        """Two indicators have one name and the table no region: only what is around it tells."""
        name = f"Luas Kebun {unique('uji')}"
        first, second = (new_indicator(name=name, producer_org=holder.id) for _ in range(2))
        kecamatan = "61.05.07"
        operator_of(kecamatan)
        body = registry.with_value("kode_kemendagri", kecamatan, but=None)
        assert body is not None
        joined = {"id": body.id, "username": holder.user, "role": "editor"}
        act("organization_member_create", sysadmin(), **joined)
        for stated in (first, second):
            dataset = act(
                "package_create",
                holder.user,
                **metadata.dataset(
                    unique("data"),
                    body.name,
                    holder.activity,
                    state="draft",
                    kode_indikator=[stated],
                ),
            )
            resource = act(
                "resource_create",
                holder.user,
                package_id=dataset["id"],
                name="t.csv",
                upload=FileStorage(
                    io.BytesIO(f"Tahun;{name}\n2024;12\n2025;13\n".encode()), filename="t.csv"
                ),
            )
            found = act("satudata_declaration_guess", holder.user, id=resource["id"])
            declared = found["declaration"]
            (measure,) = [
                f["satudata"]["indicator"]
                for f in declared["fields"]
                if f["satudata"]["role"] == "measure"
            ]
            (region,) = [
                f["constant"]
                for f in declared["extraFields"]
                if f["satudata"]["concept"] == "wilayah"
            ]
            assert (measure, region) == (stated, kecamatan)

    def test_a_retired_indicator_is_not_proposed(self, holder):
        name = f"Luas Kebun {unique('uji')}"
        code = new_indicator(name=name, producer_org=holder.id)
        dataset = holder.draft()
        resource = act(
            "resource_create",
            holder.user,
            package_id=dataset["id"],
            name="t.csv",
            upload=FileStorage(
                io.BytesIO(f"Kode;{name}\n61.05.01;1\n61.05.02;2\n".encode()), filename="t.csv"
            ),
        )

        def proposed():
            found = act("satudata_declaration_guess", holder.user, id=resource["id"])
            (measure,) = [
                f["satudata"].get("indicator")
                for f in found["declaration"]["fields"]
                if f.get("satudata", {}).get("role") == "measure"
            ]
            return measure

        assert proposed() == code
        act("satudata_indicator_update", sysadmin(), id=code, status="retired")
        assert proposed() is None

    @pytest.mark.parametrize(("lang", "word"), [(None, "bukan"), ("id", "bukan"), ("en", "not")])
    def test_an_unreadable_file_is_explained_in_the_language_asked_for(self, holder, lang, word):
        dataset = holder.draft()
        resource = act(
            "resource_create",
            holder.user,
            package_id=dataset["id"],
            name="laporan.pdf",
            upload=FileStorage(io.BytesIO(b"%PDF-1.7 contoh"), filename="laporan.pdf"),
        )
        asked = {"lang": lang} if lang else {}
        with pytest.raises(tk.ValidationError) as caught:
            act("satudata_declaration_guess", holder.user, id=resource["id"], **asked)
        (text,) = caught.value.error_dict["upload"]
        assert word in text.split()

    def test_the_address_of_a_schema_is_no_declaration(self, holder, code):
        """ckanext-validation allows addresses; nothing is fetched, so the portal proposes."""
        dataset = holder.draft()
        file = Table(code, FIRST, declared=False)
        resource = act(
            "resource_create",
            holder.user,
            package_id=dataset["id"],
            **file.resource(),
            schema="https://data.example/schema.json",
        )
        found = act("satudata_declaration_guess", holder.user, id=resource["id"])
        assert found["preview"]["rows"]
        report = act("satudata_check", holder.user, id=dataset["id"])
        assert [f["rule"] for f in report["findings"]] == ["tanpa-deklarasi"]

    def test_only_those_who_may_change_the_file(self, holder, code):
        dataset = holder.draft()
        resource = holder.add(dataset["id"], Table(code, FIRST, declared=False))
        for user in (None, agency("uji-lain").user):
            with pytest.raises(tk.NotAuthorized):
                act("satudata_declaration_guess", user, id=resource["id"])


class TestConfirm:
    def test_a_confirmed_declaration_lets_the_table_out(self, holder, code):
        dataset = holder.draft()
        table = Table(code, FIRST, declared=False)
        resource = holder.add(dataset["id"], table)
        act(
            "satudata_declaration_confirm",
            holder.user,
            id=resource["id"],
            declaration=table.declaration(),
        )
        holder.publish(dataset["id"])
        assert figures(code)[("61.05.01", "2025")] == {100.5}

    def test_a_damaged_declaration_is_refused_and_nothing_kept(self, holder, code):
        dataset = holder.draft()
        resource = holder.add(dataset["id"], Table(code, FIRST, declared=False))
        with pytest.raises(tk.ValidationError):
            act(
                "satudata_declaration_confirm",
                holder.user,
                id=resource["id"],
                declaration={"fields": [{"name": "a", "satudata": {"role": "apa"}}]},
            )
        assert not act("resource_show", holder.user, id=resource["id"]).get("schema")


class TestFilling:
    """A confirmed declaration names the indicator: what it has need not be typed again."""

    EMPTY = {  # noqa: RUF012
        "kode_indikator": [],
        "nama_indikator": "",
        "konsep": "",
        "definisi": "",
        "ukuran": "",
        "satuan": "",
    }

    @staticmethod
    def confirmed(holder, table, declaration=None, **fields):
        dataset = holder.draft(**fields)
        resource = holder.add(dataset["id"], table)
        kept = act(
            "satudata_declaration_confirm",
            holder.user,
            id=resource["id"],
            declaration=declaration or table.declaration(),
        )
        assert kept["id"] == resource["id"]
        assert (
            json.loads(kept["schema"])["fields"] == (declaration or table.declaration())["fields"]
        )
        shown = act("package_show", holder.user, id=dataset["id"])
        return {name: shown.get(name) for name in TestFilling.EMPTY}

    def test_empty_fields_get_what_the_indicator_says(self, holder):
        words = f"stok {'abcdefghij'[len(holder.id) % 10]}beras dan jagung"
        code = new_indicator(producer_org=holder.id, konsep=words, definition="Yang ada di gudang.")
        got = self.confirmed(holder, Table(code, FIRST, declared=False), **self.EMPTY)
        assert got == {
            "kode_indikator": [code],
            "nama_indikator": f"Indikator uji {code}",
            "konsep": "Stok " + words.split()[1].capitalize() + " dan Jagung",
            "definisi": "Yang ada di gudang.",
            "ukuran": "jumlah",
            "satuan": "Ton",
        }

    def test_a_standard_indicator_brings_the_name_of_its_konsep(self, holder):
        code = f"SD00282.01-{unique('u').replace('-', '')}"
        new_indicator(code=code, unit="orang", producer_org=holder.id)
        table = Table(code, {KECAMATAN[0]: 5}, unit="orang", declared=False)
        got = self.confirmed(holder, table, **self.EMPTY)
        assert (got["konsep"], got["kode_indikator"]) == ("Penduduk", [code])

    def test_what_was_written_stays(self, holder, code):
        own = {**self.EMPTY, "definisi": "Kata operator.", "satuan": "kg"}
        got = self.confirmed(holder, Table(code, FIRST, declared=False), **own)
        assert (got["definisi"], got["satuan"]) == ("Kata operator.", "kg")
        assert got["nama_indikator"] == f"Indikator uji {code}"

    def test_a_konsep_the_naming_rules_refuse_is_left_to_the_operator(self, holder):
        code = new_indicator(producer_org=holder.id, konsep="jumlah stok uji")
        got = self.confirmed(holder, Table(code, FIRST, declared=False), **self.EMPTY)
        assert not got["konsep"]
        assert got["ukuran"] == "jumlah"

    def test_of_several_indicators_the_codes_alone(self, holder, code):
        other = new_indicator(producer_org=holder.id)
        table = Table(code, FIRST, declared=False)
        declaration = table.declaration()
        label = next(f for f in declaration["fields"] if f["name"] == "Kecamatan")
        label["satudata"] = {"role": "measure", "indicator": other, "unit": "ton"}
        got = self.confirmed(holder, table, declaration, **self.EMPTY)
        assert sorted(got.pop("kode_indikator")) == sorted([code, other])
        assert not any(got.values())

    def test_a_table_declared_before_is_filled_too(self, holder, code):
        """The same declaration confirmed again changes no file, yet the fields are saved."""
        got = self.confirmed(holder, Table(code, FIRST), **self.EMPTY)
        assert got["kode_indikator"] == [code]

    def test_a_public_dataset_is_left_alone(self, holder, code):
        table = Table(code, FIRST)
        dataset = holder.published(table, kode_indikator=[])
        act(
            "satudata_declaration_confirm",
            holder.user,
            id=dataset["resources"][0]["id"],
            declaration=table.declaration(),
        )
        assert not act("package_show", None, id=dataset["id"]).get("kode_indikator")

    def test_nothing_is_filled_by_who_may_not_change_the_dataset(self, holder, code):
        table = Table(code, FIRST, declared=False)
        dataset = holder.draft(**self.EMPTY)
        resource = holder.add(dataset["id"], table)
        with pytest.raises(tk.NotAuthorized):
            act(
                "satudata_declaration_confirm",
                agency("uji-lain").user,
                id=resource["id"],
                declaration=table.declaration(),
            )
        assert not act("package_show", holder.user, id=dataset["id"]).get("nama_indikator")


class TestTemplate:
    @pytest.mark.parametrize("codes", ["{", "[1]", ["a"], {"komoditas": 5}, {"komoditas": ["x"]}])
    def test_unusable_codes_are_said_on_the_field(self, code, codes):
        with pytest.raises(tk.ValidationError) as caught:
            act("satudata_template", None, indicator=code, periods=["2025"], codes=codes)
        assert set(caught.value.error_dict) == {"codes"}

    def test_too_large_a_table_names_its_size(self, code):
        with pytest.raises(tk.ValidationError) as caught:
            act("satudata_template", None, indicator=code, periods=["2025"] * 8000)
        (text,) = caught.value.error_dict["periods"]
        assert "112000" in text

    def test_a_retired_indicator_has_none(self, code):
        act("satudata_indicator_update", sysadmin(), id=code, status="retired")
        with pytest.raises(tk.ValidationError) as caught:
            act("satudata_template", None, indicator=code, periods=["2025"])
        assert set(caught.value.error_dict) == {"indicator"}

    def test_a_filled_template_needs_no_declaring(self, holder, code):
        given = act("satudata_template", None, indicator=code, periods=["2025"])
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(given["content"])))
        sheet = book.worksheets[0]
        headers = {cell.value: cell.column for row in sheet.iter_rows() for cell in row}
        column = headers["nilai"]
        first = next(r for r in range(1, 20) if sheet.cell(r, 1).value == KECAMATAN[0])
        for n, region in enumerate(KECAMATAN):
            assert sheet.cell(first + n, 1).value == region
            sheet.cell(first + n, column).value = 100.5 + n
        out = io.BytesIO()
        book.save(out)
        out.seek(0)
        dataset = holder.draft()
        act(
            "resource_create",
            holder.user,
            package_id=dataset["id"],
            name="templat.xlsx",
            upload=FileStorage(out, filename=given["filename"]),
        )
        holder.publish(dataset["id"])
        assert figures(code) == {(c, "2025"): {v} for c, v in FIRST.items()}

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [
            ("indicator", {"indicator": "LOK.TIDAK_ADA"}),
            ("periods", {"periods": ["besok"]}),
            ("regions", {"regions": ["99.99"]}),
            ("format", {"format": "pdf"}),
        ],
    )
    def test_a_wrong_wish_is_said(self, code, field, wrong):
        with pytest.raises(tk.ValidationError) as caught:
            act("satudata_template", None, **{"indicator": code, "periods": ["2025"], **wrong})
        assert field in caught.value.error_dict


class TestMemory:
    def test_next_years_table_is_recognised_when_it_names_its_year(self, holder, code):
        def table(year: str) -> FileStorage:
            rows = "Kode;Tahun;Nilai " + code + "\r\n"
            rows += "".join(f"{c};{year};{100 + n},5\r\n" for n, c in enumerate(KECAMATAN))
            return FileStorage(io.BytesIO(rows.encode()), filename="tabel.csv")

        declaration = {
            "fields": [
                {
                    "name": "Kode",
                    "satudata": {
                        "role": "dimension",
                        "concept": "wilayah",
                        "codelist": "wilayah",
                        "scheme": "kemendagri",
                    },
                },
                {"name": "Tahun", "satudata": {"role": "dimension", "concept": "periode"}},
                {
                    "name": f"Nilai {code}",
                    "satudata": {"role": "measure", "indicator": code, "unit": "ton"},
                },
            ],
            "satudata": {"version": 1},
        }
        for year in ("2024", "2025"):
            dataset = holder.draft()
            resource = act(
                "resource_create", holder.user, package_id=dataset["id"], upload=table(year)
            )
            if year == "2024":
                act(
                    "satudata_declaration_confirm",
                    holder.user,
                    id=resource["id"],
                    declaration=json.dumps(declaration),
                )
            holder.publish(dataset["id"])
        assert {period for _, period in figures(code)} == {"2024", "2025"}

    def test_a_year_kept_as_a_constant_is_never_reused_unasked(self, holder, code):
        table = Table(code, FIRST, declared=False)
        dataset = holder.draft()
        resource = holder.add(dataset["id"], table)
        act(
            "satudata_declaration_confirm",
            holder.user,
            id=resource["id"],
            declaration=table.declaration(),
        )
        following = holder.draft()
        holder.add(following["id"], table)
        with pytest.raises(tk.ValidationError):
            holder.publish(following["id"])
