"""ckanext-xloader as it is: no row gets into the DataStore.

It is installed by ``./portal test --long`` alone, because it wants newer libraries than CKAN's own
requirements name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest

from ckanext.satudata.demo import metadata
from ckanext.satudata.tests.browser.server import Server, running
from ckanext.satudata.tests.worlds import KECAMATAN, Table

pytest.importorskip("ckanext.xloader", reason="ckanext-xloader is not installed (test --long)")
pytestmark = pytest.mark.long

INDICATOR = "LOK.UJI_PEMUAT"
HOLDER = "dkpp"
FIGURES = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A portal with xloader."""
    folder = tmp_path_factory.mktemp("pemuat")
    with running(folder, "xloader") as server:
        _indicator(server)
        _activity(server, HOLDER)
        ini = Path(server.environment["CKAN_INI"])
        settings = ConfigParser(interpolation=None)
        settings.optionxform = str  # pyright: ignore[reportAttributeAccessIssue]
        settings.read(ini, "utf-8")
        settings["app:main"]["ckanext.xloader.api_token"] = server.token
        with ini.open("w", encoding="utf-8") as out:
            settings.write(out)
        yield server


def test_xloader_gets_no_rows_in(portal: Server) -> None:
    table = Table(INDICATOR, FIGURES)
    dataset = _published(portal, "data-pemuat", HOLDER, table)
    (resource,) = dataset["resources"]
    before = _figures(portal)

    with pytest.raises(AssertionError) as failed:
        portal.ckan("xloader", "submit", dataset["name"], "--sync")

    said = str(failed.value)
    assert "Downloaded ok" in said
    assert "Rows of the DataStore are not compared" in said
    with pytest.raises(AssertionError, match="Not Found Error"):
        portal.call("datastore_search", resource_id=resource["id"])
    after = portal.call("resource_show", id=resource["id"])
    assert (after["hash"], after["datastore_active"]) == (resource["hash"], False)
    assert _figures(portal) == before == FIGURES


def _indicator(portal: Server) -> None:
    portal.call(
        "satudata_indicator_create",
        code=INDICATOR,
        name="Uji pemuat",
        name_en="Loaders' test",
        konsep="uji pemuat",
        definition="Untuk pengujian.",
        definition_en="For tests.",
        ukuran="jumlah",
        unit="ton",
        additive=True,
    )


def _activity(portal: Server, body: str) -> None:
    portal.call("package_create", **metadata.activity(f"kegiatan-{body}", body, "2025"))


def _published(portal: Server, name: str, body: str, table: Table) -> dict[str, Any]:
    """A public dataset with a table."""
    other = {"state": "draft", "status_angka": "P", "kebijakan_revisi": "Sewaktu-waktu."}
    values = metadata.dataset(name, body, f"kegiatan-{body}", **other)
    dataset = portal.call("package_create", **values)
    portal.call(
        "resource_create",
        files={"upload": (table.filename, table.content())},
        package_id=dataset["id"],
        name=table.filename,
        format="CSV",
        schema=json.dumps(table.declaration()),
    )
    return portal.call("package_patch", id=dataset["id"], state="active")


def _figures(portal: Server) -> dict[str, float]:
    found = portal.call("satudata_observation_list", indicator=INDICATOR, limit=100)
    return {row["region"]: row["value"] for row in found["results"]}
