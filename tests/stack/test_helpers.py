"""The small programs `./portal` is helped by, run as it runs them."""

from __future__ import annotations

import http.server
import json
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

STACK = Path(__file__).resolve().parents[2] / "stack"


def run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run one of them with the interpreter of the tests."""
    return subprocess.run(
        [sys.executable, STACK / program, *arguments], capture_output=True, text=True, check=False
    )


class TestPorts:
    def test_each_name_gets_a_free_port_of_its_own(self):
        names = [f"PORT_{number}" for number in range(40)]
        chosen = dict(line.split("=") for line in run("ports.py", *names).stdout.splitlines())
        assert list(chosen) == names
        assert len(set(chosen.values())) == len(names)
        for port in map(int, chosen.values()):
            with socket.socket() as server:
                server.bind(("127.0.0.1", port))


class TestClosingLine:
    @staticmethod
    def suite(path: Path, **counts: int) -> None:
        numbers = " ".join(f'{name}="{count}"' for name, count in counts.items())
        path.write_text(f"<testsuites><testsuite {numbers}/></testsuites>")

    def test_adds_up_the_runs(self, tmp_path):
        self.suite(tmp_path / "pure.xml", tests=10, failures=1, errors=0, skipped=2)
        self.suite(tmp_path / "services.xml", tests=5, failures=0, errors=1, skipped=0)
        line = run("closing_line.py", tmp_path, "61.2 s").stdout.strip()
        assert line.strip("= ") == "1 failed, 11 passed, 2 skipped, 1 error in 61.2s"

    def test_names_what_failed_and_where_it_stopped(self, tmp_path):
        (tmp_path / "pages.xml").write_text(
            '<testsuites><testsuite tests="2" failures="1"><testcase classname="v" name="one"/>'
            '<testcase classname="v" name="two"><failure message="assert 1 == 2&#10;more"/>'
            "</testcase></testsuite></testsuites>"
        )
        first, last = run("closing_line.py", tmp_path, "2 s").stdout.splitlines()
        assert first == "FAILURE v::two - assert 1 == 2"
        assert last.strip("= ") == "1 failed, 1 passed in 2s"

    def test_says_when_nothing_ran(self, tmp_path):
        assert "no tests ran in 1.0s" in run("closing_line.py", tmp_path, "1.0 s").stdout


class TestShowUsers:
    def test_columns_stand_below_their_headings(self, tmp_path):
        users = [
            {"organization": "Bappeda", "role": "admin", "user": "bappeda-admin", "password": "p1"},
            {"organization": "BPS", "role": "operator", "user": "bps", "password": "long-p2"},
        ]
        path = tmp_path / "users.json"
        path.write_text(json.dumps(users))
        heading, *lines = run("show_users.py", path).stdout.splitlines()
        for line, user in zip(lines, users, strict=True):
            for column, value in user.items():
                assert line[heading.index(column) :].startswith(value)


class TestHttpOk:
    @pytest.fixture
    def address(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                # The user ckan with the password secret, encoded in base64.
                allowed = self.headers.get("Authorization") == "Basic Y2thbjpzZWNyZXQ="
                self.send_response(200 if allowed else 401)
                self.end_headers()

            def log_message(self, *arguments):
                """Keep the tests' output free of requests."""

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_port}/"
            server.shutdown()

    def test_only_200_is_an_answer(self, address):
        assert run("http_ok.py", address, "ckan:secret").returncode == 0
        assert run("http_ok.py", address, "ckan:wrong").returncode == 1
        assert run("http_ok.py", address).returncode == 1

    def test_nobody_there_is_no_answer(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            result = run("http_ok.py", f"http://127.0.0.1:{unused.getsockname()[1]}/")
        assert result.returncode == 1
        assert result.stderr == ""
