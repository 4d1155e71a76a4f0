"""Requests: items, answers, promises, refusals, and objections with their deadlines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from ckan import model

from ckanext.satudata.model.case import Case
from ckanext.satudata.tests.worlds import KECAMATAN, Table, agency, indicator, unique
from ckanext.satudata.workflow.cases import cases, objections
from ckanext.satudata.workflow.cases.errors import Changed, Needs, NotAllowed

from .scene import MONDAY, Scene, user

pytestmark = pytest.mark.usefixtures("portal")

TEST = "Bila dibuka, penyidikan yang sedang berjalan akan terganggu; kepentingan umum lebih besar."


@pytest.fixture
def scene(portal: None) -> Scene:
    return Scene()


def published() -> dict[str, Any]:
    """A public dataset."""
    who = agency("kasus-instansi")
    values = {region: float(n) for n, region in enumerate(KECAMATAN, 1)}
    return who.published(Table(indicator(producer_org=who.name), values))


def answer_of(case: Case) -> list[tuple[str | None, str | None]]:
    return [(i.answer, i.ground) for i in cases.requests.items_of(case)]


def given(case: Case, position: int, how: str, **more: Any) -> list[dict[str, Any]]:
    item = cases.requests.items_of(case)[position - 1]
    return [{"item": item.id, "how": how, **more}]


class TestAnswers:
    def test_items_are_answered_one_by_one(self, scene: Scene) -> None:
        case = scene.handed("Harga 2024", "Harga 2025")
        operator = user(scene.agency.user)
        first = given(case, 1, "keterangan", text="Rp 14.000")
        scene.move(case, "jawab", operator, answers=first)
        assert (case.state, case.answered_at) == ("dijawab_sebagian", None)
        with pytest.raises(Changed):
            scene.move(case, "jawab", scene.ppid, answers=first)
        model.Session.rollback()
        second = given(case, 2, "keterangan", text="Rp 14.500")
        scene.move(case, "jawab", scene.ppid, answers=second)
        assert (case.state, case.outcome) == ("dijawab", "dipenuhi")
        assert case.answered_at == MONDAY
        assert case.due_on == date(2026, 11, 16)  # thirty working days to object

    def test_a_dataset_must_be_public(self, scene: Scene) -> None:
        case = scene.handed()
        draft = agency("kasus-instansi").draft(title=unique("Draf"))
        answers = given(case, 1, "dataset", dataset=draft["id"])
        with pytest.raises(Needs, match="dataset"):
            scene.move(case, "jawab", scene.ppid, answers=answers)
        model.Session.rollback()
        public = published()
        answers = given(case, 1, "dataset", dataset=public["name"])
        scene.move(case, "jawab", scene.ppid, answers=answers)
        assert cases.requests.items_of(case)[0].dataset_id == public["id"]

    def test_a_promise_names_a_day_to_come_and_is_kept(self, scene: Scene) -> None:
        case = scene.handed()
        past = given(case, 1, "janji", release_on=date(2026, 10, 5))
        with pytest.raises(Needs, match="past"):
            scene.move(case, "jawab", scene.ppid, answers=past)
        model.Session.rollback()
        day = date(2026, 11, 2)
        scene.move(case, "jawab", scene.ppid, answers=given(case, 1, "janji", release_on=day))
        assert (case.state, case.due_on, case.outcome) == ("dijanjikan", day, "dijanjikan")
        kept = given(case, 1, "keterangan", text="Sudah terbit.")
        scene.move(case, "penuhi_janji", user(scene.agency.user), answers=kept)
        assert (case.state, case.release_on) == ("dijawab", None)

    def test_a_file_has_to_be_attached(self, scene: Scene) -> None:
        case = scene.handed()
        with pytest.raises(Needs, match="attachment"):
            scene.move(case, "jawab", scene.ppid, answers=given(case, 1, "berkas"))
        model.Session.rollback()

    def test_the_agency_hands_in_and_the_ppid_answers(self, scene: Scene) -> None:
        case = scene.handed()
        operator = user(scene.agency.user)
        scene.move(case, "sampaikan_bahan", operator, note="Lihat tabel 3.")
        assert case.state == "siap_dijawab"
        told = cases.thread(case, scene.actor(scene.person, case))
        assert told == []  # what the agency wrote to the officer is no message to the person

    def test_the_wrong_agency_gives_it_back(self, scene: Scene) -> None:
        case = scene.handed()
        operator = user(scene.agency.user)
        scene.move(case, "kembalikan", operator, note="Harga dicatat dinas perdagangan.")
        assert (case.state, case.organization_id) == ("diproses", None)
        assert scene.actor(operator, case).parts == frozenset()

    def test_what_is_public_already_closes_it(self, scene: Scene) -> None:
        case = scene.request()
        scene.move(case, "terjawab_sendiri", scene.person, dataset=published()["id"])
        assert (case.state, case.outcome) == ("selesai", "terjawab_sendiri")


class TestRefusal:
    def test_only_with_a_ground_and_the_consequence_test(self, scene: Scene) -> None:
        case = scene.handed("a", "b")
        lacking = [(None, TEST, "ground"), ("z", TEST, "ground"), ("a", "x", "consequence")]
        for ground, test, what in lacking:
            params = {"ground": ground, "consequence": test}
            with pytest.raises(Needs, match=what):
                scene.move(case, "tolak", scene.ppid, note="Ditolak.", **params)
            model.Session.rollback()
        scene.move(case, "tolak", scene.ppid, note="Ditolak.", ground="a", consequence=TEST)
        assert (case.state, case.outcome, case.outcome_ground) == ("ditolak", "ditolak", "a")
        assert answer_of(case) == [("ditolak", "a")] * 2

    def test_no_agency_refuses(self, scene: Scene) -> None:
        case = scene.handed()
        operator = user(scene.agency.user)
        with pytest.raises(NotAllowed):
            scene.move(case, "tolak", operator, note="x", ground="a", consequence=TEST)
        model.Session.rollback()
        refusing = given(case, 1, "ditolak", ground="a", consequence=TEST)
        with pytest.raises(Needs, match="ground"):
            scene.move(case, "jawab", operator, answers=refusing)
        model.Session.rollback()

    def test_a_part_that_was_answered_stays_answered(self, scene: Scene) -> None:
        case = scene.handed("a", "b")
        scene.move(case, "jawab", scene.ppid, answers=given(case, 1, "keterangan", text="Ini."))
        scene.move(case, "tolak", scene.ppid, note="Sisanya.", ground="h", consequence=TEST)
        assert (case.state, case.outcome) == ("dijawab", "ditolak_sebagian")
        assert answer_of(case) == [("keterangan", None), ("ditolak", "h")]

    def test_the_government_lane_needs_no_ground_but_a_reason(self, scene: Scene) -> None:
        case = scene.government()
        with pytest.raises(Needs, match="note"):
            scene.move(case, "tolak_izin", scene.walidata)
        model.Session.rollback()
        scene.move(case, "tolak_izin", scene.walidata, note="Data mentah belum diperiksa.")
        assert (case.state, case.outcome_ground) == ("ditolak", None)


class TestObjection:
    def refused(self, scene: Scene) -> Case:
        case = scene.handed()
        return scene.move(case, "tolak", scene.ppid, note="Ditolak.", ground="a", consequence=TEST)

    def names(self, case: Case, days: int) -> set[str]:
        return {g.name for g in objections.open_grounds(case, MONDAY + timedelta(days=days))}

    def test_grounds_follow_from_what_happened(self, scene: Scene) -> None:
        waiting = scene.handed()
        assert self.names(waiting, 14) == set()  # the last day to answer
        assert self.names(waiting, 15) == set("bcefg")  # nobody answered
        assert self.names(self.refused(scene), 1) == set("abdef")

    def test_within_thirty_working_days(self, scene: Scene) -> None:
        case = self.refused(scene)
        last = (date(2026, 11, 16) - date(2026, 10, 5)).days
        assert self.names(case, last)
        assert not self.names(case, last + 1)
        with pytest.raises(Needs, match="grounds"):
            cases.lodge(case, ["a"], "Terlambat.", MONDAY + timedelta(days=last + 1))
        model.Session.rollback()

    def test_an_answer_that_came_late_is_a_ground(self, scene: Scene) -> None:
        case = scene.handed()
        late = MONDAY + timedelta(days=20)
        scene.move(case, "jawab", scene.ppid, late, answers=scene.answer(case))
        assert {"c", "g"} <= self.names(case, 21)

    def test_the_superior_upholds_and_the_request_is_answered_again(self, scene: Scene) -> None:
        case = self.refused(scene)
        later = MONDAY + timedelta(days=1)
        objection = cases.lodge(case, ["a"], "Data ini bukan rahasia.", later)
        model.Session.commit()
        assert (objection.number or "").startswith("KB-")
        assert objection.due_on == date(2026, 11, 17)
        assert objections.open_grounds(case, later) == []  # one at a time
        with pytest.raises(NotAllowed):
            scene.move(objection, "kabulkan", scene.ppid, note="x")
        model.Session.rollback()
        direction = "Berikan harga rata-rata tanpa nama pedagang."
        scene.move(objection, "kabulkan", scene.superior, later, note=direction)
        assert (objection.state, objection.outcome) == ("dikabulkan", "dikabulkan")
        assert objection.due_on == date(2026, 10, 26)  # fourteen to the Information Commission
        model.Session.refresh(case)
        assert (case.state, case.answered_at, case.outcome) == ("diproses", None, None)
        assert case.due_on == date(2026, 10, 20)
        assert answer_of(case) == [(None, None)]
        scene.move(case, "jawab", scene.ppid, later, answers=scene.answer(case))
        assert case.state == "dijawab"

    def test_a_dismissed_objection_leaves_the_request(self, scene: Scene) -> None:
        case = self.refused(scene)
        objection = cases.lodge(case, ["a"], "Bukan rahasia.", MONDAY)
        scene.move(objection, "tolak", scene.superior, note="Dasarnya tepat.")
        assert (objection.state, case.state) == ("ditolak", "ditolak")
        scene.move(objection, "sengketa", scene.person)
        assert objection.closed_at == MONDAY

    def test_it_is_followed_with_the_requests_code(self, scene: Scene) -> None:
        opened = cases.open_case(
            "permintaan", title="x", reporter=cases.Reporter(), items=["a"], now=MONDAY
        )
        late = MONDAY + timedelta(days=30)
        objection = cases.lodge(opened.case, ["c"], "Tidak dijawab.", late)
        found = cases.by_secret(objection.number or "", opened.secret)
        assert found is not None
        assert found.id == objection.id
        model.Session.rollback()
