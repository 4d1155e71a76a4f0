"""The web server's threads, its connections and the database's limit belong together."""

from __future__ import annotations

import gc
import re
import runpy
from configparser import ConfigParser
from pathlib import Path

import pytest

STACK = Path(__file__).resolve().parents[2] / "stack"
#: For the job worker, the command line and the DataStore's own connections.
OTHERS = 30


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    monkeypatch.setenv("WEB_BIND", "127.0.0.1:1")
    return runpy.run_path(str(STACK / "gunicorn.conf.py"))


def connections() -> int:
    """Connections that a web worker may have at once."""
    settings = ConfigParser(interpolation=None)
    settings.read(STACK / "ckan.ini", "utf-8")
    main = settings["app:main"]
    return main.getint("sqlalchemy.pool_size") + main.getint("sqlalchemy.max_overflow")


class TestConnections:
    def test_a_thread_gets_a_second_one_while_all_others_have_theirs(self, web):
        assert connections() >= 2 * web["threads"]

    def test_the_database_has_enough_for_all_workers(self, web):
        (limit,) = re.findall(
            r"^max_connections = (\d+)$", (STACK / "postgres.sh").read_text("utf-8"), re.MULTILINE
        )
        assert web["workers"] * connections() + OTHERS <= int(limit)


class TestCollector:
    def test_a_worker_leaves_what_it_loaded_in_peace(self, web):
        frozen = gc.get_freeze_count()
        web["post_worker_init"](None)
        try:
            assert gc.get_freeze_count() > frozen + 1000
        finally:
            gc.unfreeze()
