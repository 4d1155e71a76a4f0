"""The actions about cases: what they take, what they tell, and to whom they tell nothing."""

from __future__ import annotations

import io
import json
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from werkzeug.datastructures import FileStorage

from ckanext.satudata.model.case import Case
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.tests.letterbox import Letterbox
from ckanext.satudata.tests.workflow.cases.scene import PERSON, Scene
from ckanext.satudata.tests.worlds import KECAMATAN, Table, act, agency, indicator, unique
from ckanext.satudata.workflow import duties
from ckanext.satudata.workflow.cases import telling

pytestmark = pytest.mark.usefixtures("portal")

FORM = {
    "applicant": "perorangan",
    **PERSON,
    "purpose": "Penelitian skripsi",
    "obtain": "salinan_digital",
    "delivery": "portal",
    "items": ["Harga beras per pasar 2024", "Harga beras per pasar 2025"],
}


@pytest.fixture
def scene(portal: None) -> Scene:
    return Scene()


def asked(scene: Scene, letterbox: Letterbox, **other: Any) -> dict[str, Any]:
    """A guest's request, confirmed by the link in the letter."""
    mail = f"{unique('surel')}@contoh.example"
    made = act("satudata_request_create", None, **{**FORM, "email": mail, **other})
    assert (made["confirm"], made["mailed"], made["number"]) == (True, True, None)
    [letter] = letterbox.to(mail)
    text = str(letter.get_content())
    token = text.split("/permintaan/konfirmasi/")[1].split()[0]
    return {**act("satudata_request_confirm", None, token=token), "mail": mail}


class TestGuest:
    def test_from_the_form_to_the_answer(self, scene: Scene, letterbox: Letterbox) -> None:
        made = asked(scene, letterbox)
        key = {"id": made["number"], "secret": made["secret"]}
        shown = act("satudata_case_show", None, **key)
        assert (shown["state"], shown["parts"]) == ("diajukan", ["pemohon"])
        assert [i["text"] for i in shown["items"]] == FORM["items"]
        ppid = scene.ppid.name
        act("satudata_case_move", ppid, id=made["id"], transition="nyatakan_lengkap")
        file = FileStorage(io.BytesIO(b"bulan,harga\n2025-01,14500\n"), filename="harga.csv")
        kept = act("satudata_case_file_create", ppid, id=made["id"], upload=file)
        first, second = (i["id"] for i in shown["items"])
        done = act(
            "satudata_case_move",
            ppid,
            id=made["id"],
            transition="jawab",
            note="Terlampir.",
            answers=[
                {"item": first, "how": "keterangan", "text": "Rp 14.000"},
                {"item": second, "how": "berkas", "attachment": kept["id"]},
            ],
        )
        assert done["state"] == "dijawab"
        mine = act("satudata_case_show", None, **key)
        [delivered] = mine["files"]
        assert delivered["filename"] == "harga.csv"
        wanted = {"id": delivered["id"]}
        found = act("satudata_attachment_show", None, **wanted, secret=made["secret"])
        assert found["id"] == delivered["id"]
        for who in (None, scene.other.user, scene.person.name):
            with pytest.raises(tk.NotAuthorized):
                act("satudata_attachment_show", who, **wanted)
        telling.deliver(utc_now())
        heads = [str(letter["subject"]) for letter in letterbox.to(made["mail"])]
        assert any(made["number"] in head for head in heads[1:])

    def test_the_law_asks_for_more(self) -> None:
        with pytest.raises(tk.ValidationError) as caught:
            act("satudata_request_create", None, items=["x"], applicant="badan_hukum")
        missing = set(caught.value.error_dict)
        assert {"name", "organization_name", "deed", "address", "email", "purpose"} <= missing
        assert "nik" not in missing
        with pytest.raises(tk.ValidationError) as caught:
            act("satudata_request_create", None, **{**FORM, "nik": "123"})
        assert set(caught.value.error_dict) == {"nik"}

    def test_who_asked_is_told_to_nobody(self, scene: Scene, letterbox: Letterbox) -> None:
        made = asked(scene, letterbox)
        ppid = scene.ppid.name
        act("satudata_case_move", ppid, id=made["id"], transition="nyatakan_lengkap")
        act(
            "satudata_case_move",
            ppid,
            id=made["id"],
            transition="disposisikan",
            organization=scene.agency.name,
        )
        mine = {"id": made["id"], "secret": made["secret"]}
        seen = [
            act("satudata_case_show", scene.agency.user, id=made["id"]),
            act("satudata_case_list", scene.agency.user),
            act("satudata_case_list", ppid),
            act("satudata_case_show", None, **mine),
        ]
        for told in seen:
            text = json.dumps(told)
            assert not [v for v in (*PERSON.values(), made["mail"]) if v in text]
        masked = act("satudata_case_show", ppid, id=made["id"])["person"]
        assert masked["name"] != PERSON["name"]
        assert act("satudata_case_show", scene.agency.user, id=made["id"])["person"] is None
        opened = act("satudata_case_identity", ppid, id=made["id"], why="Mengirim salinan cetak.")
        assert opened["name"] == PERSON["name"]

    def test_a_wrong_code_opens_nothing(self, scene: Scene, letterbox: Letterbox) -> None:
        made = asked(scene, letterbox)
        with pytest.raises(tk.ObjectNotFound):
            act("satudata_case_track", None, number=made["number"], secret="0000-0000-0000-0000")
        found = act("satudata_case_track", None, number=made["number"], secret=made["secret"])
        assert found["id"] == made["id"]
        with pytest.raises(tk.NotAuthorized):
            act("satudata_case_show", None, id=made["id"])

    def test_a_letter_that_cannot_go_out_is_told(self, scene: Scene) -> None:
        made = act("satudata_request_create", None, **FORM)
        assert (made["confirm"], made["mailed"]) == (True, False)


class TestGovernment:
    def test_only_for_ones_own_body(self, scene: Scene) -> None:
        form = {"lane": "pemerintah", "items": ["x"], "purpose": "Renstra", "obtain": "melihat"}
        with pytest.raises(tk.NotAuthorized):
            act("satudata_request_create", scene.person.name, **form)
        with pytest.raises(tk.ValidationError):
            act(
                "satudata_request_create",
                scene.other.user,
                **form,
                organization=scene.agency.name,
            )
        made = act("satudata_request_create", scene.other.user, **form)
        case = model.Session.get_one(Case, made["id"])
        assert (case.lane, case.body_id, case.identity_id) == ("pemerintah", scene.other.id, None)
        act("satudata_case_move", scene.walidata.name, id=made["id"], transition="izinkan")


class TestTogether:
    def test_the_second_officer_gets_a_clear_answer(self, scene: Scene) -> None:
        case = scene.request()
        data = {"id": case.id, "transition": "nyatakan_lengkap", "version": case.version}
        act("satudata_case_move", scene.ppid.name, **data)
        with pytest.raises(tk.ValidationError) as caught:
            act("satudata_case_move", scene.ppid.name, **data)
        assert "faster" in caught.value.error_dict["transition"][0]

    def test_an_objection_by_the_person_alone(self, scene: Scene) -> None:
        case = scene.handed()
        late = {"id": case.id, "grounds": ["c"], "text": "Tidak dijawab."}
        with pytest.raises(tk.NotAuthorized):
            act("satudata_objection_create", scene.ppid.name, **late)
        made = act("satudata_objection_create", scene.person.name, **late)
        shown = act("satudata_case_show", scene.person.name, id=made["id"])
        assert (shown["kind"], shown["parent"]["id"]) == ("keberatan", case.id)


class TestPublic:
    def test_what_everybody_reads_is_in_the_offices_words(self, scene: Scene) -> None:
        case = scene.request("Harga beras di warung Budi")
        with pytest.raises(tk.NotAuthorized):
            act("satudata_case_follow", scene.person.name, id="PI-0000-00000")
        act(
            "satudata_case_publish",
            scene.ppid.name,
            id=case.id,
            title="Harga beras eceran",
            question="Berapa harga beras eceran?",
        )
        other = scene.other.user
        assert act("satudata_case_follow", other, id=case.id) == {"follows": True}
        found = act("satudata_request_public_list", None)
        [popular] = [p for p in found["popular"] if p["id"] == case.id]
        assert popular["followers"] == 1
        assert "Budi" not in json.dumps(found)
        scene.move(case, "nyatakan_lengkap", scene.ppid)
        told = act("satudata_notice_list", other)["notices"]
        assert "kasus-diikuti" in {n["kind"] for n in told}
        assert act("satudata_case_follow", other, id=case.id, follow=False) == {"follows": False}

    def test_what_is_public_answers_first(self, scene: Scene) -> None:
        word = unique("komoditas").replace("-", "")
        who = agency("kasus-instansi")
        code = indicator(producer_org=who.name, name=f"Harga {word}")
        values = {region: float(n) for n, region in enumerate(KECAMATAN, 1)}
        made = who.published(Table(code, values), title=f"Harga {word} per kecamatan")
        draft = who.draft(title=f"Harga {word} rahasia")
        found = act("satudata_request_suggest", None, q=f"mohon data harga {word} tahun ini")
        assert {("dataset", made["id"]), ("indicator", code)} <= {
            (f["kind"], f["id"]) for f in found
        }
        assert draft["id"] not in {f["id"] for f in found}
        year = utc_now().year
        before = act("satudata_request_report", None, year=year)["self_answered"]
        act("satudata_request_answered", None, kind="dataset", id=made["name"])
        assert act("satudata_request_report", None, year=year)["self_answered"] == before + 1
        with pytest.raises(tk.ObjectNotFound):
            act("satudata_request_answered", None, kind="dataset", id=draft["id"])


class TestDuties:
    def test_cases_are_looked_at_before_letters_go_out(self) -> None:
        names = [duty.name for duty in duties.DUTIES]
        assert names.index("cases") < names.index("case-letters") < names.index("notices")
