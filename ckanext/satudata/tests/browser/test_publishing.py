"""The way of a table through the gate, as an operator and a visitor see it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ckanext.satudata.demo import metadata
from ckanext.satudata.demo import tables as demonstration

from . import tables
from .pages import Portal
from .server import Server

OPERATOR = "disperindagkop-ukm"
PRODUCER = "dkpp"
#: An agency of its own: what one confirms about a table is remembered for its next one.
OTHER_OPERATOR = "disdukcapil"
NAME = "kebutuhan-beras-menurut-pasar"


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    return demonstration.figures()


@pytest.fixture(scope="module")
def publish(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Make a public dataset of one declared table, as its producer would through the API."""

    def make(
        name: str,
        organization: str,
        values: Mapping[str, float],
        *,
        indicator: str,
        unit: str,
        year: str,
        constants: Mapping[str, str],
        **other: Any,
    ) -> str:
        activity = server.call(
            "package_create", **metadata.activity(f"{name}-kegiatan", organization, year)
        )
        draft = server.call(
            "package_create",
            **metadata.dataset(name, organization, activity["id"], state="draft", **other),
        )
        path = tables.long_csv(tmp_path_factory.mktemp("files") / f"{name}.csv", "Nilai", values)
        schema = demonstration.declaration("Nilai", indicator, unit, year, constants)
        with path.open("rb") as file:
            server.call(
                "resource_create",
                files={"upload": file},
                package_id=draft["id"],
                name="Tabel",
                schema=json.dumps(schema),
            )
        return server.call("package_patch", id=draft["id"], state="active")["name"]

    return make


@pytest.fixture(scope="module")
def years(figures: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Ton of rice by year and kecamatan; the year before is a tenth less."""
    before = {code: round(value * 0.9, 1) for code, value in figures["need"].items()}
    return {"2024": before, "2025": figures["need"]}


@pytest.fixture(scope="module")
def producers_table(publish: Callable[..., str], years: dict[str, dict[str, float]]) -> str:
    """What the holder of the mandate has published; the newest dataset's name."""
    names = [
        publish(
            f"kebutuhan-beras-{year}",
            PRODUCER,
            values,
            title=f"Kebutuhan Beras {year}",
            indicator=tables.INDICATOR,
            unit="ton",
            year=year,
            constants={"komoditas": tables.COMMODITY},
        )
        for year, values in years.items()
    ]
    return names[-1]


@pytest.fixture
def contradicting(
    figures: dict[str, Any], years: dict[str, dict[str, float]]
) -> dict[str, dict[str, float]]:
    """The figures of the second agency: one kecamatan differs, one is in kilogram."""
    need = dict(years["2025"])
    need[figures["contradicted"]["code"]] = figures["contradicted"]["value"]
    need[figures["in_kilogram"]["code"]] *= 1000
    return {**years, "2025": need}


class TestFromUploadToPublicPage:
    def test_a_contradicting_table_is_held_back_until_it_is_corrected(
        self,
        server: Server,
        producers_table: str,
        contradicting: dict[str, dict[str, float]],
        years: dict[str, dict[str, float]],
        visitor: Portal,
        screenshot: Callable[..., None],
        tmp_path: Path,
    ):
        """Issue 3 §7: upload, declaration, refusal naming both cells, correction, publication."""
        page = visitor.page
        visitor.log_in(server.operator_of(OPERATOR))
        screenshot("0-dashboard")
        page.goto("/dataset/new")
        screenshot("0-form")

        visitor.new_dataset("Kebutuhan Beras Menurut Pasar", NAME)
        visitor.upload(tables.wide_workbook(tmp_path / "beras.xlsx", contradicting))
        screenshot("1-draft-without-declaration")

        visitor.open_columns()
        screenshot("2-columns")
        page.fill("[name=target-indicator]", tables.INDICATOR)
        page.fill("[name=target-unit]", "ton")
        understood = visitor.try_columns()
        assert any("Sepauk" in text and "5.420,8" in text for text in understood), understood
        screenshot("3-columns-understood")
        visitor.save_columns()
        screenshot("4-draft-declared")

        activity = f"{producers_table}-kegiatan"
        activity_id = server.call("package_show", id=activity)["id"]
        wanted = metadata.dataset(NAME, OPERATOR, activity_id, title="Kebutuhan Beras di Pasar")
        server.call("package_patch", **{**wanted, "id": NAME})
        visitor.open_dataset(NAME)
        visitor.publish()
        screenshot("5-held-back")
        assert page.locator(".sd-verdict-blocked").is_visible()
        findings = {f.rule: f for f in visitor.findings()}
        assert {"nilai-berbeda", "satuan-skala"} <= set(findings)
        differs, scale = findings["nilai-berbeda"], findings["satuan-skala"]
        assert "Sepauk" in differs.object
        assert [v.split()[0] for v in differs.values] == ["5.420,8", "5.240,8"]
        assert f"/dataset/{producers_table}" in differs.links
        assert "Kayan Hilir" in scale.object
        assert [v.split()[0] for v in scale.values] == ["2.736.100", "2.736,1"]

        resource = server.call("package_show", id=NAME)["resources"][0]["id"]
        corrected = tables.wide_workbook(tmp_path / "benar.xlsx", years)
        visitor.replace_file(NAME, resource, corrected)
        visitor.open_dataset(NAME)
        visitor.publish()
        screenshot("6-published")
        assert page.locator(".sd-state-ok").is_visible()

        page.context.clear_cookies()
        visitor.open_dataset(NAME)
        assert " 28 " in page.locator(".sd-state-ok").inner_text()
        screenshot("7-public-page")
        page.goto(f"/satudata/indikator/{tables.INDICATOR}")
        # This table's and the producer's; other tests publish theirs on the same portal.
        assert page.locator("td", has_text="5.240,8").count() >= 2
        screenshot("8-indicator")


class TestTwoDefinitions:
    def test_both_are_public_and_each_names_the_other(
        self,
        publish: Callable[..., str],
        figures: dict[str, Any],
        visitor: Portal,
        screenshot: Callable[..., None],
    ):
        """BPS and Disdukcapil count the population by different definitions; both are right."""
        names = [
            publish(
                f"penduduk-{entry['producer']}",
                entry["producer"],
                {"61.05": entry["value"]},
                title=f"Penduduk menurut {entry['producer'].upper()}",
                indicator=entry["indicator"],
                unit="orang",
                year="2024",
                constants={},
                level_estimasi=["kabupaten"],
            )
            for entry in figures["population"]
        ]

        for name, other in zip(names, reversed(names), strict=True):
            visitor.open_dataset(name)
            assert visitor.page.locator(f".sd-notes a[href$='/dataset/{other}']").count() == 1
        screenshot("9-note-on-definitions")


class TestWithoutJavaScript:
    @pytest.fixture
    def browser_context_args(self, browser_context_args: dict[str, Any]) -> dict[str, Any]:
        return {**browser_context_args, "java_script_enabled": False}

    def test_the_columns_can_be_tried_and_saved(
        self,
        server: Server,
        years: dict[str, dict[str, float]],
        visitor: Portal,
        tmp_path: Path,
    ):
        page = visitor.page
        draft = server.call(
            "package_create",
            name="tanpa-skrip",
            title="Tanpa skrip",
            owner_org=OTHER_OPERATOR,
            state="draft",
        )
        path = tables.wide_workbook(tmp_path / "beras.xlsx", years)
        with path.open("rb") as file:
            resource = server.call(
                "resource_create", files={"upload": file}, package_id=draft["id"], name="Beras"
            )
        visitor.log_in(server.operator_of(OTHER_OPERATOR))
        page.goto(f"/dataset/tanpa-skrip/resource/{resource['id']}/kolom")

        page.fill("[name=target-indicator]", tables.INDICATOR)
        page.fill("[name=target-unit]", "kg")
        page.click("#sd-columns button[value=try]")
        assert any("7,4126" in text for text in visitor.understood())
        page.fill("[name=target-unit]", "ton")
        page.click("#sd-columns button[value=save]")

        saved = json.loads(server.call("resource_show", id=resource["id"])["schema"])
        target = next(f for f in saved["extraFields"] if f.get("normalizationTarget"))
        assert target["satudata"]["unit"] == "ton"
