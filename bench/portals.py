"""Two portals side by side: this project's, and CKAN as it comes."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

ROOT = Path(__file__).resolve().parents[1]
_BIN = Path(sys.executable).parent
_START_SECONDS = 120
_CALL_SECONDS = 180


class Visitor:
    """Somebody who reads a portal without being logged in.

    Args:
        url: the portal's address.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()
        # As browsers do where a kept connection was closed while the request was on its way.
        again = Retry(total=1, connect=0, read=1, status=0, other=0, allowed_methods={"GET"})
        self.http.mount("http://", HTTPAdapter(max_retries=again))

    def action(self, name: str, **parameters: str) -> bytes:
        """Ask an action that everybody may ask; its answer as it comes."""
        return self._get(f"/api/3/action/{name}", parameters)

    def page(self, path: str) -> bytes:
        """A page, without what its browser would ask for next."""
        return self._get(path, {})

    def _get(self, path: str, parameters: Mapping[str, str]) -> bytes:
        answer = self.http.get(f"{self.url}{path}", params=parameters, timeout=_CALL_SECONDS)
        answer.raise_for_status()
        return answer.content


class Portal:
    """A running portal, spoken to over HTTP.

    Args:
        url: its address.
        token: API token of a sysadmin.
    """

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self._token = token
        self.http = requests.Session()
        self.http.headers["Authorization"] = token

    def again(self) -> Portal:
        """The same portal over a connection of its own, for another thread."""
        return Portal(self.url, self._token)

    def call(self, action: str, **data: Any) -> Any:
        """Call an action with JSON."""
        return self._result(self.http.post(self._address(action), json=data, timeout=_CALL_SECONDS))

    def upload(self, action: str, filename: str, content: bytes, **data: str) -> Any:
        """Call an action with a file (``multipart/form-data``)."""
        return self._result(
            self.http.post(
                self._address(action),
                data=data,
                files={"upload": (filename, content, "text/csv")},
                timeout=_CALL_SECONDS,
            )
        )

    def visitor(self) -> Visitor:
        """Somebody who is not logged in, with a connection of their own."""
        return Visitor(self.url)

    def _address(self, action: str) -> str:
        return f"{self.url}/api/3/action/{action}"

    @staticmethod
    def _result(answer: requests.Response) -> Any:
        body = answer.json()
        if not body["success"]:
            raise RuntimeError(f"{answer.request.url}: {body['error']}")
        return body["result"]


@contextmanager
def running(folder: Path, name: str, *, plain: bool) -> Iterator[Portal]:
    """A portal with a database and files of its own, and the production web server.

    Args:
        folder: where its files are kept.
        name: tells its database and search index from others.
        plain: only with plugins that CKAN itself brings.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{probe.getsockname()[1]}"
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    with _database(f"bench_{name}") as database:
        environment = {
            **os.environ,
            "CKAN_INI": str(_settings(place / "ckan.ini", plain=plain)),
            "CKAN_SQLALCHEMY_URL": database,
            "CKAN_SITE_ID": f"bench.{name}",
            "CKAN_SITE_URL": f"http://{bind}",
            "CKAN_STORAGE_PATH": str(place / "storage"),
            "WEB_BIND": bind,
        }
        commands = [["db", "init"], ["db", "pending-migrations", "--apply"]]
        if not plain:
            commands.append(["satudata", "reference", "load"])
        password = secrets.token_urlsafe(12)
        commands.append(["user", "add", "admin", "email=admin@example.org", f"password={password}"])
        commands.append(["sysadmin", "add", "admin"])
        # Several readers who are the first to ask for a style would each build it.
        commands.append(["asset", "build"])
        for command in commands:
            _ckan(command, environment)
        token = _ckan(["user", "token", "add", "admin", "bench", "--quiet"], environment)
        try:
            with _web(place / "web.log", environment):
                yield Portal(f"http://{bind}", token.split()[-1])
        finally:
            _ckan(["search-index", "clear"], environment)
            _ckan(["jobs", "clear"], environment)


def _settings(path: Path, *, plain: bool) -> Path:
    settings = ConfigParser(interpolation=None)
    settings.optionxform = str  # pyright: ignore[reportAttributeAccessIssue]
    settings.read(ROOT / "stack" / "ckan.ini", "utf-8")
    main = settings["app:main"]
    main["SECRET_KEY"] = secrets.token_hex(16)
    # What is measured is the gate, not the days that people take to approve something.
    main["ckanext.satudata.first_publication"] = "langsung"
    if plain:
        own = ("satudata", "scheming")
        plugins = main["ckan.plugins"].split()
        main["ckan.plugins"] = " ".join(p for p in plugins if not p.startswith(own))
    with path.open("w", encoding="utf-8") as out:
        settings.write(out)
    return path


@contextmanager
def _database(name: str) -> Iterator[str]:
    parts = urlsplit(os.environ["CKAN_SQLALCHEMY_URL"])
    _sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    _sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        _sql(f"DROP DATABASE {name} WITH (FORCE)")


def _sql(statement: str) -> None:
    connection = psycopg2.connect(os.environ["CKAN_SQLALCHEMY_URL"])
    connection.autocommit = True
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()


def _ckan(command: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        [_BIN / "ckan", *command],
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"ckan {' '.join(command[:2])}:\n{done.stdout}\n{done.stderr}")
    return done.stdout


@contextmanager
def _web(log: Path, environment: Mapping[str, str]) -> Iterator[None]:
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [_BIN / "gunicorn", "--config", "gunicorn.conf.py", "wsgi:application"],
            cwd=ROOT / "stack",
            env=dict(environment),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(process, f"{environment['CKAN_SITE_URL']}/api/3/action/status_show", log)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    for _ in range(_START_SECONDS * 2):
        if process.poll() is not None:
            break
        try:
            if requests.get(url, timeout=_CALL_SECONDS).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.5)
    raise RuntimeError(f"the web server does not answer:\n{log.read_text('utf-8')[-4000:]}")
