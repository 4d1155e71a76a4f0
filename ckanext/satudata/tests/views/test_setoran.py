"""The pages of setoran: what they show to whom, and what their forms do."""

from __future__ import annotations

import io
import json
from typing import Any

import openpyxl
import pytest
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

from ckanext.satudata.tests.workflow.setoran.scene import PERIOD, Scene, operator_of, scene
from ckanext.satudata.tests.worlds import KECAMATAN, act, indicator

FIRST, SECOND = KECAMATAN[0], KECAMATAN[1]

pytestmark = pytest.mark.usefixtures("portal")


def _as(user: str) -> dict[str, str]:
    return {"Authorization": factories.APIToken(user=user)["token"]}


@pytest.fixture
def one() -> Scene:
    return scene((FIRST, SECOND))


class TestIndex:
    def test_a_kecamatan_sees_what_it_owes_and_no_button_to_ask_others(
        self, app: Any, one: Scene
    ) -> None:
        page = app.get("/satudata/setoran", headers=_as(operator_of(FIRST))).body
        assert f"/satudata/setoran/isi/{one.setoran(FIRST).id}" in page
        assert f"/satudata/setoran/isi/{one.setoran(SECOND).id}" not in page
        assert "kewajiban-baru" not in page

    def test_an_agency_sees_what_it_receives(self, app: Any, one: Scene) -> None:
        page = app.get("/satudata/setoran", headers=_as(one.receiver.user)).body
        assert f"/satudata/setoran/kewajiban/{one.obligation}" in page
        assert "kewajiban-baru" in page

    def test_visitors_sign_in_first(self, app: Any) -> None:
        answer = app.get("/satudata/setoran", follow_redirects=False)
        assert answer.status_code == 302
        assert "/user/login" in answer.headers["Location"]


class TestGrid:
    def _form(self, one: Scene, text: str, **other: str) -> dict[str, str]:
        return {f"text:{FIRST}:": text, f"version:{FIRST}:": "0", **other}

    def test_the_form_alone_saves_and_hands_in(self, app: Any, one: Scene) -> None:
        address = f"/satudata/setoran/isi/{one.setoran(FIRST).id}"
        headers = _as(operator_of(FIRST))
        app.post(address, headers=headers, data=self._form(one, "12,5", action="save"))
        assert one.setoran(FIRST).state == "diisi"
        sent = {f"text:{FIRST}:": "12,5", "action": "submit", "responsible": "Camat"}
        app.post(address, headers=headers, data=sent)
        assert one.setoran(FIRST).state == "dikirim"

    def test_what_is_wrong_stands_beside_what_was_typed(self, app: Any, one: Scene) -> None:
        address = f"/satudata/setoran/isi/{one.setoran(FIRST).id}"
        data = self._form(one, "<b>banyak</b>", action="submit", responsible="Camat <i>")
        page = app.post(address, headers=_as(operator_of(FIRST)), data=data).body
        assert 'role="alert"' in page
        assert "&lt;b&gt;banyak" in page
        assert "<b>banyak" not in page
        assert "Camat <i>" not in page
        assert one.setoran(FIRST).state == "diisi"

    def test_saving_while_typing_answers_with_what_the_rules_say(
        self, app: Any, one: Scene
    ) -> None:
        address = f"/satudata/setoran/isi/{one.setoran(FIRST).id}/simpan"
        cells = json.dumps([{"region": FIRST, "text": "-3", "version": 0}])
        found = app.post(address, headers=_as(operator_of(FIRST)), data={"cells": cells}).json
        assert found["cells"][0]["remarks"][0]["rule"] == "di-luar-batas"
        assert found["conflicts"] == []

    def test_the_agency_reads_and_does_not_write(self, app: Any, one: Scene) -> None:
        one.write(FIRST, "5")
        one.submit(FIRST)
        address = f"/satudata/setoran/isi/{one.setoran(FIRST).id}"
        page = app.get(address, headers=_as(one.receiver.user)).body
        assert "/terima" in page
        assert "/tanya" in page
        assert f"text:{FIRST}:" not in page

    def test_question_and_answer_go_through_the_page(self, app: Any, one: Scene) -> None:
        one.write(FIRST, "5")
        one.submit(FIRST)
        address = f"/satudata/setoran/isi/{one.setoran(FIRST).id}"
        asked = {"region": FIRST, "classification": "", "text": "Benarkah?"}
        app.post(f"{address}/tanya", headers=_as(one.receiver.user), data=asked)
        assert one.setoran(FIRST).state == "ditanyakan"
        told = {**asked, "text": "Benar, panen raya."}
        page = app.post(f"{address}/jawab", headers=_as(operator_of(FIRST)), data=told).body
        assert "Benar, panen raya." in page


class TestTemplate:
    def _filled(self, app: Any, one: Scene, value: Any) -> io.BytesIO:
        address = f"/satudata/setoran/isi/{one.setoran(FIRST).id}/templat"
        answer = app.get(address, headers=_as(operator_of(FIRST)))
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
        sheet = book.worksheets[0]
        names = {cell.value: cell.column for row in sheet.iter_rows() for cell in row}
        row = next(cell.row for cells in sheet.iter_rows() for cell in cells if cell.value == FIRST)
        sheet.cell(row, names["nilai"]).value = value
        out = io.BytesIO()
        book.save(out)
        out.seek(0)
        return out

    def test_comes_back_into_the_grid(self, app: Any, one: Scene) -> None:
        file = self._filled(app, one, 1234.5)
        address = f"/satudata/setoran/isi/{one.setoran(FIRST).id}/unggah"
        headers = _as(operator_of(FIRST))
        app.post(address, headers=headers, data={"upload": (file, "setoran.xlsx")})
        grid = act("satudata_setoran_show", operator_of(FIRST), id=one.setoran(FIRST).id)
        assert [c["value"] for c in grid["cells"]] == ["1234.5"]

    def test_of_another_indicator_is_refused(self, app: Any, one: Scene) -> None:
        other = scene((FIRST,), code=indicator())
        file = FileStorage(self._filled(app, other, 5), filename="setoran.xlsx")
        address = f"/satudata/setoran/isi/{one.setoran(FIRST).id}/unggah"
        data = {"upload": (file.stream, "setoran.xlsx")}
        page = app.post(address, headers=_as(operator_of(FIRST)), data=data).body
        assert 'role="alert"' in page
        assert one.setoran(FIRST).version == 0


class TestAgency:
    def test_matrix_recap_and_origin_lead_to_each_other(self, app: Any) -> None:
        one = scene()
        for region in KECAMATAN:
            one.write(region, "2")
            one.submit(region)
        headers = _as(one.receiver.user)
        root = f"/satudata/setoran/kewajiban/{one.obligation}"
        recap = f"{root}/rekap?periode={PERIOD}"
        assert f"rekap?periode={PERIOD}" in app.get(root, headers=headers).body

        every = [f"{one.setoran(r).id}:{one.setoran(r).version}" for r in KECAMATAN]
        sent = {"period": PERIOD, "setoran": every}
        app.post(f"{root}/terima", headers=headers, data=sent)
        assert {s.state for s in one.all()} == {"diterima"}
        assert "28" in app.get(recap, headers=headers).body
        app.post(f"{root}/rekap", headers=headers, data={"period": PERIOD})
        dataset = act("satudata_obligation_show", one.receiver.user, id=one.obligation)["dataset"]
        page = app.get(f"/dataset/{dataset}", headers=headers).body
        name = act("package_show", one.receiver.user, id=dataset)["name"]
        assert f"/satudata/setoran/asal/{name}" in page
        origins = app.get(f"/satudata/setoran/asal/{name}", headers=headers).body
        assert f"periode={PERIOD}&amp;wilayah={FIRST}" in origins
        cell = f"/satudata/setoran/asal/{name}/angka?periode={PERIOD}&wilayah={FIRST}"
        assert "Camat Uji" in app.get(cell, headers=headers).body

    def test_the_form_makes_and_changes_an_obligation(self, app: Any, one: Scene) -> None:
        headers = _as(one.receiver.user)
        code = indicator(producer_org=one.receiver.name)
        sent = {
            "indicator": code,
            "organization": one.receiver.name,
            "frequency": "tahunan",
            "level": "kecamatan",
            "due_days": "7",
            "regions": [FIRST],
            "active_from": "2030-01-01",
        }
        app.post("/satudata/setoran/kewajiban-baru", headers=headers, data=sent)
        listed = act("satudata_obligation_list", one.receiver.user)
        (made,) = (o for o in listed if o["indicator"] == code)
        assert (made["due_days"], [r["code"] for r in made["regions"]]) == (7, [FIRST])
        address = f"/satudata/setoran/kewajiban/{made['id']}/ubah"
        app.post(address, headers=headers, data={**sent, "due_days": "9", "method": "jumlah"})
        shown = act("satudata_obligation_show", one.receiver.user, id=made["id"])
        assert (shown["due_days"], shown["regions"]) == (9, made["regions"])
        page = app.post(address, headers=headers, data={**sent, "due_days": "banyak"}).body
        assert "is-invalid" in page
