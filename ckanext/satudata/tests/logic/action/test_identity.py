"""Who may open who people are, and who sees that."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from cryptography.fernet import Fernet

from ckanext.satudata import config
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.organizations import registry
from ckanext.satudata.privacy import people, retention
from ckanext.satudata.tests.privacy.test_people import BUDI, WHY, kept
from ckanext.satudata.tests.workflow.cases.scene import Scene
from ckanext.satudata.tests.worlds import act, agency, sysadmin, unique, walidata_editor
from ckanext.satudata.workflow.cases.actors import Reporter

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def ppid() -> str:
    """Name of an editor of a body that is PPID and nothing else."""
    body = agency(unique("ppid"))
    act("organization_patch", sysadmin(), id=body.id, peran=["ppid"])
    yield body.user
    act("organization_patch", sysadmin(), id=body.id, peran=["produsen"])


def opened(user: str, name: str, why: str = WHY) -> Any:
    return act("satudata_identity_open", user, id=name, why=why)


class TestOpen:
    def test_ppid_and_walidata(self, ppid):
        walidata = walidata_editor()
        told = {k: v for k, v in BUDI.items() if v}
        name = kept()
        assert opened(ppid, name) == opened(walidata, name) == told
        assert len(people.openings(name)) == 2

    def test_who_asked_to_stay_unknown_is_opened_by_the_named_role_alone(
        self, ppid, monkeypatch, ckan_config
    ):
        name, walidata = kept(confidential=True), walidata_editor()
        with pytest.raises(tk.NotAuthorized, match="asked to stay unknown"):
            opened(walidata, name)
        assert opened(ppid, name)["name"] == BUDI["name"]
        monkeypatch.setitem(ckan_config, config.CONFIDENTIAL_ROLE, "walidata")
        assert opened(walidata, name)["name"] == BUDI["name"]
        with pytest.raises(tk.NotAuthorized):
            opened(ppid, name)
        assert len(people.openings(name)) == 2

    def test_nobody_else_and_no_way_to_try_ids(self):
        producer = agency("pembuka").user
        said = set()
        for name in (kept(), "tidak-ada"):
            with pytest.raises(tk.NotAuthorized) as error:
                opened(producer, name)
            said.add(str(error.value))
        assert len(said) == 1

    @pytest.mark.parametrize("why", ["", "  ", "perlu", "x" * 2001])
    def test_a_reason_is_a_sentence(self, why):
        name = kept()
        with pytest.raises(tk.ValidationError) as error:
            opened(walidata_editor(), name, why)
        assert "why" in error.value.error_dict
        assert people.openings(name) == []

    def test_what_was_deleted_is_told_so(self):
        name, walidata = kept(confirmed=False), walidata_editor()
        model.Session.get_one(people.Identity, name).created_at = utc_now().replace(year=2020)
        model.Session.commit()
        retention.run(utc_now())
        with pytest.raises(tk.ObjectNotFound, match="deleted when its time was over"):
            opened(walidata, name)

    def test_a_missing_key_is_told_so(self, monkeypatch, ckan_config):
        name, walidata = kept(), walidata_editor()
        monkeypatch.setitem(ckan_config, config.PRIVACY_KEYS, [Fernet.generate_key().decode()])
        with pytest.raises(tk.ValidationError, match="key is missing"):
            opened(walidata, name)


class TestAccessList:
    def test_who_what_why_and_whom_masked(self):
        name, walidata = kept(), walidata_editor()
        opened(walidata, name)
        (record,) = act("satudata_identity_access_list", walidata, identity_id=name)
        assert record["person"]["name"] == "B*** S***"
        body = registry.with_role("walidata")[0]
        assert (record["actor"], record["organization"]) == (walidata, body.title)
        assert (record["why"], record["purpose"]) == (WHY, "permintaan")
        assert BUDI["name"] not in str(record)
        opened(walidata, kept())
        by = act("satudata_identity_access_list", walidata, actor=walidata)
        assert len(by) == 2
        older = act("satudata_identity_access_list", walidata, actor=walidata, below=by[0]["id"])
        assert [r["identity_id"] for r in older] == [name]
        assert act("satudata_identity_access_list", walidata, actor="tidak-ada") == []

    def test_whom_one_may_not_open_is_not_even_masked(self, ppid):
        name = kept(confidential=True)
        opened(ppid, name)
        (seen,) = act("satudata_identity_access_list", walidata_editor(), identity_id=name)
        assert seen["person"] == {}
        (seen,) = act("satudata_identity_access_list", ppid, identity_id=name)
        assert seen["person"]["name"] == "B*** S***"


class TestPage:
    def test_it_tells_who_looked(self, app):
        name, walidata = kept(), walidata_editor()
        opened(walidata, name)
        headers = {"Authorization": factories.APIToken(user=walidata)["token"]}
        page = app.get(f"/satudata/kerahasiaan?identity_id={name}", headers=headers).body
        assert "B*** S***" in page
        assert WHY in page
        assert walidata in page
        assert BUDI["name"] not in page

    def test_the_person_sees_for_which_body(self, app):
        scene = Scene()
        case = scene.request(reporter=Reporter(identity=BUDI))
        headers = {
            who: {"Authorization": factories.APIToken(user=who)["token"]}
            for who in (scene.person.name, scene.ppid.name)
        }
        case.user_id = scene.person.id
        model.Session.commit()
        title = "Who saw your personal data"
        address = f"/satudata/kasus/{case.id}"
        page = app.get(address, headers=headers[scene.person.name]).body
        assert title in page
        assert "Nobody has opened it" in page
        act("satudata_case_identity", scene.ppid.name, id=case.id, why=WHY)
        page = app.get(address, headers=headers[scene.person.name]).body
        assert "Nobody has opened it" not in page
        body = registry.with_role("ppid")[0].title
        assert body in page.partition(title)[2].partition("</section>")[0]
        assert title not in app.get(address, headers=headers[scene.ppid.name]).body
