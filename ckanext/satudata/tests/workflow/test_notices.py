"""Notices in the portal and by e-mail, as each person wants them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from typing import Any, ClassVar

import ckan.plugins as p
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.notice import Notice
from ckanext.satudata.tests.letterbox import Letterbox
from ckanext.satudata.tests.worlds import act, agency, sysadmin, unique
from ckanext.satudata.workflow import notices, trail

pytestmark = pytest.mark.usefixtures("portal")

KIND = "rilis-bersama"
PARAMS = {"title": "A", "agency": "B", "reason": "C", "date": "D"}
#: A Tuesday, 09.00 in the portal's zone (WIB is UTC+7).
MORNING = datetime(2026, 11, 24, 2, 0, tzinfo=timezone.utc)


@pytest.fixture
def person() -> str:
    name = unique("orang")
    return factories.User(name=name, email=f"{name}@example.org")["name"]


def tell(name: str, title: str = "Stok beras", created: datetime | None = None) -> None:
    user = model.User.by_name(name)
    params = {**PARAMS, "title": title}
    address = "/dataset/stok-beras"
    notices.tell(
        KIND,
        users=[user.id],
        subject=trail.Subject("dataset", "x"),
        params=params,
        address=address,
    )
    for one in notices.of_user(user.id):
        one.urgent = False
        one.created_at = created or one.created_at
    model.Session.commit()


def choose(name: str, mail: str, *muted: str) -> None:
    act("satudata_notice_setting_update", name, mail=mail, muted=list(muted))


def letters_to(letterbox: Letterbox, name: str) -> list[EmailMessage]:
    return letterbox.to(model.User.by_name(name).email)


class TestLetters:
    def test_each_at_once_for_those_who_want_it(self, person: str, letterbox: Letterbox) -> None:
        choose(person, "segera")
        tell(person), tell(person)
        notices.deliver(utc_now())
        assert len(letters_to(letterbox, person)) == 2
        notices.deliver(utc_now())
        assert len(letters_to(letterbox, person)) == 2

    def test_one_letter_a_working_day_for_all_others(
        self, person: str, letterbox: Letterbox
    ) -> None:
        early = MORNING - timedelta(hours=3)
        tell(person, created=early), tell(person, created=early)
        notices.deliver(early)
        assert letters_to(letterbox, person) == []
        notices.deliver(MORNING)
        [letter] = letters_to(letterbox, person)
        assert letter["Subject"] == "2 notices from the Satu Data portal"
        assert "http://test.ckan.net/dataset/stok-beras" in letter.get_content()
        tell(person, created=MORNING)
        notices.deliver(MORNING + timedelta(hours=2))
        assert len(letters_to(letterbox, person)) == 1
        notices.deliver(MORNING + timedelta(days=1))
        assert len(letters_to(letterbox, person)) == 2

    def test_no_daily_letter_on_a_day_off(self, person: str, letterbox: Letterbox) -> None:
        saturday = MORNING + timedelta(days=4)
        tell(person, created=saturday)
        notices.deliver(saturday)
        assert letters_to(letterbox, person) == []

    def test_none_for_those_who_want_none(self, person: str, letterbox: Letterbox) -> None:
        choose(person, "tidak")
        tell(person)
        notices.deliver(utc_now())
        choose(person, "segera")
        notices.deliver(utc_now())
        assert letters_to(letterbox, person) == []

    def test_not_about_what_they_do_not_want(self, person: str, letterbox: Letterbox) -> None:
        choose(person, "segera", KIND)
        tell(person)
        notices.deliver(utc_now())
        assert letters_to(letterbox, person) == []

    def test_not_about_what_was_read_meanwhile(self, person: str, letterbox: Letterbox) -> None:
        tell(person, created=MORNING)
        act("satudata_notice_read", person)
        notices.deliver(MORNING)
        assert letters_to(letterbox, person) == []

    def test_what_could_not_be_delivered_goes_out_later(
        self, person: str, letterbox: Letterbox, ckan_config, monkeypatch
    ) -> None:
        choose(person, "segera")
        tell(person)
        with monkeypatch.context() as patch:
            patch.setitem(ckan_config, "smtp.server", "127.0.0.1:1")
            notices.deliver(utc_now())
        assert letters_to(letterbox, person) == []
        notices.deliver(utc_now())
        assert len(letters_to(letterbox, person)) == 1

    def test_a_portal_without_an_address_tells_in_the_portal_alone(
        self, person: str, letterbox: Letterbox, ckan_config, monkeypatch
    ) -> None:
        choose(person, "segera")
        tell(person)
        with monkeypatch.context() as patch:
            patch.setitem(ckan_config, "smtp.mail_from", "")
            notices.deliver(utc_now())
        assert letterbox.everything() == []
        assert act("satudata_notice_list", person)["unread"] == 1


class Gateway(p.SingletonPlugin):
    """Carries letters another way, as a plugin for text messages would."""

    p.implements(p.INotifier, inherit=True)
    carried: ClassVar[list[str]] = []

    def notify_recipient(self, already_notified: bool, *details: Any, **more: Any) -> bool:
        """CKAN asks before it sends a letter itself."""
        self.carried.append(details[1])
        return True


@pytest.fixture
def gateway() -> Iterator[list[str]]:
    Gateway.carried.clear()
    service = Gateway(name="satudata_test_gateway")
    p.core._PLUGINS_SERVICE[service.name] = service
    try:
        yield Gateway.carried
    finally:
        del p.core._PLUGINS_SERVICE[service.name]


class TestGateway:
    def test_a_plugin_can_carry_letters_another_way(
        self, person: str, gateway: list[str], letterbox: Letterbox
    ) -> None:
        choose(person, "segera")
        tell(person)
        notices.deliver(utc_now())
        assert model.User.by_name(person).email in gateway
        assert letterbox.everything() == []


class TestPortal:
    def test_editors_of_a_body_are_told_and_nobody_else(self) -> None:
        mine, other = agency("kabar"), agency("kabar-lain")
        subject = trail.Subject("dataset", unique("x"))
        params = PARAMS
        told = notices.tell(
            KIND, organizations=[mine.id], subject=subject, params=params, address="/x"
        )
        model.Session.commit()
        editors = {mine.user, sysadmin()}  # whoever makes a body belongs to it
        assert told == len(editors)

        def of(user: str) -> list[str]:
            found = act("satudata_notice_list", user)["notices"]
            return [n["head"] for n in found if n["subject_id"] == subject.id]

        assert of(mine.user) == ['Figures in "A" are being revised by their producer']
        assert of(other.user) == []
        assert of(factories.User()["name"]) == []

    def test_reading_marks_only_ones_own(self, person: str) -> None:
        other = factories.User()["name"]
        tell(person), tell(other)
        assert act("satudata_notice_read", person) == {"marked": 1}
        assert act("satudata_notice_list", person)["unread"] == 0
        assert act("satudata_notice_list", other)["unread"] == 1
        theirs = act("satudata_notice_list", other)["notices"][0]["id"]
        assert act("satudata_notice_read", person, id=theirs) == {"marked": 0}

    def test_a_notice_of_an_older_text_is_still_told(
        self, person: str, letterbox: Letterbox
    ) -> None:
        choose(person, "segera")
        user = model.User.by_name(person)
        subject = trail.Subject("dataset", "x")
        notices.tell(KIND, users=[user.id], subject=subject, params={"title": "A"}, address="/x")
        model.Session.commit()
        notices.deliver(utc_now())
        assert "…" in letters_to(letterbox, person)[0].get_content()

    def test_what_did_not_happen_is_not_told(self, person: str) -> None:
        user = model.User.by_name(person)
        params = PARAMS
        subject = trail.Subject("dataset", "x")
        notices.tell(KIND, users=[user.id], subject=subject, params=params, address="/x")
        model.Session.rollback()
        assert model.Session.query(Notice).filter_by(user_id=user.id).count() == 0

    def test_the_page_shows_them(self, person: str, app) -> None:
        tell(person, title="<b>Stok</b>")
        token = factories.APIToken(user=person)["token"]
        page = app.get("/satudata/pemberitahuan", headers={"Authorization": token}).body
        assert "&lt;b&gt;Stok&lt;/b&gt;" in page
        assert "<b>Stok</b>" not in page
