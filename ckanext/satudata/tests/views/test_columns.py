"""The column page with a real table behind it."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action

from ckanext.satudata.demo import metadata as example

from .conftest import SINTANG, TEMPUNAK, declaration, table
from .forms import fields, texts

FORM = "#sd-columns"
WIDE = (
    f"No;Kode;Kecamatan;2024;2025\n1;{SINTANG};Sintang;10,5;11,5\n2;{TEMPUNAK};Tempunak;20,5;21,5\n"
).encode()


@pytest.fixture
def draft(agency, new_draft):
    return new_draft(agency, WIDE)


@pytest.fixture
def path(draft) -> str:
    return f"/dataset/{draft['name']}/resource/{draft['resources'][0]['id']}/kolom"


def schema_of(draft) -> dict:
    return json.loads(call_action("resource_show", id=draft["resources"][0]["id"])["schema"])


class TestEdit:
    def test_it_shows_what_the_portal_proposes(self, app, agency, path):
        page = app.get(path, headers=agency.headers).body

        form = fields(page, FORM)
        assert form["field-1-meaning"] == "dimension:wilayah"
        assert form["field-3-axis-0"] == "2024"
        assert form["axis-0-concept"] == "periode"
        assert "Tempunak" in " ".join(texts(page, ".sd-samples"))

    def test_only_who_may_change_the_file(self, app, new_agency, path):
        app.get(path, headers=new_agency().headers, status=403)
        app.post(path, headers=new_agency().headers, data={"declaration": "{}"}, status=403)

    def test_a_file_that_is_no_table_says_so(self, app, agency, new_draft):
        draft = new_draft(agency, b"%PDF-1.7 contoh", filename="laporan.pdf")

        page = app.get(
            f"/dataset/{draft['name']}/resource/{draft['resources'][0]['id']}/kolom",
            headers=agency.headers,
        ).body

        assert texts(page, ".alert-danger")
        assert not texts(page, FORM)

    def test_a_file_of_another_dataset_is_not_found(self, app, agency, draft, new_draft):
        other = new_draft(agency, WIDE)

        app.get(
            f"/dataset/{other['name']}/resource/{draft['resources'][0]['id']}/kolom",
            headers=agency.headers,
            status=404,
        )


class TestSave:
    def test_an_untouched_form_keeps_what_was_confirmed(self, app, agency, new_draft, indicator):
        confirmed = declaration(indicator["code"])
        draft = new_draft(agency, table({SINTANG: 1}), schema=confirmed)
        path = f"/dataset/{draft['name']}/resource/{draft['resources'][0]['id']}/kolom"

        form = fields(app.get(path, headers=agency.headers).body, FORM)
        app.post(path, headers=agency.headers, data={**form, "button": "save"})

        assert schema_of(draft) == confirmed

    def test_the_answers_become_the_declaration(self, app, agency, draft, path, indicator):
        form = fields(app.get(path, headers=agency.headers).body, FORM)
        answers = {"target-indicator": indicator["code"], "target-unit": "Kilogram"}

        app.post(path, headers=agency.headers, data={**form, **answers, "button": "save"})

        target = next(f for f in schema_of(draft)["extraFields"] if f.get("normalizationTarget"))
        assert target["satudata"] == {
            "role": "measure",
            "indicator": indicator["code"],
            "unit": "kg",
        }

    def test_what_keeps_the_table_from_being_public_is_shown_at_once(
        self, app, agency, new_draft, indicator
    ):
        """Saved, since the operator may go on later; but not with a cheerful "saved" alone."""
        draft = new_draft(agency, table({"61.99.99": 1, SINTANG: 2}))
        path = f"/dataset/{draft['name']}/resource/{draft['resources'][0]['id']}/kolom"
        form = fields(app.get(path, headers=agency.headers).body, FORM)
        answers = {
            "field-0-meaning": "dimension:wilayah",
            "field-1-meaning": "measure",
            "field-1-indicator": indicator["code"],
            "field-1-unit": "ton",
            "constant-0-concept": "periode",
            "constant-0-value": "2025",
        }

        page = app.post(
            path, headers=agency.headers, data={**form, **answers, "button": "save"}
        ).body

        assert schema_of(draft)
        assert texts(page, FORM)
        assert any("61.99.99" in text for text in texts(page, ".sd-preview .sd-text-error"))

    def test_a_table_that_is_ready_leads_to_its_dataset(self, app, agency, draft, path, indicator):
        form = fields(app.get(path, headers=agency.headers).body, FORM)
        answers = {"target-indicator": indicator["code"], "target-unit": "ton"}

        answer = app.post(
            path,
            headers=agency.headers,
            data={**form, **answers, "button": "save"},
            follow_redirects=False,
        )

        assert answer.headers["Location"].endswith(f"/dataset/{draft['name']}")

    def test_what_the_indicator_filled_is_named(self, app, agency, new_draft, indicator):
        draft = new_draft(agency, WIDE, nama_indikator="", satuan="kg")
        path = f"/dataset/{draft['name']}/resource/{draft['resources'][0]['id']}/kolom"
        form = fields(app.get(path, headers=agency.headers).body, FORM)
        answers = {"target-indicator": indicator["code"], "target-unit": "ton"}

        page = app.post(
            path, headers=agency.headers, data={**form, **answers, "button": "save"}
        ).body

        saved = call_action("package_show", id=draft["id"])
        assert (saved["nama_indikator"], saved["satuan"]) == (indicator["name"], "kg")
        told = " ".join(texts(page, ".flash-messages .alert"))
        assert "(2)" in told
        assert "(8)" not in told

    def test_an_open_question_keeps_it_from_being_saved(self, app, agency, draft, path):
        form = fields(app.get(path, headers=agency.headers).body, FORM)
        answers = {**form, "target-indicator": "LOK.TIDAK_ADA", "button": "save"}

        page = app.post(path, headers=agency.headers, data=answers).body

        assert texts(page, "#target-indicator ~ .error-block")
        assert fields(page, FORM)["target-indicator"] == "LOK.TIDAK_ADA"
        assert not call_action("resource_show", id=draft["resources"][0]["id"]).get("schema")

    def test_a_public_table_declared_anew_passes_the_gate(
        self, app, agency, new_draft, published, indicator
    ):
        """A unit changed on a public table would change public figures."""
        draft = new_draft(agency, table({SINTANG: 100}), schema=declaration(indicator["code"]))
        call_action("package_patch", id=draft["id"], state="active")
        path = f"/dataset/{draft['name']}/resource/{draft['resources'][0]['id']}/kolom"
        form = fields(app.get(path, headers=agency.headers).body, FORM)

        page = app.post(
            path, headers=agency.headers, data={**form, "field-1-unit": "kg", "button": "save"}
        ).body

        assert texts(page, ".sd-verdict-blocked")
        assert schema_of(draft) == declaration(indicator["code"])


class TestTry:
    def test_the_page_comes_back_with_the_answers_and_nothing_saved(
        self, app, agency, draft, path, indicator
    ):
        form = fields(app.get(path, headers=agency.headers).body, FORM)
        answers = {**form, "target-indicator": indicator["code"], "target-unit": "kg"}

        page = app.post(path, headers=agency.headers, data={**answers, "button": "try"}).body

        assert fields(page, FORM)["target-unit"] == "kg"
        assert any("0.0105" in text for text in texts(page, ".sd-preview li li"))
        assert not call_action("resource_show", id=draft["resources"][0]["id"]).get("schema")

    def test_the_script_gets_the_preview_alone(self, app, agency, path, indicator):
        form = fields(app.get(path, headers=agency.headers).body, FORM)

        answer = app.post(
            path,
            headers={**agency.headers, "X-Requested-With": "fetch"},
            data={**form, "target-indicator": indicator["code"], "target-unit": "ton"},
        )

        assert "<html" not in answer.body
        assert len(texts(answer.body, ".sd-preview > li")) == 2

    @pytest.mark.parametrize("sent", ["{", '{"fields": 1}', "[]"])
    def test_a_damaged_form_is_refused(self, app, agency, path, sent):
        app.post(path, headers=agency.headers, data={"declaration": sent}, status=400)


class TestVariables:
    """MS-Var: what keeps a column from the public is said on the form."""

    @pytest.fixture
    def survey(self, agency, new_draft, indicator):
        draft = new_draft(
            agency, table({SINTANG: 1, TEMPUNAK: 2}), schema=declaration(indicator["code"])
        )
        call_action("package_patch", id=draft["kegiatan"], cara_pengumpulan="1")
        return draft

    def path(self, draft):
        resource = draft["resources"][0]["id"]
        return f"/dataset/{draft['name']}/resource/{resource}/kolom"

    def test_the_gate_names_column_and_item(self, survey):
        with pytest.raises(tk.ValidationError) as caught:
            call_action("package_patch", id=survey["id"], state="active")

        report = call_action(
            "satudata_report_show", id=caught.value.error_dict["satudata_report"][0], lang="en"
        )
        (finding,) = (f for f in report["findings"] if f["blocks"])
        assert finding["rule"] == "metadata-variabel"
        assert '"jumlah"' in finding["texts"]["message"]
        assert '"Question asked"' in finding["texts"]["message"]

    def test_what_the_form_proposes_can_be_saved_and_published(self, app, agency, survey):
        page = app.get(self.path(survey), headers=agency.headers).body
        sent = fields(page, FORM)
        assert sent["field-1-var-kalimat_pertanyaan"].startswith("Berapa contoh Kebutuhan Pangan")
        assert texts(page, "details[open] #field-1-var-kalimat_pertanyaan-fault")
        assert not texts(page, "#field-0-var-kalimat_pertanyaan-fault")

        app.post(
            self.path(survey),
            data={**sent, "button": "save"},
            headers=agency.headers,
            follow_redirects=False,
        )

        public = call_action("package_patch", id=survey["id"], state="active")
        assert public["state"] == "active"
        page = app.get(self.path(survey), headers=agency.headers).body
        assert not texts(page, "#field-1-var-kalimat_pertanyaan-fault")

    def test_administrative_data_have_no_question(self, app, agency, new_draft, indicator):
        draft = new_draft(agency, table({SINTANG: 1}), schema=declaration(indicator["code"]))
        page = app.get(self.path(draft), headers=agency.headers).body

        assert fields(page, FORM)["field-1-var-kalimat_pertanyaan"] == ""
        assert not texts(page, "details[open].sd-variable")

    def test_a_public_dataset_that_turns_into_a_survey_is_asked(self, published):
        activity = example.activity(f"survei-{published['name']}", published["owner_org"], "2025")
        made = call_action("package_create", **{**activity, "cara_pengumpulan": "1"})

        with pytest.raises(tk.ValidationError) as caught:
            call_action("package_patch", id=published["id"], kegiatan=made["id"])

        assert "satudata_report" in caught.value.error_dict
