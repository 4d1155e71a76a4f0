"""Invitations by e-mail with an entry for people's calendars, sent to a real SMTP server."""

from __future__ import annotations

from datetime import datetime, timezone
from email.message import EmailMessage

import pytest
from ckan import model
from icalendar import Calendar
from icalendar.cal import Component

from ckanext.satudata.tests.letterbox import Letterbox
from ckanext.satudata.tests.workflow.disputes import Dispute, meeting
from ckanext.satudata.tests.worlds import act, sysadmin, walidata_editor
from ckanext.satudata.workflow.meetings import invitations

pytestmark = pytest.mark.usefixtures("portal")

#: A Monday, 09.00 WIB; the working day before is a Friday.
STARTS = "2033-02-07T09:00"
EARLY, DUE = datetime(2033, 2, 1, tzinfo=timezone.utc), datetime(2033, 2, 4, 3, tzinfo=timezone.utc)


def entry(letter: EmailMessage) -> tuple[str, Component]:
    (part,) = [p for p in letter.walk() if p.get_content_type() == "text/calendar"]
    assert part.get_filename() == "rapat.ics"
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    calendar = Calendar.from_ical(content)
    assert part.get_param("method") == str(calendar["METHOD"])
    return str(calendar["METHOD"]), calendar.walk("VEVENT")[0]


class Invited:
    """A meeting about one dispute, and the letterbox into which its letters go."""

    def __init__(self, letterbox: Letterbox) -> None:
        self.box = letterbox
        self.dispute = Dispute()
        self.id = meeting(starts_at=STARTS)["id"]

    def letters(self, user: str) -> list[EmailMessage]:
        """Letters about this meeting to a person."""
        email = model.User.by_name(user).email
        return [one for one in self.box.to(email) if entry(one)[1]["UID"].startswith(self.id)]


@pytest.fixture
def invited(letterbox: Letterbox) -> Invited:
    return Invited(letterbox)


class TestInvitations:
    def test_the_agencies_concerned_and_the_walidata_once_and_nobody_else(
        self, invited: Invited
    ) -> None:
        walidata = walidata_editor()
        dispute = invited.dispute
        invitations.send(EARLY)
        assert invited.letters(dispute.holder.user) == []
        invitations.send(DUE)
        invitations.send(DUE)
        for user in (dispute.holder.user, dispute.other.user, walidata):
            (letter,) = invited.letters(user)
            method, event = entry(letter)
            assert method == "REQUEST"
            assert event["DTSTART"].dt == datetime(2033, 2, 7, 2, tzinfo=timezone.utc)
            assert int(event["SEQUENCE"]) == 0
            assert str(event["LOCATION"]) == "Ruang rapat"
            assert model.User.by_name(user).email in str(event["ATTENDEE"])
        assert invited.letters(dispute.stranger.user) == []

    def test_a_letter_names_what_concerns_the_agency_and_only_that(self, invited: Invited) -> None:
        other = Dispute()
        act("satudata_meeting_update", sysadmin(), id=invited.id, version=1, place="Aula")
        second = meeting(starts_at=STARTS)
        title = other.item(second["id"]).title
        own = invited.dispute.item(invited.id).title
        invitations.send(DUE)
        (letter,) = invited.letters(invited.dispute.other.user)
        (text,) = [p for p in letter.walk() if p.get_content_type() == "text/plain"]
        body = text.get_content()
        assert own in body
        assert title not in body

    def test_whoever_was_invited_is_told_of_changes_and_of_the_end(self, invited: Invited) -> None:
        user = invited.dispute.holder.user
        invitations.send(DUE)
        act(
            "satudata_meeting_update",
            sysadmin(),
            id=invited.id,
            version=1,
            starts_at="2033-02-08T13:00",
        )
        invitations.send(DUE)
        act("satudata_meeting_update", sysadmin(), id=invited.id, version=2, notes="Catatan.")
        invitations.send(DUE)
        act("satudata_meeting_cancel", sysadmin(), id=invited.id, reason="Banjir.")
        invitations.send(DUE)
        invitations.send(DUE)
        letters = [entry(one) for one in invited.letters(user)]
        assert [(method, int(event["SEQUENCE"])) for method, event in letters] == [
            ("REQUEST", 0),
            ("REQUEST", 1),
            ("CANCEL", 2),
        ]
        assert len({str(event["UID"]) for _, event in letters}) == 1
        assert letters[1][1]["DTSTART"].dt == datetime(2033, 2, 8, 6, tzinfo=timezone.utc)
        assert str(letters[2][1]["STATUS"]) == "CANCELLED"

    @pytest.mark.ckan_config("smtp.server", "127.0.0.1:1")
    def test_what_cannot_be_delivered_is_tried_again(
        self, invited: Invited, ckan_config: dict[str, str]
    ) -> None:
        ckan_config["smtp.server"] = "127.0.0.1:1"
        invitations.send(DUE)
        ckan_config["smtp.server"] = invited.box.address
        invitations.send(DUE)
        assert len(invited.letters(invited.dispute.holder.user)) == 1
