"""A person whose every field is a marker goes through the portal; none is found anywhere."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.lib.search.common import make_connection

from ckanext.satudata.model.content import utc_now
from ckanext.satudata.privacy import people
from ckanext.satudata.tests.letterbox import Letterbox
from ckanext.satudata.tests.privacy.searching import Search
from ckanext.satudata.tests.privacy.test_people import WHY
from ckanext.satudata.tests.worlds import act, walidata_editor
from ckanext.satudata.workflow import duties, notices, trail

pytestmark = pytest.mark.usefixtures("portal")


@dataclass
class Person:
    """Somebody nobody else is like.

    Attributes:
        fields: what they tell of themselves.
        search: looks for it.
    """

    fields: dict[str, str]
    search: Search

    @property
    def email(self) -> str:
        """Their address."""
        return self.fields["email"]


def markers() -> dict[str, str]:
    """A value for each field of the law's form, each with a word of its own."""
    word = {n: uuid.uuid4().hex[:12] for n in ("a", "b", "c", "d", "e", "f", "g", "h")}
    digits = f"{uuid.uuid4().int % 10**7:07d}"
    return {
        "name": f"Nama{word['a']} Marga{word['b']}",
        "nik": f"610501{digits[:1]}1{digits[:2]}90{digits[3:]}",
        "email": f"surat{word['c']}@contoh{word['d']}.example",
        "phone": f"0812{digits}9",
        "address": f"Jalan{word['e']} 17",
        "job": f"Kerja{word['f']}",
        "organization_name": f"Lembaga{word['g']}",
        "proxy": f"Kuasa{word['h']}",
    }


@pytest.fixture
def person(portal: None) -> Person:
    """A new person; what is looked for are all words of their fields but short ones."""
    fields = markers()
    words = {w for value in fields.values() for w in value.split() if len(w) > 2}
    words |= set(fields["email"].split("@"))
    return Person(fields, Search(words))


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """All logs at the lowest level, but those of the tests' own mail server."""
    for name in ("", "ckan", "ckanext", "sqlalchemy.engine", "werkzeug", "smtplib"):
        caplog.set_level(logging.DEBUG, name)
    return caplog


def written(caplog: pytest.LogCaptureFixture) -> str:
    """What was logged, with traces."""
    render = logging.Formatter().format
    return "\n".join(render(r) for r in caplog.records if not r.name.startswith("mail."))


def found(person: Person, logs: pytest.LogCaptureFixture, box: Letterbox) -> dict[str, list[str]]:
    """Where markers are, in what the portal keeps, logged and wrote to others."""
    logged = person.search.in_text(written(logs))
    letters = person.search.letters(box.everything(), but=person.email)
    return {**person.search.everywhere(), **({"logging": logged} if logged else {}), **letters}


class TestSearching:
    """The search finds markers wherever somebody might put them: else finding none says nothing."""

    @pytest.fixture
    def put(self, person: Person) -> str:
        return person.fields["name"].split()[0]

    def test_in_a_json_column(self, person, put):
        notices.tell(
            "setoran-segera",
            subject=trail.Subject("setoran", "x"),
            address="/",
            params={"x": [put]},
            users=[model.User.by_name(walidata_editor()).id],
        )
        model.Session.commit()
        assert "satudata_notice.params" in person.search.everywhere()

    def test_in_the_trail(self, person, put):
        trail.record("test.do", trail.Subject("dataset", "x", put), actor=None)
        model.Session.commit()
        assert "satudata_trail.subject_title" in person.search.everywhere()

    def test_in_bytes(self, person, put):
        model.Session.execute(
            sa.text(
                "INSERT INTO satudata_identity "
                "(id, purpose, confidential, fields, sealed, key_mark, created_at) "
                "VALUES (:id, 'x', false, '{}', :sealed, 'x', now())"
            ),
            {"id": str(uuid.uuid4()), "sealed": b"\x00" + put.lower().encode()},
        )
        model.Session.commit()
        try:
            assert person.search.everywhere() == {"satudata_identity.sealed": [put.casefold()]}
        finally:
            model.Session.execute(sa.text("DELETE FROM satudata_identity WHERE key_mark = 'x'"))
            model.Session.commit()

    def test_in_redis(self, person, put):
        connection = connect_to_redis()
        connection.hset("penanda-uji", "x", put)
        try:
            assert "redis b'penanda-uji'" in person.search.everywhere()
        finally:
            connection.delete("penanda-uji")

    def test_in_a_job(self, person, put):
        job = tk.enqueue_job(len, [put])
        try:
            assert any(p.startswith("redis b'rq:job") for p in person.search.everywhere())
        finally:
            job.delete()

    def test_in_the_index(self, person, put):
        solr = make_connection()
        solr.add(
            [{"id": "x", "index_id": "penanda-uji", "site_id": "x", "notes": put}], commit=True
        )
        try:
            places = person.search.everywhere()
            assert {"solr documents", "solr words"} & set(places)
        finally:
            solr.delete(id="penanda-uji", commit=True)
            solr.delete(q="index_id:penanda-uji", commit=True)

    def test_in_a_file(self, person, put):
        path = Path(tk.config["ckan.storage_path"]) / "penanda-uji.bin"
        path.write_bytes(b"\xff\xd8Exif\x00" + put.encode())
        try:
            assert person.search.everywhere() == {"file penanda-uji.bin": [put.casefold()]}
        finally:
            path.unlink()

    def test_in_the_databases_log(self, person, put):
        """As somebody would who turned the log of statements on."""
        with pytest.raises(sa.exc.ProgrammingError):
            model.Session.execute(sa.text(f'SELECT "{put}" FROM satudata_identity'))
        model.Session.rollback()
        logs = [place for place in person.search.everywhere() if place.startswith("log ")]
        assert logs


class TestIdentity:
    def test_what_is_sealed_is_found_nowhere(self, app, person, everything_logged, letterbox):
        name = people.keep(person.fields, purpose="permintaan")
        model.Session.commit()
        walidata = walidata_editor()
        assert act("satudata_identity_open", walidata, id=name, why=WHY) == person.fields
        people.masked(name)
        why = f"Menghubungi {person.fields['name']} di {person.email} tentang suratnya."
        act("satudata_identity_open", walidata, id=name, why=why)
        act("satudata_identity_access_list", walidata)
        people.close(name, utc_now().date())
        model.Session.commit()
        for duty in duties.DUTIES:
            duty.run(utc_now())
        assert found(person, everything_logged, letterbox) == {}
