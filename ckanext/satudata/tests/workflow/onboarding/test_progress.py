"""How far people are, from the account to their first publication."""

from __future__ import annotations

from typing import Any

import pytest
from ckan import model
from ckan.tests import factories

from ckanext.satudata.tests.worlds import KECAMATAN, Table, act, agency, indicator, unique
from ckanext.satudata.workflow.onboarding import progress

pytestmark = pytest.mark.usefixtures("portal")


def steps(user: str) -> dict[str, Any]:
    return act("satudata_progress_show", user)["steps"]


class TestProgress:
    def test_the_first_log_in_counts_once(self, app: Any) -> None:
        password = "kata-sandi-uji-1"
        user = factories.User(name=unique("masuk"), password=password)["name"]
        person = model.User.by_name(user).id
        assert not progress.has_taken(person, "masuk")
        app.post("/user/login", data={"login": user, "password": password})
        model.Session.expire_all()
        first = steps(user)["masuk"]
        assert first
        assert progress.has_taken(person, "masuk")
        app.get("/user/_logout")
        app.post("/user/login", data={"login": user, "password": password})
        model.Session.expire_all()
        assert steps(user)["masuk"] == first

    def test_the_first_publication_is_ones_own(self) -> None:
        who, other = agency(unique("maju")), agency(unique("maju"))
        assert steps(who.user)["terbit"] is None
        figures = {code: float(n) for n, code in enumerate(KECAMATAN, 1)}
        who.published(Table(indicator(producer_org=who.id), figures))
        assert steps(who.user)["terbit"]
        assert steps(other.user)["terbit"] is None

    def test_everybody_is_there_who_belongs_to_a_body_and_nobody_else(self) -> None:
        who, outsider = agency(unique("maju")), factories.User()["name"]
        accounts = {p.account: p for p in progress.everybody()}
        assert accounts[who.user].bodies == {f"Dinas {who.name}": "editor"}
        assert outsider not in accounts
