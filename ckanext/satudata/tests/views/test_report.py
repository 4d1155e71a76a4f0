"""The report page and its files."""

from __future__ import annotations

import io
import json
from urllib.parse import urlsplit
from uuid import uuid4

import openpyxl
import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudata.tests.worlds import KABUPATEN, KECAMATAN, Table, act
from ckanext.satudata.tests.worlds import agency as worlds_agency
from ckanext.satudata.tests.worlds import indicator as worlds_indicator

from .conftest import SINTANG, declaration, table
from .forms import fields, texts


def signed_in(user: str) -> dict[str, str]:
    """Headers of a request by this user."""
    token = call_action("api_token_create", user=user, name=uuid4().hex)
    return {"Authorization": token["token"]}


@pytest.fixture
def report(app, agency, contradicting) -> str:
    """Path of the report that a refused publication left."""
    answer = app.post(
        f"/dataset/{contradicting['name']}/terbitkan",
        headers=agency.headers,
        follow_redirects=False,
    )
    assert answer.status_code == 302
    return urlsplit(answer.headers["Location"]).path


class TestShow:
    def test_it_names_the_object_both_values_and_both_agencies(
        self, app, agency, report, published, indicator
    ):
        page = app.get(report, headers=agency.headers).body

        assert len(texts(page, ".sd-verdict-blocked")) == 1
        assert len(texts(page, ".sd-finding-error")) == 1
        assert "Tempunak" in texts(page, ".sd-object")[0]
        assert [v.split()[0] for v in texts(page, ".sd-value")] == ["205.5", "250.5"]
        assert texts(page, ".sd-versus") == ["≠"]
        assert texts(page, ".sd-agency") == [agency.title, published["organization"]["title"]]
        assert texts(page, f".sd-side a[href$='/dataset/{published['name']}']") == [
            published["title"]
        ]
        assert "tabel.csv" in texts(page, ".sd-where")[0]

    def test_equal_values_are_shown_as_equal(self, app, agency, new_draft, published, indicator):
        call_action(
            "satudata_indicator_update",
            id=indicator["code"],
            producer_org=published["organization"]["id"],
        )
        draft = new_draft(agency, table({SINTANG: 100}), schema=declaration(indicator["code"]))

        page = app.post(f"/dataset/{draft['name']}/periksa", headers=agency.headers).body

        assert texts(page, "#kutipan-tanpa-sumber .sd-versus") == ["="]

    def test_values_follow_the_language(self, app, agency, report):
        page = app.get(f"/id{report}", headers=agency.headers).body

        assert [v.split()[0] for v in texts(page, ".sd-value")] == ["205,5", "250,5"]

    def test_one_rule_can_be_shown_alone(self, app, agency, report):
        other = app.get(f"{report}?aturan=nilai-berbeda", headers=agency.headers).body
        unknown = app.get(f"{report}?aturan=tidak-ada", headers=agency.headers).body

        assert texts(other, ".sd-rule") == texts(unknown, ".sd-rule")[:1]

    def test_strangers_may_not_see_it(self, app, new_agency, report):
        assert app.get(report, headers=new_agency().headers, status=403)

    def test_visitors_are_asked_to_log_in(self, app, report):
        answer = app.get(report, follow_redirects=False)

        assert answer.status_code == 302
        assert "/user/login" in answer.headers["Location"]

    def test_a_report_that_does_not_exist_looks_like_a_forbidden_one(self, app, agency):
        app.get(f"/satudata/laporan/{uuid4()}", headers=agency.headers, status=403)


class TestSums:
    """Of a sum that is not the total, one side is no cell but fourteen."""

    @pytest.fixture
    def parts(self) -> dict[str, float]:
        return dict.fromkeys(KECAMATAN, 10.0)

    def test_the_sum_is_called_a_sum(self, app, parts):
        holder = worlds_agency("uji-pemegang")
        code = worlds_indicator(producer_org=holder.id)
        dataset = holder.draft()
        holder.add(dataset["id"], Table(code, {KABUPATEN: 150.0, **parts}))

        shown = act("satudata_check", holder.user, id=dataset["id"], keep=True)
        page = app.get(f"/satudata/laporan/{shown['id']}", headers=signed_in(holder.user)).body

        assert texts(page, ".sd-agency") == ["Dinas uji-pemegang", "Sum of the parts (14)"]
        assert [v.split()[0] for v in texts(page, ".sd-value")] == ["150", "140"]

    def test_also_where_the_total_is_public_and_the_parts_are_new(self, app, parts):
        holder = worlds_agency("uji-pemegang")
        code = worlds_indicator(producer_org=holder.id)
        holder.published(Table(code, {KABUPATEN: 150.0}))
        dataset = holder.draft()
        holder.add(dataset["id"], Table(code, parts))

        shown = act("satudata_check", holder.user, id=dataset["id"], keep=True)
        page = app.get(f"/satudata/laporan/{shown['id']}", headers=signed_in(holder.user)).body

        assert texts(page, ".sd-agency") == ["Sum of the parts (14)", "Dinas uji-pemegang"]
        assert [v.split()[0] for v in texts(page, ".sd-value")] == ["140", "150"]


class TestEarlierPeriod:
    def test_the_card_says_which_period_it_compares_with(self, app):
        holder = worlds_agency("uji-pemegang")
        code = worlds_indicator(producer_org=holder.id)
        holder.published(
            Table(code, dict.fromkeys(KECAMATAN, 10.0), year="2024"), tahun_data="2024"
        )
        dataset = holder.draft()
        holder.add(
            dataset["id"], Table(code, {**dict.fromkeys(KECAMATAN, 10.0), KECAMATAN[0]: 90.0})
        )

        shown = act("satudata_check", holder.user, id=dataset["id"], keep=True)
        page = app.get(f"/satudata/laporan/{shown['id']}", headers=signed_in(holder.user)).body

        assert texts(page, ".sd-agency") == ["Dinas uji-pemegang", "The period before: 2024"]
        assert [v.split()[0] for v in texts(page, ".sd-value")] == ["90", "10"]


class TestDownload:
    def test_json_is_an_ess_validation_report(self, app, agency, report):
        answer = app.get(f"{report}.json", headers=agency.headers)

        assert answer.headers["Content-Type"].startswith("application/json")
        assert "nilai-berbeda" in json.dumps(json.loads(answer.body))

    def test_csv_opens_in_a_spreadsheet(self, app, agency, report):
        answer = app.get(f"{report}.csv", headers=agency.headers)

        assert answer.data.startswith(b"\xef\xbb\xbf")
        assert "205.5" in answer.body
        assert "attachment" in answer.headers["Content-Disposition"]

    def test_xlsx_has_a_row_per_finding(self, app, agency, report):
        answer = app.get(f"{report}.xlsx", headers=agency.headers)

        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
        shown = call_action("satudata_report_show", id=report.rsplit("/", 1)[1])
        assert sheet.max_row == 1 + len(shown["findings"])

    def test_strangers_may_not_download_it(self, app, new_agency, report):
        stranger = new_agency().headers

        for extension in ("json", "csv", "xlsx"):
            app.get(f"{report}.{extension}", headers=stranger, status=403)


class TestRefusalInForms:
    def test_the_edit_form_links_to_the_report(self, app, agency, contradicting):
        """CKAN's own way of publishing must lead to the report too, not show its bare id."""
        resource = contradicting["resources"][0]
        answer = app.post(
            f"/dataset/{contradicting['name']}/resource/new",
            headers=agency.headers,
            data={
                "id": resource["id"],
                "save": "go-metadata",
                "url": resource["url"],
                "url_type": "upload",
                "schema": resource["schema"],
            },
        )

        (newest,) = call_action("satudata_report_list", dataset_id=contradicting["id"], limit=1)
        assert texts(answer.body, f"a[href$='/satudata/laporan/{newest['id']}']")
        assert newest["id"] not in " ".join(texts(answer.body, ".error-explanation"))

    def test_a_file_refused_by_a_public_dataset_can_be_tried_again(
        self, app, agency, new_draft, indicator
    ):
        draft = new_draft(agency, table({SINTANG: 100}), schema=declaration(indicator["code"]))
        call_action("package_patch", id=draft["id"], state="active")
        undeclared = io.BytesIO(b"Kode;Nilai\n61.05.01;1\n61.05.02;2\n")

        page = app.post(
            f"/dataset/{draft['name']}/resource/new",
            headers=agency.headers,
            data={
                "id": "",
                "save": "go-dataset-complete",
                "url": "lain.csv",
                "url_type": "upload",
                "upload": (undeclared, "lain.csv"),
            },
            content_type="multipart/form-data",
        ).body

        (newest, *_) = call_action("satudata_report_list", dataset_id=draft["id"], limit=1)
        assert newest["blocked"]
        assert texts(page, f"a[href$='/satudata/laporan/{newest['id']}']")
        assert fields(page, "#resource-edit")["id"] == ""

    def test_forms_without_the_gate_keep_their_errors(self, app, portal):
        sysadmin = factories.SysadminWithToken()

        answer = app.post(
            "/group/new", data={"title": "Tanpa nama"}, headers={"Authorization": sysadmin["token"]}
        )

        assert texts(answer.body, ".error-explanation li")
        assert not texts(answer.body, ".error-explanation a")
