"""Logs tell nothing about persons."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.exceptions import CkanConfigurationException
from ckan.lib import mailer
from ckan.tests import factories
from cryptography.fernet import Fernet

from ckanext.satudata import config
from ckanext.satudata.privacy import startup
from ckanext.satudata.tests.privacy.test_people import kept

pytestmark = pytest.mark.usefixtures("portal")

MARKER = "penanda-7f3a"
ADDRESS = f"{MARKER}@example.net"


@pytest.fixture(autouse=True)
def _everything(caplog: pytest.LogCaptureFixture) -> None:
    # Below CKAN's own loggers' levels, and those of others.
    for name in ("", "ckan", "ckanext", "sqlalchemy.engine"):
        caplog.set_level(logging.DEBUG, name)


def logged(caplog: pytest.LogCaptureFixture, name: str) -> str:
    """What a logger wrote, with traces; it must have written something."""
    written = [logging.Formatter().format(r) for r in caplog.records if r.name.startswith(name)]
    assert written
    return "\n".join(written)


class TestMailer:
    def test_to_whom_it_wrote(self, letterbox, caplog):
        mailer.mail_recipient("Budi", ADDRESS, "Perihal", "Isi")
        assert len(letterbox.to(ADDRESS)) == 1
        assert "Sent email to ***" in logged(caplog, "ckan.lib.mailer")
        assert MARKER not in logged(caplog, "ckan")

    def test_whom_a_mail_server_refused(self, letterbox, caplog, monkeypatch):
        async def refuse(*_: object) -> str:
            return f"550 <{ADDRESS}> unknown"

        monkeypatch.setattr(letterbox, "handle_DATA", refuse)
        with pytest.raises(mailer.MailerException):
            mailer.mail_recipient("Budi", ADDRESS, "Perihal", "Isi")
        assert MARKER not in logged(caplog, "ckan.lib.mailer")


class TestApi:
    def post(self, app, content: str, action: str = "satudata_identity_open") -> int:
        token = factories.SysadminWithToken()["token"]
        return app.post(
            f"/api/3/action/{action}",
            data=content,
            headers={"Authorization": token, "Content-Type": "application/json"},
        ).status_code

    def test_what_was_sent(self, app, caplog):
        assert self.post(app, f'{{"id": "x", "why": "{MARKER} lagi"}}') == 404
        assert "not logged" in logged(caplog, "ckan.views.api")
        assert MARKER not in logged(caplog, "ckan")

    def test_what_was_malformed(self, app, caplog):
        assert self.post(app, f'{{"why": "{MARKER}"') == 400
        assert MARKER not in logged(caplog, "ckan.views.api")

    def test_what_an_error_repeats(self, app, caplog):
        name = kept()
        assert self.post(app, f'{{"id": "{name}", "why": "{MARKER[:8]}"}}') == 409
        assert MARKER[:8] not in logged(caplog, "ckan.views.api")


class TestLinks:
    def test_what_a_letters_link_holds(self, app, caplog):
        app.get(f"/permintaan/konfirmasi/{MARKER}", status=None)
        assert "/permintaan/konfirmasi/***" in logged(caplog, "ckan.config.middleware")
        assert MARKER not in logged(caplog, "ckan")


class TestDatabase:
    def test_errors_hold_no_values(self, caplog):
        statement = sa.text("INSERT INTO satudata_identity (id, purpose) VALUES (:id, :purpose)")
        with pytest.raises(sa.exc.IntegrityError) as error:
            model.Session.execute(statement, {"id": "x", "purpose": MARKER})
        model.Session.rollback()
        assert "hidden due to hide_parameters" in str(error.value)
        assert MARKER not in logged(caplog, "sqlalchemy.engine")

    def test_rows_that_are_read_are_not_logged(self, caplog):
        user = factories.User(fullname=MARKER)
        model.Session.expire_all()
        assert model.User.get(user["id"]).fullname == MARKER
        assert "SELECT" in logged(caplog, "sqlalchemy.engine")
        assert MARKER not in logged(caplog, "sqlalchemy.engine")

    def test_the_server_writes_no_statement_that_failed(self):
        """What `./portal` makes; the server's own log cannot be read through it."""
        shown = [
            model.Session.scalar(sa.text(f"SHOW {name}"))
            for name in ("log_min_error_statement", "log_error_verbosity", "log_statement")
        ]
        assert shown == ["panic", "terse", "none"]


class TestStartup:
    def test_without_the_key_of_what_is_sealed_the_portal_does_not_start(
        self, monkeypatch, ckan_config
    ):
        kept()
        startup.check()
        monkeypatch.setitem(ckan_config, config.PRIVACY_KEYS, [Fernet.generate_key().decode()])
        with pytest.raises(CkanConfigurationException, match="privacy_keys; put it back"):
            startup.check()
        monkeypatch.setitem(ckan_config, config.PRIVACY_KEYS, ["rahasia"])
        with pytest.raises(CkanConfigurationException, match="no key"):
            startup.check()

    def test_a_database_of_an_older_version_starts_so_that_it_can_be_upgraded(self):
        """Migrations run in a portal that has started."""
        engine = model.ensure_engine()
        model.Session.remove()
        rename = "ALTER TABLE {} RENAME TO {}"
        with engine.begin() as connection:
            connection.execute(sa.text(rename.format("satudata_attachment", "satudata_later")))
        try:
            startup.check()
        finally:
            with engine.begin() as connection:
                connection.execute(sa.text(rename.format("satudata_later", "satudata_attachment")))
