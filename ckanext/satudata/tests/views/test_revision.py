"""Revisions and joint releases through the web, as the people concerned use them."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.satudata.model.revision import Revision
from ckanext.satudata.tests.worlds import KECAMATAN, Table, figures
from ckanext.satudata.tests.worlds import indicator as new_indicator

from .forms import texts

FIRST = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}
SECOND = {**FIRST, KECAMATAN[0]: 555.0}
WHERE = (KECAMATAN[0], "2025")


@pytest.fixture
def code(agency):
    return new_indicator(producer_org=agency.name)


@pytest.fixture
def public(agency, new_draft, code):
    """A public dataset of the mandate holder."""
    file = Table(code, FIRST)
    draft = new_draft(agency, file.content(), schema=file.declaration())
    return call_action("package_patch", id=draft["id"], state="active")


@pytest.fixture
def cited(new_agency, new_draft, code, public):
    """Another agency, and its public dataset that repeats the figures."""
    other, file = new_agency(), Table(code, FIRST)
    draft = new_draft(other, file.content(), schema=file.declaration())
    return other, call_action("package_patch", id=draft["id"], state="active")


def prepare(app, agency, dataset, values, code):
    return app.post(
        f"/dataset/{dataset['name']}/revisi",
        headers=agency.headers,
        data={
            "resource_id": dataset["resources"][0]["id"],
            "note": "Angka tetap.",
            "upload": (io.BytesIO(Table(code, values).content()), "tabel.csv"),
        },
        content_type="multipart/form-data",
    ).body


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


class TestRevisionPage:
    def test_a_prepared_file_is_public_after_a_second_step(self, app, agency, public, code):
        page = prepare(app, agency, public, SECOND, code)
        assert "Angka tetap." in texts(page, ".sd-revision p")[0]
        assert figures(code)[WHERE] == {100}
        assert 'id="field-upload"' not in page

        revision = call_action("satudata_revision_list", dataset_id=public["id"])[0]
        app.post(f"/satudata/revisi/{revision['id']}/terbitkan", headers=agency.headers)
        assert figures(code)[WHERE] == {555}

    def test_the_dataset_page_says_that_something_waits(self, app, agency, public, code):
        prepare(app, agency, public, SECOND, code)
        link = f"a[href$='/dataset/{public['name']}/revisi']"
        inside = app.get(f"/dataset/{public['name']}", headers=agency.headers).body
        assert texts(inside, f".sd-state-draft {link}")
        assert not texts(app.get(f"/dataset/{public['name']}").body, link)

    def test_the_page_tells_its_script_how_far_work_is(self, app, agency, public, code):
        prepare(app, agency, public, SECOND, code)
        (revision,) = call_action("satudata_revision_list", dataset_id=public["id"])
        where = f"/satudata/revisi/{revision['id']}/kemajuan"

        def becomes(state: str, **values: object) -> dict[str, Any]:
            row = model.Session.get_one(Revision, revision["id"])
            for name, value in {"state": state, **values}.items():
                setattr(row, name, value)
            model.Session.commit()
            return app.get(where, headers=agency.headers).json

        page = f"/dataset/{public['name']}"
        region = f"[role=status][data-sd-progress='{where}']"
        assert not soup(app.get(page, headers=agency.headers).body).select(region)
        told = becomes("running", stage="read", done=1, total=3)
        (bar,) = soup(told["html"]).select("progress")
        assert (bar["value"], bar["max"], told["open"]) == ("1", "3", True)
        assert soup(app.get(page, headers=agency.headers).body).select(f"{region} progress")
        assert not soup(app.get(page).body).select("[data-sd-progress]")
        report = str(uuid.uuid4())
        told = becomes("refused", report_id=report)
        assert soup(told["html"]).select(f"a[href$='{report}']")
        assert (told["open"], soup(told["html"]).select("progress")) == (False, [])
        app.get(where, status=302, follow_redirects=False)

    def test_a_file_is_asked_for(self, app, agency, public):
        page = app.post(f"/dataset/{public['name']}/revisi", headers=agency.headers).body
        assert texts(page, ".alert-danger")

    def test_strangers_see_and_do_nothing(self, app, agency, new_agency, public, code):
        prepare(app, agency, public, SECOND, code)
        revision = call_action("satudata_revision_list", dataset_id=public["id"])[0]
        stranger = new_agency().headers
        app.get(f"/dataset/{public['name']}/revisi", headers=stranger, status=403)
        for step in ("terbitkan", "batal"):
            app.post(f"/satudata/revisi/{revision['id']}/{step}", headers=stranger, status=403)
        assert figures(code)[WHERE] == {100}

    def test_cancelled_it_makes_room_for_another(self, app, agency, public, code):
        prepare(app, agency, public, SECOND, code)
        revision = call_action("satudata_revision_list", dataset_id=public["id"])[0]
        page = app.post(f"/satudata/revisi/{revision['id']}/batal", headers=agency.headers).body
        assert 'id="field-upload"' in page
        assert call_action("satudata_revision_show", id=revision["id"])["state"] == "cancelled"


class TestPublishingLargeTables:
    @pytest.mark.ckan_config("ckanext.satudata.background_size", 0)
    def test_the_publish_button_leads_to_the_progress(self, app, agency, new_draft, code):
        file = Table(code, FIRST)
        draft = new_draft(agency, file.content(), schema=file.declaration())
        page = app.post(f"/dataset/{draft['name']}/terbitkan", headers=agency.headers).body
        assert texts(page, ".sd-revision")
        revision = call_action("satudata_revision_list", dataset_id=draft["id"])[0]
        assert revision["state"] == "queued"


class TestJointReleasePages:
    def test_those_released_so_far_are_listed_for_everybody(self, app, portal):
        assert texts(app.get("/satudata/rilis-bersama").body, "h1")

    def test_from_preparation_to_release(self, app, agency, public, cited, code):
        other, repeated = cited
        prepare(app, agency, public, SECOND, code)
        revision = call_action("satudata_revision_list", dataset_id=public["id"])[0]
        app.post(
            "/satudata/rilis-bersama",
            headers=agency.headers,
            data={"revision_id": revision["id"], "reason": "Angka tetap BPS."},
        )
        listed = app.get("/api/action/satudata_joint_release_list", headers=agency.headers)
        (joint,) = [
            j for j in listed.json["result"] if public["id"] == j["members"][0]["dataset_id"]
        ]
        path = f"/satudata/rilis-bersama/{joint['id']}"
        app.get(path, status=302, follow_redirects=False)
        page = app.get(path, headers=other.headers).body
        assert texts(page, f"a[href$='/dataset/{repeated['name']}/revisi']")

        prepare(app, other, repeated, SECOND, code)
        page = app.get(path, headers=other.headers).body
        assert texts(page, "form[action$='/ikut'] button")
        own = call_action("satudata_revision_list", dataset_id=repeated["id"])[0]
        app.post(f"{path}/ikut", headers=other.headers, data={"revision_id": own["id"]})
        app.post(f"{path}/terbitkan", headers=other.headers, status=403)
        app.post(f"{path}/terbitkan", headers=agency.headers)

        assert figures(code)[WHERE] == {555}
        assert "Angka tetap BPS." in texts(app.get(path).body, "h1")
        assert texts(app.get("/satudata/rilis-bersama").body, f"a[href$='{path}']")

        assert texts(app.get(path).body, f"a[href$='/dataset/{repeated['name']}']")
        call_action("package_patch", id=repeated["id"], private=True)
        page = app.get(path).body
        assert repeated["name"] not in page
        assert texts(page, f"a[href$='/dataset/{public['name']}']")
