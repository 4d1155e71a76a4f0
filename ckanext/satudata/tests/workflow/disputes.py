"""Two agencies that give different values for one object."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.model.meeting import AgendaItem, Meeting
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Agency,
    Table,
    act,
    agency,
    indicator,
    sysadmin,
    unique,
)

FIRST = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}


class Dispute:
    """The holder's figures are public; the other agency's draft gives the first kecamatan 555."""

    def __init__(self, **changed: float) -> None:
        self.holder: Agency = agency(unique("pemegang"))
        self.other: Agency = agency(unique("penantang"))
        self.stranger: Agency = agency(unique("orang-lain"))
        self.code = indicator(producer_org=self.holder.name)
        self.public = self.holder.published(Table(self.code, FIRST))
        self.draft = self.other.draft(title=unique("Angka tandingan"))
        self.values = {**FIRST, KECAMATAN[0]: 555.0, **changed}
        self.resource = self.other.add(self.draft["id"], Table(self.code, self.values))
        self.try_to_publish()

    def try_to_publish(self) -> bool:
        """Press Publish for the draft; whether it became public."""
        try:
            self.other.publish(self.draft["id"])
        except tk.ValidationError:
            return False
        return True

    def correct(self, values: dict[str, float]) -> None:
        """Upload other figures in the place of the draft's."""
        table = Table(self.code, values).resource()
        act("resource_update", self.other.user, id=self.resource["id"], **table)

    @property
    def subject(self) -> str:
        """What the conflict is called on an agenda."""
        return f"konflik:{self.draft['id']}:{self.code}:{self.public['id']}"

    def item(self, meeting: str) -> AgendaItem:
        """The conflict on a meeting's agenda."""
        model.Session.expire_all()
        return next(i for i in AgendaItem.of(meeting) if i.subject == self.subject)

    def on(self, meeting: str) -> bool:
        """Whether a meeting's agenda has it."""
        model.Session.expire_all()
        return self.subject in {i.subject for i in AgendaItem.of(meeting)}


def meeting(**other: Any) -> dict[str, Any]:
    """A meeting in preparation, made by a sysadmin."""
    values = {"starts_at": "2030-01-08T09:00", "place": "Ruang rapat", **other}
    return act("satudata_meeting_create", sysadmin(), **values)


def begun(**other: Any) -> dict[str, Any]:
    """A meeting that is being held."""
    return act("satudata_meeting_start", sysadmin(), id=meeting(**other)["id"])


def row(meeting_id: str) -> Meeting:
    """A meeting as it is stored now."""
    model.Session.expire_all()
    return model.Session.get_one(Meeting, meeting_id)
