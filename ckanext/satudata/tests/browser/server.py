"""A portal of a test's own: database, files and web server, removed at the end."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from configparser import ConfigParser
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import requests
from cryptography.fernet import Fernet
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

ROOT = Path(__file__).resolve().parents[4]
_BIN = Path(sys.executable).parent
_COMMAND_SECONDS = 300
#: All tests send their forms from one address; those about limits choose their own.
_PATIENCE = {
    f"limit_{who}": "10000 per hour"
    for who in ("address", "unproved", "lookup", "message", "mailbox", "challenge")
}
_START_ATTEMPTS = 120


@dataclass(frozen=True)
class User:
    """Somebody who can log in."""

    name: str
    password: str


@dataclass(frozen=True)
class Server:
    """A running portal.

    Attributes:
        url: its address.
        token: API token of whoever calls actions; of a sysadmin at first.
        users: the seeded people by name.
        log: the web server's log, shown when a call fails.
        environment: of its processes.
    """

    url: str
    token: str
    users: Mapping[str, User]
    log: Path
    environment: Mapping[str, str]

    def operator_of(self, organization: str) -> User:
        """The editor the seed made for an organization."""
        return self.users[f"{organization}-operator"]

    def call(self, action: str, files: Mapping[str, Any] | None = None, **data: Any) -> Any:
        """Call an action as the token's owner; a refusal is an error of the test."""
        answer = requests.post(
            f"{self.url}/api/3/action/{action}",
            headers={"Authorization": self.token},
            timeout=60,
            **({"data": data, "files": files} if files else {"json": data}),  # pyright: ignore[reportArgumentType]
        )
        body = answer.json()
        assert body["success"], f"{body['error']}\n{_tail(self.log)}"
        return body["result"]

    def with_token(self, token: str) -> Server:
        """The same portal for calls as somebody else."""
        return replace(self, token=token)

    def ckan(self, *command: str) -> str:
        """Run CKAN's command line on the portal; what it says."""
        return _ckan(list(command), self.environment)

    def sql(self, statement: str, *values: object) -> None:
        """Change the portal's database."""
        connection = psycopg2.connect(self.environment["CKAN_SQLALCHEMY_URL"])
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement, values)
        finally:
            connection.close()


@contextmanager
def running(folder: Path, *plugins: str, letters: str = "", **options: str) -> Iterator[Server]:
    """A portal with Kabupaten Sintang's organizations and reference data, and no dataset.

    Args:
        folder: an empty folder for its files.
        plugins: further plugins of CKAN.
        letters: ``host:port`` of the SMTP server that takes its letters.
        options: of the extension that differ; first publications need nobody's approval
            unless ``first_publication`` says otherwise.
    """
    port = _free_port()
    chosen = {"first_publication": "langsung", **_PATIENCE, **options}
    ini = _configuration(folder / "ckan.ini", plugins, chosen)
    with _database(f"portal_{port}") as database:
        environment = {
            **os.environ,
            "CKAN_INI": str(ini),
            "CKAN_SQLALCHEMY_URL": database,
            "CKAN_SITE_ID": f"browser.{port}",
            "CKAN_SITE_URL": f"http://127.0.0.1:{port}",
            "CKAN_STORAGE_PATH": str(folder / "storage"),
            **_mail(letters),
        }
        token, users = _filled(folder, environment)
        log = folder / "web.log"
        with _gunicorn(port, log, environment):
            yield Server(f"http://127.0.0.1:{port}", token, users, log, environment)


def _mail(letters: str) -> dict[str, str]:
    if not letters:
        return {}
    return {"CKAN_SMTP_SERVER": letters, "CKAN_SMTP_MAIL_FROM": "satudata@example.org"}


def _configuration(path: Path, plugins: Sequence[str], options: Mapping[str, str]) -> Path:
    """The settings `./portal up` gives a portal; addresses come through the environment."""
    settings = ConfigParser(interpolation=None)
    settings.optionxform = str  # pyright: ignore[reportAttributeAccessIssue]
    settings.read(ROOT / "stack" / "ckan.ini", "utf-8")
    settings["app:main"]["SECRET_KEY"] = secrets.token_hex(16)
    settings["app:main"]["ckanext.satudata.privacy_keys"] = Fernet.generate_key().decode()
    settings["app:main"]["ckan.plugins"] += "".join(f" {name}" for name in plugins)
    for name, value in options.items():
        settings["app:main"][f"ckanext.satudata.{name}"] = value
    with path.open("w", encoding="utf-8") as out:
        settings.write(out)
    return path


@contextmanager
def _database(name: str) -> Iterator[str]:
    """A database beside the one of the other tests."""
    parts = urlsplit(os.environ["CKAN_SQLALCHEMY_URL"])
    _run_sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        _run_sql(f"DROP DATABASE {name} WITH (FORCE)")


def _run_sql(statement: str) -> None:
    connection = psycopg2.connect(os.environ["CKAN_SQLALCHEMY_URL"])
    connection.autocommit = True
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()


def _filled(folder: Path, environment: Mapping[str, str]) -> tuple[str, dict[str, User]]:
    credentials = folder / "users.json"
    password = secrets.token_urlsafe(12)
    for command in (
        ["db", "init"],
        ["db", "pending-migrations", "--apply"],
        ["satudata", "reference", "load"],
        ["satudata", "seed", "sintang", "--credentials", str(credentials)],
        ["user", "add", "admin", "email=admin@example.org", f"password={password}"],
        ["sysadmin", "add", "admin"],
    ):
        _ckan(command, environment)
    token = _ckan(["user", "token", "add", "admin", "browser", "--quiet"], environment)
    users = [
        User(row["user"], row["password"]) for row in json.loads(credentials.read_text("utf-8"))
    ]
    return token.split()[-1], {u.name: u for u in users}


def _ckan(command: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        [str(_BIN / "ckan"), *command],
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=_COMMAND_SECONDS,
    )
    assert done.returncode == 0, f"ckan {' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@contextmanager
def _gunicorn(port: int, log: Path, environment: Mapping[str, str]) -> Iterator[None]:
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [
                str(_BIN / "gunicorn"),
                f"--bind=127.0.0.1:{port}",
                "--worker-class=gthread",
                "--workers=1",
                "--threads=4",
                "--timeout=120",
                f"--pythonpath={ROOT / 'stack'}",
                "wsgi:application",
            ],
            env=dict(environment),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(f"http://127.0.0.1:{port}/api/3/action/status_show", log)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(url: str, log: Path) -> None:
    """Ask until the server listens; CKAN takes some seconds to load."""
    patience = Retry(total=None, connect=_START_ATTEMPTS, backoff_factor=0.1, backoff_max=0.5)
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=patience))
        try:
            assert session.get(url, timeout=60).ok, _tail(log)
        except requests.ConnectionError as error:
            raise AssertionError(_tail(log)) from error


def _tail(log: Path) -> str:
    return log.read_text("utf-8")[-4000:]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
