"""The register of agreements, the answer of an agency, and the notes beside figures."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from ckanext.satudata.tests.workflow.test_agreements import FIRST, NOTE, SECOND, WHERE, World
from ckanext.satudata.tests.worlds import Table, act

from .forms import fields as first_fields
from .test_report import signed_in

BASE = "/satudata/kesepakatan"


@pytest.fixture
def world(portal):
    return World()


def page(app, path, user=None, **options) -> BeautifulSoup:
    headers = signed_in(user) if user else {}
    return BeautifulSoup(app.get(path, headers=headers, **options).body, "html.parser")


def fields(form) -> dict:
    """What a browser would send, with each party."""
    sent = first_fields(str(form), "form")
    parties = [field["value"] for field in form.select("input[name=party]")]
    return {**sent, **({"party": parties} if parties else {})}


def text(found) -> str:
    return " ".join(found.get_text(" ").split())


class TestRegister:
    def test_lists_what_holds_and_narrows_it(self, app, world):
        holds = world.one_figure(250)
        proposed = world.propose(world.thing(value=1, region="61.05.02"))
        listed = text(page(app, f"{BASE}?indikator={world.code}").select_one("main, .primary"))
        assert holds["number"] in listed
        assert proposed["number"] not in listed
        for wanted, found in [
            (f"q={holds['number']}", True),
            (f"instansi={world.holder.name}&indikator={world.code}", True),
            (f"jenis=keduanya_berlaku&indikator={world.code}", False),
            (f"keadaan=diganti&indikator={world.code}", False),
            ("q=tidak-ada-yang-begini", False),
        ]:
            shown = page(app, f"{BASE}?{wanted}")
            assert bool(shown.select_one(f"a[href$='{BASE}/{holds['id']}']")) is found, wanted

    def test_parties_find_their_proposals_there(self, app, world):
        proposed = world.propose(world.thing(value=1))
        shown = page(app, f"{BASE}?indikator={world.code}&keadaan=usulan", world.other.user)
        assert shown.select_one(f"a[href$='{BASE}/{proposed['id']}']")

    def test_the_feed_tells_what_holds_and_no_proposal(self, app, world):
        holds = world.one_figure(250)
        proposed = world.propose(world.thing(value=1, region="61.05.02"))
        answer = app.get(f"{BASE}/umpan.atom", headers=signed_in(world.other.user))
        assert answer.content_type.startswith("application/atom+xml")
        feed = BeautifulSoup(answer.body, "html.parser")
        numbers = " ".join(e.find("title").text for e in feed.find_all("entry"))
        assert holds["number"] in numbers
        assert proposed["number"] not in numbers


class TestAnswering:
    def test_each_party_has_its_own_button(self, app, world):
        proposed = world.propose(world.thing(value=250))
        path = f"{BASE}/{proposed['id']}"
        assert not page(app, path, world.walidata).select(f"form[action='{path}/terima']")
        for one in (world.holder, world.other):
            (form,) = page(app, path, one.user).select(f"form[action='{path}/terima']")
            sent = fields(form)
            assert sent["organization_id"] == one.id
            app.post(f"{path}/terima", data=sent, headers=signed_in(one.user))
        shown = act("satudata_agreement_show", None, id=proposed["id"])
        assert shown["state"] == "berlaku"

    def test_a_wrong_answer_is_explained(self, app, world):
        proposed = world.propose(world.thing(value=250))
        path = f"{BASE}/{proposed['id']}"
        sent = {"organization_id": world.other.id, "reason": "Ya."}
        answer = app.post(f"{path}/tolak", data=sent, headers=signed_in(world.other.user))
        assert answer.status_code == 200
        shown = BeautifulSoup(answer.body, "html.parser")
        assert shown.select(".alert-danger, .flash-messages .alert")
        left = act("satudata_agreement_show", world.walidata, id=proposed["id"])
        assert left["state"] == "usulan"

    def test_the_direction_and_the_end(self, app, world):
        proposed = world.propose(world.thing(value=250))
        path = f"{BASE}/{proposed['id']}"
        data = {"ground": "Diputuskan Bupati <b>kemarin</b>.", "document": "180/9/2026"}
        app.post(f"{path}/arahan", data=data, headers=signed_in(world.walidata))
        shown = page(app, path)
        assert "180/9/2026" in text(shown)
        assert "<b>kemarin</b>" in text(shown)  # as text, not as markup
        assert not shown.select("form[action$='/cabut'], form[action$='/arahan']")
        app.post(f"{path}/cabut", data={"reason": NOTE}, headers=signed_in(world.walidata))
        assert act("satudata_agreement_show", None, id=proposed["id"])["state"] == "dicabut"


class TestProposing:
    @pytest.fixture
    def report(self, world):
        """The report about a table that contradicts a public one."""
        world.holder.published(Table(world.code, FIRST))
        draft = world.other.draft()
        world.other.add(draft["id"], Table(world.code, SECOND))
        return act("satudata_check", world.other.user, id=draft["id"], keep=True)["id"]

    def test_from_a_finding_to_a_proposal(self, app, world, report):
        shown = page(app, f"/satudata/laporan/{report}", world.other.user)
        (link,) = shown.select(f"a[href^='{BASE}/usul']")
        (form,) = page(app, link["href"], world.other.user).select("form.sd-proposal")
        sent = fields(form)
        assert {sent[f"value-0-{o.id}"] for o in (world.holder, world.other)} == {"100", "250"}
        sent |= {"kind": "keduanya_berlaku", "note": NOTE}
        answer = app.post(
            f"{BASE}/usul", data=sent, headers=signed_in(world.other.user), follow_redirects=False
        )
        assert answer.status_code == 302
        shown = act("satudata_agreement_show", world.other.user, id=answer.location.split("/")[-1])
        (thing,) = shown["objects"]
        assert thing["region"] == WHERE
        assert {v["id"]: v["value"] for v in thing["values"]} == {
            world.holder.id: 100.0,
            world.other.id: 250.0,
        }
        assert shown["proposed_by"]["id"] == world.other.id

    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, app, world, report):
        shown = page(app, f"/satudata/laporan/{report}", world.other.user)
        (link,) = shown.select(f"a[href^='{BASE}/usul']")
        (form,) = page(app, link["href"], world.other.user).select("form.sd-proposal")
        sent = {**fields(form), "kind": "angka_disepakati", "value-0": "banyak", "note": NOTE}
        answer = app.post(f"{BASE}/usul", data=sent, headers=signed_in(world.other.user))
        again = BeautifulSoup(answer.body, "html.parser")
        assert again.select_one(".alert-danger")
        (form,) = again.select("form.sd-proposal")
        assert fields(form)["value-0"] == "banyak"
        assert fields(form)["note"] == NOTE

    def test_figures_are_read_as_the_page_writes_them(self, app, world):
        holds = world.one_figure(1250.5)
        path = f"{BASE}/{holds['id']}/ubah"
        for prefix, written in (("/id", "1.250,5"), ("/en", "1,250.5")):
            (form,) = page(app, prefix + path, world.walidata).select("form.sd-proposal")
            sent = fields(form)
            assert sent["value-0"] == written
            sent |= {"kind": "angka_disepakati", "note": NOTE}
            answer = app.post(
                prefix + path,
                data=sent,
                headers=signed_in(world.walidata),
                follow_redirects=False,
            )
            made = act("satudata_agreement_show", world.walidata, id=answer.location.split("/")[-1])
            assert made["objects"][0]["value"] == 1250.5
            assert made["supersedes"] == holds["id"]


class TestBesideFigures:
    @pytest.fixture
    def pair(self, world):
        mine = world.holder.published(Table(world.code, FIRST))
        holds = world.both(100, 250)
        return mine, world.other.published(Table(world.code, SECOND)), holds

    def test_wherever_they_are_shown(self, app, world, pair):
        holds = pair[2]
        link = f"a[href$='{BASE}/{holds['id']}']"
        for dataset in pair[:2]:
            resource = dataset["resources"][0]["id"]
            for path in (
                f"/dataset/{dataset['name']}",
                f"/dataset/{dataset['name']}/resource/{resource}",
            ):
                seen = page(app, path)
                if path.endswith(dataset["name"]):
                    assert "1 " in text(seen.select_one(".sd-state-ok")).split("Except for ")[1]
                (note,) = seen.select(".sd-agreement-note")
                assert NOTE in text(note)
                assert note.select_one(link)
        shown = page(app, f"/satudata/indikator/{world.code}")
        assert len(shown.select(f"td {link}")) == 2
        assert len(shown.select(f"li{link[1:]}, li {link}")) == 1

    def test_reports_link_to_the_agreement(self, app, world, pair):
        reports = act("satudata_report_list", world.other.user, dataset_id=pair[1]["id"])
        shown = page(app, f"/satudata/laporan/{reports[0]['id']}", world.other.user)
        assert shown.select(f".sd-finding a[href$='{BASE}/{pair[2]['id']}']")

    def test_the_agreement_names_the_tables_to_be_corrected(self, app, world):
        old = world.holder.published(Table(world.code, FIRST))
        holds = world.one_figure(250)
        shown = page(app, f"{BASE}/{holds['id']}", world.holder.user)
        section = shown.select_one("section[aria-labelledby=sd-tables]")
        assert section.select(f"a[href$='/dataset/{old['name']}']")
        assert section.select("a.btn")
        public = page(app, f"{BASE}/{holds['id']}")
        assert not public.select("section[aria-labelledby=sd-tables] a.btn")
