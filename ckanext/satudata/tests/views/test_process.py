"""The pages on which datasets come to the public."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories

from ckanext.satudata import config
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Agency,
    Table,
    act,
    agency,
    figures,
    indicator,
    sysadmin,
    walidata_editor,
)

FIRST, SECOND = dict.fromkeys(KECAMATAN, 100.0), dict.fromkeys(KECAMATAN, 555.0)
WHERE = (KECAMATAN[0], "2025")
GROUND = "Memuat rahasia dagang (UU 14/2008 Ps. 17 huruf b)."


@pytest.fixture(autouse=True)
def examined(portal: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tk.config, config.FIRST_PUBLICATION, "walidata")


@pytest.fixture
def dinas() -> Agency:
    return agency("proses-halaman")


def token(user: str) -> dict[str, str]:
    return {"Authorization": factories.APIToken(user=user)["token"]}


def draft(dinas: Agency, code: str) -> dict[str, Any]:
    dataset = dinas.draft()
    dinas.add(dataset["id"], Table(code, FIRST))
    return dataset


def page(app: Any, address: str, user: str | None = None) -> BeautifulSoup:
    headers = token(user) if user else {}
    return BeautifulSoup(app.get(address, headers=headers, status=200).body, "html.parser")


def press(app: Any, address: str, user: str, **form: Any) -> Any:
    return app.post(address, headers=token(user), data=form, follow_redirects=False)


class TestDataset:
    def test_a_draft_leads_to_submitting_instead_of_an_error(self, app: Any, dinas: Agency) -> None:
        dataset = draft(dinas, indicator())
        shown = page(app, f"/dataset/{dataset['name']}", dinas.user)
        assert shown.select_one(f"a.btn[href$='/dataset/{dataset['name']}/proses']")
        assert not shown.select("form[action$='/terbitkan']")
        answer = press(app, f"/dataset/{dataset['name']}/terbitkan", dinas.user)
        assert answer.headers["Location"].endswith(f"/dataset/{dataset['name']}/proses")

    def test_the_file_form_offers_no_publishing_that_would_fail(
        self, app: Any, dinas: Agency, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        dataset = dinas.draft()
        address = f"/dataset/{dataset['name']}/resource/new"
        assert not page(app, address, dinas.user).select("button[value=go-metadata]")
        monkeypatch.setitem(tk.config, config.FIRST_PUBLICATION, "langsung")
        assert page(app, address, dinas.user).select("button[value=go-metadata]")

    def test_who_presses_it_all_the_same_is_led_to_the_process(
        self, app: Any, dinas: Agency
    ) -> None:
        dataset = draft(dinas, indicator())
        answer = press(
            app,
            f"/dataset/{dataset['name']}/resource/new",
            dinas.user,
            save="go-metadata",
            id="",
            url="",
        )
        assert f"/dataset/{dataset['id']}/proses" in answer.body
        assert act("package_show", dinas.user, id=dataset["id"])["state"] == "draft"

    def test_the_form_refuses_changes_while_it_is_examined(self, app: Any, dinas: Agency) -> None:
        dataset = draft(dinas, indicator())
        act("satudata_process_submit", dinas.user, id=dataset["id"])
        texts = {k: v for k, v in dataset.items() if isinstance(v, str)}
        form = {**texts, "definisi": "Lain sama sekali.", "save": ""}
        answer = press(app, f"/dataset/edit/{dataset['name']}", dinas.user, **form)
        assert f"/dataset/{dataset['id']}/proses" in answer.body
        assert act("package_show", dinas.user, id=dataset["id"])["definisi"] != "Lain sama sekali."

    def test_comments_stand_beside_their_field_in_the_form(self, app: Any, dinas: Agency) -> None:
        dataset, walidata = draft(dinas, indicator()), walidata_editor()
        name = act("satudata_process_submit", dinas.user, id=dataset["id"])["id"]
        text = "Sebutkan <b>sumbernya</b>."
        act(
            "satudata_review_comment_create",
            walidata,
            id=dataset["id"],
            field="definisi",
            text=text,
        )
        act("satudata_process_move", walidata, id=name, transition="kembalikan", note="Perbaiki.")
        form = page(app, f"/dataset/edit/{dataset['name']}", dinas.user)
        (said,) = form.select(".sd-said")
        assert text in said.text
        assert said.find_parent("div").select("[name=definisi]")

    def test_the_public_is_told_who_answers_for_it(self, app: Any, dinas: Agency) -> None:
        dataset = draft(dinas, indicator())
        act("package_patch", sysadmin(), id=dataset["id"], state="active")
        assert "Kepala Dinas" in page(app, f"/dataset/{dataset['name']}").text


class TestProcess:
    def test_the_whole_way_by_its_buttons(self, app: Any, dinas: Agency) -> None:
        code, walidata = indicator(), walidata_editor()
        dataset = draft(dinas, code)
        address = f"/dataset/{dataset['name']}/proses"

        def buttons(user: str) -> dict[str, str]:
            forms = page(app, address, user).select(".sd-moves form")
            return {f["action"].rsplit("/", 1)[1]: f["action"] for f in forms}

        assert set(buttons(dinas.user)) == {"proses"}
        press(app, address, dinas.user, note="Mohon diperiksa.")
        assert set(buttons(dinas.user)) == {"tarik"}
        seen = buttons(walidata)
        assert set(seen) == {"mulai_periksa", "kembalikan", "setujui"}
        press(app, seen["kembalikan"], walidata, dataset=dataset["name"], note="Lengkapi.")
        assert set(buttons(dinas.user)) == {"proses"}
        press(app, address, dinas.user)
        press(app, seen["setujui"], walidata, dataset=dataset["name"])
        ready = buttons(dinas.user)
        assert set(ready) == {"tarik", "jadwalkan", "terbitkan"}
        press(app, ready["terbitkan"], dinas.user, dataset=dataset["name"])
        assert figures(code)[WHERE] == {100}
        timeline = page(app, address, dinas.user).select_one(".sd-timeline")
        assert timeline
        assert "Lengkapi." in timeline.text

    def test_the_walidata_sees_fields_and_columns_and_says_something(
        self, app: Any, dinas: Agency
    ) -> None:
        dataset, walidata = draft(dinas, indicator()), walidata_editor()
        act("satudata_process_submit", dinas.user, id=dataset["id"])
        address = f"/dataset/{dataset['name']}/proses"
        shown = page(app, address, walidata)
        (resource,) = act("package_show", dinas.user, id=dataset["id"])["resources"]
        table = shown.find(id=f"isi-{resource['id']}")
        assert table
        assert "Nilai" in table.text
        assert shown.find(id="isi-definisi")
        press(
            app,
            f"{address}/catatan",
            walidata,
            resource_id=resource["id"],
            column="Nilai",
            text="Satuannya?",
        )
        (said,) = page(app, address, dinas.user).select(f"#isi-{resource['id']} .sd-comment")
        assert "Satuannya?" in said.text
        form = said.select_one("form")
        assert form
        press(app, form["action"], dinas.user, dataset=dataset["name"])
        (said,) = page(app, address, dinas.user).select(f"#isi-{resource['id']} .sd-comment")
        assert not said.select("form")

    def test_incomplete_metadata_lead_to_their_fields(self, app: Any, dinas: Agency) -> None:
        dataset = dinas.draft(definisi="")
        dinas.add(dataset["id"], Table(indicator(), FIRST))
        answer = press(app, f"/dataset/{dataset['name']}/proses", dinas.user)
        found = BeautifulSoup(answer.body, "html.parser")
        assert found.select("a[href$='#field-definisi']")

    def test_what_the_check_holds_back_leads_to_the_report(self, app: Any, dinas: Agency) -> None:
        dataset = dinas.draft()
        dinas.add(dataset["id"], Table(indicator(), {**FIRST, KECAMATAN[0]: "seratus"}))
        answer = press(app, f"/dataset/{dataset['name']}/proses", dinas.user)
        assert "/satudata/laporan/" in answer.headers["Location"]


class TestWorklist:
    def test_several_are_approved_at_once(self, app: Any, dinas: Agency) -> None:
        walidata = walidata_editor()
        drafts = [draft(dinas, indicator()) for _ in range(2)]
        names = [act("satudata_process_submit", dinas.user, id=d["id"])["id"] for d in drafts]
        boxes = page(app, "/satudata/proses?state=diajukan", walidata).select("input[name=ids]")
        assert set(names) <= {b["value"] for b in boxes}
        answer = press(app, "/satudata/proses/setujui", walidata, ids=names)
        results = BeautifulSoup(answer.body, "html.parser").select(".sd-results .fa-check-circle")
        assert len(results) == 2
        shown = [act("satudata_process_show", dinas.user, id=d["id"])["state"] for d in drafts]
        assert shown == ["siap_terbit", "siap_terbit"]

    def test_producers_have_nothing_to_tick(self, app: Any, dinas: Agency) -> None:
        dataset = draft(dinas, indicator())
        act("satudata_process_submit", dinas.user, id=dataset["id"])
        shown = page(app, "/satudata/proses", dinas.user)
        assert shown.select(f"a[href$='/dataset/{dataset['name']}/proses']")
        assert not shown.select("input[name=ids]")


class TestHistory:
    def test_everybody_sees_the_former_file_and_figures(self, app: Any, dinas: Agency) -> None:
        code = indicator()
        dataset = draft(dinas, code)
        act("package_patch", sysadmin(), id=dataset["id"], state="active")
        (resource,) = act("package_show", dinas.user, id=dataset["id"])["resources"]
        upload = Table(code, SECOND).resource()["upload"]
        act("resource_update", dinas.user, **{**resource, "upload": upload})
        shown = page(app, f"/dataset/{dataset['name']}/riwayat")
        (link,) = shown.select(".sd-version-former a")
        former = app.get(link["href"], status=200)
        assert former.data == Table(code, FIRST).content()
        assert "attachment" in former.headers["Content-Disposition"]

    def test_no_file_of_what_is_not_public(self, app: Any, dinas: Agency) -> None:
        dataset = draft(dinas, indicator())
        act("package_patch", sysadmin(), id=dataset["id"], state="active")
        (version,) = act("satudata_version_list", None, id=dataset["id"])
        resource = version["files"][0]["resource_id"]
        address = f"/dataset/{dataset['id']}/riwayat/{version['id']}/{resource}"
        app.get(address, status=200)
        act("package_patch", dinas.user, id=dataset["id"], state="draft")
        assert app.get(address, status=None, follow_redirects=False).status_code in (302, 403, 404)
        app.get(address, headers=token(dinas.user), status=404)


class TestLimitedAccess:
    def test_the_public_page_states_the_ground(self, app: Any, dinas: Agency) -> None:
        dataset, walidata = draft(dinas, indicator()), walidata_editor()
        act("package_patch", sysadmin(), id=dataset["id"], state="active")
        shown = act("satudata_process_show", dinas.user, id=dataset["id"])["process"]
        address = f"/satudata/proses/{shown['id']}/batasi"
        press(app, address, walidata, dataset=dataset["name"], note=GROUND)
        answer = app.get(f"/dataset/{dataset['name']}", follow_redirects=False)
        assert f"/satudata/pembatasan#dataset-{dataset['name']}" in answer.headers["Location"]
        entry = page(app, "/satudata/pembatasan").find(id=f"dataset-{dataset['name']}")
        assert entry
        assert GROUND in entry.text
