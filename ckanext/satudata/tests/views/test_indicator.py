"""The pages of indicators."""

from __future__ import annotations

import io

import openpyxl

from .forms import texts


class TestList:
    def test_a_search_finds_by_code(self, app, indicator):
        page = app.get(f"/satudata/indikator/?q={indicator['code']}").body

        assert texts(page, ".sd-list a") == [indicator["name"]]

    def test_what_no_database_takes_is_no_server_error(self, app, portal):
        app.get("/satudata/indikator/?q=%00beras", status=200)
        app.get("/satudata/indikator/LOK%00", status=404)

    def test_nothing_found_is_said(self, app, portal):
        page = app.get("/satudata/indikator/?q=tidak-ada-sama-sekali").body

        assert texts(page, ".empty")


class TestShow:
    def test_it_shows_the_public_figures(self, app, published, indicator):
        page = app.get(f"/satudata/indikator/{indicator['code']}").body

        assert len(texts(page, ".sd-figures tbody tr")) == 2
        assert texts(page, f".sd-figures a[href$='/dataset/{published['name']}']")

    def test_figures_come_in_pages(self, app, published, indicator, monkeypatch):
        monkeypatch.setattr("ckanext.satudata.views.indicator.PAGE", 1)

        first = app.get(f"/satudata/indikator/{indicator['code']}").body
        assert len(texts(first, ".sd-figures tbody tr")) == 1
        assert texts(first, "a[href*='after=']")

    def test_a_mangled_address_is_a_bad_request(self, app, indicator):
        page = app.get(f"/satudata/indikator/{indicator['code']}?after=zz", status=400).body

        assert "zz" in page

    def test_an_unknown_code_is_not_found(self, app, portal):
        app.get("/satudata/indikator/LOK.TIDAK_ADA", status=404)


class TestTemplate:
    def test_it_is_a_workbook(self, app, indicator):
        answer = app.get(f"/satudata/indikator/{indicator['code']}/templat?periods=2025")

        assert "attachment" in answer.headers["Content-Disposition"]
        openpyxl.load_workbook(io.BytesIO(answer.data))

    def test_a_bad_period_is_told_on_the_page(self, app, indicator):
        page = app.get(f"/satudata/indikator/{indicator['code']}/templat?periods=kemarin").body

        assert "kemarin" in texts(page, ".alert-danger")[0]
