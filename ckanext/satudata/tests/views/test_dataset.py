"""What the gate adds to CKAN's pages of datasets and files, and the Publish button."""

from __future__ import annotations

from ckan.tests.helpers import call_action

from .conftest import SINTANG, declaration, table
from .forms import fields, texts


class TestPublish:
    def test_a_draft_that_agrees_becomes_public(self, app, agency, new_draft, indicator):
        draft = new_draft(agency, table({SINTANG: 7}), schema=declaration(indicator["code"]))

        app.post(f"/dataset/{draft['name']}/terbitkan", headers=agency.headers)

        assert call_action("package_show", id=draft["id"])["state"] == "active"

    def test_a_refused_draft_stays_a_draft(self, app, agency, contradicting):
        page = app.post(f"/dataset/{contradicting['name']}/terbitkan", headers=agency.headers)

        assert texts(page.body, ".sd-verdict-blocked")
        assert call_action("package_show", id=contradicting["id"])["state"] == "draft"

    def test_missing_metadata_is_shown_in_the_form(self, app, agency, new_draft, indicator):
        draft = new_draft(
            agency, table({SINTANG: 7}), schema=declaration(indicator["code"]), sumber=""
        )

        page = app.post(f"/dataset/{draft['name']}/terbitkan", headers=agency.headers).body

        assert texts(page, "form #field-sumber ~ .error-block, form .error-block")
        assert texts(page, ".error-explanation [data-field-label='sumber']")

    def test_a_draft_with_its_file_is_saved_and_can_then_be_published(
        self, app, agency, new_draft, indicator
    ):
        """Not as CKAN's first step, whose button asks for a file once more."""
        draft = new_draft(
            agency, table({SINTANG: 7}), schema=declaration(indicator["code"]), sumber=""
        )
        page = app.post(f"/dataset/{draft['name']}/terbitkan", headers=agency.headers).body
        assert not texts(page, "ol.stages")
        assert texts(page, "#dataset-edit button[value='go-metadata-preview']") == ["Save draft"]

        sent = {**fields(page, "#dataset-edit"), "sumber": "Laporan kecamatan."}
        answer = app.post(
            "/dataset/new",
            headers=agency.headers,
            data={**sent, "save": "go-metadata-preview"},
            follow_redirects=False,
        )

        assert answer.headers["Location"].endswith(f"/dataset/{draft['id']}")
        app.post(f"/dataset/{draft['name']}/terbitkan", headers=agency.headers)
        public = call_action("package_show", id=draft["id"])
        assert (public["state"], public["sumber"]) == ("active", "Laporan kecamatan.")
        assert len(public["resources"]) == 1

    def test_a_draft_without_a_file_is_asked_for_one(self, app, agency, new_draft):
        draft = new_draft(agency, table({SINTANG: 7}))
        call_action("resource_delete", id=draft["resources"][0]["id"])

        page = app.get(f"/dataset/edit/{draft['name']}", headers=agency.headers).body

        assert texts(page, "ol.stages")
        assert texts(page, "#dataset-edit button[name='save'][type='submit']")[-1].startswith(
            "Next"
        )

    def test_strangers_may_not_publish(self, app, new_agency, contradicting):
        app.post(
            f"/dataset/{contradicting['name']}/terbitkan",
            headers=new_agency().headers,
            status=403,
        )


class TestDatasetPage:
    def test_visitors_see_the_check_and_the_figures(self, app, published):
        page = app.get(f"/dataset/{published['name']}").body

        assert "2" in texts(page, ".sd-state-ok")[0]
        assert texts(page, ".sd-badge-ok")
        figures = texts(page, ".sd-figures td.sd-figure")
        assert sorted(float(figure.split()[0]) for figure in figures) == [100.0, 250.5]
        assert len(texts(page, ".sd-figures td.sd-figure a.sd-wrong-mark")) == len(figures)

    def test_days_are_written_as_people_write_them(self, app, published):
        call_action("package_patch", id=published["id"], jadwal_rilis="2025-03-01")

        page = app.get(f"/dataset/{published['name']}").body

        assert "1 March 2025" in texts(page, ".dataset-details")

    def test_visitors_are_not_told_what_is_left_to_do(self, app, published):
        page = app.get(f"/dataset/{published['name']}").body

        assert not texts(page, ".sd-state-todo, form[action$='/periksa'], a[href$='/kolom']")

    def test_an_operator_is_led_to_the_columns(self, app, agency, new_draft):
        draft = new_draft(agency, table({SINTANG: 1}))
        path = f"/dataset/{draft['name']}/resource/{draft['resources'][0]['id']}"

        for page in (f"/dataset/{draft['name']}", path):
            body = app.get(page, headers=agency.headers).body
            assert texts(body, f".sd-state-todo a[href='{path}/kolom']")

    def test_a_document_is_marked_as_not_checked(self, app, agency, new_draft):
        draft = new_draft(agency, b"%PDF-1.7 contoh", filename="laporan.pdf")
        call_action("package_patch", id=draft["id"], state="active")

        page = app.get(f"/dataset/{draft['name']}").body

        assert len(texts(page, ".resource-item .sd-badge")) == 1
        assert not texts(page, ".sd-badge-ok, .sd-state-ok")

    def test_a_public_dataset_without_a_file_says_so(self, app, agency, new_draft):
        draft = new_draft(agency, table({SINTANG: 1}))
        call_action("resource_delete", id=draft["resources"][0]["id"])
        call_action("package_patch", id=draft["id"], state="active")

        page = app.get(f"/id/dataset/{draft['name']}").body

        assert any("Belum ada berkas" in text for text in texts(page, ".sd-state"))

    def test_another_definition_is_told_beside_the_figures(
        self, app, new_agency, new_draft, published, indicator
    ):
        sibling = call_action(
            "satudata_indicator_create",
            code=f"{indicator['code']}_LAIN",
            name="Kebutuhan menurut survei",
            konsep=indicator["konsep"],
            definition="Menurut survei rumah tangga.",
            ukuran="jumlah",
            unit="ton",
        )
        other = new_draft(
            new_agency(),
            table({SINTANG: 130}),
            schema=declaration(sibling["code"]),
            title="Hasil survei",
        )
        call_action("package_patch", id=other["id"], state="active")

        page = app.get(f"/dataset/{published['name']}").body

        assert "Menurut survei rumah tangga." in texts(page, ".sd-notes p")[0]
        assert texts(page, f".sd-notes a[href$='/dataset/{other['name']}']") == ["Hasil survei"]

    def test_titles_are_text_never_markup(self, app, agency, new_draft, indicator):
        draft = new_draft(
            agency,
            table({SINTANG: 1}),
            schema=declaration(indicator["code"]),
            title="<script>alert(1)</script>",
            filename="<b>x</b>.csv",
        )
        for path in ("", "/periksa", f"/resource/{draft['resources'][0]['id']}/kolom"):
            body = app.get(f"/dataset/{draft['name']}{path}", headers=agency.headers).body
            assert "<script>alert(1)" not in body
            assert "<b>x</b>" not in body
