"""What follows from a meeting's decisions when it is closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.satudata import config
from ckanext.satudata.model.agreement import AgreementRow
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.meeting import AgendaItem
from ckanext.satudata.tests.workflow.disputes import FIRST, Dispute, begun, meeting
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Table,
    act,
    agency,
    figures,
    indicator,
    refusal,
    sysadmin,
    unique,
    walidata_editor,
)
from ckanext.satudata.workflow.agreements import agreements
from ckanext.satudata.workflow.meetings import decisions
from ckanext.satudata.workflow.review import process

pytestmark = pytest.mark.usefixtures("portal")

WHERE = (KECAMATAN[0], "2025")


def decided(dispute: Dispute, **decision: Any) -> AgendaItem:
    """The dispute's item after a meeting that decided this about it."""
    held = begun()
    item = dispute.item(held["id"])
    act("satudata_agenda_item_decide", sysadmin(), id=item.id, version=item.version, **decision)
    act("satudata_meeting_close", sysadmin(), id=held["id"])
    return dispute.item(held["id"])


def agreement_of(item: AgendaItem) -> AgreementRow:
    assert item.agreement_id is not None
    model.Session.expire_all()
    return model.Session.get_one(AgreementRow, item.agreement_id)


def accept(item: AgendaItem, dispute: Dispute) -> None:
    for party in (dispute.holder, dispute.other):
        act(
            "satudata_agreement_accept",
            party.user,
            id=item.agreement_id,
            organization_id=party.id,
        )


def public_text(item: AgendaItem) -> dict[str, Any]:
    shown = act("satudata_meeting_show", None, id=item.meeting_id)
    return next(i for i in shown["items"] if i["id"] == item.id)


class TestAgreedFigure:
    def test_it_is_proposed_to_both_and_holds_when_both_have_accepted(self) -> None:
        dispute = Dispute()
        item = decided(dispute, outcome="angka_disepakati", choice="lain", values=["321.5"])
        row = agreement_of(item)
        assert (row.kind, row.state, row.meeting_item) == ("angka_disepakati", "usulan", item.id)
        parties = {p.organization_id for p in agreements.parties_of(model.Session, row.id)}
        assert parties == {dispute.holder.id, dispute.other.id}
        assert public_text(item)["decision"] is None
        accept(item, dispute)
        assert agreement_of(item).state == "berlaku"
        assert public_text(item)["decision"]["values"] == ["321.5"]

    def test_the_conflict_does_not_come_back_while_agencies_answer(self) -> None:
        dispute = Dispute()
        item = decided(dispute, outcome="angka_disepakati", choice="other")
        later = meeting()
        assert not dispute.on(later["id"])
        assert f"lanjutan:{item.id}" in {i.subject for i in AgendaItem.of(later["id"])}

    def test_one_that_takes_the_place_of_another(self) -> None:
        dispute = Dispute()
        first = decided(dispute, outcome="angka_disepakati", choice="other")
        accept(first, dispute)
        act(
            "satudata_agreement_withdraw",
            walidata_editor(),
            id=first.agreement_id,
            reason="Salah dengar.",
        )
        assert agreement_of(first).state != "berlaku"
        second = decided(dispute, outcome="angka_disepakati", choice="own")
        assert agreement_of(second).state == "usulan"


class TestBothStay:
    def test_both_become_public_with_the_note_when_both_have_accepted(self) -> None:
        dispute = Dispute()
        note = "Yang satu termasuk lahan sewa."
        item = decided(dispute, outcome="keduanya_berlaku", note=note)
        assert not dispute.try_to_publish()
        accept(item, dispute)
        assert dispute.try_to_publish()
        assert figures(dispute.code)[WHERE] == {100.0, 555.0}
        assert agreement_of(item).note == note


class TestEscalated:
    def test_nothing_new_becomes_public_until_there_is_a_direction(self) -> None:
        dispute = Dispute()
        item = decided(dispute, outcome="eskalasi_bupati", note="Tidak sepakat.")
        assert item.agreement_id is None
        act("package_patch", dispute.holder.user, id=dispute.public["id"], private=True)
        with pytest.raises(tk.ValidationError) as refused:
            dispute.other.publish(dispute.draft["id"])
        report = refusal(refused.value)
        found = {f["rule"]: f for f in report["findings"] if f["blocks"]}
        assert found["menunggu-arahan"]["value"] == 555.0
        assert found["menunggu-arahan"]["key"]["region"] == KECAMATAN[0]

    def test_what_is_public_can_still_be_repeated(self) -> None:
        dispute = Dispute()
        decided(dispute, outcome="eskalasi_bupati")
        third = agency(unique("ketiga"))
        third.published(Table(dispute.code, FIRST))
        assert figures(dispute.code)[WHERE] == {100.0}

    def test_the_direction_is_in_force_at_once_and_recorded_once(self) -> None:
        dispute = Dispute()
        item = decided(dispute, outcome="eskalasi_bupati")
        data = {
            "id": item.id,
            "choice": "other",
            "document": "100/2026",
            "ground": "Angka dinas.",
        }
        act("satudata_escalation_direct", walidata_editor(), **data)
        row = agreement_of(dispute.item(item.meeting_id))
        assert (row.state, row.direction_document) == ("berlaku", "100/2026")
        with pytest.raises(tk.ValidationError):
            act("satudata_escalation_direct", walidata_editor(), **data)
        dispute.correct(FIRST)
        assert dispute.try_to_publish()

    def test_people_are_reminded_each_time_the_days_have_passed(self) -> None:
        dispute = Dispute()
        item = decided(dispute, outcome="eskalasi_bupati")
        line = f"reminded: escalated item {item.id}"
        now = utc_now()
        assert line not in decisions.remind(now)
        assert line in decisions.remind(now + timedelta(days=10))
        assert line not in decisions.remind(now + timedelta(days=11))
        assert line in decisions.remind(now + timedelta(days=20))


class TestWaitingPublications:
    @pytest.fixture(autouse=True)
    def examined(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(tk.config, config.FIRST_PUBLICATION, "rapat")

    def waiting(self) -> tuple[str, str]:
        """Id of a dataset that waits for the meeting, and of its process."""
        producer = agency(unique("produsen"))
        code = indicator(producer_org=producer.name)
        draft = producer.draft()
        producer.add(draft["id"], Table(code, FIRST))
        act("satudata_process_submit", producer.user, id=draft["id"])
        found = process.open_of(draft["id"])
        assert found is not None
        name = found.id
        process.move(model.Session, name, "setujui", model.User.by_name(walidata_editor()).id)
        model.Session.commit()
        return draft["id"], name

    @pytest.mark.parametrize(
        ("outcome", "state"),
        [("disetujui", "siap_terbit"), ("kembali_ke_produsen", "dikembalikan")],
    )
    def test_the_meeting_lets_it_go_on_or_sends_it_back(self, outcome: str, state: str) -> None:
        dataset, _ = self.waiting()
        held = begun()
        item = next(i for i in AgendaItem.of(held["id"]) if i.refs.get("dataset") == dataset)
        assert item.kind == "dataset"
        act(
            "satudata_agenda_item_decide",
            sysadmin(),
            id=item.id,
            version=item.version,
            outcome=outcome,
            note="Periksa satuannya.",
        )
        act("satudata_meeting_close", sysadmin(), id=held["id"])
        model.Session.expire_all()
        found = process.open_of(dataset)
        assert found is not None
        assert found.state == state
