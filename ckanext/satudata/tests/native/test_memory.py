"""The compiled part touches no memory but what it was given, whatever it is given.

It is compiled once more with the sanitizers of the C compiler, and the tests beside this one are
run with it: they hand it texts, keys and blocks of every kind.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import ckanext.satudata.native as package

SOURCES = Path(package.__file__).parent
#: Where the tests' own modules find the sanitized kernel in place of the installed one.
PROGRAM = """
import importlib.machinery, importlib.util, inspect, sys
import ckanext.satudata.native as package

name = "ckanext.satudata.native.kernel"
loader = importlib.machinery.ExtensionFileLoader(name, sys.argv[1])
kernel = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
sys.modules[name] = package.kernel = kernel

import hypothesis
hypothesis.settings.register_profile("memory", deadline=None, max_examples=int(sys.argv[2]))
hypothesis.settings.load_profile("memory")

import importlib
done = 0
for module in map(importlib.import_module, sys.argv[3:]):
    for _, made in inspect.getmembers(module, inspect.isclass):
        for test, function in inspect.getmembers(made, inspect.isfunction):
            if test.startswith("test_") and hasattr(function, "hypothesis"):
                if set(inspect.signature(function).parameters) == {"self"}:
                    getattr(made(), test)()
                    done += 1
print(done, "tests with", kernel.__file__)
"""
MODULES = (
    "native.test_table",
    "native.test_keys",
    "consistency.test_matching",
    "store.test_coding",
)


def _sanitizer() -> str | None:
    """The library that must be loaded before Python; None where the compiler has none."""
    try:
        asked = ["cc", "-print-file-name=libasan.so"]
        found = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
    return found if os.path.isabs(found) else None


@pytest.mark.skipif(_sanitizer() is None, reason="the C compiler has no address sanitizer")
@pytest.mark.parametrize("examples", [30, pytest.param(1000, marks=pytest.mark.long)])
def test_no_access_beyond_what_was_given(tmp_path, examples):
    built = tmp_path / f"kernel{sysconfig.get_config_var('EXT_SUFFIX')}"
    subprocess.run(
        [
            *("cc", "-g", "-O1", "-shared", "-fPIC", "-fno-omit-frame-pointer"),
            *("-fsanitize=address,undefined", "-fno-sanitize-recover=all"),
            *("-I", sysconfig.get_path("include"), "-o", str(built)),
            *sorted(map(str, SOURCES.glob("*.c"))),
        ],
        check=True,
    )
    done = subprocess.run(
        [
            *(sys.executable, "-c", PROGRAM, str(built), str(examples)),
            *(f"ckanext.satudata.tests.{name}" for name in MODULES),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "LD_PRELOAD": _sanitizer() or "",
            # Python and its libraries keep some memory to their end.
            "ASAN_OPTIONS": "detect_leaks=0",
            "PYTHONMALLOC": "malloc",
        },
    )
    assert done.returncode == 0, done.stderr[-4000:]
    count, _, told = done.stdout.strip().partition(" ")
    assert int(count) >= 10
    assert told == f"tests with {built}"
