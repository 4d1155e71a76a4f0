"""The walidata's form on a report, and what the public sees of an exemption."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from ckan import model

from ckanext.satudata.tests.workflow.exemptions.scene import REASON, draft
from ckanext.satudata.tests.worlds import agency, walidata_editor
from ckanext.satudata.tests.worlds import indicator as new_indicator

from .forms import fields, texts
from .test_report import signed_in

FORM = "form[action$='/satudata/pengecualian']"


@pytest.fixture
def producer(portal):
    return agency("uji-kecuali")


@pytest.fixture
def walidata(portal):
    return walidata_editor()


@pytest.fixture
def held(app, producer):
    """A dataset that was held back for one column, and the path of its report."""
    resource = draft(producer, new_indicator())
    dataset = model.Package.get(resource["package_id"]).name
    answer = app.post(
        f"/dataset/{dataset}/terbitkan",
        headers=signed_in(producer.user),
        follow_redirects=False,
    )
    return dataset, resource, urlsplit(answer.headers["Location"]).path


class TestForm:
    def test_from_the_finding_to_the_public_note(self, app, producer, walidata, held):
        dataset, resource, report = held
        headers = signed_in(walidata)
        sent = fields(app.get(report, headers=headers).body, FORM)
        assert sent["column"] == "Kavling"

        answer = app.post(
            "/satudata/pengecualian",
            data={**sent, "reason": REASON},
            headers=headers,
            follow_redirects=False,
        )

        assert urlsplit(answer.headers["Location"]).path == report
        app.post(f"/dataset/{dataset}/terbitkan", headers=signed_in(producer.user))
        for path in (f"/dataset/{dataset}", f"/dataset/{dataset}/resource/{resource['id']}"):
            public = app.get(path).body
            (note,) = texts(public, ".sd-exemption")
            assert "Kavling" in note
            assert REASON in note
            assert not texts(public, ".sd-exemption form")

    def test_the_report_of_a_draft_leads_only_where_one_may_go(self, app, producer, walidata, held):
        links = "a[href*='/dataset/'], form[action*='/dataset/']"
        _, resource, report = held
        page = app.get(report, headers=signed_in(walidata)).body
        found = BeautifulSoup(page, "html.parser").select(links)
        assert not [e for e in found if resource["package_id"] in str(e)]

        page = app.get(report, headers=signed_in(producer.user)).body
        found = BeautifulSoup(page, "html.parser").select(links)
        paths = {
            urlsplit(e.get("href") or e["action"]).path
            for e in found
            if resource["package_id"] in str(e)
        }
        assert len(paths) > 1
        for path in paths:
            assert app.get(path, headers=signed_in(producer.user)).status_code == 200

    def test_revoking_makes_a_draft(self, app, producer, walidata, held):
        dataset, _, report = held
        headers = signed_in(walidata)
        sent = fields(app.get(report, headers=headers).body, FORM)
        app.post("/satudata/pengecualian", data={**sent, "reason": REASON}, headers=headers)
        app.post(f"/dataset/{dataset}/terbitkan", headers=signed_in(producer.user))

        page = app.get(f"/dataset/{dataset}", headers=headers).body
        asked = fields(page, ".sd-exemption form")
        (form,) = BeautifulSoup(page, "html.parser").select(".sd-exemption form")
        app.post(
            form["action"],
            data={**asked, "reason": REASON},
            headers=headers,
            follow_redirects=False,
        )

        assert app.get(f"/dataset/{dataset}", follow_redirects=False).status_code != 200
        assert model.Package.get(dataset).state == "draft"

    def test_the_producer_is_told_whom_to_ask_and_has_no_form(self, app, producer, held):
        page = app.get(f"/id{held[2]}", headers=signed_in(producer.user)).body
        assert not texts(page, FORM)
        assert "walidata" in texts(page, ".sd-advice")[0]

    def test_a_reason_is_asked_for(self, app, walidata, held):
        headers = signed_in(walidata)
        sent = fields(app.get(held[2], headers=headers).body, FORM)
        page = app.post("/satudata/pengecualian", data={**sent, "reason": "ya"}, headers=headers)
        assert any("sentence" in t for t in texts(page.body, ".alert"))

    @pytest.mark.parametrize("report", ["", "x", "../../"])
    def test_a_mangled_form_is_refused(self, app, walidata, report):
        answer = app.post(
            "/satudata/pengecualian", data={"report": report}, headers=signed_in(walidata)
        )
        assert answer.status_code == 400
