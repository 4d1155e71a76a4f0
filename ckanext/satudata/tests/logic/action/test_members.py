"""Who belongs to a body goes on record, with the change itself."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.satudata.tests.worlds import act, agency, sysadmin, unique
from ckanext.satudata.workflow import trail

pytestmark = pytest.mark.usefixtures("portal")


def told(organization: str) -> list[tuple[Any, Any]]:
    found = trail.newest(organizations=[organization], action="organization.member")
    return [((e.before or {}).get("capacity"), (e.after or {}).get("capacity")) for e in found]


class TestMembers:
    def test_joining_another_role_and_leaving_are_written_down_once_each(self) -> None:
        body, user = agency(unique("anggota")), factories.User()["name"]
        before = len(told(body.id))
        for role in ("member", "editor", "editor"):
            act("organization_member_create", sysadmin(), id=body.id, username=user, role=role)
        act("organization_member_delete", sysadmin(), id=body.id, username=user)
        new = told(body.id)[: len(told(body.id)) - before]
        assert new == [("editor", None), ("member", "editor"), (None, "member")]
        [newest, *_] = trail.newest(organizations=[body.id], action="organization.member")
        assert newest.actor == model.User.by_name(sysadmin()).id
        assert newest.before["user"] == model.User.by_name(user).id

    def test_nothing_is_written_down_of_what_was_refused(self) -> None:
        body, user = agency(unique("anggota")), factories.User()["name"]
        before = told(body.id)
        for action in ("organization_member_create", "organization_member_delete"):
            with pytest.raises(tk.NotAuthorized):
                act(action, body.user, id=body.id, username=user, role="admin")
        model.Session.commit()
        assert told(body.id) == before
