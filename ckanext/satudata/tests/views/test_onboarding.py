"""The pages people begin with: tour, guides on paper, accounts, progress."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from pypdf import PdfReader

from ckanext.satudata.demo.tables import as_csv
from ckanext.satudata.tests.worlds import act, agency, sysadmin, unique, walidata_editor
from ckanext.satudata.workflow.onboarding import guide

pytestmark = pytest.mark.usefixtures("portal")

A4 = (595, 842)


def headers(user: str) -> dict[str, str]:
    return {"Authorization": factories.APIToken(user=user)["token"]}


class TestGuides:
    @pytest.mark.parametrize("lang", ["id", "en"])
    @pytest.mark.parametrize("role", guide.ROLES)
    def test_each_is_two_pages_of_a4_with_the_texts_of_the_tour(
        self, role: str, lang: str, app: Any
    ) -> None:
        answer = app.get(f"/{lang}/satudata/pelatihan/panduan-{role}.pdf")
        pages = PdfReader(io.BytesIO(answer.data)).pages
        assert len(pages) == 2
        assert {(round(p.mediabox.width), round(p.mediabox.height)) for p in pages} == {A4}
        first, second = (" ".join(p.extract_text().split()) for p in pages)
        found = guide.of(role, lang)
        assert all(step.title in first for step in found.steps)
        assert all(question in second for question, _ in found.questions)

    @pytest.mark.parametrize("role", guide.ROLES)
    def test_each_step_opens_a_page_that_exists(self, role: str, app: Any) -> None:
        endpoints = {rule.endpoint for rule in app.flask_app.url_map.iter_rules()}
        assert {step.page for step in guide.of(role, "id").steps} <= endpoints


class TestTour:
    def test_it_is_offered_by_body_and_can_be_walked_and_skipped(self, app: Any) -> None:
        who = agency(unique("tur"))
        mine = headers(who.user)
        first = app.get("/id/satudata/pelatihan/tur", headers=mine)
        steps = guide.of("operator", "id").steps
        assert steps[0].title in first.body
        last = app.get(f"/id/satudata/pelatihan/tur?langkah={len(steps)}", headers=mine)
        assert steps[-1].title in last.body
        assert act("satudata_progress_show", who.user)["steps"]["tur"] is None
        app.post("/satudata/pelatihan/tur", headers=mine)
        assert act("satudata_progress_show", who.user)["steps"]["tur"]

    def test_the_walidata_sees_its_own(self, app: Any) -> None:
        page = app.get("/id/satudata/pelatihan/tur", headers=headers(walidata_editor()))
        assert guide.of("walidata", "id").title in page.body


class TestAccounts:
    def test_a_list_is_looked_at_and_then_carried_out(self, app: Any) -> None:
        body, who = agency(unique("akun")), f"{unique('orang')}@example.org"
        mine = headers(walidata_editor())
        factories.User(name=unique("ada"), email=who)
        rows = [["nama", "email", "instansi", "peran"], ["A", who, body.name, "editor"]]
        upload = (io.BytesIO(as_csv(rows)), "daftar.csv")
        page = app.post("/satudata/pelatihan/akun", headers=mine, data={"upload": upload})
        assert who in page.body
        found = BeautifulSoup(page.body, "html.parser").find("input", {"name": "people"})
        assert found is not None
        app.post("/satudata/pelatihan/akun/undang", headers=mine, data={"people": found["value"]})
        members = act("member_list", sysadmin(), id=body.id, object_type="user")
        assert len(members) == 3

    def test_what_is_wrong_is_told_by_row_and_column(self, app: Any) -> None:
        rows = [["nama", "email", "instansi", "peran"], ["A", "x", "tiada", "editor"]]
        upload = (io.BytesIO(as_csv(rows)), "daftar.csv")
        page = app.post(
            "/en/satudata/pelatihan/akun",
            headers=headers(walidata_editor()),
            data={"upload": upload},
        )
        assert "Row 2, column email" in page.body
        assert "Row 2, column instansi" in page.body


class TestProgress:
    def test_the_walidata_sees_everybody_and_takes_it_along(self, app: Any) -> None:
        who = agency(unique("maju"))
        act("satudata_tour_finish", who.user)
        mine = headers(walidata_editor())
        assert (
            f"Dinas {who.name}" in app.get("/satudata/pelatihan/akun/kemajuan", headers=mine).body
        )
        answer = app.get("/satudata/pelatihan/akun/kemajuan.csv", headers=mine)
        rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
        [row] = [r for r in rows if r["pengguna"] == who.user]
        assert row["tur"]
        assert row["akun"]
        assert not row["latihan-bersih"]
        assert row["instansi"] == f"Dinas {who.name}"


class TestOffer:
    def test_the_tour_is_offered_until_it_was_seen_or_skipped(self, app: Any) -> None:
        who, outsider = agency(unique("tur")), factories.User()["name"]
        mine = headers(who.user)
        assert 'id="tour-offer"' in app.get("/dashboard/datasets", headers=mine).body
        assert (
            'id="tour-offer"' not in app.get("/dashboard/datasets", headers=headers(outsider)).body
        )
        app.post("/satudata/pelatihan/tur", headers=mine)
        assert 'id="tour-offer"' not in app.get("/dashboard/datasets", headers=mine).body
