"""Offices, people and requests for the tests of cases."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from ckan import model
from ckan.tests import factories

from ckanext.satudata.model.case import GOVERNMENT, PUBLIC, REQUEST, Case
from ckanext.satudata.organizations import registry
from ckanext.satudata.tests.worlds import Agency, act, agency, sysadmin, unique, walidata_editor
from ckanext.satudata.workflow.cases import cases
from ckanext.satudata.workflow.cases.actors import ITSELF, Actor, Reporter, actor_of

#: A Monday without holidays near it.
MONDAY = datetime(2026, 10, 5, 3, tzinfo=timezone.utc)
PERSON = {
    "name": "Budi Santoso",
    "nik": "6105011203850001",
    "email": "budi@contoh.example",
    "address": "Jalan Lintas Melawi 1",
}


def user(name: str) -> model.User:
    """An account by its name."""
    found = model.User.by_name(name)
    assert found is not None
    return found


def editor_of(role: str) -> model.User:
    """An editor of the body with a role, which is made where there is none."""
    walidata_editor()
    bodies = registry.with_role(role)
    if not bodies:
        made = agency(unique(role.replace("_", "-")))
        act("organization_patch", sysadmin(), id=made.id, peran=[role, "produsen"])
        bodies = registry.with_role(role)
    account = factories.User()["name"]
    act("organization_member_create", sysadmin(), id=bodies[0].id, username=account, role="editor")
    return user(account)


class Scene:
    """The offices, an agency, and somebody who asks."""

    def __init__(self) -> None:
        self.ppid = editor_of("ppid")
        self.superior = editor_of("atasan_ppid")
        self.walidata = user(walidata_editor())
        self.agency: Agency = agency("kasus-instansi")
        self.other: Agency = agency("kasus-lain")
        self.person = user(factories.User()["name"])

    def request(self, *items: str, now: datetime = MONDAY, **other: Any) -> Case:
        """A registered request of the person."""
        made = cases.open_case(
            REQUEST,
            **{
                "lane": PUBLIC,
                "title": "Harga beras",
                "reporter": Reporter(user_id=self.person.id),
                "items": items or ("Harga beras per pasar",),
                "now": now,
                **other,
            },
        )
        model.Session.commit()
        return made.case

    def government(self, now: datetime = MONDAY) -> Case:
        """A request of another agency."""
        who = Reporter(user_id=user(self.other.user).id, body_id=self.other.id)
        return self.request(lane=GOVERNMENT, reporter=who, now=now)

    def actor(self, who: model.User | None, case: Case) -> Actor:
        """What somebody may act as; None is the portal."""
        return actor_of(who, case) if who is not None else ITSELF

    def move(
        self,
        case: Case,
        transition: str,
        who: model.User | None,
        now: datetime = MONDAY,
        **given: Any,
    ) -> Case:
        """Make a move and commit it."""
        note = given.pop("note", None)
        cases.move(case, transition, self.actor(who, case), note=note, params=given, now=now)
        model.Session.commit()
        return case

    def handed(self, *items: str, now: datetime = MONDAY) -> Case:
        """A request that was handed to the agency."""
        case = self.request(*items, now=now)
        self.move(case, "nyatakan_lengkap", self.ppid, now)
        return self.move(case, "disposisikan", self.ppid, now, organization=self.agency.id)

    def answer(self, case: Case, how: str = "keterangan", **more: Any) -> list[dict[str, Any]]:
        """Answers to all items that wait."""
        return [
            {"item": i.id, "how": how, "text": "Rp 14.500 per kilogram.", **more}
            for i in cases.requests.items_of(case)
            if i.answer is None
        ]
