"""Reading knows nothing of CKAN or a database, and starts no threads before a fork."""

from __future__ import annotations

import subprocess
import sys

import pytest

_PROGRAM = """
import importlib, pkgutil, sys
import ckanext.satudata.extract as package
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
print("\\n".join(sys.modules))
"""


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """Names of the modules that importing the whole package loads."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


class TestImports:
    @pytest.mark.parametrize("name", ["ckan", "sqlalchemy"])
    def test_layers_point_downwards(self, loaded: set[str], name: str) -> None:
        assert name not in loaded

    def test_polars_waits_for_the_first_table(self, loaded: set[str]) -> None:
        assert "ckanext.satudata.extract.observations" in loaded
        assert "polars" not in loaded
