"""PostgreSQL is ended and started again while a dataset changes: it is done, or never happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import ckan.lib.search as ckan_search
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import DBAPIError

from ckanext.satudata import faults
from ckanext.satudata.store import content
from ckanext.satudata.tests.conftest import prepare
from ckanext.satudata.tests.worlds import KECAMATAN, Table, act, agency, figures
from ckanext.satudata.tests.worlds import indicator as new_indicator

from .cluster import Cluster, running
from .matrix import kills
from .portal import violations

OLD = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}
NEW = {**OLD, "61.05.01": 7.0}


@pytest.fixture(scope="module")
def cluster(module_portal) -> Iterator[Cluster]:
    """A cluster with a portal's database, in which all tests of this module work."""
    before, url = model.ensure_engine(), tk.config["sqlalchemy.url"]
    with running() as own:
        model.init_model(sa.create_engine(own.url, pool_pre_ping=True))
        tk.config["sqlalchemy.url"] = own.url
        try:
            model.repo.upgrade_db()
            prepare()
            yield own
            for dataset in model.Session.scalars(sa.select(model.Package.id)).all():
                ckan_search.clear(dataset)
        finally:
            model.Session.remove()
            model.ensure_engine().dispose()
            tk.config["sqlalchemy.url"] = url
            model.init_model(before)


class Scene:
    """A dataset, and what is done to it."""

    def __init__(self, operation: str) -> None:
        self._operation = operation
        self._body = agency("uji-mulai-ulang")
        self._code = new_indicator(producer_org=self._body.id)
        dataset = self._body.draft()
        self._resource = self._body.add(dataset["id"], Table(self._code, OLD))["id"]
        self.id: str = dataset["id"]
        if operation != "publish":
            self._body.publish(self.id)

    def act(self) -> None:
        """Do it."""
        user = self._body.user
        if self._operation == "publish":
            act("package_patch", user, id=self.id, state="active")
        elif self._operation == "hide":
            act("package_patch", user, id=self.id, private=True)
        elif self._operation == "delete":
            act("package_delete", user, id=self.id)
        else:
            table = Table(self._code, NEW)
            act("resource_update", user, id=self._resource, **table.resource())

    def shows(self) -> tuple[bool, dict[tuple[str, str], set[float]]]:
        """Whether a search finds it and its figures, having proved that all parts agree."""
        model.Session.remove()
        (found,) = act("package_search", None, q=f"id:{self.id}")["results"] or [None]
        assert violations(self.id) == []
        if found is not None:
            shown = act("package_show", None, id=self.id)
            hashes = [r["hash"] for r in shown["resources"]]
            assert [r["hash"] for r in found["resources"]] == hashes
            file = content.served(model.Resource.get(self._resource))
            assert file is not None
            assert [Path(file.path).name] == hashes
        return found is not None, figures(self._code)

    def done(self) -> tuple[bool, dict[tuple[str, str], set[float]]]:
        """What it shows when it is done."""
        table = {"publish": OLD, "replace": NEW}.get(self._operation)
        values = {(code, "2025"): {value} for code, value in (table or {}).items()}
        return table is not None, values


@contextmanager
def at(point: str, do: Callable[[], None]) -> Iterator[list[str]]:
    """Let something happen once, when the point is reached."""
    reached: list[str] = []

    def once(*_: Any) -> None:
        if not reached:
            reached.append(point)
            do()

    if not point.endswith("-commit"):
        with faults.armed(**{point.replace("-", "_"): once}):
            yield reached
        return

    def committing(session: Any) -> None:
        # The end of a savepoint is such an event, too.
        if session.info.get(faults.INDEXED) and not session.in_nested_transaction():
            once()

    moment = point.replace("-", "_")
    sa.event.listen(model.Session, moment, committing)
    try:
        yield reached
    finally:
        sa.event.remove(model.Session, moment, committing)


@pytest.mark.parametrize(("operation", "point", "done"), list(kills()))
def test_restart(cluster: Cluster, operation: str, point: str, done: bool) -> None:
    scene = Scene(operation)
    before = scene.shows()
    model.Session.remove()
    with at(point, cluster.restart) as reached, suppress(DBAPIError, tk.ValidationError):
        scene.act()
        assert done, "the change ended well although its transaction was lost"
    assert reached
    assert scene.shows() == (scene.done() if done else before)
    if not done:
        scene.act()
        assert scene.shows() == scene.done()


def test_the_next_request_finds_the_server_again(cluster: Cluster) -> None:
    scene = Scene("publish")
    scene.act()
    cluster.restart()
    assert scene.shows() == scene.done()
