"""Attachments from the upload to the download, and to the end."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.satudata import attachments
from ckanext.satudata.attachments.access import PUBLIC
from ckanext.satudata.attachments.names import safe
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.privacy import keys
from ckanext.satudata.store import content
from ckanext.satudata.tests.attached import pdf, picture, upload, zipped
from ckanext.satudata.workflow.trail import Subject

KIND = "uji-lampiran"


@pytest.fixture(autouse=True)
def _portal(portal: None) -> None:
    """All of these write into the database."""


@pytest.fixture
def owner() -> Subject:
    return Subject(KIND, str(uuid.uuid4()))


@pytest.fixture
def judged() -> Iterator[dict[str, Any]]:
    """Whom the owner lets have its attachments."""
    allowed: dict[str, Any] = {"user": None, "secret": None}

    def judge(_one: Any, user: Any, secret: Any) -> bool:
        return (user is not None and user.name == allowed["user"]) or (
            secret is not None and secret == allowed["secret"]
        )

    attachments.AUDIENCES[KIND] = judge
    yield allowed
    del attachments.AUDIENCES[KIND]


def taken(owner: Subject, given: bytes = b"", name: str = "surat.pdf", **more: Any) -> Any:
    made = attachments.take(
        upload(given or pdf(), name), owner=owner, **{"audience": "pemohon", **more}
    )
    model.Session.commit()
    return made


def refusal(owner: Subject, given: Any) -> str:
    with pytest.raises(tk.ValidationError) as told:
        attachments.take(given, owner=owner, audience="pemohon")
    return told.value.error_dict["upload"][0]


class TestTaking:
    def test_what_is_taken_can_be_read_and_is_listed(self, owner: Subject) -> None:
        first, second = taken(owner), taken(owner, picture(), "b.png")
        assert [a.id for a in attachments.of(owner)] == [first.id, second.id]
        assert attachments.read(first) == pdf()
        assert attachments.described(first)["filename"] == "surat.pdf"

    def test_it_is_sealed_unless_it_is_public(self, owner: Subject) -> None:
        private, public = taken(owner), taken(owner, audience=PUBLIC)
        stored = [content.path_of(a.sha256).read_bytes() for a in (private, public)]
        assert b"%PDF" not in stored[0]
        assert stored[1] == pdf()

    def test_what_is_sealed_opens_in_no_other_row(self, owner: Subject) -> None:
        private, other = taken(owner), taken(owner)
        other.sha256 = private.sha256
        with pytest.raises(keys.Damaged):
            attachments.read(other)
        model.Session.rollback()

    @pytest.mark.ckan_config("ckanext.satudata.attachment_size", 1)
    def test_size_has_a_limit(self, owner: Subject) -> None:
        assert "1 MB" in refusal(owner, upload(b"a" * ((1 << 20) + 1), "a.txt"))
        taken(owner, b"a" * (1 << 20), "a.txt")

    @pytest.mark.ckan_config("ckanext.satudata.attachment_count", 2)
    def test_number_has_a_limit(self, owner: Subject) -> None:
        taken(owner)
        taken(owner)
        assert "2 files" in refusal(owner, upload(pdf(), "a.pdf"))

    @pytest.mark.parametrize("given", ["", None, upload(b"", "a.pdf"), upload(pdf(), "")])
    def test_nothing_is_told_so(self, owner: Subject, given: Any) -> None:
        assert refusal(owner, given)

    def test_what_is_refused_leaves_nothing(self, owner: Subject) -> None:
        refusal(owner, upload(b"<script>1</script>", "a.pdf"))
        assert attachments.of(owner) == []


class TestNameless:
    def test_neither_name_nor_file_tells_who_sent_it(self, owner: Subject) -> None:
        made = taken(owner, picture(), "KTP Budi.png", nameless=True)
        assert "Budi" not in made.filename
        assert made.filename.endswith(".png")

    @pytest.mark.parametrize("given", [pdf(), zipped({"word/document.xml": "<a/>"})])
    def test_what_keeps_its_authors_name_is_refused(self, owner: Subject, given: bytes) -> None:
        with pytest.raises(tk.ValidationError) as told:
            attachments.take(upload(given, "a"), owner=owner, audience="pemohon", nameless=True)
        assert "who you are" in told.value.error_dict["upload"][0]


class TestNames:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("..\\..\\Kartu Tanda/Penduduk.exe", "Penduduk.pdf"),
            ('a"b\r\nSet-Cookie: x.pdf', "a bSet-Cookie x.pdf"),
            ("\u202efdp.exe", "fdp.pdf"),
            ("....", "lampiran.pdf"),
            (".htaccess", "lampiran.pdf"),
            ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
            ("surat pernyataan é.PDF", "surat pernyataan é.pdf"),
        ],
    )
    def test_no_folder_control_or_direction_is_left(self, given: str, kept: str) -> None:
        assert safe(given, ".pdf", otherwise="lampiran") == kept


class TestDownload:
    def test_only_for_whom_the_owner_lets(
        self, owner: Subject, judged: dict[str, Any], app: Any
    ) -> None:
        made = taken(owner)
        people = [factories.UserWithToken() for _ in range(2)]
        judged["user"] = people[0]["name"]
        found = [
            app.get(
                f"/satudata/lampiran/{made.id}",
                headers={"Authorization": person["token"]},
                follow_redirects=False,
            ).status_code
            for person in people
        ]
        visitor = app.get(f"/satudata/lampiran/{made.id}", follow_redirects=False)
        assert [*found, visitor.status_code] == [200, 403, 302]

    def test_it_is_saved_and_neither_run_nor_kept(
        self, owner: Subject, judged: dict[str, Any], app: Any
    ) -> None:
        made = taken(owner, b"a,b\n1,2\n", "tabel.csv")
        person = factories.UserWithToken()
        judged["user"] = person["name"]
        answer = app.get(
            f"/satudata/lampiran/{made.id}", headers={"Authorization": person["token"]}
        )
        assert answer.data == b"a,b\n1,2\n"
        assert answer.headers["Content-Disposition"] == "attachment; filename=tabel.csv"
        assert answer.headers["Content-Type"].startswith("text/csv")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "no-store" in answer.headers["Cache-Control"]
        assert "public" not in answer.headers["Cache-Control"]

    def test_a_kind_that_nobody_knows_is_for_nobody(self, owner: Subject) -> None:
        made = taken(owner)
        assert not attachments.may(made, model.User.get(factories.Sysadmin()["id"]))

    def test_a_secret_code_opens_it_for_who_has_no_account(
        self, owner: Subject, judged: dict[str, Any]
    ) -> None:
        made = taken(owner)
        judged["secret"] = "RAHASIA"
        shown = tk.get_action("satudata_attachment_show")
        assert shown({"user": ""}, {"id": made.id, "secret": "RAHASIA"})["id"] == made.id
        for data in ({}, {"secret": "TEBAKAN"}):
            with pytest.raises(tk.NotAuthorized):
                shown({"user": ""}, {"id": made.id, **data})

    def test_one_that_is_not_there_is_not_found(self, app: Any) -> None:
        app.get(f"/satudata/lampiran/{uuid.uuid4()}", status=404)


class TestEnd:
    def test_what_is_forgotten_is_deleted_and_nobody_gets_it(
        self, owner: Subject, judged: dict[str, Any]
    ) -> None:
        made, path = taken(owner), ""
        judged["secret"] = "RAHASIA"
        path = content.path_of(made.sha256)

        assert attachments.forget(owner, now=utc_now()) == 1
        model.Session.commit()

        assert attachments.of(owner) == []
        assert not attachments.may(made, None, "RAHASIA")
        assert "surat" not in made.filename
        assert path.exists()
        assert attachments.erase(utc_now()) != []
        assert not path.exists()
        assert attachments.erase(utc_now()) == []

    def test_what_others_hold_too_stays(self, owner: Subject) -> None:
        other = Subject(KIND, str(uuid.uuid4()))
        unique = f"a,b\n{uuid.uuid4()},1\n".encode()
        taken(owner, unique, "a.csv", audience=PUBLIC)
        kept = taken(other, unique, "a.csv", audience=PUBLIC)
        attachments.forget(owner, now=utc_now())
        model.Session.commit()
        attachments.erase(utc_now())
        assert attachments.read(kept) == unique
