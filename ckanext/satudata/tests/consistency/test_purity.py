"""The comparison imports nothing that reads, writes or belongs to the portal."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import ckanext.satudata.consistency as package

FOLDER = Path(package.__file__).parent
MODULES = sorted(FOLDER.rglob("*.py"))

#: All that the package may use besides itself.
ALLOWED = {
    "__future__",
    "ast",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "hashlib",
    "itertools",
    "json",
    "logging",
    "math",
    "numpy",
    "operator",
    "re",
    "typing",
    "typing_extensions",
    "unicodedata",
    "yaml",
}


def _imported(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add((node.module or "").split(".")[0])
    return names


class TestPurity:
    @pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(FOLDER)))
    def test_imports_only_what_is_allowed(self, path):
        assert _imported(ast.parse(path.read_text("utf-8"))) <= ALLOWED

    @pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(FOLDER)))
    def test_stays_within_the_package(self, path):
        depth = len(path.relative_to(FOLDER).parts)
        tree = ast.parse(path.read_text("utf-8"))
        found = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
        # The compiled part knows arrays and nothing else.
        assert {n.module for n in found if n.level > depth} <= {"native"}
        assert all(n.level <= depth + 1 for n in found)

    @pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(FOLDER)))
    def test_opens_nothing(self, path):
        calls = {
            n.func.id
            for n in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        }
        assert not calls & {"open", "exec", "eval", "__import__", "print", "input"}

    def test_loads_no_module_of_the_portal(self):
        program = (
            "import sys, ckanext.satudata.consistency.engine,"
            " ckanext.satudata.consistency.validatreport\n"
            "heavy = {'ckan', 'sqlalchemy', 'polars', 'requests', 'frictionless', 'flask'}\n"
            "print(sorted(heavy & set(sys.modules)))"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "[]"
