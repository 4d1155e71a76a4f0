"""Accounts in bulk: every line first, then all or nothing; letters with links that end."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

from ckanext.satudata.demo.tables import as_csv, as_xlsx
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.onboarding import AccountInvitation
from ckanext.satudata.organizations import registry
from ckanext.satudata.tests.letterbox import Letterbox
from ckanext.satudata.tests.worlds import act, agency, sysadmin, unique, walidata_editor
from ckanext.satudata.workflow import trail
from ckanext.satudata.workflow.onboarding import invitations

pytestmark = pytest.mark.usefixtures("portal")

HEADER = ["Nama", "Email", "Instansi", "Peran"]


@pytest.fixture
def walidata() -> str:
    return walidata_editor()


@pytest.fixture
def body() -> Any:
    return agency(unique("akun"))


@pytest.fixture
def mail(letterbox: Letterbox, monkeypatch: pytest.MonkeyPatch, ckan_config: Any) -> Letterbox:
    monkeypatch.setitem(ckan_config, "smtp.mail_from", "satudata@example.org")
    return letterbox


def address() -> str:
    return f"{unique('orang')}@example.org"


def sent(who: str, *rows: list[str], name: str = "daftar.csv", **more: Any) -> dict[str, Any]:
    lines = [HEADER, *rows]
    content = as_xlsx(lines) if name.endswith("xlsx") else as_csv(lines)
    upload = FileStorage(io.BytesIO(content), filename=name)
    return act("satudata_account_import", who, upload=upload, **more)


def capacity(email: str, organization: str) -> str | None:
    member = model.Member
    return model.Session.scalar(
        sa.select(member.capacity).where(
            member.table_id == model.User.by_email(email).id,
            member.group_id == organization,
            member.state == "active",
        )
    )


def link_in(letter: Any) -> str:
    found = re.search(r"https?://\S*/user/reset/\S+", letter.get_content())
    assert found is not None
    return found.group(0)


class TestLooking:
    def test_each_wrong_cell_is_named_with_what_to_do(self, walidata: str, body: Any) -> None:
        found = sent(
            walidata,
            ["A", "bukan-alamat", body.name, "editor"],
            ["", address(), body.name, "editor"],
            ["C", address(), "Dinas Yang Tidak Ada", "editor"],
            ["D", address(), body.name, "raja"],
        )
        assert [(p["row"], p["column"]) for p in found["problems"]] == [
            (2, "email"),
            (3, "nama"),
            (4, "instansi"),
            (5, "peran"),
        ]
        assert "Dinas Yang Tidak Ada" in found["problems"][2]["message"]
        assert "admin, editor or member" in found["problems"][3]["message"]

    def test_nothing_is_done_if_any_line_is_wrong(
        self, walidata: str, body: Any, mail: Letterbox
    ) -> None:
        right = address()
        rows = [["A", right, body.name, "editor"], ["B", "x", body.name, "editor"]]
        found = sent(walidata, *rows)
        assert [p["done"] for p in found["people"]] == [False]
        assert model.User.by_email(right) is None
        assert mail.everything() == []

    def test_only_the_right_lines_if_that_is_asked_for(
        self, walidata: str, body: Any, mail: Letterbox
    ) -> None:
        right = address()
        rows = [["A", right, body.name, "editor"], ["B", "x", body.name, "editor"]]
        found = sent(walidata, *rows, only_right=True)
        assert [p["done"] for p in found["people"]] == [True]
        assert len(mail.to(right)) == 1

    def test_a_dry_run_changes_nothing(self, walidata: str, body: Any, mail: Letterbox) -> None:
        right = address()
        found = sent(walidata, ["A", right, body.name, "editor"], dry_run=True)
        assert [(p["what"], p["done"]) for p in found["people"]] == [("undang", False)]
        assert model.User.by_email(right) is None

    def test_bodies_are_known_by_title_in_any_case_too(self, walidata: str, body: Any) -> None:
        found = sent(walidata, ["A", address(), f"DINAS  {body.name}", "Operator"], dry_run=True)
        assert [(p["organization_id"], p["peran"]) for p in found["people"]] == [
            (body.id, "editor")
        ]

    def test_one_person_cannot_have_two_roles_in_one_body(self, walidata: str, body: Any) -> None:
        who = address()
        found = sent(
            walidata,
            ["A", who, body.name, "editor"],
            ["A", who.upper(), body.name, "admin"],
            dry_run=True,
        )
        assert [(p["row"], p["column"]) for p in found["problems"]] == [(3, "peran")]

    def test_a_list_without_its_columns_says_which(self, walidata: str) -> None:
        upload = FileStorage(io.BytesIO(as_csv([["Nama", "Email"], ["A", "b"]])), filename="a.csv")
        with pytest.raises(tk.ValidationError) as refused:
            act("satudata_account_import", walidata, upload=upload)
        assert "instansi, peran" in refused.value.error_dict["upload"][0]

    def test_the_walidata_gives_nobody_a_part_in_deciding(self, body: Any) -> None:
        editor = walidata_editor()
        walidata_body = registry.with_role("walidata")[0]
        found = sent(editor, ["A", address(), walidata_body.name, "admin"], dry_run=True)
        assert [p["column"] for p in found["problems"]] == ["instansi"]
        found = sent(sysadmin(), ["A", address(), walidata_body.name, "admin"], dry_run=True)
        assert found["problems"] == []

    def test_nobody_else_may(self, body: Any) -> None:
        with pytest.raises(tk.NotAuthorized):
            sent(body.user, ["A", address(), body.name, "editor"])


class TestCarryingOut:
    def test_people_are_invited_with_the_name_of_the_list(
        self, walidata: str, body: Any, mail: Letterbox
    ) -> None:
        who = address()
        sent(walidata, ["Siti Aminah", who, body.name, "editor"], name="daftar.xlsx")
        user = model.User.by_email(who)
        assert (user.fullname, user.state) == ("Siti Aminah", "pending")
        assert capacity(who, body.id) == "editor"
        [letter] = mail.to(who)
        assert user.reset_key in link_in(letter)

    def test_sending_the_list_again_changes_nothing(
        self, walidata: str, body: Any, mail: Letterbox
    ) -> None:
        who = address()
        sent(walidata, ["A", who, body.name, "editor"])
        found = sent(walidata, ["A", who, body.name, "editor"])
        assert [(p["what"], p["done"]) for p in found["people"]] == [("tetap", True)]
        assert len(mail.to(who)) == 1

    def test_somebody_known_joins_or_changes_without_a_letter(
        self, walidata: str, body: Any, mail: Letterbox
    ) -> None:
        who = address()
        factories.User(name=unique("ada"), email=who)
        sent(walidata, ["A", who, body.name, "member"])
        assert capacity(who, body.id) == "member"
        found = sent(walidata, ["A", who, body.name, "editor"])
        assert [p["what"] for p in found["people"]] == ["ubah"]
        assert capacity(who, body.id) == "editor"
        assert mail.to(who) == []

    def test_one_person_in_two_bodies_gets_one_account(
        self, walidata: str, body: Any, mail: Letterbox
    ) -> None:
        who, other = address(), agency(unique("akun"))
        sent(walidata, ["A", who, body.name, "editor"], ["A", who, other.name, "member"])
        assert (capacity(who, body.id), capacity(who, other.id)) == ("editor", "member")
        assert len(mail.to(who)) == 1

    def test_a_letter_that_cannot_be_sent_leaves_no_account_and_can_be_tried_again(
        self, walidata: str, body: Any, mail: Letterbox, monkeypatch: Any, ckan_config: Any
    ) -> None:
        who = address()
        with monkeypatch.context() as broken:
            broken.setitem(ckan_config, "smtp.server", "127.0.0.1:1")
            found = sent(walidata, ["A", who, body.name, "editor"])
        assert found["people"][0]["error"]
        found = sent(walidata, ["A", who, body.name, "editor"])
        assert found["people"][0]["done"]
        assert len(mail.to(who)) == 1

    def test_the_trail_tells_it_without_names_or_addresses(
        self, walidata: str, body: Any, mail: Letterbox
    ) -> None:
        who = address()
        sent(walidata, ["Siti Rahasia", who, body.name, "editor"])
        [entry] = trail.newest(organizations=[body.id], action="account.invite")
        assert entry.after == {"user": model.User.by_email(who).id, "capacity": "editor"}
        assert entry.actor == model.User.by_name(walidata).id


class TestInvitations:
    def invited(self, walidata: str, body: Any) -> tuple[str, model.User]:
        who = address()
        sent(walidata, ["A", who, body.name, "editor"])
        return who, model.User.by_email(who)

    def test_the_link_opens_the_account_and_the_person_is_waited_for_no_longer(
        self, walidata: str, body: Any, mail: Letterbox, app: Any
    ) -> None:
        who, user = self.invited(walidata, body)
        name = user.id
        path = link_in(mail.to(who)[0]).split("test.ckan.net", 1)[1]
        assert app.get(path).status_code == 200
        secret = {"password1": "kata-sandi-1", "password2": "kata-sandi-1"}
        app.post(path, data=secret)
        assert model.User.get(name).state == "active"
        assert name not in {i["id"] for i in act("satudata_invitation_list", walidata)}

    def test_another_letter_ends_the_former_link(
        self, walidata: str, body: Any, mail: Letterbox, app: Any
    ) -> None:
        who, user = self.invited(walidata, body)
        assert act("satudata_invitation_resend", walidata, id=user.id)["times"] == 2
        former, newest = (link_in(one).split("test.ckan.net", 1)[1] for one in mail.to(who))
        assert app.get(former).status_code == 403
        assert app.get(newest).status_code == 200

    def test_a_link_ends_after_the_configured_days_and_not_before(
        self, walidata: str, body: Any, mail: Letterbox, app: Any, ckan_config: Any
    ) -> None:
        who, user = self.invited(walidata, body)
        name = user.id
        path = link_in(mail.to(who)[0]).split("test.ckan.net", 1)[1]
        days = ckan_config["ckanext.satudata.account_invitation_days"]
        invitations.expire(utc_now() + timedelta(days=days, minutes=-1))
        assert app.get(path).status_code == 200
        row = model.Session.get(AccountInvitation, name)
        row.sent_at -= timedelta(days=days)
        model.Session.commit()
        assert invitations.expire(utc_now())
        assert app.get(path).status_code == 403
        [shown] = [i for i in act("satudata_invitation_list", walidata) if i["id"] == name]
        assert shown["expired"]
        act("satudata_invitation_resend", walidata, id=name)
        again = link_in(mail.to(who)[-1]).split("test.ckan.net", 1)[1]
        assert app.get(again).status_code == 200

    def test_nobody_is_invited_again_who_has_come_in(self, walidata: str, body: Any) -> None:
        user = model.User.by_name(body.user)
        with pytest.raises(tk.ObjectNotFound):
            act("satudata_invitation_resend", walidata, id=user.id)
