"""Grounds of law: why a request may be refused, and why one may object (``grounds.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground.

    Attributes:
        name: its letter in the law.
        label: in ``id`` and ``en``.
        after: what it supposes: an ``answer``, that the time was ``due``, or ``either``.
    """

    name: str
    label: Mapping[str, str]
    after: str = "answer"


def exemptions() -> list[Ground]:
    """Grounds of refusal (UU 14/2008 Ps. 17)."""
    return list(_grounds()["exemptions"].values())


def objections() -> list[Ground]:
    """Grounds of objection (UU 14/2008 Ps. 35(1))."""
    return list(_grounds()["objections"].values())


def exemption(name: str) -> Ground | None:
    """The ground of refusal with this letter, or None."""
    return _grounds()["exemptions"].get(name)


def objection(name: str) -> Ground | None:
    """The ground of objection with this letter, or None."""
    return _grounds()["objections"].get(name)


@cache
def _grounds() -> dict[str, dict[str, Ground]]:
    document = yaml.safe_load(Path(__file__).with_name("grounds.yaml").read_text("utf-8"))
    return {
        kind: {
            name: Ground(name, {k: row[k] for k in ("id", "en")}, row.get("after", "answer"))
            for name, row in rows.items()
        }
        for kind, rows in document.items()
    }
