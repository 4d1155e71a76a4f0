"""The pages of complaints and suggestions."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ckan import model

from ckanext.satudata.model.case import Case
from ckanext.satudata.tests.guarding import fields
from ckanext.satudata.tests.workflow.cases.reports import REGION, published
from ckanext.satudata.tests.worlds import agency, unique

pytestmark = pytest.mark.usefixtures("portal")

TYPED = {
    "kind": "pengaduan",
    "about": "layanan",
    "title": "Antrean di loket terlalu lama",
    "body": "Sudah tiga jam menunggu di loket dan tidak ada yang melayani.",
    "mode": "anonim",
    "name": "Bunga Contoh",
}


def post(app: Any, **typed: str) -> Any:
    """Send the form as a browser does."""
    return app.post(
        "/pengaduan/tulis", data={**fields(app.flask_app, "pengaduan"), **TYPED, **typed}
    )


class TestReporting:
    def test_an_anonymous_report_is_registered_with_a_code_shown_once(self, app: Any) -> None:
        page = post(app)
        number = re.search(r'id="sd-number">([^<]+)', page.body)
        assert number, page.body
        assert re.search(r'id="sd-secret">[0-9A-Z-]{19}<', page.body)
        case = model.Session.query(Case).filter(Case.number == number.group(1)).one()
        assert (case.identity_id, case.user_id) == (None, None)
        again = app.get(f"/pengaduan/{case.id}/terdaftar")
        assert "sd-secret" not in again.body

    def test_a_figure_named_by_the_address_is_the_one_reported(self, app: Any) -> None:
        figure = published(agency(unique("adu-halaman")), 40.0)
        named = {k: figure[k] for k in ("indicator", "period", "dataset")}
        page = app.get("/pengaduan/tulis", query_string={**named, "region": REGION})
        assert '<strong id="sd-reported">40</strong>' in page.body
        made = post(app, **named, region=REGION, about="angka")
        number = re.search(r'id="sd-number">([^<]+)', made.body)
        assert number, made.body
        case = model.Session.query(Case).filter(Case.number == number.group(1)).one()
        assert case.figure is not None
        assert case.figure["value"] == 40.0

    def test_what_is_missing_is_told_and_what_was_typed_stays(self, app: Any) -> None:
        page = post(app, body="Singkat.")
        assert TYPED["title"] in page.body
        assert "alert-danger" in page.body

    def test_a_request_goes_on_as_one_with_the_same_words(self, app: Any) -> None:
        page = post(app, kind="permintaan")
        assert "data-sd-steps" in page.body
        assert TYPED["body"] in page.body
        assert TYPED["name"] in page.body


class TestEntrance:
    def test_it_tells_how_long_things_take(self, app: Any) -> None:
        body = app.get("/pengaduan").body
        assert re.search(r"<td>60</td>", body)
