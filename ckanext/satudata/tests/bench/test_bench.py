"""The bench compares like with like: both engines find exactly what was planted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def folder(tmp_path):
    yield tmp_path / "bench"
    connection = psycopg2.connect(os.environ["CKAN_SQLALCHEMY_URL"])
    connection.autocommit = True
    try:
        for name in ("bench_20", "bench_20_more", "bench_20_one"):
            connection.cursor().execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
    finally:
        connection.close()


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=ROOT,
        env={**os.environ, "CKAN_STORAGE_PATH": str(folder / "storage")},
        capture_output=True,
        text=True,
        check=False,
    )


class TestCompare:
    def test_finds_the_planted_conflicts_with_both_engines(self, folder):
        done = run(folder, "compare", "--quick", "--runs", "1")
        assert done.returncode == 0, done.stderr
        assert "0.021M rows against 0.21M" in done.stdout
        kept = json.loads((folder / "results.json").read_text("utf-8"))
        found = [r["found"] for r in kept["results"] if r["found"]]
        assert found
        for ours, theirs in found:
            assert ours["conflicts"] == theirs["conflicts"] == 1_000
            assert ours["rows"] == theirs["rows"] == 20_840
            assert ours["other"] == theirs["other"] == 0

    def test_a_wrong_result_is_an_error(self, folder):
        assert run(folder, "compare", "--quick").returncode == 0
        table = folder / "data" / "candidate-20.csv"
        lines = table.read_text("utf-8").splitlines(keepends=True)
        table.write_text("".join(lines[:-1]), "utf-8")
        done = run(folder, "compare", "--quick")
        assert done.returncode != 0
        assert "something else than was planted" in done.stderr


class TestPublish:
    def test_writes_the_same_rows_as_copy(self, folder):
        done = run(folder, "publish", "--quick")
        assert done.returncode == 0, done.stderr
        assert "publish 0.021M figures" in done.stdout


class TestCommandLine:
    def test_names_what_can_be_measured(self, folder):
        done = run(folder, "everything")
        assert done.returncode == 2
        measured = "compare, publish, rules, upload, reading, crowd, sheet, store, cases, others"
        assert measured in done.stderr


class TestCases:
    def test_lists_of_many_show_as_much_as_lists_of_few(self, folder: Path) -> None:
        done = run(folder, "cases", "--quick", "--runs", "1")
        assert not done.returncode, done.stderr
        kept = json.loads((folder / "results.json").read_text("utf-8"))
        assert sum("1,000 beside 100" in row["work"] for row in kept["results"]) == 6
