"""Reference files written for a test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ckanext.satudata.reference import document


def head(**changes: Any) -> dict[str, Any]:
    """A correct head of a code list with its rows in ``codes.csv``; None takes a key away."""
    values = {
        "kind": "codelist",
        "name": "contoh",
        "version": "1",
        "effective_from": "2025-01-01",
        "source": "contoh",
        "label": {"id": "Contoh", "en": "Example"},
        "file": "codes.csv",
        **changes,
    }
    return {key: value for key, value in values.items() if value is not None}


def write(folder: Path, rows: str = "code,label\na,A\n", **changes: Any) -> Path:
    """Write a reference and return the path of its YAML."""
    path = folder / "contoh.yaml"
    path.write_text(yaml.safe_dump(head(**changes), allow_unicode=True), encoding="utf-8")
    (folder / "codes.csv").write_text(rows, encoding="utf-8")
    return path


def problems(call: Any, *args: Any) -> list[tuple[str, int | None]]:
    """Rule and line of each problem that a call refuses a file for."""
    try:
        call(*args)
    except document.BadReference as refusal:
        return [(p.rule, p.line) for p in refusal.problems]
    return []
