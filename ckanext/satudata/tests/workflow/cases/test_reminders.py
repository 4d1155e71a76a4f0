"""Reminders before and after, escalation, and what closes when nobody reacts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.case import Case
from ckanext.satudata.model.notice import Notice
from ckanext.satudata.workflow import tasks
from ckanext.satudata.workflow.cases import cases, reminders

from .scene import MONDAY, Scene, user

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def scene(portal: None) -> Scene:
    return Scene()


def told(case: Case, name: str) -> list[str]:
    """Reminders about a case that somebody got."""
    rows = model.Session.scalars(
        sa.select(Notice.kind)
        .where(
            Notice.subject_id == case.id,
            Notice.user_id == user(name).id,
            Notice.kind.not_in(("kasus-giliran", "kasus-kabar")),
        )
        .order_by(Notice.id)
    )
    return list(rows)


def on(days: int) -> datetime:
    return MONDAY + timedelta(days=days)


class TestReminders:
    def test_an_agencys_overdue_week(self, scene: Scene) -> None:
        case = scene.handed()  # to be answered until Monday, two weeks later
        agency, ppid = scene.agency.user, scene.ppid.name
        reminders.run(on(9))
        assert told(case, agency) == []
        for day in (10, 10, 11, 12, 13):  # Thursday to Sunday: once
            reminders.run(on(day))
        assert told(case, agency) == ["kasus-segera"]
        reminders.run(on(14))
        assert told(case, agency)[1:] == ["kasus-hari-ini"]
        reminders.run(on(15))
        reminders.run(on(15))
        assert told(case, agency)[2:] == ["kasus-terlambat"]
        assert told(case, ppid) == []
        reminders.run(on(16))
        assert told(case, ppid) == ["kasus-eskalasi"]
        assert told(case, scene.walidata.name) == ["kasus-eskalasi"]
        reminders.run(on(30))
        assert told(case, ppid) == ["kasus-eskalasi"]

    def test_an_extension_begins_anew(self, scene: Scene) -> None:
        case = scene.handed()
        reminders.run(on(14))
        scene.move(case, "perpanjang", scene.ppid, on(14), note="Masih direkap.")
        reminders.run(on(23))
        assert told(case, scene.agency.user) == ["kasus-hari-ini", "kasus-hari-ini"]

    def test_a_promise_that_is_not_kept_is_late(self, scene: Scene) -> None:
        case = scene.handed()
        promised = scene.answer(case, "janji", release_on=on(28).date())
        scene.move(case, "jawab", scene.ppid, answers=promised)
        reminders.run(on(28))
        reminders.run(on(29))
        assert told(case, scene.agency.user) == ["kasus-hari-ini", "kasus-terlambat"]


class TestSilence:
    def test_an_answer_nobody_objects_to_closes_the_request(self, scene: Scene) -> None:
        case = scene.handed()
        scene.move(case, "jawab", scene.ppid, answers=scene.answer(case))
        due = case.due_on
        assert due is not None
        last = MONDAY + (due - MONDAY.date())
        reminders.run(last)
        assert model.Session.get_one(Case, case.id).state == "dijawab"
        reminders.run(last + timedelta(days=1))
        assert model.Session.get_one(Case, case.id).state == "selesai"

    def test_what_is_not_completed_is_archived(self, scene: Scene) -> None:
        case = scene.request()
        scene.move(case, "minta_lengkapi", scene.ppid, note="Sebutkan tahunnya.")
        reminders.run(on(60))
        assert model.Session.get_one(Case, case.id).state == "diarsipkan"

    def test_a_reporter_who_does_not_react_has_no_more_to_say(self, scene: Scene) -> None:
        made = cases.open_case(
            "pengaduan", title="Jalan", reporter=cases.Reporter(mode="anonim"), now=MONDAY
        )
        walidata = scene.walidata
        scene.move(made.case, "verifikasi", walidata, **{"class": "normatif"})
        scene.move(made.case, "disposisikan", walidata, organization=scene.agency.id)
        scene.move(made.case, "jawab", user(scene.agency.user), note="Sudah diperbaiki.")
        reminders.run(on(14))
        assert model.Session.get_one(Case, made.case.id).state == "tanggapan_pelapor"
        reminders.run(on(15))
        assert model.Session.get_one(Case, made.case.id).state == "selesai"


class TestTasks:
    def mine(self, name: str, case: Case, now: datetime = MONDAY) -> list[tasks.Task]:
        return [t for t in tasks.of(user(name), now) if case.id in t.address]

    def test_they_wait_on_whose_turn_it_is(self, scene: Scene) -> None:
        case = scene.request()
        assert self.mine(scene.ppid.name, case)
        assert not self.mine(scene.agency.user, case)
        assert not self.mine(scene.person.name, case)
        scene.move(case, "minta_lengkapi", scene.ppid, note="Sebutkan tahunnya.")
        assert not self.mine(scene.ppid.name, case)
        assert self.mine(scene.person.name, case)
        scene.move(case, "lengkapi", scene.person, note="2025")
        scene.move(case, "nyatakan_lengkap", scene.ppid)
        scene.move(case, "disposisikan", scene.ppid, organization=scene.agency.id)
        [task] = self.mine(scene.agency.user, case, on(20))
        assert (task.kind, task.late) == ("kasus", True)
        assert not self.mine(scene.other.user, case)
