"""What nobody needs any more is deleted; keys can be changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from ckan import model
from click.testing import CliRunner
from cryptography.fernet import Fernet

from ckanext.satudata import attachments, config, workdays
from ckanext.satudata.cli.privacy import privacy
from ckanext.satudata.model.attachment import Attachment
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.identity import Identity
from ckanext.satudata.privacy import people, retention, rotation
from ckanext.satudata.store import content
from ckanext.satudata.tests.attached import pdf, upload
from ckanext.satudata.tests.privacy.test_people import BUDI, WHY, kept, official
from ckanext.satudata.tests.workflow.cases.scene import Scene
from ckanext.satudata.workflow import trail
from ckanext.satudata.workflow.duties import DUTIES
from ckanext.satudata.workflow.proof import audit

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture(autouse=True)
def _nobody(portal: None) -> Iterator[None]:
    """Counts are of this test's own, and nothing stays whose key only this test had."""

    def forget() -> None:
        model.Session.rollback()
        model.Session.query(Identity).delete()
        model.Session.query(Attachment).filter(Attachment.key_mark.is_not(None)).delete()
        model.Session.commit()

    forget()
    yield
    forget()


def attached(case: str, **more: Any) -> Attachment:
    """A file of a case."""
    kept = attachments.take(
        upload(pdf(), "ktp.pdf"), owner=trail.Subject("case", case), audience="pemohon", **more
    )
    model.Session.commit()
    return kept


def closed(days: int) -> str:
    name = kept()
    people.close(name, workdays.today(utc_now()) - timedelta(days=days))
    model.Session.commit()
    return name


def left(name: str) -> bool:
    model.Session.expire_all()
    row = people.find(name)
    assert row is not None
    return row.sealed is not None


class TestRetention:
    def test_on_the_last_day_it_is_deleted_and_not_before(self):
        due, early, open_ = closed(180), closed(179), kept()
        assert retention.run(utc_now()) == ["deleted: 1 identity(ies) closed long ago"]
        assert [left(n) for n in (due, early, open_)] == [False, True, True]
        assert retention.run(utc_now()) == []

    def test_how_many_days_is_the_portals_choice(self, monkeypatch, ckan_config):
        monkeypatch.setitem(ckan_config, config.IDENTITY_RETENTION_DAYS, 5)
        name = closed(5)
        retention.run(utc_now())
        assert not left(name)

    def test_what_stays_tells_nothing_of_the_person(self):
        name = closed(200)
        people.open_identity(name, user=official().id, why=WHY)
        retention.run(utc_now())
        row = people.find(name)
        assert row is not None
        assert (row.key_mark, row.purpose, len(row.fields)) == (None, "permintaan", 6)
        assert row.erased_at is not None
        assert people.masked(name) == {}
        assert people.email_of(name) is None
        assert len(people.openings(name)) == 1
        with pytest.raises(people.Unknown):
            people.open_identity(name, user=official().id, why=WHY)

    def test_who_never_confirmed_is_forgotten_after_days(self):
        guest, sure = kept(confirmed=False), kept(confirmed=False)
        people.confirm(sure)
        model.Session.commit()
        now = utc_now()
        assert retention.run(now + timedelta(days=2, hours=23)) == []
        told = retention.run(now + timedelta(days=3, hours=1))
        assert told == ["deleted: 1 identity(ies) never confirmed"]
        assert [left(n) for n in (guest, sure)] == [False, True]

    def test_many_take_several_transactions(self, monkeypatch):
        monkeypatch.setattr(retention, "_AT_ONCE", 2)
        names = [closed(181) for _ in range(5)]
        assert retention.run(utc_now()) == ["deleted: 5 identity(ies) closed long ago"]
        assert not any(left(n) for n in names)

    def test_what_the_person_attached_goes_too(self):
        name, scene = closed(181), Scene()
        mine, other = scene.request(), scene.request()
        mine.identity_id = name
        model.Session.commit()
        paper = attached(mine.id)
        answer = attached(mine.id, user=scene.ppid.id)
        theirs = attached(other.id)
        path = content.path_of(paper.sha256 or "")
        assert path.exists()
        retention.run(utc_now())
        attachments.erase(utc_now())
        model.Session.expire_all()
        assert not path.exists()
        assert (paper.filename, paper.sha256) == ("", None)
        assert attachments.get(paper.id) is None
        assert attachments.read(answer) == attachments.read(theirs) == pdf()

    def test_it_is_a_duty(self):
        assert any(duty.run is retention.run for duty in DUTIES)

    def test_days_are_those_of_the_portals_zone(self):
        name = kept()
        people.close(name, datetime(2026, 1, 1, tzinfo=timezone.utc).date())
        model.Session.commit()
        # 30 June 2026 begins at 17:00 UTC of the day before in Pontianak.
        assert retention.run(datetime(2026, 6, 29, 16, 59, tzinfo=timezone.utc)) == []
        assert retention.run(datetime(2026, 6, 29, 17, 1, tzinfo=timezone.utc)) != []
        assert not left(name)


class TestAudit:
    def found(self) -> list[str]:
        assert "identities" in audit.units()
        return [v.check for v in audit.check("identities")]

    def test_what_is_long_overdue_is_found(self):
        closed(181)
        assert self.found() == []
        closed(182)
        assert self.found() == ["retention"]

    def test_what_no_key_opens_is_found(self, monkeypatch, ckan_config):
        kept()
        monkeypatch.setitem(ckan_config, config.PRIVACY_KEYS, [Fernet.generate_key().decode()])
        assert self.found() == ["identities"]


class TestRotation:
    def test_everything_is_sealed_anew_and_the_old_key_can_go(self, monkeypatch, ckan_config):
        monkeypatch.setattr(rotation, "_AT_ONCE", 2)
        names, gone = [kept() for _ in range(5)], closed(181)
        retention.run(utc_now())
        old, new = ckan_config[config.PRIVACY_KEYS], Fernet.generate_key().decode()
        monkeypatch.setitem(ckan_config, config.PRIVACY_KEYS, [new, *old])
        assert [(s.count, s.newest) for s in rotation.standing()] == [(0, True), (5, False)]
        assert sum(rotation.rotate()) == 5
        assert sum(rotation.rotate()) == 0
        monkeypatch.setitem(ckan_config, config.PRIVACY_KEYS, [new])
        assert rotation.missing() == 0
        assert {people.email_of(n) for n in names} == {BUDI["email"]}
        assert not left(gone)

    def test_attachments_are_sealed_anew_too(self, monkeypatch, ckan_config):
        kept_file = attached("tidak-ada")
        before = content.path_of(kept_file.sha256 or "")
        old, new = ckan_config[config.PRIVACY_KEYS], Fernet.generate_key().decode()
        monkeypatch.setitem(ckan_config, config.PRIVACY_KEYS, [new, *old])
        assert [s.files for s in rotation.standing()] == [0, 1]
        assert sum(rotation.rotate()) == 1
        monkeypatch.setitem(ckan_config, config.PRIVACY_KEYS, [new])
        assert attachments.read(kept_file) == pdf()
        assert not before.exists()
        monkeypatch.setitem(ckan_config, config.PRIVACY_KEYS, old)
        assert rotation.missing() == 1

    def test_stopped_halfway_it_goes_on(self, monkeypatch, ckan_config):
        monkeypatch.setattr(rotation, "_AT_ONCE", 2)
        names = [kept() for _ in range(5)]
        old, new = ckan_config[config.PRIVACY_KEYS], Fernet.generate_key().decode()
        monkeypatch.setitem(ckan_config, config.PRIVACY_KEYS, [new, *old])
        assert next(rotation.rotate()) == 2
        model.Session.rollback()
        assert {people.email_of(n) for n in names} == {BUDI["email"]}
        assert [s.count for s in rotation.standing()] == [2, 3]
        assert list(rotation.rotate()) == [2, 1]

    def test_the_command(self, monkeypatch, ckan_config):
        kept()
        # Through CKAN's own command line it would read its configuration anew.
        run = CliRunner().invoke
        old, new = ckan_config[config.PRIVACY_KEYS], Fernet.generate_key().decode()
        monkeypatch.setitem(ckan_config, config.PRIVACY_KEYS, [new, *old])
        status = run(privacy, ["status"])
        assert status.exit_code == 0
        assert "opens            1 identity(ies), 0 file(s)" in status.output
        assert "1 identity(ies) and file(s) sealed anew" in run(privacy, ["rotate"]).output
        monkeypatch.setitem(ckan_config, config.PRIVACY_KEYS, old)
        status = run(privacy, ["status"])
        assert status.exit_code == 1
        assert "missing" in status.output
        refused = run(privacy, ["rotate"])
        assert refused.exit_code == 1
        assert "no key in" in refused.output
        monkeypatch.setitem(ckan_config, config.PRIVACY_KEYS, [])
        model.Session.query(Identity).delete()
        model.Session.commit()
        assert "There is no key" in run(privacy, ["status"]).output
        made = run(privacy, ["key"]).output.strip()
        assert len(Fernet(made).encrypt(b"x")) > 0
