"""What `pip install ckanext-satudata` brings is what stands in the source tree."""

from __future__ import annotations

import configparser
import importlib.machinery
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections import Counter
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[3]
DATA_SUFFIXES = {
    ".c", ".css", ".csv", ".gz", ".h", ".html", ".ini", ".js", ".json", ".mako", ".mo", ".po",
    ".pot", ".py", ".pyi", ".svg", ".txt", ".typed", ".xlsx", ".yaml", ".yml",
}  # fmt: skip


def sources() -> set[str]:
    """Files of the package that belong into a distribution, relative to the repository."""
    return {
        str(path.relative_to(ROOT))
        for path in (ROOT / "ckanext").rglob("*")
        if path.suffix in DATA_SUFFIXES and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the sdist made of a copy of the tree, and the wheel made of that sdist."""
    copy = tmp_path_factory.mktemp("source")
    for name in (
        "ckanext",
        "setup.py",
        "setup.cfg",
        "pyproject.toml",
        "MANIFEST.in",
        "README.md",
        "LICENSE",
    ):
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.so")
            shutil.copytree(source, copy / name, ignore=ignored)
        elif source.exists():
            shutil.copy(source, copy)
    result = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", copy / "dist", copy],
        capture_output=True,
        text=True,
        check=False,
        # setuptools of the environment, not one a plugin of CKAN's put before it.
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return copy / "dist"


def files_of(wheel_directory: Path) -> set[str]:
    """Names in the one wheel of a directory."""
    (wheel,) = wheel_directory.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


class TestDistributions:
    def test_wheel_holds_every_file_of_the_package(self, distributions):
        # setuptools leaves a namespace's own module to its -nspkg.pth.
        expected = sources() - {"ckanext/__init__.py"}
        assert expected - files_of(distributions) == set()

    def test_wheel_holds_the_compiled_part(self, distributions):
        suffixes = importlib.machinery.EXTENSION_SUFFIXES
        names = {f"ckanext/satudata/native/kernel{suffix}" for suffix in suffixes}
        assert names & files_of(distributions)

    def test_wheel_holds_what_browsers_run_with_its_licences(self, distributions):
        held = files_of(distributions)
        folder = "ckanext/satudata/public/satudata-built/"
        bundles = json.loads((ROOT / "frontend" / "bundles.json").read_text("utf-8"))
        made = json.loads((ROOT / folder / "built.json").read_text("utf-8"))
        assert set(made) >= {f"{name}.js" for name in bundles}
        assert {folder + name for name in [*made.values(), "licences.txt"]} <= held

    def test_wheel_holds_nothing_beside_the_package(self, distributions):
        tops = {name.split("/")[0] for name in files_of(distributions)}
        assert {top for top in tops if not top.endswith((".dist-info", "-nspkg.pth"))} == {
            "ckanext"
        }

    def test_sdist_holds_every_file_of_the_package(self, distributions):
        (sdist,) = distributions.glob("*.tar.gz")
        with tarfile.open(sdist) as archive:
            packed = {name.split("/", 1)[-1] for name in archive.getnames()}
        assert (sources() | {"LICENSE", "README.md"}) - packed == set()


class TestDeclarations:
    @pytest.fixture
    def setup_cfg(self) -> configparser.ConfigParser:
        parser = configparser.ConfigParser()
        parser.read(ROOT / "setup.cfg")
        return parser

    def test_every_plugin_named_can_be_imported(self, setup_cfg):
        lines = setup_cfg["options.entry_points"]["ckan.plugins"].split("\n")
        named = dict(map(str.strip, line.split("=", 1)) for line in lines if line)
        assert "satudata" in named
        for name, target in named.items():
            assert callable(EntryPoint(name, target, "ckan.plugins").load())

    def test_the_lock_file_serves_every_python_that_setup_names(self, setup_cfg):
        classifiers = setup_cfg["metadata"]["classifiers"]
        pythons = re.findall(r"Python :: (3\.\d+)", classifiers)
        assert setup_cfg["options"]["python_requires"] == f">={pythons[0]}"
        text = (ROOT / "requirements.lock").read_text()
        pins = [
            Requirement(line) for line in re.findall(r"^([a-z0-9][^\\\n]*)", text, re.MULTILINE)
        ]
        needed = map(Requirement, setup_cfg["options"]["install_requires"].split("\n")[1:])
        names = {canonicalize_name(r.name) for r in needed}
        for python in pythons:
            machine = {"python_version": python, "python_full_version": f"{python}.9"}
            there = [p for p in pins if p.marker is None or p.marker.evaluate(machine)]
            chosen = Counter(canonicalize_name(p.name) for p in there)
            assert {name for name, count in chosen.items() if count > 1} == set()
            assert names - set(chosen) == set()

    def test_the_portal_and_the_tests_load_the_same_plugins(self):
        loaded = {}
        for name in ("test.ini", "stack/ckan.ini"):
            parser = configparser.RawConfigParser()
            parser.read(ROOT / name)
            loaded[name] = parser["app:main"]["ckan.plugins"].split()
        assert loaded["test.ini"] == loaded["stack/ckan.ini"]

    def test_installed_requirements_agree(self):
        result = subprocess.run(
            [sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stdout
