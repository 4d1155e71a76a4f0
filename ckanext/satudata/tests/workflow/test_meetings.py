from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.meeting import AgendaItem, Attendance, Meeting
from ckanext.satudata.tests.workflow.disputes import FIRST, Dispute, begun, meeting, row
from ckanext.satudata.tests.worlds import act, indicator, sysadmin, walidata_editor
from ckanext.satudata.workflow.meetings import meetings

pytestmark = pytest.mark.usefixtures("portal")

WEEKDAY = "ckanext.satudata.meeting_weekday"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def refreshed(meeting_id: str) -> None:
    meetings.refresh(model.Session, row(meeting_id), utc_now())
    model.Session.commit()


@pytest.fixture
def dispute() -> Dispute:
    return Dispute()


class TestNextStart:
    @pytest.mark.ckan_config(WEEKDAY, 2)
    def test_the_configured_day_and_hour_of_this_week(self) -> None:
        found = meetings.next_start(at("2027-02-01 01:00"))
        assert found is not None
        assert str(found[0]) == "2027-02-02"
        assert found[1] == at("2027-02-02 02:00")

    @pytest.mark.ckan_config(WEEKDAY, 2)
    def test_one_that_has_begun_is_not_the_next(self) -> None:
        found = meetings.next_start(at("2027-02-02 02:00"))
        assert found is not None
        assert found[1] == at("2027-02-09 02:00")

    @pytest.mark.ckan_config(WEEKDAY, 2)
    def test_a_holiday_moves_it_to_the_next_working_day(self) -> None:
        """1 June 2027 is a Tuesday, and the day of Pancasila."""
        found = meetings.next_start(at("2027-05-29 00:00"))
        assert found is not None
        assert str(found[0]) == "2027-06-01"
        assert found[1] == at("2027-06-02 02:00")

    @pytest.mark.ckan_config(WEEKDAY, 2)
    def test_on_the_holiday_it_is_still_that_meeting(self) -> None:
        found = meetings.next_start(at("2027-06-01 12:00"))
        assert found is not None
        assert found[1] == at("2027-06-02 02:00")

    def test_no_day_no_meeting(self) -> None:
        assert meetings.next_start(at("2027-02-01 01:00")) is None


class TestPrepareNext:
    @pytest.mark.ckan_config(WEEKDAY, 3)
    def test_made_once_wherever_it_is_moved(self) -> None:
        now = at("2028-02-07 01:00")
        made = meetings.prepare_next(model.Session, now)
        assert made is not None
        model.Session.commit()
        act(
            "satudata_meeting_update",
            sysadmin(),
            id=made.id,
            version=1,
            starts_at="2028-02-10T13:00",
        )
        assert meetings.prepare_next(model.Session, now) is None
        after = meetings.prepare_next(model.Session, at("2028-02-14 01:00"))
        assert after is not None
        assert str(after.slot) == "2028-02-16"
        model.Session.rollback()

    @pytest.mark.ckan_config(WEEKDAY, 3)
    def test_one_that_was_called_off_does_not_come_back(self) -> None:
        now = at("2028-03-06 01:00")
        made = meetings.prepare_next(model.Session, now)
        assert made is not None
        model.Session.commit()
        act("satudata_meeting_cancel", sysadmin(), id=made.id, reason="Libur.")
        assert meetings.prepare_next(model.Session, now) is None


class TestAgenda:
    def test_it_makes_itself_and_follows_what_is_open(self, dispute: Dispute) -> None:
        made = meeting()
        item = dispute.item(made["id"])
        assert item.kind == "konflik"
        assert set(item.organizations) == {dispute.holder.id, dispute.other.id}
        (shown,) = item.snapshot["objects"]
        assert (shown["own"], shown["other"]) == ("555", "100")
        assert item.snapshot["other"]["dataset"] == dispute.public["id"]
        dispute.correct(FIRST)
        assert dispute.try_to_publish()
        refreshed(made["id"])
        assert not dispute.on(made["id"])

    def test_a_meeting_that_has_begun_keeps_its_agenda(self, dispute: Dispute) -> None:
        held = begun()
        dispute.correct(FIRST)
        assert dispute.try_to_publish()
        refreshed(held["id"])
        assert dispute.on(held["id"])

    def test_what_was_taken_off_stays_off_this_meeting(self, dispute: Dispute) -> None:
        made = meeting()
        item = dispute.item(made["id"])
        act("satudata_agenda_item_remove", sysadmin(), id=item.id)
        refreshed(made["id"])
        assert not dispute.on(made["id"])
        assert dispute.on(meeting()["id"])

    def test_order_by_hand_stays(self, dispute: Dispute) -> None:
        made = meeting()
        for title in ("Satu", "Dua"):
            act("satudata_agenda_item_create", sysadmin(), meeting_id=made["id"], title=title)
        last = AgendaItem.of(made["id"])[-1].id
        for _ in AgendaItem.of(made["id"]):
            act("satudata_agenda_item_update", sysadmin(), id=last, move=-1)
        Dispute()
        refreshed(made["id"])
        items = AgendaItem.of(made["id"])
        assert items[0].id == last
        assert [i.position for i in items] == sorted(i.position for i in items)

    def test_bodies_concerned_are_expected(self, dispute: Dispute) -> None:
        walidata_editor()
        expected = {a.organization_id for a in Attendance.of(meeting()["id"])}
        assert {dispute.holder.id, dispute.other.id} < expected
        assert dispute.stranger.id not in expected

    def test_new_definitions_since_the_last_meeting(self) -> None:
        held = begun()
        act("satudata_meeting_close", sysadmin(), id=held["id"])
        code = indicator()
        titles = {i.subject for i in AgendaItem.of(meeting()["id"])}
        assert f"definisi:{code}" in titles


class TestCarriedOver:
    def test_what_was_postponed_comes_back_first_as_long_as_it_is_open(
        self, dispute: Dispute
    ) -> None:
        held = begun()
        item = dispute.item(held["id"])
        decide(item, outcome="ditunda")
        act("satudata_meeting_close", sysadmin(), id=held["id"])
        second = Dispute()
        later = meeting()
        first, *others = AgendaItem.of(later["id"])
        carried = [i for i in (first, *others) if i.carried_from]
        assert dispute.subject in {i.subject for i in carried}
        assert second.subject in {i.subject for i in others if not i.carried_from}
        assert first.carried_from

    def test_what_nobody_decided_on_is_postponed(self, dispute: Dispute) -> None:
        held = begun()
        act("satudata_meeting_close", sysadmin(), id=held["id"])
        assert dispute.item(held["id"]).outcome == "ditunda"
        assert dispute.item(meeting()["id"]).carried_from

    def test_other_matters_that_were_postponed_come_back(self) -> None:
        held = begun()
        made = act(
            "satudata_agenda_item_create", sysadmin(), meeting_id=held["id"], title="Jadwal rilis"
        )
        decide(model.Session.get_one(AgendaItem, made["id"]), outcome="ditunda")
        act("satudata_meeting_close", sysadmin(), id=held["id"])
        later = meeting()
        assert "Jadwal rilis" in {i.title for i in AgendaItem.of(later["id"]) if i.carried_from}


def decide(item: AgendaItem, **data: Any) -> dict[str, Any]:
    return act("satudata_agenda_item_decide", sysadmin(), id=item.id, version=item.version, **data)


class TestTwoLaptops:
    def test_the_second_decision_about_one_version_is_not_saved_and_told(
        self, dispute: Dispute
    ) -> None:
        item = dispute.item(begun()["id"])
        seen = item.version
        decide(item, outcome="angka_disepakati", choice="other", note="Hasil verifikasi.")
        with pytest.raises(tk.ValidationError) as refused:
            act(
                "satudata_agenda_item_decide",
                sysadmin(),
                id=item.id,
                version=seen,
                outcome="ditunda",
            )
        current = refused.value.error_dict["satudata_current"]
        assert current["outcome"] == "angka_disepakati"
        assert dispute.item(item.meeting_id).outcome == "angka_disepakati"

    def test_notes_written_at_the_same_time_are_both_known(self, dispute: Dispute) -> None:
        item = dispute.item(begun()["id"])
        act("satudata_agenda_item_update", sysadmin(), id=item.id, version=1, note="Dari kiri.")
        with pytest.raises(tk.ValidationError) as refused:
            act("satudata_agenda_item_update", sysadmin(), id=item.id, version=1, note="Kanan.")
        assert refused.value.error_dict["satudata_current"] == {"note": "Dari kiri.", "version": 2}

    def test_a_note_does_not_stand_in_the_way_of_a_decision(self, dispute: Dispute) -> None:
        item = dispute.item(begun()["id"])
        seen = item.version
        act("satudata_agenda_item_update", sysadmin(), id=item.id, version=1, note="Dibahas.")
        decided = act(
            "satudata_agenda_item_decide", sysadmin(), id=item.id, version=seen, outcome="ditunda"
        )
        assert (decided["outcome"], decided["note"]) == ("ditunda", "Dibahas.")

    def test_lines_of_attendance_have_versions_of_their_own(self, dispute: Dispute) -> None:
        held = begun()
        one, two = held["attendance"][:2]
        common = {"id": held["id"], "present": True}
        for line in (one, two):
            act(
                "satudata_attendance_set",
                sysadmin(),
                **common,
                row=line["id"],
                version=line["version"],
                name="Ani",
            )
        with pytest.raises(tk.ValidationError):
            act(
                "satudata_attendance_set",
                sysadmin(),
                **common,
                row=one["id"],
                version=one["version"],
                name="Budi",
            )
        lines = act("satudata_meeting_show", sysadmin(), id=held["id"])["attendance"]
        assert [a["name"] for a in lines[:2]] == ["Ani", "Ani"]


class TestStates:
    def test_nothing_is_decided_before_it_begins(self, dispute: Dispute) -> None:
        item = dispute.item(meeting()["id"])
        with pytest.raises(tk.ValidationError):
            decide(item, outcome="ditunda")

    def test_nothing_changes_after_it_is_closed(self, dispute: Dispute) -> None:
        held = begun()
        item = dispute.item(held["id"])
        act("satudata_meeting_close", sysadmin(), id=held["id"])
        for action, data in (
            ("satudata_agenda_item_decide", {"id": item.id, "version": 1, "outcome": "ditunda"}),
            ("satudata_agenda_item_update", {"id": item.id, "version": 1, "note": "x"}),
            ("satudata_agenda_item_create", {"meeting_id": held["id"], "title": "x"}),
            ("satudata_meeting_update", {"id": held["id"], "version": 1, "notes": "x"}),
            ("satudata_meeting_start", {"id": held["id"]}),
            ("satudata_meeting_cancel", {"id": held["id"], "reason": "x"}),
        ):
            with pytest.raises(tk.ValidationError):
                act(action, sysadmin(), **data)

    def test_numbers_have_no_gaps(self) -> None:
        numbers = []
        for _ in range(3):
            meeting()
            closed = act("satudata_meeting_close", sysadmin(), id=begun()["id"])
            numbers.append(closed["number"])
        first = int(numbers[0].split("/")[0])
        year = numbers[0].rsplit("/", 1)[1]
        assert numbers == [f"{first + n:03d}/BA-RS/{year}" for n in range(3)]

    def test_a_decision_can_be_changed_and_taken_back(self, dispute: Dispute) -> None:
        held = begun()
        item = dispute.item(held["id"])
        decide(item, outcome="angka_disepakati", choice="lain", values=["123.5"])
        item = dispute.item(held["id"])
        assert item.decision == {"choice": "lain", "values": ["123.5"], "note": ""}
        decide(item, outcome="angka_disepakati", choice="own")
        item = dispute.item(held["id"])
        assert item.decision is not None
        assert item.decision["values"] == ["555"]
        decide(item)
        item = dispute.item(held["id"])
        assert (item.outcome, item.decision, item.decided_by) == (None, None, None)

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            ({"outcome": "disetujui"}, "outcome"),
            ({"outcome": "angka_disepakati"}, "choice"),
            ({"outcome": "angka_disepakati", "choice": "lain", "values": []}, "values"),
            ({"outcome": "angka_disepakati", "choice": "lain", "values": ["1.2.3"]}, "values"),
            ({"outcome": "angka_disepakati", "choice": "lain", "values": ["NaN"]}, "values"),
            ({"outcome": "keduanya_berlaku"}, "note"),
            ({"outcome": "kembali_ke_produsen", "choice": "own"}, "note"),
            ({"outcome": "kembali_ke_produsen", "note": "Periksa."}, "choice"),
        ],
    )
    def test_what_is_no_decision_is_refused(
        self, dispute: Dispute, data: dict[str, Any], field: str
    ) -> None:
        item = dispute.item(begun()["id"])
        with pytest.raises(tk.ValidationError) as refused:
            decide(item, **data)
        assert field in refused.value.error_dict


class TestKeep:
    @pytest.mark.ckan_config(WEEKDAY, 4)
    def test_running_it_again_changes_nothing(self) -> None:
        now = at("2029-04-02 01:00")
        assert any("prepared" in line for line in meetings.keep(now))
        count = len(Meeting.newest(1000))
        assert not any("prepared" in line for line in meetings.keep(now))
        assert len(Meeting.newest(1000)) == count
