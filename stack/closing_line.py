"""Name what failed, and print one closing line, in pytest's form, for several runs of pytest.

Usage: ``python3 closing_line.py DIRECTORY DURATION``, DIRECTORY holding one JUnit file for each
run. A run that left no file is not counted; its step is reported as failed by the caller.
"""

from __future__ import annotations

import pathlib
import sys
from collections import Counter
from xml.etree import ElementTree as ET


def totals(directory: pathlib.Path) -> Counter[str]:
    """Add up the outcomes of all runs.

    Args:
        directory: Where the ``*.xml`` files of ``pytest --junit-xml`` lie.

    Returns:
        Numbers of tests by pytest's words: failed, passed, skipped, error.
    """
    counts: Counter[str] = Counter()
    for path in sorted(directory.glob("*.xml")):
        for suite in ET.parse(path).iter("testsuite"):  # noqa: S314  (pytest wrote it just now)
            number = {
                key: int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")
            }
            counts["failed"] += number["failures"]
            counts["error"] += number["errors"]
            counts["skipped"] += number["skipped"]
            counts["passed"] += (
                number["tests"] - number["failures"] - number["errors"] - number["skipped"]
            )
    return counts


def failures(directory: pathlib.Path) -> list[str]:
    """Each test that failed, with the first line of what it said.

    Args:
        directory: as for :func:`totals`.
    """
    return [
        f"{result.tag.upper()} {case.get('classname')}::{case.get('name')} - "
        + (result.get("message") or "").strip().split("\n")[0][:200]
        for path in sorted(directory.glob("*.xml"))
        for case in ET.parse(path).iter("testcase")  # noqa: S314  (pytest wrote it just now)
        for result in (*case.findall("failure"), *case.findall("error"))
    ]


def closing_line(counts: Counter[str], duration: str) -> str:
    """Say the counts as pytest does at its end."""
    words = [
        f"{counts[word]} {word}"
        for word in ("failed", "passed", "skipped", "error")
        if counts[word]
    ]
    text = f" {', '.join(words) or 'no tests ran'} in {duration.replace(' ', '')} "
    return text.center(80, "=")


if __name__ == "__main__":
    results = pathlib.Path(sys.argv[1])
    print(*failures(results), closing_line(totals(results), sys.argv[2]), sep="\n")
