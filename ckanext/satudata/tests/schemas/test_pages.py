"""Forms and pages of datasets and activities."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudata.tests.factories import METADATA, Activity, Body, PublicDataset

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def token() -> dict[str, str]:
    return {"Authorization": factories.SysadminWithToken()["token"]}


def page(response: Any) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.body, "html.parser")


def links(soup: BeautifulSoup) -> dict[str, str]:
    """Field name -> link, of the errors in a page."""
    return {
        item["data-field-label"]: item.a["href"]
        for item in soup.select(".error-explanation li[data-field-label]")
        if item.a
    }


class TestDatasetForm:
    def test_every_field_has_its_input(self, app: Any, token: dict[str, str]) -> None:
        PublicDataset()  # there are an agency and an activity to choose
        soup = page(app.get("/dataset/new", headers=token))
        names = {tag.get("name") for tag in soup.select("#dataset-edit [name]")}
        assert {*METADATA, "title", "name", "owner_org", "private", "kegiatan"} <= names

    def test_what_is_saved_is_in_the_form_again(self, app: Any, token: dict[str, str]) -> None:
        dataset = PublicDataset(tahun_data=["2024", "2025"], rujukan=["satu", "dua <i>"])
        soup = page(app.get(f"/dataset/edit/{dataset['name']}", headers=token))
        assert soup.select_one("[name=tahun_data]")["value"] == "2024, 2025"
        assert soup.select_one("[name=rujukan]").text == "satu\ndua <i>"
        assert soup.select_one("[name=kategori][value=ekonomi-dan-industri]").has_attr("checked")
        assert soup.select_one("[name=ukuran] option[selected]")["value"] == METADATA["ukuran"]
        assert soup.select_one("[name=kegiatan] option[selected]")["value"] == dataset["kegiatan"]

    def test_form_sends_lists_as_lines_and_boxes(self, app: Any, token: dict[str, str]) -> None:
        dataset = PublicDataset()
        form = {**METADATA, "owner_org": dataset["owner_org"], "kegiatan": dataset["kegiatan"]}
        form |= {"name": dataset["name"], "title": "Judul", "private": "False", "save": ""}
        form |= {"_ckan_phase": "", "kategori": ["", "budaya-dan-agama"], "tahun_data": "2020-2022"}
        form |= {
            "klasifikasi_penyajian": "kecamatan\r\njenis kelamin\r\n",
            "level_estimasi": "desa",
        }
        app.post(f"/dataset/edit/{dataset['name']}", headers=token, data=form)
        saved = call_action("package_show", id=dataset["id"])
        assert saved["title"] == "Judul"
        assert saved["kategori"] == ["budaya-dan-agama"]
        assert saved["tahun_data"] == ["2020", "2021", "2022"]
        assert saved["klasifikasi_penyajian"] == ["kecamatan", "jenis kelamin"]
        assert saved["level_estimasi"] == ["desa"]

    def test_publishing_names_each_missing_field_with_a_way_to_it(
        self, app: Any, token: dict[str, str]
    ) -> None:
        draft = factories.Dataset(owner_org=Body()["id"], state="draft")
        soup = page(
            app.post(
                f"/dataset/{draft['name']}/resource/new",
                headers=token,
                data={"save": "go-metadata", "id": "", "url": ""},
            )
        )
        found = links(soup)
        assert found["satuan"] == f"/dataset/edit/{draft['name']}#field-satuan"
        assert len(found) > 20

    def test_links_lead_to_fields_that_are_there(self, app: Any, token: dict[str, str]) -> None:
        draft = factories.Dataset(owner_org=Body()["id"], state="draft")
        soup = page(app.get(f"/dataset/edit/{draft['name']}", headers=token))
        ids = {tag["id"] for tag in soup.select("#dataset-edit [id]")}
        wanted = {"notes", *METADATA, "kegiatan", "prioritas_tahun", "pembangun_indikator"}
        assert {f"field-{name}" for name in wanted} <= ids


class TestActivityForm:
    def test_pages_are_saved_one_by_one(self, app: Any, token: dict[str, str]) -> None:
        owner, name = Body()["id"], factories.Dataset.stub().name
        first = {"title": "Kompilasi", "name": name, "owner_org": owner, "_ckan_phase": "1"}
        response = app.post(
            "/kegiatan/new",
            headers=token,
            data={**first, "pkg_name": "", "save": ""},
            follow_redirects=False,
        )
        assert response.headers["location"].endswith(f"/kegiatan/new/{name}/2")
        app.post(
            f"/kegiatan/new/{name}/3",
            headers=token,
            data={
                "tujuan": "Tujuan",
                "variabel-0-nama": "Luas panen",
                "variabel-1-nama": "",
                "jadwal-0-tahap": "1",
                "jadwal-0-mulai": "2025-01-01",
                "save": "",
            },
        )
        activity = call_action("package_show", id=name)
        assert (activity["title"], activity["tujuan"]) == ("Kompilasi", "Tujuan")
        assert activity["variabel"] == [{"nama": "Luas panen"}]
        assert activity["jadwal"] == [{"tahap": "1", "mulai": "2025-01-01"}]

    def test_editing_a_draft_keeps_the_other_pages(self, app: Any, token: dict[str, str]) -> None:
        draft = Activity(tujuan="Tujuan")
        soup = page(app.get(f"/kegiatan/edit/{draft['name']}", headers=token))
        form = soup.select_one("#dataset-edit")
        assert form["action"] == f"/kegiatan/new/{draft['id']}/1"
        app.post(form["action"], headers=token, data={"title": "Baru", "save": ""})
        saved = call_action("package_show", id=draft["id"])
        assert (saved["title"], saved["tujuan"], saved["state"]) == ("Baru", "Tujuan", "draft")

    def test_errors_lead_to_the_page_that_holds_the_field(
        self, app: Any, token: dict[str, str]
    ) -> None:
        draft = Activity()
        soup = page(app.post(f"/dataset/{draft['name']}/terbitkan", headers=token))
        found = links(soup)
        assert found["tujuan"] == f"/kegiatan/new/{draft['name']}/3#field-tujuan"
        assert found["metode_analisis"] == f"/kegiatan/new/{draft['name']}/7#field-metode_analisis"

    def test_unpublishing_from_any_page(self, app: Any, token: dict[str, str]) -> None:
        activity = Activity()
        call_action("package_patch", id=activity["id"], state="active", private=True)
        soup = page(app.get(f"/kegiatan/edit/{activity['name']}/2", headers=token))
        button = soup.select_one("button.btn-warning")
        form = soup.select_one("#dataset-edit")
        app.post(form["action"], headers=token, data={button["name"]: button["value"]})
        assert call_action("package_show", id=activity["id"])["state"] == "draft"


class TestReading:
    def test_metadata_by_topic_without_blanks(self, app: Any) -> None:
        dataset = PublicDataset(sumber="Laporan <b>tahunan</b>")
        soup = page(app.get(f"/dataset/{dataset['name']}"))
        table = soup.select_one(".additional-info")
        labels = {th.text.strip() for th in table.select("th[scope=row]")}
        assert "Definition (4)" in labels
        assert "Next update" not in labels
        assert "Laporan <b>tahunan</b>" in table.text
        assert [th.text for th in table.select("th[scope=rowgroup]")] == [
            "Identity",
            "Indicator (MS-Ind)",
            "Coverage and schedule",
            "Source and contact",
        ]

    def test_private_activity_is_not_named_to_the_public(self, app: Any) -> None:
        dataset = PublicDataset(kegiatan=Activity(title="Rahasia Kegiatan")["id"])
        assert "Rahasia Kegiatan" not in app.get(f"/dataset/{dataset['name']}").body


class TestBesideADataset:
    def test_producer_is_shown_with_kind_role_and_contact(self, app: Any) -> None:
        body = Body(title="Dinas Contoh", description="Tentang pangan.", telepon="0565 21000")
        dataset = PublicDataset(owner_org=body["id"])
        soup = page(app.get(f"/dataset/{dataset['name']}")).select_one("#organization-info")
        assert soup.select_one(".heading").text.strip() == "Dinas Contoh"
        assert "Tentang pangan." in soup.text
        assert "0565 21000" in soup.text
        assert soup.select_one(".sd-kind").text.count("·") == len(body["peran"])
