"""What a change needs is gone, slow, full or restarted: it is done, or it never happened."""

from __future__ import annotations

import io
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ckan.lib.redis
import ckan.lib.search as ckan_search
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import FileStorage

from ckanext.satudata import faults
from ckanext.satudata.store import content
from ckanext.satudata.tests.worlds import KECAMATAN, Table, act, agency, figures
from ckanext.satudata.tests.worlds import indicator as new_indicator

from .matrix import MATRIX
from .portal import violations

OLD = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}
NEW = {**OLD, "61.05.01": 7.0}


class Scene:
    """A public dataset whose file is replaced."""

    def __init__(self) -> None:
        self.body = agency("uji-layanan")
        self.code = new_indicator(producer_org=self.body.id)
        dataset = self.body.published(Table(self.code, OLD))
        self.id: str = dataset["id"]
        self.resource: str = dataset["resources"][0]["id"]

    def replace(self) -> None:
        """Replace its file."""
        table = Table(self.code, NEW)
        act("resource_update", self.body.user, id=self.resource, **table.resource())

    def shows(self) -> dict[tuple[str, str], set[float]]:
        """What everybody sees, having proved that file, metadata, index and figures agree."""
        model.Session.remove()
        assert violations(self.id) == []
        (shown,) = act("package_show", None, id=self.id)["resources"]
        file = content.served(model.Resource.get(self.resource))
        assert file is not None
        assert Path(file.path).name == shown["hash"]
        return figures(self.code)


@pytest.fixture
def scene(portal) -> Scene:
    return Scene()


BEFORE = {(code, "2025"): {value} for code, value in OLD.items()}
AFTER = {(code, "2025"): {value} for code, value in NEW.items()}


def restart_postgres() -> None:
    """What a restart does to us: every connection ends."""
    engine = model.ensure_engine()
    with engine.connect() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()


class TestPostgres:
    @pytest.mark.parametrize(
        "point",
        [
            "figures-compared",
            "index-announced",
            *(
                pytest.param(point, marks=pytest.mark.long)
                for point in MATRIX["operations"]["replace"]["points"]
                if not point.endswith("commit")
                and point not in ("figures-compared", "index-announced")
            ),
        ],
    )
    def test_a_restart_undoes_the_change(self, scene, point):
        with faults.armed(**{point.replace("-", "_"): restart_postgres}):
            if point.startswith("content-wri"):
                # The file is stored before the transaction writes anything.
                with pytest.raises((DBAPIError, tk.ValidationError)):
                    scene.replace()
            else:
                with pytest.raises(DBAPIError):
                    scene.replace()
        assert scene.shows() == BEFORE
        scene.replace()
        assert scene.shows() == AFTER

    def test_a_restart_just_before_the_commit(self, scene):
        """The index holds the change already."""

        @sa.event.listens_for(model.Session, "before_commit")
        def restart(session):
            if not session.in_nested_transaction() and session.info.pop(faults.INDEXED, None):
                restart_postgres()

        try:
            with pytest.raises(DBAPIError):
                scene.replace()
        finally:
            sa.event.remove(model.Session, "before_commit", restart)
        model.Session.remove()
        answer = act("package_search", None, q=f"id:{scene.id}")
        assert [r["resources"][0]["hash"] for r in answer["results"]] == [
            act("package_show", None, id=scene.id)["resources"][0]["hash"]
        ]
        assert scene.shows() == BEFORE


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of somebody who listens and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield listener.getsockname()[1]


@pytest.fixture
def closed() -> int:
    """A port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class TestSolr:
    def test_gone(self, scene, closed, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setitem(tk.config, "solr_url", f"http://127.0.0.1:{closed}/solr/ckan")
            with pytest.raises(ckan_search.SearchIndexError):
                scene.replace()
        assert scene.shows() == BEFORE
        scene.replace()
        assert scene.shows() == AFTER

    def test_slow(self, scene, silent, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setitem(tk.config, "solr_url", f"http://127.0.0.1:{silent}/solr/ckan")
            patch.setitem(tk.config, "solr_timeout", 0.2)
            with pytest.raises(ckan_search.SearchIndexError):
                scene.replace()
        assert scene.shows() == BEFORE

    def test_what_it_took_in_although_we_did_not_wait(self, scene, monkeypatch):
        real = ckan_search.index_for("package").__class__.index_package

        def late(self, pkg_dict, defer_commit=False):
            real(self, pkg_dict, defer_commit)
            raise ckan_search.SearchIndexError("timed out")

        with monkeypatch.context() as patch:
            patch.setattr("ckan.lib.search.index.PackageSearchIndex.index_package", late)
            with pytest.raises(ckan_search.SearchIndexError):
                scene.replace()
        model.Session.remove()
        (found,) = act("package_search", None, q=f"id:{scene.id}")["results"]
        shown = act("package_show", None, id=scene.id)
        assert found["resources"][0]["hash"] == shown["resources"][0]["hash"]
        assert scene.shows() == BEFORE


class TestRedis:
    def test_gone(self, scene, closed, monkeypatch):
        """Whoever is refused, for another reason than figures, changed nothing or everything."""
        with monkeypatch.context() as patch:
            patch.setitem(tk.config, "ckan.redis.url", f"redis://127.0.0.1:{closed}/1")
            patch.setattr(ckan.lib.redis, "_connection_pool", None)
            outcome = _outcome(scene)
        assert scene.shows() == (AFTER if outcome is None else BEFORE)


def _outcome(scene: Scene) -> Any:
    try:
        scene.replace()
    except Exception as error:
        model.Session.remove()
        return error
    return None


class TestDisk:
    def test_full(self, scene):
        """A limit on the size of files gives the errors of a full disk."""
        folder = Path(tk.config["ckan.storage_path"]) / "satudata"
        left = set(folder.glob("incoming-*"))
        large = FileStorage(io.BytesIO(b"x" * (3 << 20)), filename="tabel.csv")
        with room_for(2 << 20), pytest.raises(tk.ValidationError) as caught:
            act("resource_patch", scene.body.user, id=scene.resource, upload=large)
        (message,) = caught.value.error_dict["upload"]
        assert "no room" in message
        assert scene.shows() == BEFORE
        assert set(folder.glob("incoming-*")) == left


@contextmanager
def room_for(left: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (left, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
