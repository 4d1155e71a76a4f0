"""Checks without publishing."""

from __future__ import annotations

import io

from ckan.tests.helpers import call_action

from .conftest import SINTANG, TEMPUNAK, declaration, table
from .forms import texts


class TestDataset:
    def test_the_button_leads_to_a_kept_report(self, app, agency, contradicting):
        answer = app.post(
            f"/dataset/{contradicting['name']}/periksa",
            headers=agency.headers,
            follow_redirects=False,
        )

        (kept,) = call_action("satudata_report_list", dataset_id=contradicting["id"])
        assert kept["kind"] == "check"
        assert answer.headers["Location"].endswith(f"/satudata/laporan/{kept['id']}")

    def test_nothing_becomes_public(self, app, agency, new_draft, indicator):
        draft = new_draft(agency, table({SINTANG: 1}), schema=declaration(indicator["code"]))

        app.post(f"/dataset/{draft['name']}/periksa", headers=agency.headers)

        assert call_action("package_show", id=draft["id"])["state"] == "draft"
        found = call_action("satudata_observation_list", indicator=indicator["code"])
        assert found["results"] == []

    def test_the_reports_so_far_are_listed(self, app, agency, contradicting):
        app.post(f"/dataset/{contradicting['name']}/periksa", headers=agency.headers)
        app.post(f"/dataset/{contradicting['name']}/terbitkan", headers=agency.headers)

        page = app.get(f"/dataset/{contradicting['name']}/periksa", headers=agency.headers).body

        assert len(texts(page, ".sd-list li")) == 2

    def test_strangers_may_not_check(self, app, new_agency, published):
        stranger = new_agency().headers

        app.post(f"/dataset/{published['name']}/periksa", headers=stranger, status=403)
        app.get(f"/dataset/{published['name']}/periksa", headers=stranger, status=403)


class TestFile:
    def upload(self, app, agency, content, filename="tabel.csv", **data):
        return app.post(
            "/satudata/periksa",
            headers=agency.headers,
            data={
                "organization_id": agency.id,
                "upload": (io.BytesIO(content), filename),
                **data,
            },
        )

    def test_a_table_confirmed_before_is_understood(
        self, app, agency, new_draft, published, indicator
    ):
        """The file is read as the agency's last table with the same header was."""
        content = f"kode,jumlah,tahun\n{SINTANG},100,2025\n{TEMPUNAK},999,2025\n".encode()
        with_period = declaration(indicator["code"])
        (period,) = with_period.pop("extraFields")
        with_period["fields"].append(
            {"name": "tahun", "type": "string", "satudata": period["satudata"]}
        )
        draft = new_draft(agency, content)
        call_action(
            "satudata_declaration_confirm",
            id=draft["resources"][0]["id"],
            declaration=with_period,
        )

        page = self.upload(app, agency, content).body

        assert [v.split()[0] for v in texts(page, ".sd-value")] == ["999", "250.5"]

    def test_a_table_nobody_explained_is_held_back(self, app, agency):
        page = self.upload(app, agency, b"a;b;c\n1;2;3\n4;5;6\n7;8;9\n").body

        assert texts(page, "#tanpa-deklarasi")

    def test_a_missing_file_is_asked_for_on_the_field(self, app, agency):
        page = self.upload(app, agency, b"", filename="").body

        assert texts(page, "#field-upload-help + .error-block")

    def test_it_is_for_ones_own_agency_only(self, app, agency, new_agency):
        app.post(
            "/satudata/periksa",
            headers=agency.headers,
            data={
                "organization_id": new_agency().id,
                "upload": (io.BytesIO(b"a,b\n1,2\n"), "a.csv"),
            },
            status=403,
        )

    def test_visitors_are_asked_to_log_in(self, app):
        answer = app.get("/satudata/periksa", follow_redirects=False)

        assert "/user/login" in answer.headers["Location"]
