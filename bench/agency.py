"""An agency that publishes tables through the API, here and at CKAN as it comes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ckanext.satudata.demo import metadata

from . import world
from .portals import Portal, running

OURS, PLAIN = "satudata", "ckan"

_KECAMATAN = (1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 15, 19, 20, 21)
_DAYS = 100
_FIRST = date(2000, 1, 1)
#: The years that tables are about.
_YEARS = [str(year) for year in range(_FIRST.year, 2025)]
ROWS = len(_KECAMATAN) * _DAYS
_ORGANIZATION = "dinas-bench"
_ACTIVITY = "kegiatan-bench"
#: What CKAN itself has a field for; it keeps everything else as extras.
_FIELDS_OF_CKAN = {"name", "title", "notes", "owner_org", "license_id"} | {
    "maintainer",
    "maintainer_email",
}


@contextmanager
def both(folder: Path) -> Iterator[dict[str, Portal]]:
    """Both portals running, each with the agency in it.

    Args:
        folder: where the portals' files are kept.
    """
    with (
        running(folder, OURS, plain=False) as ours,
        running(folder, PLAIN, plain=True) as plain,
    ):
        prepare(ours)
        plain.call("organization_create", name=_ORGANIZATION, title="Dinas Bench")
        yield {OURS: ours, PLAIN: plain}


def prepare(portal: Portal) -> None:
    """The agency and its activity in a portal of this project."""
    portal.call(
        "organization_create",
        name=_ORGANIZATION,
        title="Dinas Bench",
        jenis="dinas",
        urusan=["2.09"],
        kepala="Kepala Dinas",
        tupoksi="Pengukuran",
        peran=["produsen"],
    )
    portal.call("package_create", **metadata.activity(_ACTIVITY, _ORGANIZATION, "2025"))


def indicator(portal: Portal, number: int = 0) -> str:
    """Create an indicator whose figures are published; its code."""
    code = f"LOK.BENCH_{number}"
    portal.call(
        "satudata_indicator_create",
        code=code,
        name=f"Harga contoh {number}",
        name_en=f"Example price {number}",
        konsep=f"harga-contoh-{number}",
        definition="Untuk pengukuran.",
        definition_en="For measuring.",
        ukuran="harga",
        unit="ton",
        additive=False,
    )
    return code


def dataset(portal: Portal, name: str, *, plain: bool = False, bare: bool = False) -> str:
    """Create a public dataset; its id.

    Args:
        portal: where.
        name: of the dataset.
        plain: for CKAN as it comes, which keeps the same metadata as extras.
        bare: with nothing but name and organization, for CKAN as it comes.
    """
    values = metadata.dataset(
        name,
        _ORGANIZATION,
        _ACTIVITY,
        tahun_data=_YEARS,
        # Of final figures each correction wants a reason of its own.
        status_angka="P",
        kebijakan_revisi="Harga dikoreksi setelah verifikasi.",
    )
    if bare:
        values = {"name": name, "owner_org": _ORGANIZATION}
    elif plain:
        values = _for_ckan(values)
    return portal.call("package_create", **values)["id"]


def upload(portal: Portal, action: str, table: bytes, code: str, **data: str) -> Mapping[str, Any]:
    """Upload a table with its declaration.

    Args:
        portal: where.
        action: ``resource_create`` or ``resource_update``.
        table: the CSV file.
        code: of the indicator its figures are of.
        data: ``package_id`` or ``id``.

    Returns:
        The resource.
    """
    about = {"name": "Harga", "format": "CSV", "schema": json.dumps(_declaration(code))}
    return portal.upload(action, "harga.csv", table, **about, **data)


def table(turn: int, version: int = 0) -> bytes:
    """A table about days of its own, so that no two datasets speak of one object.

    Each later version corrects one day, the last one, in all kecamatan.
    """
    rng = random.Random(f"{world.SEED}/{turn}")
    start = _FIRST + timedelta(days=turn * _DAYS)
    lines = ["kode_wilayah;tanggal;harga"]
    for day in range(_DAYS):
        for number in _KECAMATAN:
            when = (start + timedelta(days=day)).isoformat()
            price = 10_000 + 100 * number + rng.randint(0, 999)
            if day == _DAYS - 1:
                price += version
            lines.append(f"61.05.{number:02d};{when};{price},{turn % 10}")
    return "\r\n".join(lines).encode()


def require_public(portal: Portal, code: str, made: bytes) -> None:
    """Make sure that a table's figures are public: its last one is.

    Raises:
        RuntimeError: it is not.
    """
    *_, last = made.decode().split("\r\n")
    _, when, price = last.split(";")
    found = portal.call("satudata_observation_list", indicator=code, region="61.05.21", period=when)
    if [row["value"] for row in found["results"]] != [float(price.replace(",", "."))]:
        raise RuntimeError(f"the figure of {when} should be {price}: {found['results']}")


def _for_ckan(values: Mapping[str, Any]) -> dict[str, Any]:
    extras = [
        {"key": key, "value": value if isinstance(value, str) else json.dumps(value)}
        for key, value in values.items()
        if key not in {*_FIELDS_OF_CKAN, "type"}
    ]
    return {**{k: values[k] for k in _FIELDS_OF_CKAN if k in values}, "extras": extras}


def _field(name: str, **meaning: str) -> dict[str, object]:
    return {"name": name, "type": "string", "satudata": meaning}


def _declaration(code: str) -> dict[str, object]:
    return {
        "fields": [
            _field(
                "kode_wilayah",
                role="dimension",
                concept="wilayah",
                codelist="wilayah",
                scheme="kemendagri",
            ),
            _field("tanggal", role="dimension", concept="periode"),
            _field("harga", role="measure", indicator=code, unit="ton"),
        ],
        "satudata": {"version": 1},
    }
