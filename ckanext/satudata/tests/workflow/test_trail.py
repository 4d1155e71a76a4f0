"""The audit trail: only added to, chained, and complete about what becomes public."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import ProgrammingError

from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.trail import TrailEntry, TrailLink
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Table,
    act,
    agency,
    indicator,
    unique,
    walidata_editor,
)
from ckanext.satudata.workflow import trail
from ckanext.satudata.workflow.proof import audit

pytestmark = pytest.mark.usefixtures("portal")


def write(text: str = "uji") -> trail.Subject:
    subject = trail.Subject("dataset", unique("hal"), text)
    trail.record("test.do", subject, actor=None, before={"x": 1}, after={"x": "2,5"})
    model.Session.commit()
    return subject


def tamper(statement: str, **values: object) -> None:
    """What only the database's administrator could do."""
    with model.ensure_engine().begin() as connection:
        for table in ("satudata_trail", "satudata_trail_link"):
            connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        connection.execute(sa.text(statement), values)
        for table in ("satudata_trail", "satudata_trail_link"):
            connection.execute(sa.text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def entry_of(subject: trail.Subject) -> TrailEntry:
    return trail.newest(subject=subject)[0]


class TestOnlyAdded:
    @pytest.mark.parametrize("table", ["satudata_trail", "satudata_trail_link"])
    @pytest.mark.parametrize(
        "statement",
        ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"],
        ids=["update", "delete", "truncate"],
    )
    def test_the_database_refuses(self, table: str, statement: str) -> None:
        write()
        trail.seal()
        column = "entry_id" if table.endswith("link") else "id"
        with pytest.raises(ProgrammingError, match="only takes new rows"):
            model.Session.execute(sa.text(statement.format(table, column, column)))
        model.Session.rollback()

    def test_what_is_rolled_back_was_not_done(self) -> None:
        subject = trail.Subject("dataset", unique("hal"))
        trail.record("test.do", subject, actor=None)
        model.Session.rollback()
        assert trail.newest(subject=subject) == []


class TestChain:
    def test_an_honest_chain_has_no_faults(self) -> None:
        write(), write()
        assert trail.seal() >= 2
        assert trail.seal() == 0
        assert list(trail.faults()) == []
        assert trail.unsealed(utc_now()) == 0

    def test_a_changed_entry_shows(self) -> None:
        subject = write()
        trail.seal()
        number = entry_of(subject).id
        tamper('UPDATE satudata_trail SET after = \'{"x": "3"}\' WHERE id = :id', id=number)
        model.Session.expire_all()
        assert [(f.entry, f.what) for f in trail.faults()] == [(number, "changed")]
        tamper('UPDATE satudata_trail SET after = \'{"x": "2,5"}\' WHERE id = :id', id=number)
        assert list(trail.faults()) == []

    def test_the_audit_tells(self) -> None:
        subject = write()
        trail.seal()
        number = entry_of(subject).id
        assert not [v for u in audit.units() if u.startswith("trail") for v in audit.check(u)]
        tamper("UPDATE satudata_trail SET actor = 'x' WHERE id = :id", id=number)
        found = [v for u in audit.units() if u.startswith("trail") for v in audit.check(u)]
        assert [v.details["entry"] for v in found] == [number]
        tamper("UPDATE satudata_trail SET actor = NULL WHERE id = :id", id=number)

    def test_a_deleted_entry_shows(self) -> None:
        subject = write()
        trail.seal()
        kept = entry_of(subject)
        row = {c.name: getattr(kept, c.name) for c in TrailEntry.__table__.c}
        tamper("DELETE FROM satudata_trail WHERE id = :id", id=row["id"])
        model.Session.expire_all()
        assert [(f.entry, f.what) for f in trail.faults()] == [(row["id"], "missing")]
        model.Session.execute(sa.insert(TrailEntry.__table__).values(row))
        model.Session.commit()
        assert list(trail.faults()) == []

    def test_a_link_that_is_taken_out_breaks_the_chain(self) -> None:
        write(), write(), write()
        trail.seal()
        middle = trail.head()[0] - 1
        row = dict(
            model.Session.execute(
                sa.select(TrailLink.__table__).where(TrailLink.position == middle)
            )
            .mappings()
            .one()
        )
        tamper("DELETE FROM satudata_trail_link WHERE position = :n", n=middle)
        assert [(f.position, f.what) for f in trail.faults()] == [(middle, "missing")]
        model.Session.execute(sa.insert(TrailLink.__table__).values(row))
        model.Session.commit()

    def test_part_of_the_chain_is_checked_against_the_link_before(self) -> None:
        write(), write()
        trail.seal()
        assert list(trail.faults(first=trail.head()[0])) == []


class TestPublishing:
    def test_each_release_and_withdrawal_is_written_down(self) -> None:
        code, producer = indicator(), agency("jejak")
        dataset = producer.published(Table(code, dict.fromkeys(KECAMATAN, 10)))
        resource = dataset["resources"][0]["id"]
        changed = Table(code, dict.fromkeys(KECAMATAN, 10) | {KECAMATAN[0]: 11}).resource()
        act("resource_patch", producer.user, id=resource, **changed)
        act("package_delete", producer.user, id=dataset["id"])
        person = model.User.by_name(producer.user)
        told = trail.newest(subject=trail.Subject("dataset", dataset["id"]), action="dataset")[::-1]
        assert [e.action for e in told] == [
            "dataset.publish",
            "dataset.publish",
            "dataset.withdraw",
        ]
        first, second, last = told
        assert {e.actor for e in told} == {person.id}
        assert {e.organization_id for e in told} == {producer.id}
        assert first.before is None
        assert first.after["figures"] == len(KECAMATAN)
        assert first.ruleset
        assert second.before["report"] == first.after["report"]
        assert (second.before["revised"], second.before["withdrawn"]) == (1, 0)
        assert last.after is None

    def test_a_refused_publication_leaves_no_entry(self) -> None:
        code = indicator()
        agency("jejak").published(Table(code, dict.fromkeys(KECAMATAN, 10)))
        other = agency("jejak-lain")
        draft = other.draft()
        other.add(draft["id"], Table(code, dict.fromkeys(KECAMATAN, 999)))
        with pytest.raises(Exception, match="Not published"):
            other.publish(draft["id"])
        assert trail.newest(subject=trail.Subject("dataset", draft["id"])) == []


class TestDecisions:
    def told(self, kind: str, name: str) -> list[TrailEntry]:
        return trail.newest(subject=trail.Subject(kind, name))[::-1]

    def test_what_changes_in_an_indicator_is_kept_and_nothing_else(self) -> None:
        code = indicator(rel_tol=0.0)
        person = walidata_editor()
        act("satudata_indicator_update", person, id=code, rel_tol=0.02)
        act("satudata_indicator_delete", person, id=code)
        made, changed, deleted = self.told("indicator", code)
        assert made.after["unit"] == "ton"
        assert (changed.before, changed.after) == ({"rel_tol": 0.0}, {"rel_tol": 0.02})
        assert changed.actor == model.User.by_name(person).id
        assert deleted.before["rel_tol"] == 0.02

    def test_a_refused_change_of_an_indicator_leaves_no_entry(self) -> None:
        code, producer = indicator(), agency("jejak")
        producer.published(Table(code, dict.fromkeys(KECAMATAN, 10)))
        with pytest.raises(tk.ValidationError):
            act("satudata_indicator_delete", walidata_editor(), id=code)
        model.Session.rollback()
        assert [e.action for e in self.told("indicator", code)] == ["indicator.create"]


class TestWhoSees:
    def test_agencies_see_what_concerns_them_and_the_walidata_everything(self) -> None:
        code, producer, other = indicator(), agency("jejak"), agency("jejak-lain")
        dataset = producer.published(Table(code, dict.fromkeys(KECAMATAN, 10)))
        about = {"subject_kind": "dataset", "subject_id": dataset["id"]}
        assert act("satudata_trail_list", producer.user, **about)
        assert act("satudata_trail_list", walidata_editor(), **about)
        assert act("satudata_trail_list", other.user, **about) == []
        asked = {**about, "organization_id": producer.id}
        assert act("satudata_trail_list", other.user, **asked) == []
