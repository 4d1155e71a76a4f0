"""A person whose every field is a marker goes through the portal; none is found anywhere."""

from __future__ import annotations

import base64
import io
import json
import logging
import random
import re
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.lib.search.common import make_connection
from ckan.tests import factories
from PIL import ExifTags, Image

from ckanext.satudata import workdays
from ckanext.satudata.model.case import Case
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.privacy import people
from ckanext.satudata.tests import attached, guarding
from ckanext.satudata.tests.letterbox import Letterbox
from ckanext.satudata.tests.privacy.searching import Search
from ckanext.satudata.tests.privacy.test_people import WHY
from ckanext.satudata.tests.workflow.cases.scene import Scene
from ckanext.satudata.tests.worlds import act, walidata_editor
from ckanext.satudata.workflow import duties, notices, trail
from ckanext.satudata.workflow.cases import cases, telling

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
    words = iter(uuid.uuid4().hex[:12] for _ in range(20))
    number = random.SystemRandom().randint
    born = f"{number(1, 28):02d}{number(1, 12):02d}{number(50, 99):02d}"
    return {
        "name": f"Nama{next(words)} Marga{next(words)}",
        "nik": f"610501{born}{number(1, 9999):04d}",
        "email": f"surat{next(words)}@contoh{next(words)}.example",
        "phone": f"0812{number(10**7, 10**8 - 1)}",
        "address": f"Jalan{next(words)} 17",
        "job": f"Kerja{next(words)}",
        "organization_name": f"Lembaga{next(words)}",
        "proxy": f"Kuasa{next(words)}",
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


@dataclass
class Onlookers:
    """Officials and others who look at everything they may, with what they saw.

    Attributes:
        app: the portal.
        tokens: who looks -> their header.
    """

    app: Any
    tokens: dict[str, dict[str, str]]

    def see(self, search: Search, *addresses: str) -> dict[str, list[str]]:
        """Address and onlooker -> markers that the answer holds; PDFs are read."""
        seen: dict[str, list[str]] = {}
        for who, headers in self.tokens.items():
            for address in addresses:
                answer = self.app.get(address, headers=headers, follow_redirects=False)
                if found := search.in_bytes(answer.data):
                    seen[f"{who} at {address}"] = found
        return seen


#: What shows cases, and what is written down about them; asked by everybody.
PAGES = (
    "/satudata/kasus",
    "/satudata/kasus/saya",
    "/satudata/kasus/{id}",
    "/satudata/kasus/{id}/tanda-bukti.pdf",
    "/satudata/kasus/{id}/jawaban.pdf",
    "/permintaan/publik",
    "/satudata/jejak",
    "/satudata/kerahasiaan",
    "/satudata/pemberitahuan",
    "/satudata/tugas",
    "/api/3/action/satudata_case_list?limit=200",
    "/api/3/action/satudata_case_show?id={id}",
    "/api/3/action/satudata_trail_list?limit=1000",
    "/api/3/action/satudata_notice_list",
    "/api/3/action/satudata_request_public_list",
    "/api/3/action/satudata_identity_access_list",
    "/api/3/action/user_list",
)


def onlookers(app: Any, scene: Scene) -> Onlookers:
    """The offices, the agency, another one, somebody with an account, and a visitor."""
    names = {
        "ppid": scene.ppid.name,
        "superior": scene.superior.name,
        "walidata": scene.walidata.name,
        "agency": scene.agency.user,
        "other agency": scene.other.user,
        "account": scene.person.name,
    }
    tokens = {
        who: {"Authorization": factories.APIToken(user=name)["token"]}
        for who, name in names.items()
    }
    return Onlookers(app, {**tokens, "visitor": {}})


def picture_of(person: Person) -> bytes:
    """A photograph that says in its EXIF who took it, and where."""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = person.fields["name"]
    exif[ExifTags.Base.ImageDescription] = person.fields["address"]
    return attached.picture("JPEG", exif=exif)


class TestRequest:
    def test_a_guests_request_until_its_objection(self, app, person, everything_logged, letterbox):
        scene = Scene()
        visitor = app.test_client()
        form = {
            **person.fields,
            "lane": "publik",
            "items": "Harga beras per pasar",
            "applicant": "kelompok",
            "purpose": "Penelitian tentang harga.",
            "obtain": "salinan_digital",
            "delivery": "surel",
        }
        for left_out in ("purpose", ""):
            guard = guarding.fields(app.flask_app, "permintaan")
            sent = visitor.post("/permintaan/baru", data={**form, **guard, left_out: ""})
        assert sent.request.path == "/permintaan/menunggu"
        (letter,) = letterbox.to(person.email)
        link = re.search(r"/permintaan/konfirmasi/\S+", letter.get_content())
        assert link is not None
        visitor.get(link.group())
        receipt = visitor.post(link.group())
        number = re.search(r'id="sd-number">([^<]+)<', receipt.text)
        assert number is not None
        case = cases.get(number.group(1))
        visitor.post(
            f"/satudata/kasus/{case.id}/berkas",
            data={"upload": (io.BytesIO(picture_of(person)), "foto.jpg"), "audience": "pemohon"},
        )
        scene.move(case, "nyatakan_lengkap", scene.ppid, utc_now())
        scene.move(case, "disposisikan", scene.ppid, utc_now(), organization=scene.agency.id)
        act(
            "satudata_case_say",
            scene.agency.user,
            id=case.id,
            text="Untuk tahun berapa?",
            audience="pemohon",
        )
        visitor.post(
            f"/satudata/kasus/{case.id}/pesan", data={"text": "2025.", "audience": "pemohon"}
        )
        opened = act("satudata_case_identity", scene.ppid.name, id=case.id, why=WHY)
        assert opened["name"] == person.fields["name"]
        act(
            "satudata_case_move",
            scene.agency.user,
            id=case.id,
            transition="jawab",
            answers=scene.answer(case),
        )
        objected = visitor.post(
            f"/satudata/kasus/{case.id}/keberatan",
            data={"grounds": ["d"], "text": "Belum semua pasar dijawab oleh dinas."},
        )
        objection = model.Session.scalars(sa.select(Case).where(Case.parent_id == case.id)).one()
        assert objected.status_code == 200
        act(
            "satudata_case_move",
            scene.superior.name,
            id=objection.id,
            transition="kabulkan",
            note="Dinas melengkapi jawabannya.",
        )
        act(
            "satudata_case_publish",
            scene.ppid.name,
            id=case.id,
            title="Harga beras",
            question="Berapa harga beras per pasar?",
            text="Rp 14.500.",
        )
        telling.deliver(utc_now())
        for duty in duties.DUTIES:
            duty.run(utc_now() + timedelta(days=60))
        seen = onlookers(app, scene)
        places = [page.format(id=one) for page in PAGES for one in (case.id, objection.id)]
        assert seen.see(person.search, *dict.fromkeys(places)) == {}
        assert len(letterbox.to(person.email)) > 2
        assert found(person, everything_logged, letterbox) == {}

    def test_a_confirmation_letter_that_no_server_takes(
        self, person, everything_logged, letterbox, monkeypatch
    ):
        async def refuse(*_: object) -> str:
            return f"550 <{person.email}> unknown"

        monkeypatch.setattr(letterbox, "handle_DATA", refuse)
        made = act(
            "satudata_request_create",
            None,
            **person.fields,
            items=["Harga beras per pasar"],
            applicant="kelompok",
            purpose="Penelitian tentang harga.",
            obtain="salinan_digital",
        )
        assert made["mailed"] is False
        assert found(person, everything_logged, letterbox) == {}


class TestComplaint:
    @pytest.mark.parametrize("mode", ["terbuka", "rahasia", "anonim"])
    def test_a_guests_complaint(self, app, person, everything_logged, letterbox, mode):
        scene = Scene()
        made = self.report(None, mode, **person.fields)
        self.dealt_with(scene, made)
        case = model.Session.get_one(Case, made["id"])
        assert bool(case.identity_id) is (mode != "anonim")
        self.assert_nothing_is_seen(app, scene, person, made)
        assert found(person, everything_logged, letterbox) == {}

    @pytest.mark.parametrize("mode", ["rahasia", "anonim"])
    def test_of_somebody_with_an_account_who_hides(
        self, app, person, everything_logged, letterbox, mode
    ):
        scene = Scene()
        # Lower case and digits: what an account may be called.
        name = "akun" + uuid.uuid4().hex[:12]
        user = factories.User(
            name=name, fullname=person.fields["name"], email=person.email, about=name
        )
        with_account = Person(person.fields, Search({*person.search.markers, name, user["id"]}))
        made = self.report(name, mode, phone=person.fields["phone"])
        self.dealt_with(scene, made)
        self.assert_nothing_is_seen(app, scene, with_account, made, but="user_list")
        kept = found(with_account, everything_logged, letterbox)
        # CKAN's rows of every account, and its own log of who called what.
        theirs = ("user.", "dashboard.", "logging")
        assert {p: m for p, m in kept.items() if not p.startswith(theirs)} == {}
        logged = with_account.search.in_text(written(everything_logged))
        assert set(logged) <= {name, user["id"]}

    def report(self, user: str | None, mode: str, **told: str) -> dict[str, Any]:
        """A complaint as the API takes it."""
        return act(
            "satudata_complaint_create",
            user,
            kind="pengaduan",
            title="Data beras terlambat",
            body="Angka harga beras di portal ini belum diperbarui sejak bulan lalu.",
            mode=mode,
            **told,
        )

    def dealt_with(self, scene: Scene, made: dict[str, Any]) -> None:
        """Verified, handed on, asked about, answered; looked at by whoever may."""

        def move(transition: str, who: str, **more: Any) -> None:
            act("satudata_case_move", who, id=made["id"], transition=transition, **more)

        walidata, agency = scene.walidata.name, scene.agency.user
        move("verifikasi", walidata, **{"class": "normatif"})
        move("disposisikan", walidata, organization=scene.agency.id)
        said = {"id": made["id"], "audience": "pemohon", "text": "Pasar yang mana?"}
        act("satudata_case_say", agency, **said)
        act(
            "satudata_case_say", None, **{**said, "text": "Pasar Masuka.", "secret": made["secret"]}
        )
        move("jawab", agency, note="Angka sudah diperbarui hari ini.")
        with suppress(tk.NotAuthorized):
            act("satudata_case_identity", scene.ppid.name, id=made["id"], why=WHY)
        telling.deliver(utc_now())
        for duty in duties.DUTIES:
            duty.run(utc_now() + timedelta(days=60))

    def assert_nothing_is_seen(
        self, app: Any, scene: Scene, person: Person, made: dict[str, Any], but: str = "-"
    ) -> None:
        """By nobody who looks at everything they may, and in no export."""
        case = made["id"]
        places = [page.format(id=case) for page in PAGES if but not in page]
        assert onlookers(app, scene).see(person.search, *places) == {}
        today = workdays.today(utc_now()).isoformat()
        for form in ("json", "csv"):
            exported = act(
                "satudata_complaint_export",
                scene.walidata.name,
                first=today,
                last=today,
                format=form,
            )
            content = base64.b64decode(exported.get("content", "")) + json.dumps(exported).encode()
            assert made["number"] in content.decode()
            assert person.search.in_bytes(content) == []
