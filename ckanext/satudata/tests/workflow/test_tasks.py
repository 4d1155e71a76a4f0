"""What waits on whom."""

from __future__ import annotations

from datetime import datetime, timezone

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.satudata import config
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.tests.workflow.setoran.scene import operator_of, scene
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Table,
    act,
    agency,
    indicator,
    walidata_editor,
)
from ckanext.satudata.workflow import tasks

pytestmark = pytest.mark.usefixtures("portal")


def waiting(user: str, kind: str, now: datetime | None = None) -> list[tasks.Task]:
    person = model.User.by_name(user)
    assert person is not None
    return [t for t in tasks.of(person, now or utc_now()) if t.kind == kind]


class TestSetoran:
    def test_waits_on_the_kecamatan_then_on_the_agency(self) -> None:
        first, second = KECAMATAN[:2]
        made = scene((first, second))
        setoran = made.setoran(first)

        def addresses(user: str, kind: str) -> set[str]:
            return {t.address for t in waiting(user, kind)}

        page = f"/satudata/setoran/isi/{setoran.id}"
        assert page in addresses(operator_of(first), "setoran")
        assert page not in addresses(operator_of(second), "setoran")
        made.write(first, "12")
        made.submit(first)
        assert page not in addresses(operator_of(first), "setoran")
        assert page in addresses(made.receiver.user, "setoran_diterima")
        made.accept(first)
        assert page not in addresses(made.receiver.user, "setoran_diterima")

    def test_what_is_late_comes_first_and_says_so(self) -> None:
        region = KECAMATAN[2]
        made = scene((region,))
        before = datetime(2026, 11, 2, 2, tzinfo=timezone.utc)
        after = datetime(2027, 3, 2, 2, tzinfo=timezone.utc)
        mine = made.setoran(region)
        [early] = [
            t for t in waiting(operator_of(region), "setoran", before) if mine.id in t.address
        ]
        assert (early.due, early.late) == (mine.due_on, False)
        found = tasks.of(model.User.by_name(operator_of(region)), after)
        assert [t.late for t in found] == sorted((t.late for t in found), reverse=True)
        assert any(t.late and mine.id in t.address for t in found)


class TestProcess:
    def test_waits_on_whom_the_table_names(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(tk.config, config.FIRST_PUBLICATION, "walidata")
        producer, title = agency("tugas-satu"), "Stok menunggu"
        draft = producer.draft(title=title)
        producer.add(draft["id"], Table(indicator(), dict.fromkeys(KECAMATAN, 5)))
        name = act("satudata_process_submit", producer.user, id=draft["id"])["id"]

        walidata = walidata_editor()

        def holders() -> set[str]:
            who = (producer.user, agency("tugas-dua").user, walidata)
            return {u for u in who if any(draft["id"] in t.address for t in waiting(u, "proses"))}

        assert holders() == {walidata}
        act("satudata_process_move", walidata, id=name, transition="setujui")
        assert holders() == {producer.user}


class TestAgreements:
    def test_wait_on_each_party_until_it_answered(self) -> None:
        holder, other = agency("tugas-wali"), agency("tugas-lain")
        code = indicator(producer_org=holder.id)
        thing = {"indicator": code, "region": KECAMATAN[0], "period": "2025", "value": "7"}
        made = act(
            "satudata_agreement_propose",
            walidata_editor(),
            kind="angka_disepakati",
            parties=[holder.id, other.id],
            objects=[thing],
            note="Disepakati menurut catatan gudang.",
        )

        def asked(user: str) -> bool:
            return any(made["id"] in t.address for t in waiting(user, "kesepakatan"))

        assert asked(holder.user)
        assert asked(other.user)
        assert not asked(agency("tugas-satu").user)
        act(
            "satudata_agreement_accept",
            holder.user,
            id=made["id"],
            organization_id=holder.id,
        )
        assert not asked(holder.user)
        assert asked(other.user)


class TestPage:
    def test_shows_what_waits_and_nothing_of_others(self, app) -> None:
        region = KECAMATAN[3]
        made = scene((region,))
        page = f"/satudata/setoran/isi/{made.setoran(region).id}"

        def shown(user: str) -> bool:
            token = factories.APIToken(user=user)["token"]
            return page in app.get("/satudata/kerja", headers={"Authorization": token}).body

        assert shown(operator_of(region))
        assert not shown(operator_of(KECAMATAN[4]))
