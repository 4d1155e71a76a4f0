"""Agreements: accepted by each party alone, binding in the gate, told beside figures, ended."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.satudata.model.agreement import AgreementRow
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.tests.worlds import (
    KABUPATEN,
    KECAMATAN,
    Agency,
    Table,
    act,
    agency,
    figures,
    refusal,
    sysadmin,
    walidata_editor,
)
from ckanext.satudata.tests.worlds import indicator as new_indicator
from ckanext.satudata.workflow.agreements import agreements
from ckanext.satudata.workflow.agreements import effects as agreement_effects
from ckanext.satudata.workflow.proof import audit, recheck

pytestmark = pytest.mark.usefixtures("portal")

NOTE = "Kedua instansi menghitung dengan cara yang berbeda."
WHERE = KECAMATAN[0]
FIRST = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}
SECOND = {**FIRST, WHERE: 250.0}
CONTRADICTS, BOTH_STAY = "bertentangan-kesepakatan", "kesepakatan-keduanya"


class World:
    """The mandate holder and another agency that shows something else for one object."""

    def __init__(self, **about: Any) -> None:
        self.holder, self.other = agency("sepakat-wali"), agency("sepakat-lain")
        self.code = new_indicator(producer_org=self.holder.id, **about)
        self.walidata = walidata_editor()

    def thing(self, **values: Any) -> dict[str, Any]:
        return {"indicator": self.code, "region": WHERE, "period": "2025", **values}

    def propose(self, *objects: dict[str, Any], **other: Any) -> dict[str, Any]:
        kind = "keduanya_berlaku" if "per_party" in objects[0] else "angka_disepakati"
        data = {
            "kind": kind,
            "parties": [self.holder.id, self.other.id],
            "objects": list(objects),
            "note": NOTE,
            **other,
        }
        return act("satudata_agreement_propose", self.walidata, **data)

    def accept(self, agreement: dict[str, Any], *who: Agency) -> dict[str, Any]:
        for one in who or (self.holder, self.other):
            agreement = act(
                "satudata_agreement_accept",
                one.user,
                id=agreement["id"],
                organization_id=one.id,
            )
        return agreement

    def one_figure(self, value: float = 250, **other: Any) -> dict[str, Any]:
        return self.accept(self.propose(self.thing(value=value), **other))

    def both(self, mine: float = 100, theirs: float = 250, **other: Any) -> dict[str, Any]:
        stands = {self.holder.id: mine, self.other.id: theirs}
        return self.accept(self.propose(self.thing(per_party=stands), **other))


def rules(error: tk.ValidationError) -> set[str]:
    return {f["rule"] for f in refusal(error)["findings"] if f["blocks"]}


def refused(call) -> set[str]:
    with pytest.raises(tk.ValidationError) as caught:
        call()
    return rules(caught.value)


def violations(*datasets: str) -> list[str]:
    units = audit.units(datasets)
    return [v.check for unit in units for v in audit.check(unit)]


@pytest.fixture
def world():
    return World()


class TestProposing:
    def test_a_proposal_changes_nothing(self, world):
        proposed = world.propose(world.thing(value=250))
        assert proposed["state"] == "usulan"
        assert proposed["effective_at"] is None
        world.holder.published(Table(world.code, FIRST))
        assert figures(world.code)[WHERE, "2025"] == {100}

    def test_numbers_follow_each_other_within_the_year(self, world):
        one, other = (world.propose(world.thing(value=v)) for v in (1, 2))
        serial, body, year = one["number"].split("/")
        assert (body, year) == ("BA-SDI", str(utc_now().year))
        assert other["number"] == f"{int(serial) + 1:03d}/BA-SDI/{year}"

    def test_keeps_the_digits_that_were_written(self, world):
        proposed = world.propose(world.thing(value="250.50"))
        (thing,) = proposed["objects"]
        assert (thing["value"], thing["decimals"]) == (250.5, 2)
        assert (thing["region"], thing["unit_label"]) == (WHERE, "Ton")

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"objects": []}, "objects"),
            ({"objects": [{"value": "1"}, {"value": "2"}]}, "objects"),
            ({"objects": [{"region": "99.99", "value": "1"}]}, "objects"),
            ({"objects": [{"period": "kemarin", "value": "1"}]}, "objects"),
            ({"objects": [{"indicator": "LOK.TIDAK_ADA", "value": "1"}]}, "objects"),
            ({"objects": [{"classifications": {"warna": "biru"}, "value": "1"}]}, "objects"),
            ({"objects": [{}]}, "objects"),
            ({"objects": [{"value": "9999999999999999"}]}, "objects"),
            ({"objects": [{"value": "satu"}]}, "objects"),
            ({"kind": "keduanya_berlaku"}, "objects"),
            ({"kind": "lain"}, "kind"),
            ({"note": "Ya."}, "note"),
            ({"parties": ["holder"]}, "parties"),
            ({"parties": ["holder", "tidak-ada"]}, "parties"),
            ({"parties": ["other", "third"]}, "parties"),
            ({"valid_to": "2020-01-01"}, "valid_to"),
            ({"valid_from": "besok"}, "valid_from"),
            ({"supersedes": "tidak-ada"}, "id"),
        ],
    )
    def test_what_cannot_be_agreed_upon_is_refused(self, world, change, field):
        named = {
            "holder": world.holder.id,
            "other": world.other.id,
            "third": agency("sepakat-3").id,
        }
        if "parties" in change:
            change = {**change, "parties": [named.get(p, p) for p in change["parties"]]}
        objects = [world.thing(**o) for o in change.pop("objects", [{"value": "1"}])]
        asked = {"kind": "angka_disepakati", "parties": [world.holder.id, world.other.id]}
        with pytest.raises(tk.ValidationError) as caught:
            act(
                "satudata_agreement_propose",
                world.walidata,
                **{**asked, "objects": objects, "note": NOTE, **change},
            )
        assert field in caught.value.error_dict

    def test_another_agreement_in_force_has_to_be_replaced(self, world):
        holds = world.one_figure()
        with pytest.raises(tk.ValidationError) as caught:
            world.propose(world.thing(value=1))
        assert holds["number"] in caught.value.error_dict["objects"][0]

    def test_parties_are_told(self, world):
        proposed = world.propose(world.thing(value=250))
        told = act("satudata_notice_list", world.other.user, unread=True, limit=5)["notices"]
        assert told[0]["kind"] == "kesepakatan-diusulkan"
        assert proposed["number"] in told[0]["head"]
        assert told[0]["address"] == f"/satudata/kesepakatan/{proposed['id']}"


class TestAccepting:
    def test_comes_into_force_with_the_last_acceptance(self, world):
        proposed = world.propose(world.thing(value=250))
        halfway = world.accept(proposed, world.other)
        assert halfway["state"] == "usulan"
        done = world.accept(proposed, world.holder)
        assert done["state"] == "berlaku"
        assert all(p["accepted_at"] for p in done["parties"])

    def test_nobody_accepts_for_another_agency(self, world):
        proposed = world.propose(world.thing(value=250))
        third = agency("sepakat-3")
        for user in (world.other.user, world.walidata, sysadmin(), third.user, None):
            for action, more in [
                ("satudata_agreement_accept", {}),
                ("satudata_agreement_decline", {"reason": NOTE}),
            ]:
                with pytest.raises(tk.NotAuthorized):
                    act(action, user, id=proposed["id"], organization_id=world.holder.id, **more)
        with pytest.raises(tk.NotAuthorized):
            act(
                "satudata_agreement_accept",
                third.user,
                id=proposed["id"],
                organization_id=third.id,
            )

    def test_nobody_answers_for_two_parties(self, world):
        user = factories.User()["name"]
        for body in (world.holder, world.other):
            act("organization_member_create", sysadmin(), id=body.id, username=user, role="editor")
        proposed = world.propose(world.thing(value=250))
        asked = {"id": proposed["id"]}
        act("satudata_agreement_accept", user, organization_id=world.holder.id, **asked)
        with pytest.raises(tk.ValidationError) as caught:
            act("satudata_agreement_accept", user, organization_id=world.other.id, **asked)
        assert "organization_id" in caught.value.error_dict

    def test_a_member_who_does_not_edit_may_not(self, world):
        proposed = world.propose(world.thing(value=250))
        user = factories.User()["name"]
        body = world.holder.id
        act("organization_member_create", sysadmin(), id=body, username=user, role="member")
        with pytest.raises(tk.NotAuthorized):
            act("satudata_agreement_accept", user, id=proposed["id"], organization_id=body)

    def test_once_is_enough_and_ended_ones_are_left_alone(self, world):
        proposed = world.propose(world.thing(value=250))
        world.accept(proposed, world.other)
        with pytest.raises(tk.ValidationError):
            world.accept(proposed, world.other)
        world.accept(proposed, world.holder)
        with pytest.raises(tk.ValidationError):
            world.accept(proposed, world.holder)

    def test_declining_ends_it_with_the_reason(self, world):
        proposed = world.propose(world.thing(value=250))
        ended = act(
            "satudata_agreement_decline",
            world.other.user,
            id=proposed["id"],
            organization_id=world.other.id,
            reason="Angka ini belum diverifikasi di lapangan.",
        )
        assert ended["state"] == "ditolak"
        (party,) = [p for p in ended["parties"] if p["id"] == world.other.id]
        assert party["decline_reason"] == "Angka ini belum diverifikasi di lapangan."
        with pytest.raises(tk.ValidationError):
            world.accept(proposed, world.holder)

    def test_persons_are_named_to_people_of_agencies_only(self, world):
        holds = world.one_figure()
        inside = act("satudata_agreement_show", world.other.user, id=holds["id"])
        outside = act("satudata_agreement_show", None, id=holds["number"])
        assert {p["accepted_by"] for p in inside["parties"]} == {
            model.User.by_name(one.user).display_name for one in (world.holder, world.other)
        }
        assert all("accepted_by" not in p for p in outside["parties"])

    def test_a_proposal_is_hidden_from_the_public(self, world):
        """It tells figures that no agency has published."""
        proposed = world.propose(world.thing(value=250))
        third = agency("sepakat-3")
        for user in (None, third.user):
            with pytest.raises(tk.NotAuthorized):
                act("satudata_agreement_show", user, id=proposed["id"])
            found = act("satudata_agreement_list", user, indicator=world.code)
            assert found == {"count": 0, "results": []}
        assert act("satudata_agreement_list", world.other.user, indicator=world.code)["count"] == 1


class TestDirection:
    def test_takes_the_place_of_missing_acceptances(self, world):
        proposed = world.propose(world.thing(value=250))
        act(
            "satudata_agreement_decline",
            world.holder.user,
            id=proposed["id"],
            organization_id=world.holder.id,
            reason="Kami tetap pada angka kami.",
        )
        asked = {"ground": "Diputuskan Bupati pada rapat.", "document": "180/12/2026"}
        with pytest.raises(tk.NotAuthorized):
            act("satudata_agreement_direct", world.other.user, id=proposed["id"], **asked)
        directed = act("satudata_agreement_direct", world.walidata, id=proposed["id"], **asked)
        assert directed["state"] == "berlaku"
        shown = act("satudata_agreement_show", None, id=proposed["id"])
        assert shown["direction"]["document"] == "180/12/2026"
        assert all("decline_reason" not in p for p in shown["parties"])
        (holder,) = [p for p in shown["parties"] if p["holder"]]
        assert holder["accepted_at"] is None


class TestInTheGate:
    def test_a_contradicting_table_is_held_back_whoever_brings_it(self, world):
        holds = world.one_figure(250)
        dataset = world.holder.draft()
        world.holder.add(dataset["id"], Table(world.code, FIRST))
        with pytest.raises(tk.ValidationError) as caught:
            world.holder.publish(dataset["id"])
        (finding,) = [f for f in refusal(caught.value)["findings"] if f["rule"] == CONTRADICTS]
        assert finding["params"]["agreement"] == holds["id"]
        assert holds["number"] in finding["texts"]["message"]
        world.holder.published(Table(world.code, SECOND))

    def test_both_stay_with_a_note_and_a_third_does_not(self, world):
        mine = world.holder.published(Table(world.code, FIRST))
        draft = world.other.draft()
        world.other.add(draft["id"], Table(world.code, SECOND))
        assert refused(lambda: world.other.publish(draft["id"])) == {"nilai-berbeda"}
        holds = world.both(100, 250)
        theirs = world.other.publish(draft["id"])
        assert figures(world.code)[WHERE, "2025"] == {100, 250}
        assert violations(mine["id"], theirs["id"]) == []
        report = act("satudata_report_list", sysadmin(), dataset_id=theirs["id"], limit=1)[0]
        found = act("satudata_report_show", sysadmin(), id=report["id"])["findings"]
        (told,) = [f for f in found if f["rule"] == BOTH_STAY]
        assert told["params"]["number"] == holds["number"]

        third = agency("sepakat-3")
        for table in (FIRST, SECOND):
            again = third.draft()
            third.add(again["id"], Table(world.code, table))
            assert refused(lambda d=again: third.publish(d["id"])) == {"nilai-berbeda"}

    def test_another_value_of_a_party_is_held_back(self, world):
        world.holder.published(Table(world.code, FIRST))
        world.both(100, 250)
        draft = world.other.draft()
        world.other.add(draft["id"], Table(world.code, {**FIRST, WHERE: 260.0}))
        assert refused(lambda: world.other.publish(draft["id"])) == {"nilai-berbeda", CONTRADICTS}

    def test_an_old_table_stays_until_it_is_changed(self, world):
        """Nothing public contradicts anything public; the old table is listed and told of."""
        old = world.holder.published(Table(world.code, FIRST))
        holds = world.one_figure(250)
        assert figures(world.code)[WHERE, "2025"] == {100}
        assert violations(old["id"]) == []
        (deviation,) = act("satudata_agreement_show", None, id=holds["id"])["deviations"]
        assert (deviation["value"], deviation["agreed"]) == (100.0, 250.0)
        assert deviation["dataset"] == old["name"]

        judged = recheck.run(old["id"])
        assert judged.report
        found = {s.dataset: s.rules for s in recheck.standing(model.Session)}
        assert found[old["id"]] == {CONTRADICTS: 1}
        assert not recheck.run(old["id"]).changed

        resource = old["resources"][0]["id"]
        wrong = Table(world.code, {**FIRST, KECAMATAN[1]: 7.0})
        assert CONTRADICTS in refused(
            lambda: act("resource_update", world.holder.user, id=resource, **wrong.resource())
        )
        right = Table(world.code, SECOND)
        act("resource_update", world.holder.user, id=resource, **right.resource())
        assert figures(world.code)[WHERE, "2025"] == {250}
        assert old["id"] not in {s.dataset for s in recheck.standing(model.Session)}

    def test_the_agreed_figure_waits_for_the_old_table(self, world):
        old = world.holder.published(Table(world.code, FIRST))
        world.one_figure(250)
        draft = world.other.draft()
        world.other.add(draft["id"], Table(world.code, SECOND))
        assert refused(lambda: world.other.publish(draft["id"])) == {"nilai-berbeda"}
        assert violations(old["id"]) == []

    def test_who_shows_the_agreed_figure_may_lead_a_joint_release(self, world):
        """Otherwise only the mandate holder can move figures of others."""
        world.holder.published(Table(world.code, FIRST))
        repeated = world.other.published(Table(world.code, FIRST))
        asked = {"id": repeated["id"], "resource_id": repeated["resources"][0]["id"]}
        file = Table(world.code, SECOND).resource()["upload"]
        revision = act("satudata_revision_prepare", world.other.user, upload=file, **asked)
        begin = {"revision_id": revision["id"], "reason": "Sesuai kesepakatan rapat."}
        with pytest.raises(tk.ValidationError, match="produ"):
            act("satudata_joint_release_create", world.other.user, **begin)
        world.one_figure(250)
        joint = act("satudata_joint_release_create", world.other.user, **begin)
        assert {m["organization_id"] for m in joint["members"]} == {world.holder.id, world.other.id}

    def test_a_dataset_is_not_read_again_for_agreements_of_others(self, world):
        dataset = world.holder.published(Table(world.code, FIRST))
        World().one_figure(1)
        assert not recheck.run(dataset["id"]).changed
        World.one_figure(world, 100)
        assert recheck.run(dataset["id"]).changed
        assert not recheck.run(dataset["id"]).changed

    def test_totals_are_judged_as_before(self, world):
        """An agreed part that no longer adds up is told by the rule of sums, not hidden."""
        total = {KABUPATEN: sum(FIRST.values())}
        dataset = world.holder.draft()
        world.holder.add(dataset["id"], Table(world.code, {**FIRST, **total}))
        world.holder.publish(dataset["id"])
        world.both(100, 250)
        draft = world.other.draft()
        world.other.add(draft["id"], Table(world.code, {**SECOND, **total}))
        assert refused(lambda: world.other.publish(draft["id"])) == {"rekap"}


class TestNotes:
    @pytest.fixture
    def pair(self, world):
        mine = world.holder.published(Table(world.code, FIRST))
        holds = world.both(100, 250)
        theirs = world.other.published(Table(world.code, SECOND))
        return mine, theirs, holds

    def test_stand_beside_both_figures_and_no_other(self, world, pair):
        _, _, holds = pair
        rows = act("satudata_observation_list", None, indicator=world.code, limit=100)["results"]
        noted = [r for r in rows if r["agreements"]]
        assert sorted(r["value"] for r in noted) == [100, 250]
        for row in noted:
            (told,) = row["agreements"]
            assert (told["number"], told["note"]) == (holds["number"], NOTE)
            assert {v["value"] for v in told["values"]} == {100.0, 250.0}
            assert told["conforms"]

    def test_stand_beside_both_datasets(self, pair):
        for dataset in pair[:2]:
            (note,) = act("satudata_note_list", None, id=dataset["id"])
            assert note["agreement"]["number"] == pair[2]["number"]
            (figure,) = note["figures"]
            assert figure["region"] == WHERE

    def test_stand_in_the_view_of_the_database(self, world, pair):
        rows = model.Session.execute(
            sa.text("SELECT value, agreements FROM satudata_observation WHERE indicator = :code"),
            {"code": world.code},
        ).all()
        told = {value: told[0]["number"] for value, told in rows if told}
        assert told == {100.0: pair[2]["number"], 250.0: pair[2]["number"]}

    def test_stay_when_the_agreement_ends_until_the_figures_agree(self, world, pair):
        mine, theirs, holds = pair
        reason = "Cara penghitungan sudah disamakan."
        ended = act("satudata_agreement_withdraw", world.walidata, id=holds["id"], reason=reason)
        assert ended["state"] == "dicabut"
        assert sorted(d["value"] for d in ended["deviations"]) == [100.0, 250.0]
        assert violations(mine["id"], theirs["id"]) == ["conflict"]
        for dataset in (mine, theirs):
            assert recheck.run(dataset["id"]).report
            (note,) = act("satudata_note_list", None, id=dataset["id"])
            assert note["agreement"]["state"] == "dicabut"

        resource = theirs["resources"][0]["id"]
        act("resource_update", world.other.user, id=resource, **Table(world.code, FIRST).resource())
        assert violations(mine["id"], theirs["id"]) == []
        assert act("satudata_note_list", None, id=mine["id"]) == []
        assert act("satudata_agreement_show", None, id=holds["id"])["deviations"] == []

    def test_an_old_table_is_told_not_to_be_as_agreed(self, world):
        old = world.holder.published(Table(world.code, FIRST))
        world.one_figure(250)
        (note,) = act("satudata_note_list", None, id=old["id"])
        (figure,) = note["figures"]
        assert (figure["shown"], figure["value"], figure["conforms"]) == (100.0, 250.0, False)


class TestEnding:
    def test_only_the_walidata_ends_what_holds(self, world):
        holds = world.one_figure()
        for user in (world.holder.user, world.other.user, None):
            with pytest.raises(tk.NotAuthorized):
                act("satudata_agreement_withdraw", user, id=holds["id"], reason=NOTE)
        act("satudata_agreement_withdraw", world.walidata, id=holds["id"], reason=NOTE)
        world.holder.published(Table(world.code, FIRST))

    def test_an_agency_takes_its_own_proposal_back(self, world):
        asked = {
            "kind": "angka_disepakati",
            "parties": [world.holder.id, world.other.id],
            "objects": [world.thing(value=250)],
            "note": NOTE,
        }
        own = {"organization_id": world.other.id}
        proposed = act("satudata_agreement_propose", world.other.user, **asked, **own)
        with pytest.raises(tk.NotAuthorized):
            act("satudata_agreement_withdraw", world.holder.user, id=proposed["id"], reason=NOTE)
        ended = act("satudata_agreement_withdraw", world.other.user, id=proposed["id"], reason=NOTE)
        assert ended["state"] == "dicabut"
        with pytest.raises(tk.NotAuthorized):
            act(
                "satudata_agreement_propose",
                world.other.user,
                **asked,
                organization_id=world.holder.id,
            )

    def test_another_one_takes_its_place(self, world):
        first = world.one_figure(250)
        revised = act(
            "satudata_agreement_revise",
            world.walidata,
            id=first["id"],
            note="Hasil survei ulang mengubah angka.",
            objects=[world.thing(value=260)],
        )
        assert act("satudata_agreement_show", None, id=first["id"])["state"] == "berlaku"
        world.accept(revised)
        former = act("satudata_agreement_show", None, id=first["id"])
        assert (former["state"], former["end_reason"]) == ("diganti", revised["number"])
        assert [c["number"] for c in former["chain"]] == [first["number"], revised["number"]]
        world.holder.published(Table(world.code, {**FIRST, WHERE: 260.0}))

    def test_what_is_not_sent_stays_as_agreed(self, world):
        first = world.both(100, Decimal("250.50"))
        revised = act(
            "satudata_agreement_revise", world.walidata, id=first["id"], note="Catatan diperjelas."
        )
        assert revised["objects"] == first["objects"]
        assert revised["kind"] == first["kind"]

    def test_no_object_is_freed_in_silence(self, world):
        first = world.accept(
            world.propose(world.thing(value=1), world.thing(value=2, region=KECAMATAN[1]))
        )
        with pytest.raises(tk.ValidationError) as caught:
            act(
                "satudata_agreement_revise",
                world.walidata,
                id=first["id"],
                note=NOTE,
                objects=[world.thing(value=3)],
            )
        assert "supersedes" in caught.value.error_dict

    def test_begins_and_ends_with_its_days(self, world):
        now = utc_now()
        day = now.date()
        proposed = world.propose(
            world.thing(value=250),
            valid_from=(day + timedelta(days=3)).isoformat(),
            valid_to=(day + timedelta(days=9)).isoformat(),
        )
        assert world.accept(proposed)["state"] == "usulan"

        def state_after(days: int) -> str:
            agreement_effects.due(at_noon(day) + timedelta(days=days))
            return act("satudata_agreement_show", world.walidata, id=proposed["id"])["state"]

        assert [state_after(n) for n in (1, 3, 9, 10)] == [
            "usulan",
            "berlaku",
            "berlaku",
            "berakhir",
        ]
        assert state_after(11) == "berakhir"

    def test_rows_are_kept(self, world):
        first = world.one_figure()
        act("satudata_agreement_withdraw", world.walidata, id=first["id"], reason=NOTE)
        assert model.Session.get(AgreementRow, first["id"]).end_reason == NOTE
        assert first["id"] not in {a.id for a in agreements.in_force(model.Session)}
        entries = act(
            "satudata_trail_list", world.walidata, subject_kind="agreement", subject_id=first["id"]
        )
        told = [e["action"] for e in entries]
        assert told == [
            "agreement.withdraw",
            "agreement.enforce",
            "agreement.accept",
            "agreement.accept",
            "agreement.propose",
        ]


def at_noon(day) -> datetime:
    return datetime(day.year, day.month, day.day, 5, tzinfo=timezone.utc)
