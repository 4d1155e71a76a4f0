"""A web server on the tests' own database, files and index, and what the public sees of it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import requests
import sqlalchemy as sa
from ckan import model
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from ckanext.satudata import faults
from ckanext.satudata.workflow.proof import audit

_ROOT = Path(__file__).resolve().parents[4]
_BIN = Path(sys.executable).parent
_HERE = Path(__file__).parent
_START_ATTEMPTS = 240
_ASKED = 20


@dataclass(frozen=True)
class Portal:
    """A running web server.

    Attributes:
        url: its address.
        master: number of gunicorn's master process.
        orders: file from which its workers take their faults.
        log: what it has said.
    """

    url: str
    master: int
    orders: Path
    log: Path

    def order(self, point: str, do: str = "kill", **other: Any) -> None:
        """Let this happen to the next request that reaches the point."""
        self.orders.write_text(json.dumps({point: {"do": do, **other}}), encoding="utf-8")

    def calm(self) -> None:
        """Take back what was ordered and did not happen."""
        self.orders.unlink(missing_ok=True)

    def call(
        self, action: str, token: str | None, files: Mapping[str, Any] | None = None, **data: Any
    ) -> requests.Response | None:
        """Call an action; None where the server ended before it answered."""
        headers = {"Authorization": token} if token else {}
        body: Any = {"data": data, "files": files} if files else {"json": data}
        with suppress(requests.ConnectionError):
            return requests.post(
                f"{self.url}/api/3/action/{action}", headers=headers, timeout=100, **body
            )
        return None

    def answer(self, action: str, **data: Any) -> Any:
        """What anybody is answered; None where it is not for them."""
        response = self._asked(lambda: self.call(action, None, **data))
        if response.status_code in (403, 404):
            return None
        assert response.ok, f"{response.text}\n{self.tail()}"
        return response.json()["result"]

    def file(self, path: str) -> bytes:
        """What anybody is served at a path."""
        response = self._asked(lambda: self._get(path))
        assert response.ok, f"{response.status_code}\n{self.tail()}"
        return response.content

    def _get(self, path: str) -> requests.Response | None:
        with suppress(requests.ConnectionError):
            return requests.get(self.url + path, timeout=60)
        return None

    def _asked(self, ask: Callable[[], requests.Response | None]) -> requests.Response:
        # Somebody else's request may have ended the worker that was to answer.
        response = next((r for _ in range(_ASKED) if (r := ask()) is not None), None)
        assert response is not None, self.tail()
        return response

    def tail(self) -> str:
        """The end of the log, for messages."""
        return self.log.read_text("utf-8", errors="replace")[-5000:]


@contextmanager
def serving(
    folder: Path, *, workers: int = 1, threads: int = 4, **settings: str
) -> Iterator[Portal]:
    """A web server on what the tests use themselves.

    Args:
        folder: an empty folder for its log and orders.
        workers: how many processes.
        threads: of each process.
        settings: environment variables that differ from the tests'.
    """
    port = free_port()
    log, orders = folder / "web.log", folder / "orders.json"
    environment = {**os.environ, faults.ORDERS: str(orders), **settings}
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [
                str(_BIN / "gunicorn"),
                f"--config={_HERE / 'gunicorn_conf.py'}",
                f"--bind=127.0.0.1:{port}",
                f"--workers={workers}",
                f"--threads={threads}",
                f"--pythonpath={_ROOT / 'stack'}",
                "wsgi:application",
            ],
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    portal = Portal(f"http://127.0.0.1:{port}", process.pid, orders, log)
    try:
        _wait(portal)
        yield portal
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(portal: Portal) -> None:
    patience = Retry(total=None, connect=_START_ATTEMPTS, backoff_factor=0.1, backoff_max=0.5)
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=patience))
        try:
            assert session.get(f"{portal.url}/api/3/action/status_show", timeout=60).ok
        except requests.ConnectionError as error:
            raise AssertionError(portal.tail()) from error


def free_port() -> int:
    """A port of this machine at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Seen:
    """What anybody sees of a dataset.

    Attributes:
        title: its title, or None where it is not public.
        files: SHA-256 of each file that is served, by resource id.
        figures: (region, period) -> values shown.
        found: whether a search finds it.
    """

    title: str | None
    files: Mapping[str, str]
    figures: Mapping[tuple[str, str], frozenset[float]]
    found: bool


def seen(portal: Portal, dataset: str) -> Seen:
    """What anybody sees, having proved that its parts agree with each other."""
    settled(dataset)
    shown = portal.answer("package_show", id=dataset)
    answer = portal.answer("package_search", q=f"id:{dataset}")
    figures: dict[tuple[str, str], set[float]] = {}
    for row in portal.answer("satudata_observation_list", dataset=dataset, limit=1000)["results"]:
        figures.setdefault((row["region"], row["period"]), set()).add(row["value"])
    if shown is None:
        assert (answer["count"], answer["results"], figures) == (0, [], {})
        return Seen(None, {}, {}, False)
    assert answer["count"] == 1, "a public dataset is not found"
    (found,) = answer["results"]
    assert found["title"] == shown["title"]
    assert _hashes(found) == _hashes(shown)
    files, in_files = {}, {}
    for one in shown["resources"]:
        content = _download(portal, one)
        files[one["id"]] = hashlib.sha256(content).hexdigest()
        assert files[one["id"]] == one["hash"], "the file is not the one the metadata tell of"
        for key, value in _read(content).items():
            in_files.setdefault(key, set()).add(value)
    assert in_files == figures, "the figures are not those of the file"
    return Seen(shown["title"], files, {k: frozenset(v) for k, v in figures.items()}, True)


def violations(dataset: str) -> list[str]:
    """What the audit says about a dataset."""
    found = [v.message for unit in audit.units([dataset]) for v in audit.check(unit)]
    model.Session.remove()
    return found


def settled(dataset: str) -> None:
    """Wait until nobody changes the dataset: PostgreSQL notices by itself that a process ended."""
    model.Session.remove()
    model.Session.execute(sa.text("SELECT FROM package WHERE id = :id FOR UPDATE"), {"id": dataset})
    model.Session.execute(
        sa.text("SELECT FROM satudata_index_intent WHERE dataset_id = :id FOR UPDATE"),
        {"id": dataset},
    )
    model.Session.remove()


def token(user: str) -> str:
    """An API token of this user."""
    data = {"user": user, "name": "uji"}
    return tk.get_action("api_token_create")({"user": user}, data)["token"]


def _hashes(dataset: Mapping[str, Any]) -> dict[str, str]:
    return {r["id"]: r["hash"] for r in dataset["resources"]}


def _download(portal: Portal, one: Mapping[str, Any]) -> bytes:
    return portal.file(f"/dataset/{one['package_id']}/resource/{one['id']}/download/tabel.csv")


def _read(content: bytes) -> dict[tuple[str, str], float]:
    """The figures of a test's table, read by the test itself."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    return {(row["Kode"], "2025"): float(row["Nilai"].replace(",", ".")) for row in rows}
