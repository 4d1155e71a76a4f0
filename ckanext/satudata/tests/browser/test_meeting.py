"""A synchronisation meeting on two computers, from its preparation to the public record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from ckanext.satudata.demo import metadata
from ckanext.satudata.demo import tables as demonstration

from . import tables
from .conftest import DESKTOP
from .pages import Portal
from .server import Server

PRODUCER, CHALLENGER, WALIDATA = "dkpp", "bulog", "diskominfo"
#: Years of which no other test speaks; two for each test, since what was agreed upon stays.
YEARS = iter([("2017", "2018"), ("2019", "2020")])
PLACE = "61.05.03"


def _table(server: Server, folder: Path, organization: str, year: str, **changed: float) -> str:
    """A draft of rice needed in a year, with its table; its name."""
    name = f"rapat-{organization}-{year}"
    activity = server.call(
        "package_create", **metadata.activity(f"{name}-kegiatan", organization, year)
    )
    server.call(
        "package_create",
        **metadata.dataset(
            name,
            organization,
            activity["id"],
            title=f"Kebutuhan beras {year} menurut {organization.upper()}",
            state="draft",
            tahun_data=[year],
        ),
    )
    values = {**demonstration.figures()["need"], **changed}
    path = tables.long_csv(folder / f"{name}.csv", "Nilai", values)
    constants = {"komoditas": tables.COMMODITY}
    schema = demonstration.declaration("Nilai", tables.INDICATOR, "ton", year, constants)
    with path.open("rb") as file:
        server.call(
            "resource_create",
            files={"upload": file},
            package_id=name,
            name="Tabel",
            schema=json.dumps(schema),
        )
    return name


@pytest.fixture
def conflict(server: Server, tmp_path: Path) -> str:
    """The producer's figures are public, the challenger's are held back; name of the latter."""
    before, last = next(YEARS)
    for year in (before, last):
        server.call("package_patch", id=_table(server, tmp_path, PRODUCER, year), state="active")
    draft = _table(server, tmp_path, CHALLENGER, last, **{PLACE: 5420.8})
    answer = requests.post(
        f"{server.url}/api/3/action/package_patch",
        headers={"Authorization": server.token},
        json={"id": draft, "state": "active"},
        timeout=60,
    )
    assert not answer.json()["success"]
    return draft


@pytest.fixture
def meeting(server: Server, conflict: str) -> dict[str, Any]:
    """A meeting in preparation."""
    return server.call("satudata_meeting_create", starts_at="2032-03-02T09:00", place="Aula")


@pytest.fixture
def laptop(
    browser: Browser, browser_context_args: dict[str, Any], server: Server
) -> Iterator[Callable[..., Page]]:
    """Another computer of the walidata."""
    contexts = []

    def begin(**other: Any) -> Page:
        context = browser.new_context(**{**browser_context_args, **other})
        contexts.append(context)
        page = context.new_page()
        Portal(page).log_in(server.operator_of(WALIDATA))
        return page

    yield begin
    for context in contexts:
        context.close()


def _item(server: Server, meeting: str, draft: str) -> dict[str, Any]:
    items = server.call("satudata_meeting_show", id=meeting)["items"]
    return next(i for i in items if i["snapshot"].get("own", {}).get("dataset_name") == draft)


def _accessible(page: Page) -> None:
    found = Axe().run(page, context=".main")
    assert found.violations_count == 0, found.generate_report()


class TestTwoLaptops:
    def test_nothing_is_lost_and_each_sees_what_the_other_did(
        self,
        server: Server,
        conflict: str,
        meeting: dict[str, Any],
        laptop: Callable[..., Page],
        screenshot: Callable[..., None],
        visitor: Portal,
    ) -> None:
        left, right = laptop(), laptop()
        address = f"/satudata/rapat/{meeting['id']}"
        left.goto(address)
        _accessible(left)
        left.click("form[action$='/mulai'] button")
        item = _item(server, meeting["id"], conflict)
        for page in (left, right):
            page.goto(f"{address}/mode?butir={item['id']}")
        values = left.locator(".sd-duel-side .sd-duel-value").all_inner_texts()
        assert [v.split()[0] for v in values] == ["5.420,8", "5.240,8"]
        chart = left.locator(".sd-chart")
        expect(chart).to_have_js_property("complete", True)
        assert chart.evaluate("img => img.naturalWidth") > 300
        _accessible(left)

        note = "[data-sd-note=item] textarea"
        left.fill(note, "BULOG menghitung pasar.")
        expect(right.locator(note)).to_have_value("BULOG menghitung pasar.", timeout=20_000)

        right.route("**/keadaan", lambda route: route.abort())
        left.fill(note, "BULOG menghitung pasar. DKPP menghitung rumah tangga.")
        expect(left.locator("[data-sd-note=item]")).not_to_have_attribute("data-dirty", "1")
        right.fill(note, "BULOG menghitung pasar. Perlu uji petik.")
        both = right.locator("[data-sd-note=item] .sd-both")
        expect(both).to_contain_text("DKPP menghitung rumah tangga.", timeout=20_000)
        right.click("[data-sd-both=both]")
        expect(left.locator(note)).to_have_value(
            "BULOG menghitung pasar. DKPP menghitung rumah tangga.\n"
            "BULOG menghitung pasar. Perlu uji petik.",
            timeout=20_000,
        )

        left.locator(".sd-duel-side .sd-take").nth(1).click()
        expect(left.locator(".sd-outcome")).to_contain_text("5.240,8")
        right.click("button[data-sd-key='4']")  # postponed, as it saw the matter
        expect(right.locator("#sd-decision [role=alert]")).to_be_visible()
        expect(right.locator(".sd-outcome")).to_contain_text("5.240,8")
        right.unroute("**/keadaan")
        left.click(".sd-outcome button")
        expect(right.locator(".sd-outcome")).to_have_count(0, timeout=20_000)
        expect(right.locator("#sd-live")).not_to_be_empty()

        self._with_keys(left)
        expect(right.locator(".sd-outcome")).to_contain_text("Wilayahnya berbeda.", timeout=20_000)

        left.click("aside details:has([data-sd-presence]) summary")
        left.locator("[data-sd-presence] input[name=present]").first.check()
        left.locator("[data-sd-presence] input[name=name]").first.fill("Ani Wijaya")
        left.keyboard.press("Tab")
        expect(left.locator("[data-sd-presence] [data-sd-saved]").first).not_to_be_empty()
        left.goto(address)
        left.click("form[action$='/tutup'] button")
        expect(right.locator("#sd-live")).not_to_be_empty(timeout=20_000)

        page = visitor.page
        page.goto(address)
        screenshot("rapat-selesai")
        assert "5.420,8" not in page.content()
        _accessible(page)
        page.goto("/satudata/rapat")
        screenshot("rapat-daftar")
        _accessible(page)
        assert page.request.get(f"{address}/berita-acara.pdf").ok

    def _with_keys(self, page: Page) -> None:
        """Choose "both stay" without a mouse."""
        page.locator("#matter").evaluate("node => { node.tabIndex = -1; node.focus() }")
        page.keyboard.press("2")
        page.keyboard.type("Wilayahnya berbeda.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".sd-outcome")).to_contain_text("Wilayahnya berbeda.")


class TestWithoutJavaScript:
    def test_decisions_and_notes_are_forms(
        self,
        server: Server,
        conflict: str,
        meeting: dict[str, Any],
        laptop: Callable[..., Page],
    ) -> None:
        page = laptop(java_script_enabled=False, viewport=DESKTOP)
        address = f"/satudata/rapat/{meeting['id']}"
        page.goto(address)
        page.click("form[action$='/mulai'] button")
        item = _item(server, meeting["id"], conflict)
        page.goto(f"{address}/mode?butir={item['id']}")
        page.click("#sd-decision details[data-sd-key='1'] summary")
        page.fill("#form-angka_disepakati-1", "5.300,5")
        page.click("#sd-decision details[data-sd-key='1'] button[type=submit]")
        assert "5.300,5" in page.locator(".sd-outcome").inner_text()
        page.fill("#note-item", "Tanpa skrip.")
        page.click("[data-sd-note=item] button[type=submit]")
        assert page.input_value("#note-item") == "Tanpa skrip."
