"""A setoran from the kecamatan's keyboard to the agency's recap, and back to the person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from ckanext.satudata.tests.worlds import KECAMATAN

from .pages import Portal
from .server import Server

RECEIVER = "distanbun"
FIRST, SECOND = "kecamatan-sepauk", "kecamatan-tempunak"
CLASSES = ("padi", "padi-sawah", "padi-ladang")

#: What a browser does with cells copied from a spreadsheet.
_PASTE = """(input, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  input.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true,
                                                   cancelable: true}));
}"""


@pytest.fixture(scope="module")
def obligation(server: Server) -> str:
    """Yearly figures of three classifications for all kecamatan; id of the obligation."""
    last = date.today().year - 1  # noqa: DTZ011 (the year that was asked for, in any zone)
    made = server.call(
        "satudata_obligation_create",
        indicator="LOK.LUAS_PANEN",
        organization=RECEIVER,
        frequency="tahunan",
        classes={"komoditas": list(CLASSES)},
        active_from=f"{last}-01-01",
        instructions="Luas yang dipanen, bukan yang ditanam.",
    )
    return made["id"]


def accessible(page: Page) -> None:
    """No violation that axe-core knows in what is ours of the page."""
    found = Axe().run(page, context=".primary")
    assert found.violations_count == 0, found.generate_report()


def _open_first(visitor: Portal) -> Page:
    page = visitor.page
    page.goto("/satudata/setoran")
    page.locator(".sd-card-link").first.click()
    page.wait_for_selector("#sd-setoran.sd-scripted")
    return page


def _saved(page: Page) -> None:
    said = page.locator("#sd-setoran").get_attribute("data-sd-saved") or ""
    expect(page.locator("[data-sd-status]")).to_have_text(said, timeout=15_000)


class TestKecamatan:
    def test_fills_in_by_keyboard_and_from_a_spreadsheet_and_hands_in(
        self,
        server: Server,
        obligation: str,
        visitor: Portal,
        screenshot: Callable[..., None],
    ) -> None:
        visitor.log_in(server.operator_of(FIRST))
        visitor.page.goto("/satudata/setoran")
        screenshot("setoran-1-due")
        accessible(visitor.page)
        page = _open_first(visitor)
        cells = page.locator("input.sd-number")
        assert cells.count() == len(CLASSES)

        cells.nth(0).focus()
        page.keyboard.type("banyak")
        page.keyboard.press("Enter")
        expect(cells.nth(1)).to_be_focused()
        expect(page.locator(".sd-blocks")).to_have_count(1)
        screenshot("setoran-2-unreadable")
        page.keyboard.press("ArrowUp")
        expect(cells.nth(0)).to_be_focused()
        cells.nth(0).evaluate(_PASTE, "1.200,5\n700,5\n500\n")
        assert [cells.nth(i).input_value() for i in range(3)] == ["1.200,5", "700,5", "500"]
        _saved(page)
        expect(page.locator(".sd-blocks")).to_have_count(0)
        expect(page.locator(".sd-shown").nth(0)).to_contain_text("1.200,5")
        screenshot("setoran-3-filled")
        accessible(page)

        page.reload()
        assert cells.nth(0).input_value() == "1.200,5"
        page.fill("#sd-responsible", "Camat Sepauk")
        page.click("button[value=submit]")
        expect(page.locator(".sd-setoran-dikirim").first).to_be_visible()
        screenshot("setoran-4-handed-in")

    def test_a_reason_is_asked_where_there_is_no_figure(
        self, server: Server, obligation: str, visitor: Portal
    ) -> None:
        visitor.log_in(server.operator_of("kecamatan-dedai"))
        page = _open_first(visitor)
        reason = page.locator(".sd-reason").nth(0)
        expect(reason).to_be_hidden()
        page.locator("input.sd-number").nth(0).fill("-")
        expect(reason).to_be_visible()
        reason.fill("Petugas sakit")
        _saved(page)
        expect(page.locator(".sd-blocks")).to_have_count(0)

    def test_two_people_do_not_overwrite_each_other(
        self, server: Server, obligation: str, visitor: Portal
    ) -> None:
        visitor.log_in(server.operator_of("kecamatan-sungai-tebelian"))
        page = _open_first(visitor)
        other = page.context.new_page()
        other.goto(page.url)
        other.locator("input.sd-number").nth(0).fill("77")
        _saved(other)
        page.locator("input.sd-number").nth(0).fill("99")
        expect(page.locator("td.sd-cell-changed")).to_have_count(1)
        assert page.locator("input.sd-number").nth(0).input_value() == "77"


class TestWithoutJavaScript:
    @pytest.fixture
    def browser_context_args(self, browser_context_args: dict[str, Any]) -> dict[str, Any]:
        return {**browser_context_args, "java_script_enabled": False}

    def test_the_form_is_handed_in_all_the_same(
        self, server: Server, obligation: str, visitor: Portal
    ) -> None:
        visitor.log_in(server.operator_of(SECOND))
        page = visitor.page
        page.goto("/satudata/setoran")
        page.locator(".sd-card-link").first.click()
        for place, text in enumerate(("10", "4", "6")):
            page.locator("input.sd-number").nth(place).fill(text)
        page.fill("#sd-responsible", "Camat Tempunak")
        page.click("button[value=submit]")
        assert page.locator(".sd-setoran-dikirim").count() >= 1


class TestAgency:
    def test_asks_back_accepts_recaps_and_traces(
        self,
        server: Server,
        obligation: str,
        visitor: Portal,
        screenshot: Callable[..., None],
    ) -> None:
        server.ckan("satudata", "demo")
        visitor.log_in(server.operator_of(RECEIVER))
        page = visitor.page
        page.goto("/satudata/setoran")
        screenshot("setoran-5-agency")
        accessible(page)
        listed = server.call("satudata_obligation_list", organization=RECEIVER)
        (monthly,) = (
            o["id"]
            for o in listed
            if (o["indicator"], o["frequency"]) == ("LOK.LUAS_PANEN", "bulanan")
        )
        page.goto(f"/satudata/setoran/kewajiban/{monthly}")
        screenshot("setoran-6-matrix")
        accessible(page)
        page.locator(".sd-matrix thead a").first.click()
        screenshot("setoran-7-recap-incomplete")
        accessible(page)
        page.locator("form[action$='/terima'] button").click()
        page.locator(".sd-matrix, .sd-recap").first.wait_for()
        page.goto(f"/satudata/setoran/kewajiban/{monthly}")
        page.locator(".sd-matrix thead a").last.click()
        assert page.locator(".sd-recap .sd-whole").count() == 1
        assert page.locator(".sd-recap tbody tr").count() == len(KECAMATAN) + 1
        screenshot("setoran-8-recap")
        page.locator("a[href*='/setoran/asal/']").first.click()
        accessible(page)
        page.locator(".sd-recap td a").first.click()
        screenshot("setoran-9-origin-of-total")
        accessible(page)
        page.locator(".sd-recap tbody th a").first.click()
        screenshot("setoran-10-origin-of-cell")
        assert page.locator("main, [role=main]").first.inner_text().count("Camat (contoh)") >= 1

    def test_makes_an_obligation(
        self, server: Server, visitor: Portal, screenshot: Callable[..., None]
    ) -> None:
        visitor.log_in(server.operator_of(RECEIVER))
        page = visitor.page
        page.goto("/satudata/setoran/kewajiban-baru?indikator=LOK.PRODUKSI_PERKEBUNAN")
        screenshot("setoran-11-obligation")
        accessible(page)
        page.locator("form.sd-form button[type=submit]").last.click()
        assert page.locator(".sd-facts").count() == 1
