"""Who people are: sealed, masked, opened on record."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from cryptography.fernet import Fernet

from ckanext.satudata import config
from ckanext.satudata.model.identity import Identity, IdentityAccess
from ckanext.satudata.organizations import registry
from ckanext.satudata.privacy import keys, masks, people
from ckanext.satudata.tests.worlds import walidata_editor
from ckanext.satudata.workflow import trail

pytestmark = pytest.mark.usefixtures("portal")

BUDI = {
    "name": "Budi Santoso",
    "nik": "6105014107900001",
    "email": "budi.santoso@example.net",
    "phone": "+62 812-3456-7890",
    "address": "Jl. Melati Nomor 17",
    "job": "Petani",
    "organization": "",
}
WHY = "Mengirim jawaban melalui pos."


def kept(**other: object) -> str:
    name = people.keep(BUDI, purpose="permintaan", **other)  # pyright: ignore[reportArgumentType]
    model.Session.commit()
    return name


def official() -> model.User:
    user = model.User.by_name(walidata_editor())
    assert user is not None
    return user


class TestKeep:
    def test_nothing_is_stored_in_the_clear(self):
        name = kept()
        row = model.Session.execute(
            sa.text("SELECT i::text, sealed FROM satudata_identity i WHERE id = :id"), {"id": name}
        ).one()
        stored = row[0].encode() + bytes(row[1])
        for value in BUDI.values():
            for word in (w.encode() for w in value.split() if len(w) > 3):
                assert word not in stored
                assert word.hex() not in row[0]

    def test_only_the_transaction_that_keeps_it_makes_it(self):
        name = people.keep(BUDI, purpose="permintaan")
        model.Session.rollback()
        assert people.find(name) is None

    def test_empty_fields_are_left_out(self):
        assert "organization" not in people.masked(kept())

    def test_nothing_is_kept_without_a_key(self, monkeypatch, ckan_config):
        monkeypatch.setitem(ckan_config, config.PRIVACY_KEYS, [])
        with pytest.raises(keys.NoKey, match="privacy_keys"):
            people.keep(BUDI, purpose="permintaan")

    def test_a_key_that_is_none_is_told(self, monkeypatch, ckan_config):
        monkeypatch.setitem(ckan_config, config.PRIVACY_KEYS, ["rahasia"])
        with pytest.raises(keys.NoKey, match="ckan satudata privacy key"):
            people.keep(BUDI, purpose="permintaan")


class TestMasked:
    def test_each_field_has_its_mask(self):
        assert people.masked(kept()) == {
            "name": "B*** S***",
            "nik": "6105************",
            "email": "b***@***.net",
            "phone": "+62 81*-****-****",
            "address": "***",
            "job": "***",
        }

    def test_what_is_no_number_shows_nothing(self):
        assert masks.masked({"nik": "tidak punya", "phone": "0812"}) == {
            "nik": "***",
            "phone": "***",
        }

    def test_a_list_goes_on_where_one_cannot_be_opened(self, monkeypatch, ckan_config):
        name = kept()
        monkeypatch.setitem(ckan_config, config.PRIVACY_KEYS, [Fernet.generate_key().decode()])
        assert people.masked(name) == {}

    def test_nobody(self):
        assert people.masked("tidak-ada") == {}
        assert people.email_of("tidak-ada") is None


class TestOpen:
    def test_it_goes_on_record(self):
        name, user = kept(), official()
        shown = people.open_identity(name, user=user.id, why=WHY)
        assert shown == {k: v for k, v in BUDI.items() if v}
        (record,) = model.Session.scalars(
            sa.select(IdentityAccess).where(IdentityAccess.identity_id == name)
        )
        assert (record.user_id, record.why, record.fields) == (user.id, WHY, sorted(shown))
        assert record.organization_id == registry.with_role("walidata")[0].id
        (entry,) = trail.newest(subject=trail.Subject("identity", name))
        assert (entry.action, entry.actor) == ("identity.open", user.id)

    def test_the_record_stays_whatever_becomes_of_the_callers_transaction(self):
        name, user = kept(), official()
        people.open_identity(name, user=user.id, why=WHY)
        model.Session.rollback()
        assert len(people.openings(name)) == 1

    def test_the_record_does_not_name_the_person(self):
        name, user = kept(), official()
        why = "Pak BUDI santoso (budi.santoso@example.net, 6105014107900001) di Melati minta surat."
        people.open_identity(name, user=user.id, why=why)
        record = model.Session.scalars(
            sa.select(IdentityAccess).where(IdentityAccess.identity_id == name)
        ).one()
        for word in ("budi", "santoso", "example.net", "6105", "melati"):
            assert word not in record.why.casefold()
        assert record.why.endswith("minta surat.")

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE satudata_identity_access SET why = 'x'",
            "DELETE FROM satudata_identity_access",
            "TRUNCATE satudata_identity_access",
        ],
    )
    def test_the_record_cannot_be_changed(self, statement):
        people.open_identity(kept(), user=official().id, why=WHY)
        with pytest.raises(sa.exc.ProgrammingError, match="only takes new rows"):
            model.Session.execute(sa.text(statement))
        model.Session.rollback()

    def test_a_sysadmin_of_no_such_body_opens_for_none(self):
        name = kept()
        people.open_identity(name, user=factories.Sysadmin()["id"], why=WHY)
        assert people.openings(name)[0].organization_id is None

    def test_what_was_changed_or_exchanged_does_not_open(self):
        one, other = kept(), kept()
        row, theirs = people.find(one), people.find(other)
        assert row is not None
        assert theirs is not None
        row.sealed, theirs.sealed = theirs.sealed, b"x" + bytes(row.sealed or b"")
        model.Session.commit()
        for name in (one, other):
            with pytest.raises(keys.Damaged):
                people.open_identity(name, user=official().id, why=WHY)
            assert people.openings(name) == []
        model.Session.delete(people.find(one))
        model.Session.delete(people.find(other))
        model.Session.commit()

    def test_the_letters_address_leaves_no_record(self):
        name = kept()
        assert people.email_of(name) == BUDI["email"]
        assert people.openings(name) == []


class TestClose:
    def test_closing_and_going_on(self):
        name = kept(confirmed=False)
        people.close(name, date(2026, 11, 21))
        people.confirm(name)
        model.Session.commit()
        row = people.find(name)
        assert isinstance(row, Identity)
        assert row.closed_on == date(2026, 11, 21)
        assert row.confirmed_at is not None
        people.reopen(name)
        model.Session.commit()
        assert row.closed_on is None

    def test_nobody(self):
        with pytest.raises(people.Unknown):
            people.close("tidak-ada", date(2026, 11, 21))
