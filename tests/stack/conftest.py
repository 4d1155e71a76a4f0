"""Run `./portal` as a person does, with data of its own in a temporary directory."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Portal:
    """`./portal` with a `PORTAL_VAR` of its own and the installed parts of this checkout."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.instance = "test-stack"
        # Nothing need be installed again: both are read only.
        installed = Path(os.environ.get("PORTAL_VAR", ROOT / "var"))
        for shared in ("venv", "solr-lib"):
            (var / shared).symlink_to(installed / shared)

    @property
    def environment(self) -> dict[str, str]:
        """The variables the script runs with; none of CKAN's own, which tests set."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("CKAN_")}
        return {**kept, "PORTAL_VAR": str(self.var)}

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one command to its end, without standard input."""
        return subprocess.run(
            [ROOT / "portal", *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=check,
            timeout=300,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start one command in a session of its own, to be interrupted as by Ctrl-C."""
        return subprocess.Popen(
            [ROOT / "portal", *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    @property
    def settings(self) -> dict[str, str]:
        """What the instance chose for itself: ports and secrets."""
        lines = (self.var / self.instance / "instance.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def processes(self) -> list[str]:
        """Command lines of the living processes that have to do with this instance."""
        marks = (
            str(self.var),
            str((self.var / self.instance / "postgres").resolve()),
            f"127.0.0.1:{self.settings['REDIS_PORT']}",
        )
        lines = map(_command_line, Path("/proc").glob("[0-9]*"))
        return [line for line in lines if any(mark in line for mark in marks)]


def _command_line(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


@pytest.fixture(scope="session")
def make_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Portal]]:
    """Make portals that are reset in the end, whatever happened."""
    made: list[Portal] = []

    def make() -> Portal:
        made.append(Portal(tmp_path_factory.mktemp("var")))
        return made[-1]

    yield make
    for portal in made:
        portal.run("reset", portal.instance, "--yes")


@pytest.fixture
def portal(make_portal: Callable[[], Portal]) -> Portal:
    """One portal without anything in it yet."""
    return make_portal()


@pytest.fixture(scope="session")
def neighbours(make_portal: Callable[[], Portal]) -> list[Portal]:
    """Two portals whose services were started at the same moment and run; not to be stopped."""
    both = [make_portal(), make_portal()]
    running = [portal.start("services", portal.instance) for portal in both]
    for process in running:
        output, _ = process.communicate(timeout=300)
        assert process.returncode == 0, output
    return both
