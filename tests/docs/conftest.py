"""The documents as sources, as what generates parts of them, and as the built site."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

# The fixtures of tests that need CKAN's database live with these tests.
from ckanext.satudata.tests.conftest import portal

__all__ = ["portal"]

ROOT = Path(__file__).resolve().parents[2]
PAGES = tuple(sorted((ROOT / "docs").rglob("*.md")))


@pytest.fixture(scope="session")
def hooks() -> ModuleType:
    """The module that fills in the generated parts."""
    spec = importlib.util.spec_from_file_location("satudata_docs_hooks", ROOT / "docs/hooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def sources() -> dict[str, str]:
    """Every page's source by its path below docs/, with README and CONTRIBUTING."""
    own = {str(p.relative_to(ROOT / "docs")): p.read_text(encoding="utf-8") for p in PAGES}
    outside = {n: (ROOT / n).read_text(encoding="utf-8") for n in ("README.md", "CONTRIBUTING.md")}
    return {**own, **outside}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `./portal docs` builds it; a warning fails here."""
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return folder
