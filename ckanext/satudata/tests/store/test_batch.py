"""Writes that go to the database in one message."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError

from ckanext.satudata.store.batch import Batch, Insertion

TABLE = sa.Table(
    "satudata_test_batch",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.UnicodeText, nullable=False),
    sa.Column("document", JSONB),
)
INSERTION = Insertion(TABLE)


@pytest.fixture
def session(portal):
    """CKAN's session with the table in a transaction that is given up afterwards."""
    TABLE.create(model.Session.connection())
    yield model.Session
    model.Session.rollback()


def rows(session) -> list[tuple[object, ...]]:
    return [tuple(row) for row in session.execute(sa.select(TABLE).order_by(TABLE.c.id))]


class TestBatch:
    def test_nothing_is_written_before_it_is_sent(self, session):
        batch = Batch()
        batch.insert(INSERTION, {"id": 1, "name": "a", "document": None})
        assert rows(session) == []
        batch.send(session)
        assert rows(session) == [(1, "a", None)]

    def test_writes_are_made_in_their_order_with_values_of_their_own(self, session):
        batch = Batch()
        batch.insert(INSERTION, {"id": 1, "name": "a", "document": {"n": [1, None]}})
        batch.insert(INSERTION, {"id": 2, "name": "b", "document": []})
        batch.update(TABLE, {"name": "c", "document": {"n": 2}}, key=1)
        batch.send(session)
        assert rows(session) == [(1, "c", {"n": 2}), (2, "b", [])]

    def test_texts_are_only_values(self, session):
        name = "100% 'x'; DROP TABLE satudata_test_batch; %(s0_id)s \\ \" --"
        batch = Batch()
        batch.insert(INSERTION, {"id": 1, "name": name, "document": {"%": name}})
        batch.update(TABLE, {"name": name + name}, key=1)
        batch.send(session)
        assert rows(session) == [(1, name + name, {"%": name})]

    def test_no_document_is_null_and_not_a_document(self, session):
        batch = Batch()
        batch.insert(INSERTION, {"id": 1, "name": "a", "document": None})
        batch.send(session)
        assert session.scalar(sa.select(TABLE.c.document.is_(sa.null())))

    def test_the_last_write_tells_what_it_returns(self, session):
        batch = Batch()
        batch.insert(INSERTION, {"id": 1, "name": "a", "document": None})
        batch.add("DELETE FROM satudata_test_batch WHERE id = %(id)s RETURNING name", {"id": 1})
        assert [tuple(row) for row in batch.send(session)] == [("a",)]
        assert batch.send(session) == []

    def test_an_error_is_one_that_actions_begin_again_for(self, session):
        batch = Batch()
        for _ in range(2):
            batch.insert(INSERTION, {"id": 1, "name": "a", "document": None})
        with pytest.raises(DBAPIError) as error:
            batch.send(session)
        assert error.value.orig.pgcode == "23505"
