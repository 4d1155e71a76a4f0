"""A table of 1,400 rows through the API, with the gate, beside CKAN as it comes."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from ckanext.satudata.demo import metadata

from . import world
from .portals import Portal, running
from .table import Row, beside
from .timing import Cost

LIMIT = 1.5

_KECAMATAN = (1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 15, 19, 20, 21)
_DAYS = 100
_ROWS = len(_KECAMATAN) * _DAYS
_INDICATOR = "LOK.BENCH_UNGGAH"
_ORGANIZATION = "dinas-bench"
_ACTIVITY = "kegiatan-bench"
#: Python compiles, caches fill and both web workers answer once before anything counts.
_WARM_UP = 4


def run(folder: Path, runs: int) -> list[Row]:
    """Measure both, taking turns: a new file in a public dataset, then its correction.

    Args:
        folder: where the portals' files are kept.
        runs: counted uploads of each kind to each portal.

    Raises:
        RuntimeError: an upload was refused, or its figures are not public afterwards.
    """
    with (
        running(folder, "satudata", plain=False) as ours,
        running(folder, "ckan", plain=True) as plain,
    ):
        _prepare_ours(ours)
        plain.call("organization_create", name=_ORGANIZATION)
        costs: dict[tuple[str, str], list[float]] = {}
        for turn in range(runs + _WARM_UP):
            tables = _table(turn, 0), _table(turn, 1)
            for name, portal in (("satudata", ours), ("ckan", plain)):
                for kind, seconds in _upload(portal, turn, tables, plain=name == "ckan").items():
                    if turn >= _WARM_UP:
                        costs.setdefault((name, kind), []).append(seconds)
        _require_public(ours, runs + _WARM_UP)
    return [
        beside(
            f"upload of {_ROWS:,} rows ({kind}): CKAN alone",
            Cost(tuple(costs["satudata", kind])),
            Cost(tuple(costs["ckan", kind])),
            LIMIT,
        )
        for kind in ("resource_create", "resource_update")
    ]


def _prepare_ours(portal: Portal) -> None:
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
    portal.call(
        "satudata_indicator_create",
        code=_INDICATOR,
        name="Harga contoh",
        name_en="Example price",
        konsep="harga-contoh",
        definition="Untuk pengukuran.",
        definition_en="For measuring.",
        ukuran="harga",
        unit="ton",
        additive=False,
    )


def _upload(
    portal: Portal, turn: int, tables: tuple[bytes, bytes], *, plain: bool
) -> dict[str, float]:
    """Upload a table to a new public dataset and then its correction; seconds of each."""
    name = f"data-{turn}"
    values = (
        {"name": name, "owner_org": _ORGANIZATION}
        if plain
        else metadata.dataset(name, _ORGANIZATION, _ACTIVITY)
    )
    dataset = portal.call("package_create", **values)
    about = {"name": "Harga", "format": "CSV", "schema": json.dumps(_DECLARATION)}
    seconds: dict[str, float] = {}

    def measured(action: str, upload: Callable[[], dict[str, str]]) -> dict[str, str]:
        start = time.perf_counter()
        resource = upload()
        seconds[action] = time.perf_counter() - start
        return resource

    made = measured(
        "resource_create",
        lambda: portal.upload(
            "resource_create", "harga.csv", tables[0], package_id=dataset["id"], **about
        ),
    )
    measured(
        "resource_update",
        lambda: portal.upload("resource_update", "harga.csv", tables[1], id=made["id"], **about),
    )
    return seconds


def _require_public(portal: Portal, turns: int) -> None:
    """Every table's correction is public: its last figure is."""
    for turn in range(turns):
        *_, last = _table(turn, 1).decode().split("\r\n")
        _, when, price = last.split(";")
        found = portal.call(
            "satudata_observation_list", indicator=_INDICATOR, region="61.05.21", period=when
        )
        if [row["value"] for row in found["results"]] != [float(price.replace(",", "."))]:
            raise RuntimeError(f"the figure of {when} should be {price}: {found['results']}")


def _table(turn: int, version: int) -> bytes:
    """A table about days of its own, so that no two datasets speak of one object."""
    rng = random.Random(f"{world.SEED}/{turn}/{version}")
    start = date(2000, 1, 1) + timedelta(days=turn * _DAYS)
    lines = ["kode_wilayah;tanggal;harga"]
    for day in range(_DAYS):
        for number in _KECAMATAN:
            when = (start + timedelta(days=day)).isoformat()
            lines.append(f"61.05.{number:02d};{when};{rng.randint(5_000, 99_999)},{turn % 10}")
    return "\r\n".join(lines).encode()


def _field(name: str, **meaning: str) -> dict[str, object]:
    return {"name": name, "type": "string", "satudata": meaning}


_DECLARATION = {
    "fields": [
        _field(
            "kode_wilayah",
            role="dimension",
            concept="wilayah",
            codelist="wilayah",
            scheme="kemendagri",
        ),
        _field("tanggal", role="dimension", concept="periode"),
        _field("harga", role="measure", indicator=_INDICATOR, unit="ton"),
    ],
    "satudata": {"version": 1},
}
