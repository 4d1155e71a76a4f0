"""The pages on which the walidata keeps the list of indicators."""

from __future__ import annotations

import uuid
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from ckan.tests.helpers import call_action

from .forms import fields, texts

FORM = "form.sd-form"
NEW = "/satudata/indikator/baru"


@pytest.fixture
def walidata(portal) -> dict[str, str]:
    """Headers of one who may keep the list."""
    return {"Authorization": factories.SysadminWithToken()["token"]}


@pytest.fixture
def code() -> str:
    return f"LOK.UJI_{uuid.uuid4().hex[:12].upper()}"


def filled(code: str, **changes: Any) -> dict[str, Any]:
    return {
        "code": code,
        "name": "Kebutuhan Jagung",
        "konsep": f"Uji {uuid.uuid4().hex}",
        "definition": "Jagung yang diperlukan.",
        "ukuran": "massa",
        "unit": "Ton",
        "abs_tol": "0.5",
        **changes,
    }


def address(indicator: dict[str, Any], what: str) -> str:
    return f"/satudata/indikator/{indicator['code']}/{what}"


def show(indicator: dict[str, Any]) -> dict[str, Any]:
    return call_action("satudata_indicator_show", id=str(indicator["id"]))


class TestCreate:
    def test_what_was_filled_in_is_in_the_list(self, app, walidata, code):
        body = factories.Organization(jenis="dinas", urusan=["2.20"], tupoksi="Uji.")
        sent = filled(
            code,
            dimensions=["jenis_kelamin", "komoditas"],
            additive="on",
            producer_org=body["id"],
        )
        answer = app.post(NEW, data=sent, headers=walidata, follow_redirects=False)

        assert answer.headers["Location"].endswith(f"/satudata/indikator/{code}")
        made = call_action("satudata_indicator_show", id=code)
        assert (made["unit"], made["abs_tol"], made["rel_tol"]) == ("ton", 0.5, 0.0)
        assert made["dimensions"] == ["jenis_kelamin", "komoditas"]
        assert made["additive"] is True
        assert made["producer"]["id"] == body["id"]

    def test_errors_stand_at_their_fields_and_nothing_typed_is_lost(self, app, walidata, code):
        sent = filled(code, unit="karung goni", abs_tol="-1", dimensions=["komoditas"])
        page = app.post(NEW, data=sent, headers=walidata).body

        shown = BeautifulSoup(page, "html.parser")
        faulty = {e["id"].removesuffix("-error") for e in shown.select(f"{FORM} .error-block")}
        assert faulty == {"unit", "abs_tol"}
        assert {f["id"] for f in shown.select("[aria-invalid]")} == faulty
        assert [a["href"] for a in shown.select(".error-explanation a")] == ["#unit", "#abs_tol"]
        kept = fields(page, FORM)
        assert (kept["code"], kept["unit"], kept["ukuran"]) == (code, "karung goni", "massa")
        assert shown.select_one("#dimension-komoditas[checked]")
        with pytest.raises(tk.ObjectNotFound):
            call_action("satudata_indicator_show", id=code)

    def test_an_empty_form_names_what_is_needed(self, app, walidata):
        page = app.post(NEW, data={}, headers=walidata).body

        shown = BeautifulSoup(page, "html.parser")
        assert {a["href"] for a in shown.select(".error-explanation a")} >= {
            "#code",
            "#name",
            "#definition",
            "#ukuran",
            "#unit",
        }

    def test_form_is_protected_and_its_labels_belong_to_fields(self, app, walidata):
        shown = BeautifulSoup(app.get(NEW, headers=walidata).body, "html.parser")

        assert shown.select_one(f"{FORM} input[name=_csrf_token]")
        ids = {e["id"] for e in shown.select(f"{FORM} [id]")}
        assert {label["for"] for label in shown.select(f"{FORM} label")} <= ids


class TestWho:
    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("what", ["baru", "ubah", "status", "hapus"])
    def test_only_the_walidata(self, app, agency, indicator, what, method):
        path = NEW if what == "baru" else address(indicator, what)
        if method == "get" and what in ("status", "hapus"):
            app.get(path, headers=agency.headers, status=404)
            return
        getattr(app, method)(path, headers=agency.headers, status=403)
        assert show(indicator)["status"] == "active"

    def test_others_see_no_buttons(self, app, agency, indicator, walidata):
        for path in ("/satudata/indikator/", f"/satudata/indikator/{indicator['code']}"):
            links = "a[href*='/satudata/indikator/baru'], a[href$='/ubah']"
            assert texts(app.get(path, headers=agency.headers).body, links) == []
            assert texts(app.get(path, headers=walidata).body, links)


class TestUpdate:
    def test_without_public_figures_it_is_saved_at_once(self, app, walidata, indicator):
        page = app.get(address(indicator, "ubah"), headers=walidata).body
        sent = {**fields(page, FORM), "unit": "kg", "name": "Nama Baru", "definition_en": ""}
        app.post(address(indicator, "ubah"), data=sent, headers=walidata, follow_redirects=False)

        changed = show(indicator)
        assert (changed["unit"], changed["name"]) == ("kg", "Nama Baru")
        assert changed["definition_en"] == changed["definition"]

    def test_what_is_emptied_is_asked_for(self, app, walidata, indicator):
        sent = {**fields(app.get(address(indicator, "ubah"), headers=walidata).body, FORM)}
        page = app.post(
            address(indicator, "ubah"), data={**sent, "name": "", "unit": ""}, headers=walidata
        ).body

        shown = BeautifulSoup(page, "html.parser")
        assert [a["href"] for a in shown.select(".error-explanation a")] == ["#name", "#unit"]
        assert show(indicator)["name"] == indicator["name"]

    def test_effects_on_public_figures_are_shown_before_and_confirmed(
        self, app, walidata, indicator, published
    ):
        page = app.get(address(indicator, "ubah"), headers=walidata).body
        sent = {**fields(page, FORM), "definition": "Arti yang lain.", "abs_tol": "3"}

        page = app.post(address(indicator, "ubah"), data=sent, headers=walidata).body
        assert len(texts(page, ".sd-effects > ul li")) == 2
        assert texts(page, f".sd-effects a[href$='/dataset/{published['name']}']")
        assert show(indicator)["abs_tol"] == 0

        app.post(
            address(indicator, "ubah"),
            data=fields(page, FORM),
            headers=walidata,
            follow_redirects=False,
        )
        changed = show(indicator)
        assert (changed["abs_tol"], changed["definition"]) == (3.0, "Arti yang lain.")

    def test_a_confirmation_holds_for_what_was_shown_only(
        self, app, walidata, indicator, published
    ):
        page = app.get(address(indicator, "ubah"), headers=walidata).body
        sent = {**fields(page, FORM), "abs_tol": "3"}
        page = app.post(address(indicator, "ubah"), data=sent, headers=walidata).body
        page = app.post(
            address(indicator, "ubah"),
            data={**fields(page, FORM), "abs_tol": "300"},
            headers=walidata,
        ).body

        assert texts(page, ".sd-effects")
        assert show(indicator)["abs_tol"] == 0

    def test_unit_and_code_are_locked_and_refused(self, app, walidata, indicator, published):
        page = app.get(address(indicator, "ubah"), headers=walidata).body
        locked = BeautifulSoup(page, "html.parser").select("[readonly]")
        assert {f["name"] for f in locked} == {"code", "unit"}

        sent = {**fields(page, FORM), "unit": "kg"}
        page = app.post(address(indicator, "ubah"), data=sent, headers=walidata).body
        assert texts(page, "#unit-error")
        assert show(indicator)["unit"] == "ton"

    def test_an_unknown_one_is_not_found(self, app, walidata):
        app.get("/satudata/indikator/LOK.TIDAK_ADA/ubah", headers=walidata, status=404)


class TestStatus:
    def test_it_is_retired_and_taken_back(self, app, walidata, indicator):
        for status in ("retired", "active"):
            app.post(
                address(indicator, "status"),
                data={"status": status},
                headers=walidata,
                follow_redirects=False,
            )
            assert show(indicator)["status"] == status

    def test_a_retired_one_offers_no_template(self, app, indicator):
        path = f"/satudata/indikator/{indicator['code']}"
        assert texts(app.get(path).body, "#sd-template")

        call_action("satudata_indicator_update", id=indicator["code"], status="retired")

        page = app.get(path).body
        assert not texts(page, "#sd-template")
        assert texts(page, "h1 .sd-badge")

    def test_a_status_nobody_knows_is_a_bad_request(self, app, walidata, indicator):
        app.post(address(indicator, "status"), data={"status": ""}, headers=walidata, status=400)


class TestDelete:
    def test_one_without_figures_goes(self, app, walidata, indicator):
        page = app.get(address(indicator, "ubah"), headers=walidata).body
        assert texts(page, "form[action$='/hapus'] button")

        app.post(address(indicator, "hapus"), headers=walidata, follow_redirects=False)

        with pytest.raises(tk.ObjectNotFound):
            show(indicator)

    def test_one_with_figures_stays(self, app, walidata, indicator, published):
        page = app.get(address(indicator, "ubah"), headers=walidata).body
        assert not texts(page, "form[action$='/hapus']")

        app.post(address(indicator, "hapus"), headers=walidata, status=400)
        assert show(indicator)["has_figures"] is True


class TestFilters:
    def listed(self, app: Any, **asked: str) -> list[str]:
        query = "&".join(f"{k}={v}" for k, v in asked.items())
        return texts(app.get(f"/satudata/indikator/?{query}").body, ".sd-list .sd-strong")

    def test_by_status(self, app, indicator):
        code = indicator["code"]
        assert self.listed(app, q=code, status="active") == [indicator["name"]]
        assert self.listed(app, q=code, status="retired") == []

    def test_by_producer(self, app, agency, indicator):
        code = indicator["code"]
        assert self.listed(app, q=code, produsen="-") == [indicator["name"]]
        assert self.listed(app, q=code, produsen=agency.name) == []

        call_action("satudata_indicator_update", id=code, producer_org=agency.id)

        assert self.listed(app, q=code, produsen="-") == []
        assert self.listed(app, q=code, produsen=agency.name) == [indicator["name"]]
