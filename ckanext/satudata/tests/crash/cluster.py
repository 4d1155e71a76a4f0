"""A PostgreSQL cluster of a test's own, which it may restart as if the power had failed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from ckan import model

from .portal import free_port

#: PostgreSQL refuses to run as root; Debian's packages make this user.
_USER = "postgres"


class Cluster:
    """A running server.

    Attributes:
        url: of its database, for SQLAlchemy.
    """

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder = folder / "data"
        self._programs = programs
        self._log = folder / "server.log"
        self._port = free_port()
        self.url = f"postgresql://{_USER}@127.0.0.1:{self._port}/{_USER}"

    def start(self) -> None:
        """Make and start it. It writes to the disk before it says so, as in operation."""
        self._run("initdb", f"--username={_USER}", "--auth=trust", "--encoding=UTF8", "--no-sync")
        with (self._folder / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(
                f"listen_addresses = '127.0.0.1'\nport = {self._port}\n"
                "unix_socket_directories = ''\n"
                "timezone = 'UTC'\n"
            )
        self._run("pg_ctl", "--wait", f"--log={self._log}", "start")

    def restart(self) -> None:
        """End it at once, without a word to anybody, and start it; it recovers from its log."""
        self._run("pg_ctl", "--mode=immediate", "--wait", f"--log={self._log}", "restart")

    def stop(self) -> None:
        """End it for good."""
        self._run("pg_ctl", "--mode=immediate", "--wait", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), f"--pgdata={self._folder}", *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", _USER, "--", *command]
        # Not pipes: the server inherits them, and would hold them open.
        subprocess.run(
            command, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )


@contextmanager
def running() -> Iterator[Cluster]:
    """A cluster of the version that the tests' database has, in a folder of its own."""
    version = int(model.Session.scalar(sa.text("SHOW server_version_num")) or 0) // 10_000
    model.Session.rollback()
    programs = Path(f"/usr/lib/postgresql/{version}/bin")
    if not (programs / "initdb").exists():
        pytest.skip(f"PostgreSQL's server programs are not in {programs}: nothing can be restarted")
    # Not pytest's folder: the server's user may not enter that.
    folder = Path(tempfile.mkdtemp(prefix="satudata-cluster-"))
    if os.geteuid() == 0:
        shutil.chown(folder, _USER)
    cluster = Cluster(folder, programs)
    try:
        cluster.start()
        yield cluster
        cluster.stop()
    finally:
        shutil.rmtree(folder)
