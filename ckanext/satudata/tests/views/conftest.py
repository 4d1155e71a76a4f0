"""An agency with an operator, and drafts with a table, for the tests of pages."""

from __future__ import annotations

import io
import itertools
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

from ckanext.satudata.demo import metadata as example

#: Kecamatan of Kabupaten Sintang whose figures the tests use.
SINTANG, TEMPUNAK = "61.05.01", "61.05.02"

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Agency:
    """An organization and one who edits for it."""

    id: str
    name: str
    title: str
    headers: dict[str, str]


@pytest.fixture
def new_agency(portal) -> Callable[[], Agency]:
    """Make an agency of its own."""

    def make() -> Agency:
        number = next(_numbers)
        user = factories.UserWithToken()
        organization = call_action(
            "organization_create",
            {"user": call_action("get_site_user")["name"]},
            name=f"dinas-{uuid.uuid4().hex[:12]}",
            title=f"Dinas Contoh {number}",
            jenis="dinas",
            urusan=["2.09"],
            kepala="Kepala Dinas",
            tupoksi="Contoh.",
            peran=["produsen"],
            users=[{"name": user["name"], "capacity": "editor"}],
        )
        return Agency(
            organization["id"],
            organization["name"],
            organization["title"],
            {"Authorization": user["token"]},
        )

    return make


@pytest.fixture
def agency(new_agency) -> Agency:
    return new_agency()


@pytest.fixture
def indicator(portal) -> dict[str, Any]:
    """A local indicator nobody else uses, under no name that is like another; in ton."""
    return call_action(
        "satudata_indicator_create",
        code=f"LOK.UJI_{uuid.uuid4().hex[:12].upper()}",
        name=f"Contoh Kebutuhan Pangan {uuid.uuid4().hex[:8]}",
        konsep=f"contoh {uuid.uuid4().hex}",
        definition="Contoh untuk uji.",
        ukuran="jumlah",
        unit="ton",
    )


def declaration(indicator: str, unit: str = "ton") -> dict[str, Any]:
    """What the columns of :func:`table` mean."""
    region = {"role": "dimension", "concept": "wilayah", "codelist": "wilayah"}
    return {
        "fields": [
            {"name": "kode", "type": "string", "satudata": {**region, "scheme": "kemendagri"}},
            {
                "name": "jumlah",
                "type": "string",
                "satudata": {"role": "measure", "indicator": indicator, "unit": unit},
            },
        ],
        "extraFields": [
            {
                "name": "periode",
                "type": "string",
                "constant": "2025",
                "satudata": {"role": "dimension", "concept": "periode"},
            }
        ],
        "satudata": {"version": 1, "header_row": 1, "header_rows": 1},
    }


def table(figures: dict[str, float]) -> bytes:
    """A table with a code and a figure per row."""
    rows = "".join(f"{code},{value}\n" for code, value in figures.items())
    return f"kode,jumlah\n{rows}".encode()


@pytest.fixture
def new_draft(portal) -> Callable[..., dict[str, Any]]:
    """Make a draft with everything the law asks for and one file."""

    def make(
        agency: Agency,
        content: bytes,
        *,
        schema: dict[str, Any] | None = None,
        filename: str = "tabel.csv",
        **metadata: Any,
    ) -> dict[str, Any]:
        name = f"dataset-{uuid.uuid4().hex[:12]}"
        activity = call_action(
            "package_create", **example.activity(f"{name}-kegiatan", agency.id, "2025")
        )
        fields = {"title": "Contoh Dataset", "cakupan_wilayah": SINTANG, "state": "draft"}
        dataset = call_action(
            "package_create",
            **example.dataset(name, agency.id, activity["id"], **{**fields, **metadata}),
        )
        call_action(
            "resource_create",
            package_id=dataset["id"],
            name=filename,
            upload=FileStorage(io.BytesIO(content), filename),
            **({"schema": json.dumps(schema)} if schema else {}),
        )
        return call_action("package_show", id=dataset["id"])

    return make


@pytest.fixture
def published(new_agency, new_draft, indicator) -> dict[str, Any]:
    """A public dataset: 100 ton in Sintang, 250.5 ton in Tempunak."""
    draft = new_draft(
        new_agency(),
        table({SINTANG: 100, TEMPUNAK: 250.5}),
        schema=declaration(indicator["code"]),
        title="Tabel yang sudah terbit",
    )
    return call_action("package_patch", id=draft["id"], state="active")


@pytest.fixture
def contradicting(agency, new_draft, published, indicator) -> dict[str, Any]:
    """A draft that says otherwise about Tempunak."""
    return new_draft(
        agency,
        table({SINTANG: 100, TEMPUNAK: 205.5}),
        schema=declaration(indicator["code"]),
        title="Tabel yang berbeda",
    )
