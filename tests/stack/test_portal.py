"""What `./portal` promises, seen from outside."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = re.findall(r"^command_(\w+)\(\)", (ROOT / "portal").read_text(), re.MULTILINE)


def answers(port: str) -> bool:
    """Whether something accepts connections on a port of the loopback interface."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", int(port))) == 0


def output_of(*command: str) -> str:
    """Everything a command says when nobody answers its questions."""
    result = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return result.stdout


class TestHelp:
    @pytest.mark.parametrize("command", COMMANDS)
    def test_names_each_command(self, command, portal):
        assert re.search(rf"^  {command}\b", portal.run("help").stdout, re.MULTILINE)

    def test_unknown_command_is_refused_with_the_help(self, portal):
        result = portal.run("fly", check=False)
        assert result.returncode == 1
        assert "there is no command 'fly'" in result.stderr
        assert "Usage:" in result.stderr

    def test_instance_name_cannot_leave_its_directory(self, portal):
        result = portal.run("reset", "test/../..", "--yes", check=False)
        assert result.returncode == 1
        assert "unknown instance" in result.stderr


class TestInstallations:
    def test_two_started_together_share_neither_ports_nor_secrets(self, neighbours):
        first, second = (portal.settings for portal in neighbours)
        chosen = [key for key in first if key.endswith(("_PORT", "_PASSWORD", "_KEY", "_ID"))]
        assert len(chosen) == 12
        assert not {first[key] for key in chosen} & {second[key] for key in chosen}
        for key in ("POSTGRES_PORT", "REDIS_PORT", "SOLR_PORT"):
            assert answers(first[key])
            assert answers(second[key])

    def test_second_start_keeps_what_runs(self, neighbours):
        portal = neighbours[0]
        before = sorted(portal.processes())
        settings = portal.settings
        portal.run("services", portal.instance)
        assert sorted(portal.processes()) == before
        assert portal.settings == settings

    def test_secrets_are_readable_by_their_owner_alone(self, neighbours):
        directory = neighbours[0].var / neighbours[0].instance
        for name in ("instance.env", "ckan.ini", "solr/security.json", "redis/redis.conf"):
            assert stat.S_IMODE((directory / name).stat().st_mode) == 0o600, name

    def test_services_ask_for_their_passwords(self, neighbours):
        settings = neighbours[0].settings
        redis = output_of("redis-cli", "-p", settings["REDIS_PORT"], "ping")
        assert "NOAUTH" in redis
        postgres = output_of(
            "psql", "-h127.0.0.1", "-p", settings["POSTGRES_PORT"], "-Uckan", "-w", "ckan_test"
        )
        assert "no password supplied" in postgres
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(f"http://127.0.0.1:{settings['SOLR_PORT']}/solr/ckan/select")

    def test_reset_without_a_person_wants_yes(self, neighbours):
        portal = neighbours[1]
        result = portal.run("reset", portal.instance, check=False)
        assert result.returncode == 1
        assert "--yes" in result.stderr
        assert portal.settings

    def test_no_secret_is_committed(self):
        """Each of this checkout's own secrets is looked for in the files git knows."""
        secrets = {
            line.split("=", 1)[1].strip("'")
            for path in Path(os.environ.get("PORTAL_VAR", ROOT / "var")).glob("*/instance.env")
            for line in path.read_text().splitlines()
            if "_PASSWORD=" in line or line.startswith(("SECRET_KEY=", "PRIVACY_KEYS="))
        }
        assert secrets
        patterns = [argument for secret in secrets for argument in ("-e", secret)]
        found = subprocess.run(
            ["git", "-C", ROOT, "grep", "-lF", *patterns],
            capture_output=True,
            text=True,
            check=False,
        )
        assert found.returncode == 1, found.stdout


class TestServices:
    def test_down_leaves_no_process(self, portal):
        portal.run("services", portal.instance)
        names = " ".join(portal.processes())
        assert "postgres" in names
        assert "redis-server" in names
        assert "SolrLauncher" in names
        portal.run("down", portal.instance)
        assert portal.processes() == []
        assert portal.run("status", portal.instance, check=False).returncode == 3

        # A number left in a pid file may since belong to somebody else's process.
        with subprocess.Popen(["sleep", "300"]) as stranger:
            for name in ("solr.pid", "honcho.pid", "redis/redis.pid"):
                (portal.var / portal.instance / name).write_text(f"{stranger.pid}\n")
            portal.run("down", portal.instance)
            assert stranger.poll() is None
            stranger.kill()

    def test_reset_deletes_the_data_wherever_they_lie(self, portal):
        portal.run("services", portal.instance)
        directory = portal.var / portal.instance
        cluster = (directory / "postgres").resolve()
        assert cluster.exists()
        portal.run("reset", portal.instance, "--yes")
        assert not cluster.exists()
        assert not directory.exists()

    def test_interrupted_start_is_taken_up_again(self, portal):
        process = portal.start("services", portal.instance)
        assert process.stdout
        for line in process.stdout:
            if line.startswith("  Redis"):
                break
        os.killpg(process.pid, signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
        assert process.returncode == 130, rest
        assert "run the same command again" in rest
        portal.run("services", portal.instance)
        assert portal.run("status", portal.instance).returncode == 0

    def test_failed_step_tells_its_log_and_what_to_do(self, portal):
        directory = portal.var / portal.instance
        directory.mkdir()
        (directory / "redis").write_text("a file where Redis needs a directory")
        result = portal.run("services", portal.instance, check=False)
        assert result.returncode == 1
        assert "the step 'Redis: start' failed" in result.stderr
        assert str(directory / "logs/redis-start.log") in result.stderr
        assert "What to do" in result.stderr


class TestSteps:
    """Steps of `stack/lib.sh`, without any service."""

    @staticmethod
    def script(portal, body: str) -> str:
        """A script that can run steps as `./portal` does."""
        return (
            f"set -Eeuo pipefail; shopt -s inherit_errexit; root={ROOT}; PORTAL_VAR={portal.var}\n"
            f"source {ROOT}/stack/lib.sh; select_instance test-stack\n"
            f"trap interrupted INT TERM\n{body}"
        )

    def test_error_inside_a_step_ends_it(self, portal):
        body = 'work() { false; touch "$inst/went-on"; }\nmust "Some work" work'
        result = subprocess.run(
            ["bash", "-c", self.script(portal, body)], capture_output=True, text=True, check=False
        )
        assert result.returncode == 1
        assert "the step 'Some work' failed" in result.stderr
        assert not (portal.var / "test-stack/went-on").exists()

    def test_interrupt_ends_what_left_the_process_group_too(self, portal):
        # timeout(1) makes a group of its own.
        body = 'work() { echo begun >"$inst/begun"; timeout 300 sleep 299; }\nmust "Long work" work'
        process = subprocess.Popen(
            ["bash", "-c", self.script(portal, body)],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        sleeping = None
        while sleeping is None and process.poll() is None:
            sleeping = child_of(child_of(child_of(process.pid)))
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
        assert process.returncode == 130
        assert sleeping is not None
        assert not os.path.exists(f"/proc/{sleeping}")


def child_of(parent: int | None) -> int | None:
    """The first child of a process, if both are there."""
    try:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    except OSError:
        return None
    return int(children[0]) if children else None
