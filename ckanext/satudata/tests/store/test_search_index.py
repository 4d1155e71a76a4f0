"""What a search shows is what the database says, whatever the index holds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import ckan.lib.search as ckan_search
import ckan.logic
import pytest
import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import Session

from ckanext.satudata.store import search_index
from ckanext.satudata.tests.worlds import act, agency

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def body():
    return agency("uji-indeks")


@pytest.fixture
def dataset(body):
    return body.publish(body.draft()["id"])


def search(dataset, **other):
    return act("package_search", None, q=f"id:{dataset['id']}", **other)


def intents(dataset) -> int:
    model.Session.rollback()
    return model.Session.scalar(
        sa.text("SELECT count(*) FROM satudata_index_intent WHERE dataset_id = :id"),
        {"id": dataset["id"]},
    )


def ended_before_commit(dataset, statement: str) -> None:
    """Somebody changes a dataset, puts it into the index, and ends before the commit."""
    model.Session.execute(sa.text(statement), {"id": dataset["id"]})
    model.Session.expire_all()
    ckan.logic.index_update_package({"ignore_auth": True}, dataset["id"])
    model.Session.rollback()
    model.Session.expire_all()


def elsewhere(call: Callable[[], Any]) -> Any:
    """What another thread, with a session of its own, is answered."""
    with ThreadPoolExecutor(1) as pool:
        try:
            return pool.submit(copy_context().run, call).result()
        finally:
            pool.submit(model.Session.remove).result()


class TestAnnouncing:
    def test_a_committed_change_leaves_nothing(self, dataset):
        assert intents(dataset) == 0

    def test_a_change_that_was_never_committed_stays_known(self, dataset):
        ended_before_commit(dataset, "UPDATE package SET title = 'Lain' WHERE id = :id")
        assert intents(dataset) == 1

    def test_a_deletion_that_was_never_committed_stays_known(self, dataset):
        search_index.announce(dataset["id"])
        ckan.logic.index_remove_package(dataset["id"])
        assert intents(dataset) == 1
        assert search(dataset)["count"] == 1

    def test_a_deleted_dataset_leaves_nothing(self, body, dataset):
        act("package_delete", body.user, id=dataset["id"])
        assert intents(dataset) == 0
        assert search(dataset)["count"] == 0


class TestSearching:
    def test_a_title_that_was_never_saved_is_not_shown(self, dataset):
        ended_before_commit(dataset, "UPDATE package SET title = 'Lain' WHERE id = :id")
        (shown,) = search(dataset)["results"]
        assert shown["title"] == dataset["title"]
        assert intents(dataset) == 0
        assert ckan_search.show(dataset["id"])["title"] == dataset["title"]

    def test_a_draft_that_was_never_public_is_not_found(self, body):
        draft = body.draft()
        ended_before_commit(draft, "UPDATE package SET state = 'active' WHERE id = :id")
        answer = search(draft)
        assert (answer["count"], answer["results"]) == (0, [])

    def test_a_change_still_on_its_way_is_not_shown(self, dataset):
        model.Session.execute(
            sa.text(
                "UPDATE package SET title = 'Belum', "
                "metadata_modified = metadata_modified + interval '1 s' WHERE id = :id"
            ),
            {"id": dataset["id"]},
        )
        model.Session.expire_all()
        ckan.logic.index_update_package({"ignore_auth": True}, dataset["id"])
        (shown,) = elsewhere(lambda: search(dataset))["results"]
        assert shown["title"] == dataset["title"]
        model.Session.rollback()

    @pytest.mark.parametrize("fields", [["id"], ["name"], ["id", "title"]])
    def test_chosen_fields_are_all_that_is_given(self, dataset, fields):
        (shown,) = search(dataset, fl=fields)["results"]
        assert shown == {f: dataset[f] for f in fields}

    def test_chosen_fields_of_what_is_not_public_are_not_given(self, dataset):
        """The index was not told at all, as after a restored backup."""
        model.Session.execute(
            sa.text("UPDATE package SET private = true WHERE id = :id"), {"id": dataset["id"]}
        )
        model.Session.commit()
        assert search(dataset, fl=["id"])["results"] == []
        assert ckan_search.show(dataset["id"])["capacity"] == "private"

    def test_a_dataset_that_is_gone_is_not_found(self, dataset):
        model.Session.execute(
            sa.text("UPDATE package SET state = 'deleted' WHERE id = :id"), {"id": dataset["id"]}
        )
        model.Session.commit()
        assert search(dataset)["results"] == []
        assert search(dataset)["count"] == 0


class TestMoments:
    @pytest.mark.parametrize(
        ("index", "database"),
        [
            ("2026-11-21T13:36:02.147Z", "2026-11-21T13:36:02.147805"),
            ("2026-11-21T13:36:02Z", "2026-11-21T13:36:02.000805"),
            ("2026-11-21T13:36:02.100Z", "2026-11-21T13:36:02.100000"),
            ("2026-11-21T13:36:02Z", "2026-11-21T13:36:02"),
            (None, ""),
        ],
    )
    def test_are_the_same(self, index, database):
        assert search_index.hundredths(index) == search_index.hundredths(database)

    def test_differ(self):
        one, other = "2026-11-21T13:36:02.147Z", "2026-11-21T13:36:02.157805"
        assert search_index.hundredths(one) != search_index.hundredths(other)


class TestMending:
    def test_what_somebody_is_changing_is_left_to_them(self, dataset):
        ended_before_commit(dataset, "UPDATE package SET title = 'Lain' WHERE id = :id")
        with Session(bind=model.ensure_engine()) as other:
            other.execute(
                sa.text("SELECT FROM package WHERE id = :id FOR UPDATE"), {"id": dataset["id"]}
            )
            assert dataset["id"] not in search_index.mend()
            assert intents(dataset) == 1
        assert dataset["id"] in search_index.mend()
        assert intents(dataset) == 0

    def test_nothing_uncommitted_gets_into_the_index(self, dataset):
        model.Session.execute(
            sa.text("UPDATE package SET title = 'Belum' WHERE id = :id"), {"id": dataset["id"]}
        )
        search_index.mend([dataset["id"]])
        model.Session.rollback()
        assert ckan_search.show(dataset["id"])["title"] == dataset["title"]
