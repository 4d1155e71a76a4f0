"""What a change needs is gone, slow or full: it is done, or it never happened."""

from __future__ import annotations

import io
import resource
import socket
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from pathlib import Path
from typing import Any

import ckan.lib.redis
import ckan.lib.search as ckan_search
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from werkzeug.datastructures import FileStorage

from ckanext.satudata.model.index_intent import IndexIntent
from ckanext.satudata.store import content, search_index
from ckanext.satudata.tests.worlds import KECAMATAN, Table, act, agency, figures
from ckanext.satudata.tests.worlds import indicator as new_indicator

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


class TestSearchesAtOnce:
    def test_what_another_search_mends_is_waited_for(self, scene, monkeypatch):
        """Else it would be missing, although it is public and nobody changes it."""
        ckan_search.clear(scene.id)
        model.Session.execute(sa.insert(IndexIntent).values(dataset_id=scene.id))
        model.Session.commit()
        mending, go_on = threading.Event(), threading.Event()
        real = search_index._index

        def slowly(dataset: str) -> None:
            mending.set()
            assert go_on.wait(60)
            real(dataset)

        def search() -> int:
            try:
                return act("package_search", None, q=f"id:{scene.id}")["count"]
            finally:
                model.Session.remove()

        monkeypatch.setattr(search_index, "_index", slowly)
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(copy_context().run, search)
            assert mending.wait(60)
            second = pool.submit(copy_context().run, search)
            while not model.Session.scalar(_WAITS_FOR_MENDING) and not second.done():
                model.Session.rollback()
            go_on.set()
            assert [first.result(), second.result()] == [1, 1]


_WAITS_FOR_MENDING = sa.text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
    "AND objid::bigint = hashtext('satudata_mend')::bit(32)::bigint)"
)


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
    @pytest.mark.parametrize("full", ["bytes", "files"])
    def test_full(self, small_disk, full):
        """The first upload finds room; then the disk is filled, and later emptied again."""
        scene = Scene()
        left = set(small_disk.glob("satudata/incoming-*"))
        fillers = fill(small_disk, full)
        for _ in range(2):
            with pytest.raises(tk.ValidationError) as caught:
                scene.replace()
            (message,) = caught.value.error_dict["upload"]
            assert "no room" in message
            assert scene.shows() == BEFORE
        assert set(small_disk.glob("satudata/incoming-*")) == left
        for filler in fillers:
            filler.unlink()
        scene.replace()
        assert scene.shows() == AFTER

    def test_what_needs_no_room_goes_on(self, small_disk):
        scene = Scene()
        fill(small_disk, "bytes")
        act("package_patch", scene.body.user, id=scene.id, private=True)
        assert figures(scene.code) == {}
        act("package_patch", scene.body.user, id=scene.id, private=False)
        assert scene.shows() == BEFORE

    def test_a_file_system_that_takes_no_more_of_this_file(self, scene):
        """As with quotas and limits on the size of files: also where nobody may mount a disk."""
        folder = Path(tk.config["ckan.storage_path"]) / "satudata"
        left = set(folder.glob("incoming-*"))
        large = FileStorage(io.BytesIO(b"x" * (3 << 20)), filename="tabel.csv")
        with room_for(2 << 20), pytest.raises(tk.ValidationError) as caught:
            act("resource_patch", scene.body.user, id=scene.resource, upload=large)
        (message,) = caught.value.error_dict["upload"]
        assert "no room" in message
        assert scene.shows() == BEFORE
        assert set(folder.glob("incoming-*")) == left


@pytest.fixture
def small_disk(portal, tmp_path, monkeypatch) -> Iterator[Path]:
    """A file system of half a megabyte, with few files, as the portal's storage."""
    options = "--types=tmpfs", "--options=size=512k,nr_inodes=64", "tmpfs", str(tmp_path)
    mounted = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        monkeypatch.setitem(tk.config, "ckan.storage_path", str(tmp_path))
        yield tmp_path
    finally:
        model.Session.remove()
        subprocess.run(["umount", str(tmp_path)], check=True)


def fill(disk: Path, what: str) -> list[Path]:
    """Leave no room on a disk for one byte or one file more; what fills it."""
    fillers: list[Path] = []
    with suppress(OSError):
        while True:
            fillers.append(disk / f"isi-{len(fillers)}")
            with fillers[-1].open("wb", buffering=0) as file:
                while what == "bytes" and file.write(b"x" * 4096):
                    pass
    return [f for f in fillers if f.exists()]


@contextmanager
def room_for(left: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (left, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
