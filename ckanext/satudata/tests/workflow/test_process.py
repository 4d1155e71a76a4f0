"""The way of a dataset to the public: submitted, examined, returned, published, limited."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.satudata import config
from ckanext.satudata.model.process import Process, ProcessStep
from ckanext.satudata.organizations import registry
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Agency,
    Table,
    act,
    agency,
    figures,
    indicator,
    sysadmin,
    unique,
    walidata_editor,
)
from ckanext.satudata.workflow import notices, trail
from ckanext.satudata.workflow.review import process, publishing

WHERE = (KECAMATAN[0], "2025")
FIRST, SECOND = dict.fromkeys(KECAMATAN, 100.0), dict.fromkeys(KECAMATAN, 555.0)

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture(autouse=True)
def examined(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a portal does unless somebody configures it otherwise."""
    monkeypatch.setitem(tk.config, config.FIRST_PUBLICATION, "walidata")
    monkeypatch.setitem(tk.config, config.ROUTINE_UPDATE, "langsung")


@pytest.fixture
def dinas() -> Agency:
    return agency("proses-satu")


def pembina_editor() -> str:
    """Name of an editor of a pembina."""
    body = agency("proses-pembina")
    act("organization_patch", sysadmin(), id=body.id, peran=["pembina", "produsen"])
    return body.user


def draft(dinas: Agency, code: str, **other: Any) -> str:
    dataset = dinas.draft(**other)
    dinas.add(dataset["id"], Table(code, FIRST))
    return dataset["id"]


def submit(dinas: Agency, dataset: str, **other: Any) -> str:
    return act("satudata_process_submit", dinas.user, id=dataset, **other)["id"]


def move(user: str, name: str, transition: str, **other: Any) -> dict[str, Any]:
    return act("satudata_process_move", user, id=name, transition=transition, **other)


def state(dataset: str) -> str:
    model.Session.expire_all()
    return act("satudata_process_show", sysadmin(), id=dataset)["state"]


def publish(dinas: Agency, dataset: str) -> str:
    """The whole way of a first publication."""
    name = submit(dinas, dataset)
    move(walidata_editor(), name, "setujui")
    move(dinas.user, name, "terbitkan")
    return name


def transitions(name: str) -> list[str]:
    return [s.transition for s in ProcessStep.of_process(name)]


class TestFirstPublication:
    @pytest.mark.parametrize("way", ["publish", "update", "new"])
    def test_nothing_is_public_that_nobody_examined(self, dinas: Agency, way: str) -> None:
        code = indicator()
        dataset = draft(dinas, code)
        shown = {**act("package_show", dinas.user, id=dataset), "state": "active"}
        new = {**shown, "name": unique("x"), "id": None, "resources": []}
        ways = {
            "publish": lambda: dinas.publish(dataset),
            "update": lambda: act("package_update", dinas.user, **shown),
            "new": lambda: act("package_create", dinas.user, **new),
        }
        with pytest.raises(tk.ValidationError) as refusal:
            ways[way]()
        assert "walidata" in refusal.value.error_dict["satudata"][0]
        assert figures(code) == {}
        assert act("package_show", dinas.user, id=dataset)["state"] == "draft"

    def test_submitted_approved_published(self, dinas: Agency) -> None:
        code = indicator()
        dataset = draft(dinas, code)
        name = submit(dinas, dataset, note="Mohon diperiksa.")
        assert state(dataset) == "diajukan"
        walidata = walidata_editor()
        move(walidata, name, "mulai_periksa")
        assert move(walidata, name, "setujui")["state"] == "siap_terbit"
        assert figures(code) == {}
        shown = move(dinas.user, name, "terbitkan")
        assert shown["state"] == "terbit"
        assert shown["responsible"] == "Kepala Dinas"
        assert figures(code)[WHERE] == {100}
        assert act("package_show", None, id=dataset)["state"] == "active"
        assert transitions(name) == ["ajukan", "mulai_periksa", "setujui", "terbitkan"]

    def test_the_publish_button_publishes_what_was_approved(self, dinas: Agency) -> None:
        code = indicator()
        dataset = draft(dinas, code)
        name = submit(dinas, dataset)
        move(walidata_editor(), name, "setujui")
        dinas.publish(dataset)
        assert state(dataset) == "terbit"
        assert transitions(name)[-1] == "terbitkan"

    def test_returned_with_comments_and_submitted_again(self, dinas: Agency) -> None:
        dataset = draft(dinas, indicator())
        name = submit(dinas, dataset)
        walidata = walidata_editor()
        act(
            "satudata_review_comment_create",
            walidata,
            id=dataset,
            field="definisi",
            text="Sebutkan sumbernya.",
        )
        with pytest.raises(tk.ValidationError):
            move(walidata, name, "kembalikan")
        move(walidata, name, "kembalikan", note="Lihat catatan pada definisi.")
        shown = act("satudata_process_show", dinas.user, id=dataset)
        assert shown["state"] == "dikembalikan"
        (comment,) = shown["comments"]
        assert (comment["field"], comment["resolved_at"]) == ("definisi", None)
        act("package_patch", dinas.user, id=dataset, definisi="Jumlah menurut laporan bulanan.")
        act("satudata_review_comment_resolve", dinas.user, id=comment["id"])
        assert submit(dinas, dataset) == name
        assert state(dataset) == "diajukan"

    def test_what_is_submitted_cannot_be_edited(self, dinas: Agency) -> None:
        code = indicator()
        dataset = draft(dinas, code)
        name = submit(dinas, dataset)
        for change in (
            lambda: act("package_patch", dinas.user, id=dataset, definisi="Lain."),
            lambda: dinas.add(dataset, Table(code, SECOND)),
            lambda: act("package_patch", sysadmin(), id=dataset, definisi="Lain.", state="active"),
        ):
            with pytest.raises(tk.ValidationError) as refusal:
                change()
            assert refusal.value.error_dict["satudata_process"] == [dataset]
        assert len(act("package_show", dinas.user, id=dataset)["resources"]) == 1
        move(dinas.user, name, "tarik")
        act("package_patch", dinas.user, id=dataset, definisi="Lain.")
        assert state(dataset) == "draft"

    def test_saving_it_as_it_is_does_no_harm(self, dinas: Agency) -> None:
        dataset = draft(dinas, indicator())
        submit(dinas, dataset)
        act("package_patch", dinas.user, id=dataset)
        assert state(dataset) == "diajukan"

    def test_incomplete_metadata_are_told_on_their_fields(self, dinas: Agency) -> None:
        dataset = draft(dinas, indicator(), definisi="")
        with pytest.raises(tk.ValidationError) as refusal:
            submit(dinas, dataset)
        assert "definisi" in refusal.value.error_dict
        assert Process.open_of(dataset) is None

    def test_what_the_check_holds_back_is_not_submitted(self, dinas: Agency) -> None:
        code = indicator()
        dataset = dinas.draft()["id"]
        dinas.add(dataset, Table(code, {**FIRST, KECAMATAN[0]: "seratus"}))
        with pytest.raises(tk.ValidationError) as refusal:
            submit(dinas, dataset)
        (report,) = refusal.value.error_dict["satudata_report"]
        assert act("satudata_report_show", dinas.user, id=report)["blocked"]
        assert Process.open_of(dataset) is None

    def test_refused_by_the_gate_it_is_returned_with_the_report(self, dinas: Agency) -> None:
        code, other = indicator(), agency("proses-dua")
        dataset = draft(dinas, code)
        name = submit(dinas, dataset)
        move(walidata_editor(), name, "setujui")
        publish(other, draft_of(other, code, SECOND))
        with pytest.raises(tk.ValidationError) as refusal:
            move(dinas.user, name, "terbitkan")
        (report,) = refusal.value.error_dict["satudata_report"]
        model.Session.expire_all()
        found = model.Session.get(Process, name)
        assert found is not None
        assert (found.state, found.report_id) == ("dikembalikan", report)
        assert figures(code)[WHERE] == {555}

    def test_conflicts_may_be_taken_to_the_meeting(self, dinas: Agency) -> None:
        code, other = indicator(), agency("proses-dua")
        publish(other, draft_of(other, code, SECOND))
        dataset = draft(dinas, code)
        with pytest.raises(tk.ValidationError):
            submit(dinas, dataset)
        assert act("satudata_process_show", dinas.user, id=dataset)["meeting"]
        submit(dinas, dataset, meeting=True)
        assert state(dataset) == "menunggu_rapat"

    def test_without_a_conflict_there_is_nothing_for_the_meeting(self, dinas: Agency) -> None:
        dataset = draft(dinas, indicator())
        with pytest.raises(tk.ValidationError):
            submit(dinas, dataset, meeting=True)

    def test_another_producer_is_examined_anew(self, dinas: Agency) -> None:
        code, other = indicator(), agency("proses-dua")
        dataset = draft(dinas, code)
        publish(dinas, dataset)
        act("package_patch", sysadmin(), id=dataset, state="draft", owner_org=other.id)
        with pytest.raises(tk.ValidationError):
            other.publish(dataset)
        assert figures(code) == {}

    def test_a_new_indicator_in_an_accepted_dataset_is_examined(self, dinas: Agency) -> None:
        code, more = indicator(), indicator()
        dataset = draft(dinas, code)
        publish(dinas, dataset)
        with pytest.raises(tk.ValidationError):
            dinas.add(dataset, Table(more, FIRST))
        assert figures(more) == {}
        assert figures(code)[WHERE] == {100}


def draft_of(dinas: Agency, code: str, values: dict[str, float]) -> str:
    dataset = dinas.draft()["id"]
    dinas.add(dataset, Table(code, values))
    return dataset


class TestWho:
    def test_nobody_approves_what_they_edit(self) -> None:
        walidata = walidata_editor()
        body = registry.with_role("walidata")[0]
        activity = agency(body.name) if model.User.by_name(f"{body.name}-operator") else None
        del activity
        own = Agency(body.id, body.name, walidata, agency("proses-satu").activity)
        dataset = draft(own, indicator())
        name = submit(own, dataset)
        colleague = walidata_editor()
        with pytest.raises(tk.NotAuthorized):
            move(colleague, name, "setujui")
        assert move(sysadmin(), name, "setujui")["state"] == "siap_terbit"

    def test_not_the_person_who_submitted(self, dinas: Agency) -> None:
        dataset = draft(dinas, indicator())
        name = act("satudata_process_submit", sysadmin(), id=dataset)["id"]
        with pytest.raises(tk.ValidationError):
            move(sysadmin(), name, "setujui")
        other = factories.Sysadmin()["name"]
        assert move(other, name, "setujui")["state"] == "siap_terbit"

    def test_neither_producer_nor_stranger_approves(self, dinas: Agency) -> None:
        dataset = draft(dinas, indicator())
        name = submit(dinas, dataset)
        for user in (dinas.user, agency("proses-dua").user, factories.User()["name"]):
            with pytest.raises(tk.NotAuthorized):
                move(user, name, "setujui")
            with pytest.raises(tk.NotAuthorized):
                act("satudata_process_bulk_accept", user, ids=[name])
        assert state(dataset) == "diajukan"

    def test_priority_data_go_to_the_pembina(self, dinas: Agency) -> None:
        pembina, walidata = pembina_editor(), walidata_editor()
        dataset = draft(dinas, indicator(), data_prioritas="ya", prioritas_tahun=["2025"])
        name = submit(dinas, dataset)
        assert move(walidata, name, "setujui")["state"] == "diperiksa_pembina"
        assert act("package_show", pembina, id=dataset)["id"] == dataset
        with pytest.raises(tk.NotAuthorized):
            move(walidata, name, "setujui_pembina")
        move(pembina, name, "kembalikan_pembina", note="Periksa kembali definisinya.")
        assert state(dataset) == "diperiksa"
        move(walidata, name, "setujui")
        assert move(pembina, name, "setujui_pembina")["state"] == "siap_terbit"

    def test_those_who_examine_see_the_draft_and_nobody_else(self, dinas: Agency) -> None:
        walidata = walidata_editor()
        dataset = draft(dinas, indicator())
        with pytest.raises(tk.NotAuthorized):
            act("package_show", walidata, id=dataset)
        name = submit(dinas, dataset)
        assert act("package_show", walidata, id=dataset)["id"] == dataset
        for user in (None, agency("proses-dua").user):
            with pytest.raises(tk.NotAuthorized):
                act("package_show", user, id=dataset)
        move(dinas.user, name, "tarik")
        with pytest.raises(tk.NotAuthorized):
            act("package_show", walidata, id=dataset)

    def test_a_sysadmin_who_publishes_has_approved(self, dinas: Agency) -> None:
        code = indicator()
        dataset = draft(dinas, code)
        act("package_patch", sysadmin(), id=dataset, state="active")
        found = Process.accepted_of(dataset)
        assert found is not None
        assert transitions(found.id) == ["setujui_langsung"]
        (step,) = ProcessStep.of_process(found.id)
        assert step.actor == model.User.by_name(sysadmin()).id

    def test_the_portal_itself_is_nobody_who_approves(self, dinas: Agency) -> None:
        code = indicator()
        dataset = draft(dinas, code)
        with pytest.raises(tk.ValidationError):
            tk.get_action("package_patch")(
                {"ignore_auth": True, "user": ""}, {"id": dataset, "state": "active"}
            )
        assert figures(code) == {}

    def test_several_are_approved_each_by_itself(self, dinas: Agency) -> None:
        walidata = walidata_editor()
        names = [submit(dinas, draft(dinas, indicator())) for _ in range(2)]
        done = act("satudata_process_bulk_accept", walidata, ids=[*names, "tidak-ada"])
        assert [(d["id"], d["accepted"]) for d in done] == [
            (names[0], True),
            (names[1], True),
            ("tidak-ada", False),
        ]
        again = act("satudata_process_bulk_accept", walidata, ids=names[:1])
        assert [(d["accepted"], bool(d["error"])) for d in again] == [(False, True)]


class TestPolicy:
    def test_what_the_meeting_decides_waits_for_it(
        self, dinas: Agency, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(tk.config, config.FIRST_PUBLICATION, "rapat")
        walidata = walidata_editor()
        dataset = draft(dinas, indicator())
        name = submit(dinas, dataset)
        assert move(walidata, name, "setujui")["state"] == "menunggu_rapat"
        assert [w.process.id for w in process.waiting(model.Session, states=["menunggu_rapat"])][
            -1
        ] == name
        actor = model.User.by_name(walidata)
        process.move(model.Session, name, "setujui_rapat", actor.id, note="Rapat 12.")
        model.Session.commit()
        assert state(dataset) == "siap_terbit"

    def test_direct_publications_are_on_record_too(
        self, dinas: Agency, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(tk.config, config.FIRST_PUBLICATION, "langsung")
        dataset = dinas.published(Table(indicator(), FIRST))["id"]
        found = Process.accepted_of(dataset)
        assert found is not None
        assert transitions(found.id) == ["langsung"]
        assert found.responsible == "Kepala Dinas"

    def test_routine_updates_go_straight_through(self, dinas: Agency) -> None:
        code = indicator()
        dataset = draft(dinas, code)
        publish(dinas, dataset)
        (resource,) = act("package_show", dinas.user, id=dataset)["resources"]
        file = Table(code, SECOND).resource()
        act("resource_update", dinas.user, **{**resource, "upload": file["upload"]})
        assert figures(code)[WHERE] == {555}
        newest, former = act("satudata_version_list", None, id=dataset)
        assert (newest["state"], former["state"]) == ("terbit", "direvisi")
        assert former["until"] == newest["published_at"]
        assert [f["current"] for f in former["files"]] == [False]
        assert [f["offered"] for f in former["files"]] == [True]

    def test_texts_are_no_new_version(self, dinas: Agency) -> None:
        dataset = draft(dinas, indicator())
        publish(dinas, dataset)
        act("package_patch", dinas.user, id=dataset, definisi="Lebih jelas.")
        assert len(act("satudata_version_list", None, id=dataset)) == 1


class TestRoutineExamined:
    @pytest.fixture(autouse=True)
    def routine(self, monkeypatch: pytest.MonkeyPatch, examined: None) -> None:
        monkeypatch.setitem(tk.config, config.ROUTINE_UPDATE, "walidata")

    def _changed(self, dinas: Agency, code: str) -> tuple[str, str]:
        """A public dataset whose next file was submitted; its id and the process's."""
        dataset = draft(dinas, code)
        publish(dinas, dataset)
        (resource,) = act("package_show", dinas.user, id=dataset)["resources"]
        file = Table(code, SECOND).resource()
        with pytest.raises(tk.ValidationError) as waits:
            act("resource_update", dinas.user, **{**resource, "upload": file["upload"]})
        assert waits.value.error_dict["satudata_process"] == [dataset]
        found = Process.open_of(dataset)
        assert found is not None
        return dataset, found.id

    def test_a_change_waits_beside_what_is_public(self, dinas: Agency) -> None:
        code = indicator()
        dataset, name = self._changed(dinas, code)
        assert state(dataset) == "diajukan"
        assert figures(code)[WHERE] == {100}
        move(walidata_editor(), name, "setujui")
        assert figures(code)[WHERE] == {100}
        move(dinas.user, name, "terbitkan")
        assert figures(code)[WHERE] == {555}
        assert [v["state"] for v in act("satudata_version_list", None, id=dataset)] == [
            "terbit",
            "direvisi",
        ]

    def test_a_revision_cannot_go_around(self, dinas: Agency) -> None:
        code = indicator()
        dataset, _ = self._changed(dinas, code)
        (revision,) = act("satudata_revision_list", dinas.user, dataset_id=dataset)
        with pytest.raises(tk.ValidationError) as refusal:
            act("satudata_revision_release", dinas.user, id=revision["id"])
        assert "satudata_process" in refusal.value.error_dict
        assert figures(code)[WHERE] == {100}

    def test_a_revision_that_is_given_up_ends_its_process(self, dinas: Agency) -> None:
        dataset, _ = self._changed(dinas, indicator())
        (revision,) = act("satudata_revision_list", dinas.user, dataset_id=dataset)
        act("satudata_revision_cancel", dinas.user, id=revision["id"])
        assert Process.open_of(dataset) is None
        assert state(dataset) == "terbit"

    def test_a_joint_release_cannot_go_around(self, dinas: Agency) -> None:
        code = indicator(producer_org=dinas.name)
        dataset = draft(dinas, code)
        publish(dinas, dataset)
        (resource,) = act("package_show", dinas.user, id=dataset)["resources"]
        revision = act(
            "satudata_revision_prepare",
            dinas.user,
            id=dataset,
            resource_id=resource["id"],
            upload=Table(code, SECOND).resource()["upload"],
        )["id"]
        joint = act(
            "satudata_joint_release_create", dinas.user, revision_id=revision, reason="Koreksi."
        )["id"]
        with pytest.raises(tk.ValidationError):
            act("satudata_joint_release_release", dinas.user, id=joint)
        assert figures(code)[WHERE] == {100}
        name = submit(dinas, dataset)
        move(walidata_editor(), name, "setujui")
        act("satudata_joint_release_release", dinas.user, id=joint)
        assert figures(code)[WHERE] == {555}
        assert state(dataset) == "terbit"

    def test_what_the_portal_writes_needs_nobody(self, dinas: Agency) -> None:
        dataset = draft(dinas, indicator())
        publish(dinas, dataset)
        (resource,) = act("package_show", dinas.user, id=dataset)["resources"]
        act(
            "resource_patch",
            dinas.user,
            id=resource["id"],
            validation_status="success",
            validation_timestamp="2026-01-01T00:00:00",
        )
        assert Process.open_of(dataset) is None


class TestScheduled:
    def test_it_is_published_when_its_day_has_come(self, dinas: Agency) -> None:
        code = indicator()
        dataset = draft(dinas, code)
        name = submit(dinas, dataset)
        move(walidata_editor(), name, "setujui")
        with pytest.raises(tk.ValidationError):
            move(dinas.user, name, "jadwalkan")
        move(dinas.user, name, "jadwalkan", release_on="2026-12-01")
        found = model.Session.get(Process, name)
        assert found is not None
        assert found.release_on == date(2026, 12, 1)
        before = datetime(2026, 11, 30, 12, tzinfo=timezone.utc)
        assert not [line for line in publishing.due(before) if name in line]
        assert [line for line in publishing.due(before + timedelta(days=1)) if name in line]
        assert figures(code)[WHERE] == {100}
        assert state(dataset) == "terbit"


class TestLimitedAccess:
    GROUND = "Memuat rahasia dagang (UU 14/2008 Ps. 17 huruf b)."

    def test_figures_leave_and_the_ground_stays(self, dinas: Agency) -> None:
        code, walidata = indicator(), walidata_editor()
        dataset = draft(dinas, code)
        name = publish(dinas, dataset)
        move(dinas.user, name, "usulkan_batasan", note=self.GROUND)
        assert figures(code)[WHERE] == {100}
        with pytest.raises(tk.NotAuthorized):
            move(dinas.user, name, "batasi", note=self.GROUND)
        with pytest.raises(tk.ValidationError):
            move(walidata, name, "batasi")
        shown = move(walidata, name, "batasi", note=self.GROUND)
        assert (shown["state"], shown["restriction"]["ground"]) == ("dibatasi", self.GROUND)
        assert figures(code) == {}
        with pytest.raises(tk.NotAuthorized):
            act("package_show", None, id=dataset)

    def test_only_the_walidata_lifts_it(self, dinas: Agency) -> None:
        code, walidata = indicator(), walidata_editor()
        dataset = draft(dinas, code)
        name = publish(dinas, dataset)
        move(walidata, name, "batasi", note=self.GROUND)
        with pytest.raises(tk.ValidationError) as refusal:
            act("package_patch", dinas.user, id=dataset, private=False)
        assert "satudata_process" in refusal.value.error_dict
        assert figures(code) == {}
        assert move(walidata, name, "buka_batasan", note="Dasarnya gugur.")["state"] == "terbit"
        assert figures(code)[WHERE] == {100}


class TestAnswerability:
    def test_each_move_is_on_record_and_told_to_whose_turn_it_is(self, dinas: Agency) -> None:
        walidata = walidata_editor()
        dataset = draft(dinas, indicator(), penanggung_jawab="Kepala Bidang Pangan")
        name = submit(dinas, dataset)
        move(walidata, name, "kembalikan", note="Perbaiki.")
        returned, submitted = trail.newest(
            subject=trail.Subject("dataset", dataset), action="process", limit=2
        )
        assert (submitted.action, submitted.before, submitted.actor) == (
            "process.ajukan",
            {"state": "draft"},
            model.User.by_name(dinas.user).id,
        )
        assert submitted.after["responsible"] == "Kepala Bidang Pangan"
        assert (returned.action, returned.after["state"]) == ("process.kembalikan", "dikembalikan")
        for user, kind in ((walidata, "proses-diajukan"), (dinas.user, "proses-dikembalikan")):
            told = notices.of_user(model.User.by_name(user).id)
            assert (kind, dataset) in {(n.kind, n.subject_id) for n in told}


class TestMoves:
    def _names(self, user: str, dataset: str) -> set[str]:
        shown = act("satudata_process_show", user, id=dataset)
        return {m["name"] for m in shown["moves"]}

    def test_what_is_public_can_be_limited_and_not_submitted(self, dinas: Agency) -> None:
        dataset = draft(dinas, indicator())
        publish(dinas, dataset)
        assert self._names(dinas.user, dataset) == {"usulkan_batasan"}
        assert self._names(walidata_editor(), dataset) == {"usulkan_batasan", "batasi"}

    def test_what_was_taken_back_by_hand_is_a_draft(self, dinas: Agency) -> None:
        dataset = draft(dinas, indicator())
        publish(dinas, dataset)
        act("package_patch", dinas.user, id=dataset, state="draft")
        assert state(dataset) == "draft"
        # An update of what was accepted needs nobody here.
        assert self._names(dinas.user, dataset) == set()
        dinas.publish(dataset)
        assert state(dataset) == "terbit"


class TestLists:
    def test_everybody_sees_what_concerns_them(self, dinas: Agency) -> None:
        dataset = draft(dinas, indicator())
        name = submit(dinas, dataset)
        seen = {
            user: name in {p["id"] for p in act("satudata_process_list", user)}
            for user in (dinas.user, walidata_editor(), agency("proses-dua").user)
        }
        assert list(seen.values()) == [True, True, False]
        (mine,) = [p for p in act("satudata_process_list", dinas.user) if p["id"] == name]
        assert (mine["waits_on"], mine["moves"]) == ("walidata", ["tarik"])

    def test_a_deleted_dataset_is_not_waited_for(self, dinas: Agency) -> None:
        dataset = draft(dinas, indicator())
        submit(dinas, dataset)
        act("package_delete", dinas.user, id=dataset)
        assert Process.open_of(dataset) is None
