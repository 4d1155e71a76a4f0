"""What is to be seeded, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Plan:
    """The first contents of one portal.

    Attributes:
        region: Kemendagri code of the kabupaten.
        mail_domain: domain of the users' addresses; reserved, so that no mail gets anywhere.
        organizations: what ``organization_create`` is given, parents before their children.
        users: names of the organizations that get an operator and an admin.
        kecamatan_operators: whether each kecamatan gets an operator.
        indicators: what ``satudata_indicator_create`` is given.
    """

    region: str
    mail_domain: str
    organizations: tuple[Mapping[str, Any], ...]
    users: tuple[str, ...]
    kecamatan_operators: bool
    indicators: tuple[Mapping[str, Any], ...]


def names() -> tuple[str, ...]:
    """The kabupaten that can be seeded."""
    return tuple(sorted(p.stem for p in _DATA.glob("*.yaml") if p.stem != "indicators"))


def plan(name: str) -> Plan:
    """The plan of a kabupaten.

    Args:
        name: one of :func:`names`.
    """
    data = _read(name)
    mandates: Mapping[str, str] = data["mandates"]
    return Plan(
        region=data["region"],
        mail_domain=data["mail_domain"],
        organizations=tuple(_organization(values) for values in data["organizations"]),
        users=tuple(data["users"]),
        kecamatan_operators=bool(data.get("kecamatan_operators")),
        indicators=tuple(
            {**values, "producer_org": mandates.get(values["code"], "")}
            for values in _read("indicators")
        ),
    )


def kecamatan(code: str, bps: str | None, label: str) -> dict[str, Any]:
    """A kecamatan as an organization.

    Args:
        code: Kemendagri code.
        bps: BPS code, or None.
        label: name of the region.
    """
    values: dict[str, Any] = {
        "name": f"kecamatan-{label.lower().replace(' ', '-')}",
        "title": f"Kecamatan {label}",
        "jenis": "kecamatan",
        "kode_kemendagri": code,
        "urusan": ["7.01"],
        "peran": ["produsen"],
        "kepala": "Camat",
        "tupoksi": (
            f"Urusan pemerintahan umum di Kecamatan {label}; menyampaikan data kecamatan kepada "
            "perangkat daerah terkait untuk direkap."
        ),
    }
    return {**values, "kode_bps": bps} if bps else values


def _organization(values: Mapping[str, Any]) -> dict[str, Any]:
    out = {"peran": ["produsen"], **values}
    parent = out.pop("parent", None)
    return {**out, "groups": [{"name": parent}]} if parent else out


def _read(name: str) -> Any:
    return yaml.safe_load((_DATA / f"{name}.yaml").read_text(encoding="utf-8"))
