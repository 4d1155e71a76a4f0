"""ckanext-xloader and ckanext-harvest as they are: figures come in through the gate, or not at all.

Both are installed by ``./portal test --long`` alone, because ckanext-xloader wants newer libraries
than CKAN's own requirements name.
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
pytest.importorskip("ckanext.harvest", reason="ckanext-harvest is not installed (test --long)")
pytestmark = pytest.mark.long

INDICATOR = "LOK.UJI_PEMUAT"
HOLDER, OTHER = "dkpp", "disdukcapil"
FIGURES = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A portal with both plugins."""
    folder = tmp_path_factory.mktemp("pemuat")
    with running(folder, "xloader", "harvest", "ckan_harvester") as server:
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


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Another agency's portal."""
    with running(tmp_path_factory.mktemp("sumber")) as server:
        _indicator(server)
        _activity(server, OTHER)
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


def test_what_a_harvester_brings_passes_the_gate(portal: Server, source: Server) -> None:
    """An activity comes before the datasets that name it; tables arrive as links."""
    first = _harvested(portal, source.url)
    assert (first["stats"]["added"], first["errors"]) == (1, "")
    different = Table(INDICATOR, {**FIGURES, KECAMATAN[0]: 555.0})
    _published(source, "data-panen", OTHER, different)
    _published(source, "dokumen-panen", OTHER, None)
    before = _figures(portal)

    # A harvest source is known by its address; this is the same one, called otherwise.
    second = _harvested(portal, source.url.replace("127.0.0.1", "localhost"))

    assert (second["stats"]["added"], second["stats"]["errored"]) == (1, 1)
    names = {d["name"] for d in portal.call("package_search", rows=100)["results"]}
    assert "dokumen-panen" in names
    assert "data-panen" not in names
    assert "satudata_report" in second["errors"]
    report = second["errors"].partition("satudata_report': ['")[2][:36]
    found = portal.call("satudata_report_show", id=report)["findings"]
    assert [f["rule"] for f in found if f["blocks"]] == ["tautan-tabel"]
    assert _figures(portal) == before


def _harvested(portal: Server, url: str) -> dict[str, Any]:
    """Harvest another portal once; how many came, and the errors as the harvester lists them."""
    name = f"sumber-{url.partition('//')[2].replace(':', '-').replace('.', '-')}"
    made = portal.call(
        "harvest_source_create",
        name=name,
        title=name,
        url=url,
        source_type="ckan",
        owner_org=OTHER,
        config=json.dumps({"force_all": True}),
    )
    portal.ckan("harvester", "run-test", made["id"])
    (job,) = portal.call("harvest_job_list", source_id=made["id"])
    report = portal.call("harvest_job_report", id=job["id"])
    errors = [e["message"] for found in report["object_errors"].values() for e in found["errors"]]
    return {"stats": job["stats"], "errors": "\n".join(errors)}


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


def _published(portal: Server, name: str, body: str, table: Table | None) -> dict[str, Any]:
    """A public dataset with a table, or with a document."""
    other = {"state": "draft", "status_angka": "P", "kebijakan_revisi": "Sewaktu-waktu."}
    values = metadata.dataset(name, body, f"kegiatan-{body}", **other)
    dataset = portal.call("package_create", **values)
    if table:
        portal.call(
            "resource_create",
            files={"upload": (table.filename, table.content())},
            package_id=dataset["id"],
            name=table.filename,
            format="CSV",
            schema=json.dumps(table.declaration()),
        )
    else:
        address = "http://example.org/laporan.pdf"
        portal.call("resource_create", package_id=dataset["id"], url=address, format="PDF")
    return portal.call("package_patch", id=dataset["id"], state="active")


def _figures(portal: Server) -> dict[str, float]:
    found = portal.call("satudata_observation_list", indicator=INDICATOR, limit=100)
    return {row["region"]: row["value"] for row in found["results"]}
