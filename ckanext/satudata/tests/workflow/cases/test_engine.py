"""Cases move as the table says, and leave behind what has to stay."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import DBAPIError

from ckanext.satudata.model.case import Case, CaseStep
from ckanext.satudata.model.notice import Notice
from ckanext.satudata.model.trail import TrailEntry
from ckanext.satudata.tests.worlds import agency
from ckanext.satudata.workflow.cases import cases, deadlines
from ckanext.satudata.workflow.cases.actors import Reporter
from ckanext.satudata.workflow.cases.errors import Changed, Needs, NotAllowed, WrongState

from .scene import MONDAY, PERSON, Scene, user

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def scene(portal: None) -> Scene:
    return Scene()


def kinds_told(name: str) -> list[str]:
    person = user(name)
    rows = sa.select(Notice.kind).where(Notice.user_id == person.id).order_by(Notice.id)
    return list(model.Session.scalars(rows))


class TestNumbers:
    def test_they_have_no_gaps_even_if_something_was_rolled_back(self, scene: Scene) -> None:
        first = scene.request().number
        cases.open_case("permintaan", title="x", reporter=Reporter(), now=MONDAY)
        model.Session.rollback()
        second = scene.request().number
        assert first is not None
        assert second is not None
        assert first.startswith("PI-2026-")
        assert int(second[-5:]) == int(first[-5:]) + 1

    def test_they_follow_kind_and_year(self, scene: Scene) -> None:
        late = MONDAY.replace(year=2031, month=12, day=31, hour=18)  # already 2032 in the kabupaten
        made = cases.open_case("aspirasi", title="x", reporter=Reporter(), now=late)
        assert made.case.number == "AS-2032-00001"
        model.Session.rollback()


class TestSecret:
    def test_it_opens_the_case_however_it_is_typed(self, scene: Scene) -> None:
        made = cases.open_case("pengaduan", title="x", reporter=Reporter(), now=MONDAY)
        typed = made.secret.replace("-", " ").lower()
        found = cases.by_secret((made.case.number or "").lower(), typed)
        assert found is not None
        assert found.id == made.case.id
        assert cases.by_secret(made.case.number or "", "0000-0000-0000-0000") is None
        assert made.secret not in str(vars(made.case))
        model.Session.rollback()

    def test_what_has_no_secret_cannot_be_opened_with_nothing(self, scene: Scene) -> None:
        case = scene.request()
        case.secret_hash = None
        assert cases.by_secret(case.number or "", "") is None
        model.Session.rollback()


class TestReporter:
    def test_of_anonymous_people_nothing_is_kept(self, scene: Scene) -> None:
        made = cases.open_case(
            "pengaduan",
            title="Jalan rusak",
            reporter=Reporter(user_id=scene.person.id, identity=PERSON, mode="anonim"),
            now=MONDAY,
        )
        assert (made.case.user_id, made.case.identity_id) == (None, None)
        model.Session.rollback()

    def test_the_database_keeps_nothing_of_them_either(self, scene: Scene) -> None:
        made = cases.open_case("pengaduan", title="x", reporter=Reporter(mode="anonim"), now=MONDAY)
        made.case.user_id = scene.person.id
        with pytest.raises(DBAPIError):
            model.Session.flush()
        model.Session.rollback()

    def test_a_guest_has_a_number_only_after_confirming(self, scene: Scene) -> None:
        opened = cases.open_case(
            "permintaan",
            title="x",
            reporter=Reporter(identity=PERSON),
            items=["a"],
            confirm=True,
            now=MONDAY,
        )
        assert (opened.case.number, opened.secret, opened.case.due_on) == (None, "", None)
        assert cases.confirm("something else", MONDAY) is None
        later = MONDAY + timedelta(days=2)
        confirmed = cases.confirm(opened.token, later)
        assert confirmed is not None
        assert confirmed.case.number
        assert confirmed.case.received_on == date(2026, 10, 7)
        assert cases.confirm(opened.token, later) is None
        model.Session.rollback()

    def test_what_nobody_confirmed_is_deleted(self, scene: Scene) -> None:
        opened = cases.open_case(
            "permintaan", title="x", reporter=Reporter(), items=["a"], confirm=True, now=MONDAY
        )
        name = opened.case.id
        model.Session.commit()
        cases.drop_unconfirmed(MONDAY + timedelta(days=1))
        assert model.Session.get(Case, name) is not None
        cases.drop_unconfirmed(MONDAY + timedelta(days=60))
        model.Session.expire_all()
        assert model.Session.get(Case, name) is None


class TestMove:
    def test_deadlines_follow_the_law(self, scene: Scene) -> None:
        case = scene.request()
        assert case.due_on == date(2026, 10, 8)  # completeness: three working days
        scene.move(case, "nyatakan_lengkap", scene.ppid)
        assert case.due_on == date(2026, 10, 19)  # answer: ten, from the day it came in
        scene.move(case, "perpanjang", scene.ppid, note="Data diolah dari 14 kecamatan.")
        assert case.due_on == date(2026, 10, 28)  # seven more
        with pytest.raises(Needs, match="once"):
            scene.move(case, "perpanjang", scene.ppid, note="Sekali lagi.")

    def test_the_clock_begins_anew_when_it_is_completed(self, scene: Scene) -> None:
        case = scene.request()
        scene.move(case, "minta_lengkapi", scene.ppid, note="Sebutkan tahunnya.")
        later = MONDAY + timedelta(days=7)
        scene.move(case, "lengkapi", scene.person, later, note="Tahun 2025.")
        assert case.due_on == date(2026, 10, 15)
        scene.move(case, "nyatakan_lengkap", scene.ppid, later)
        assert case.due_on == date(2026, 10, 26)

    def test_too_late_to_extend(self, scene: Scene) -> None:
        case = scene.request()
        scene.move(case, "nyatakan_lengkap", scene.ppid)
        late = MONDAY + timedelta(days=30)
        actor = scene.actor(scene.ppid, case)
        assert "perpanjang" not in {t.name for t in cases.available(case, actor, late)}
        with pytest.raises(Needs, match="late"):
            scene.move(case, "perpanjang", scene.ppid, late, note="Terlambat.")

    def test_only_those_the_table_names(self, scene: Scene) -> None:
        case = scene.handed()
        for who in (user(scene.other.user), scene.person, user(scene.agency.user)):
            with pytest.raises(NotAllowed):
                scene.move(case, "alihkan", who, organization=scene.other.id, note="x")
            model.Session.rollback()
        with pytest.raises(NotAllowed):
            scene.move(case, "kembalikan", user(scene.other.user), note="x")
        model.Session.rollback()

    def test_the_lanes_have_their_own_officers(self, scene: Scene) -> None:
        public, government = scene.request(), scene.government()
        with pytest.raises(NotAllowed):
            scene.move(public, "nyatakan_lengkap", scene.walidata)
        model.Session.rollback()
        with pytest.raises(NotAllowed):
            scene.move(government, "izinkan", scene.ppid)
        model.Session.rollback()
        assert scene.move(government, "izinkan", scene.walidata).state == "diproses"

    def test_nobody_answers_their_own_request(self, scene: Scene) -> None:
        case = scene.request(reporter=Reporter(user_id=scene.ppid.id))
        assert scene.actor(scene.ppid, case).parts == {"pemohon"}

    def test_the_second_officer_is_told_that_it_was_moved(self, scene: Scene) -> None:
        case = scene.request()
        version = case.version
        scene.move(case, "nyatakan_lengkap", scene.ppid)
        with pytest.raises(WrongState):
            scene.move(case, "nyatakan_lengkap", scene.ppid)
        model.Session.rollback()
        actor = scene.actor(scene.ppid, case)
        with pytest.raises(Changed):
            cases.move(case, "perpanjang", actor, note="x", version=version, now=MONDAY)
        model.Session.rollback()

    def test_two_at_once_are_one_after_the_other(self, scene: Scene) -> None:
        case = scene.handed("a", "b")
        answers, name = scene.answer(case), case.id
        actor = scene.actor(scene.ppid, case)
        outcomes: list[str] = []
        gate = threading.Barrier(2)

        def answer() -> None:
            gate.wait()
            try:
                cases.move(name, "jawab", actor, params={"answers": answers}, now=MONDAY)
                model.Session.commit()
                outcomes.append("done")
            except (WrongState, Changed) as error:
                model.Session.rollback()
                outcomes.append(type(error).__name__)
            finally:
                model.Session.remove()

        model.Session.expunge_all()
        threads = [threading.Thread(target=answer) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(outcomes) == ["WrongState", "done"]
        steps = sa.select(CaseStep).where(CaseStep.case_id == name, CaseStep.transition == "jawab")
        assert len(model.Session.scalars(steps).all()) == 1

    def test_every_step_is_kept_and_none_can_be_changed(self, scene: Scene) -> None:
        case = scene.handed()
        steps = model.Session.scalars(
            sa.select(CaseStep).where(CaseStep.case_id == case.id).order_by(CaseStep.id)
        ).all()
        assert [(s.transition, s.part) for s in steps] == [
            ("nyatakan_lengkap", "ppid"),
            ("disposisikan", "petugas"),
        ]
        steps[0].note = "lain"
        with pytest.raises(DBAPIError):
            model.Session.flush()
        model.Session.rollback()

    def test_the_trail_names_officers_and_no_person(self, scene: Scene) -> None:
        case = scene.request()
        scene.move(case, "cabut", scene.person)
        rows = model.Session.scalars(
            sa.select(TrailEntry).where(TrailEntry.subject_id == case.id).order_by(TrailEntry.id)
        ).all()
        assert [(r.action, r.actor) for r in rows] == [("case.open", None), ("case.cabut", None)]
        assert {r.subject_title for r in rows} == {case.number}
        step = model.Session.scalars(sa.select(CaseStep).where(CaseStep.case_id == case.id)).one()
        assert step.actor is None


class TestTelling:
    def test_each_turn_is_told_to_whose_it_is(self, scene: Scene) -> None:
        agency_user = scene.agency.user
        before = len(kinds_told(agency_user))
        case = scene.handed()
        assert kinds_told(agency_user)[before:] == ["kasus-giliran"]
        scene.move(case, "jawab", scene.ppid, answers=scene.answer(case))
        assert set(kinds_told(scene.person.name)) == {"kasus-kabar"}

    def test_notices_say_nothing_of_what_people_wrote(self, scene: Scene) -> None:
        case = scene.request(title="Judul Rahasia 7731", body="Isi Rahasia 7732")
        scene.move(case, "nyatakan_lengkap", scene.ppid)
        rows = model.Session.scalars(sa.select(Notice).where(Notice.subject_id == case.id)).all()
        assert rows
        assert not any("Rahasia" in str(r.params) for r in rows)


class TestMessages:
    def test_internal_notes_stay_among_officials(self, scene: Scene) -> None:
        case = scene.handed()
        agency_editor, person = user(scene.agency.user), scene.person
        said = [
            cases.say(case, scene.actor(who, case), text, audience=audience, now=MONDAY)
            for who, text, audience in (
                (scene.ppid, "Tahun berapa?", "pemohon"),
                (person, "2025", "pemohon"),
                (agency_editor, "Ada di lampiran renstra.", "internal"),
            )
        ]
        assert [m.side for m in said] == ["petugas", "pemohon", "instansi"]
        assert said[1].user_id is None
        seen = [m.text for m in cases.thread(case, scene.actor(person, case))]
        assert seen == ["Tahun berapa?", "2025"]
        assert len(cases.thread(case, scene.actor(agency_editor, case))) == 3
        with pytest.raises(NotAllowed):
            cases.say(case, scene.actor(person, case), "x", audience="internal", now=MONDAY)
        stranger = scene.actor(user(agency("kasus-ketiga").user), case)
        assert cases.thread(case, stranger) == []
        model.Session.rollback()

    def test_a_question_does_not_stop_the_clock(self, scene: Scene) -> None:
        case = scene.handed()
        due = case.due_on
        cases.say(case, scene.actor(scene.ppid, case), "Tahun?", audience="pemohon", now=MONDAY)
        assert case.due_on == due
        assert deadlines.words_left(case, MONDAY + timedelta(days=10)) == ("sisa", 2)
        model.Session.rollback()
