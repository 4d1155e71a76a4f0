"""Setoran as kecamatan and the agency see them. Nothing depends on the language of the pages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import Page, expect

from .people import press_on

INDEX = "/satudata/setoran"


class Due:
    """The page of what one owes."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> Due:
        """Go there."""
        self.page.goto(INDEX)
        return self

    def fill_in(self) -> Grid:
        """Follow the first of what is due."""
        with self.page.expect_navigation():
            self.page.locator(".sd-card-link").first.click()
        return Grid(self.page)


class Grid:
    """The grid of one setoran, as its kecamatan fills it in."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def paste(self, lines: Sequence[str]) -> None:
        """Paste a column copied from a spreadsheet into the first cell."""
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page.evaluate("text => navigator.clipboard.writeText(text)", "\r\n".join(lines))
        self.page.locator("input.sd-number").first.focus()
        self.page.keyboard.press("Control+V")
        self.saved()

    def type(self, lines: Sequence[str]) -> None:
        """Type a figure into each cell, as with a finger on a phone."""
        for cell, text in zip(self.page.locator("input.sd-number").all(), lines, strict=True):
            cell.fill(text)
        self.saved()

    def type_by_keyboard(self, lines: Sequence[str]) -> None:
        """Type from cell to cell with Enter, beginning from the top of the page."""
        press_on(self.page, "input.sd-number", key="")
        for text in lines:
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(text)
            self.page.keyboard.press("Enter")
        self.saved()

    def saved(self) -> None:
        """Wait until the page says that what was typed is kept."""
        said = self.page.locator("#sd-setoran").get_attribute("data-sd-saved") or ""
        expect(self.page.locator("[data-sd-status]")).to_have_text(said)

    def hand_in(self, official: str) -> None:
        """Name the official and press the button."""
        self.page.fill("#sd-responsible", official)
        with self.page.expect_navigation():
            self.page.click("button[value=submit]")

    def hand_in_by_keyboard(self, official: str) -> None:
        """The same with the keyboard alone."""
        press_on(self.page, "#sd-responsible", key="")
        self.page.keyboard.type(official)
        with self.page.expect_navigation():
            press_on(self.page, "button[value=submit]")

    def answer(self, text: str) -> None:
        """Answer the agency's question."""
        self.page.fill(".sd-question textarea", text)
        with self.page.expect_navigation():
            self.page.click(".sd-question button")

    def handed_in(self) -> bool:
        """Whether nothing can be changed any more."""
        return self.page.locator("input.sd-number").count() == 0


class Receiving:
    """What the agency that receives setoran does."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def begin_asking(self, indicator: str) -> None:
        """Open the form that asks kecamatan for figures of an indicator."""
        self.page.goto(INDEX)
        with self.page.expect_navigation():
            self.page.click("a[href$='/setoran/kewajiban-baru']")
        self.page.select_option("#field-indikator", indicator)
        with self.page.expect_navigation():
            self.page.click("form[method=get] button[type=submit]:near(#field-indikator)")

    def ask(self, organization: str, classes: Sequence[str], since: str, instructions: str) -> str:
        """Fill the form in and send it; the obligation's id."""
        agency = self.page.locator(f"#field-organization option[value='{organization}']")
        self.page.select_option("#field-organization", agency.get_attribute("value"))
        self.page.select_option("#field-frequency", "bulanan")
        for code in classes:
            self.page.check(f"input[name='class'][value='{code}']")
        self.page.fill("#field-active_from", since)
        self.page.fill("#field-instructions", instructions)
        with self.page.expect_navigation():
            self.page.click("form.sd-obligation[method=post] button[type=submit]")
        found = re.search(r"/kewajiban/([^/?]+)$", self.page.url)
        assert found, self.page.locator("#content, main").first.inner_text()
        return found[1]

    def matrix(self, obligation: str) -> None:
        """Who has handed in."""
        self.page.goto(f"{INDEX}/kewajiban/{obligation}")

    def look_at(self, kecamatan: str) -> None:
        """Follow the matrix to a kecamatan's newest setoran."""
        row = self.page.locator(".sd-matrix tbody tr", has_text=kecamatan)
        with self.page.expect_navigation():
            row.locator("a").last.click()

    def ask_back(self, text: str) -> None:
        """Ask about the first cell of what is on screen; the box is open already."""
        box = self.page.locator(".sd-ask[open]").first
        box.locator("textarea").fill(text)
        with self.page.expect_navigation():
            box.locator("button").click()

    def recap(self, obligation: str, period: str) -> None:
        """The recap of a period."""
        self.page.goto(f"{INDEX}/kewajiban/{obligation}/rekap?periode={period}")

    def accept_all(self) -> None:
        """Accept everything that was handed in."""
        with self.page.expect_navigation():
            self.page.click("form[action$='/terima'] button")

    def into_dataset(self) -> None:
        """Recap into the dataset."""
        with self.page.expect_navigation():
            self.page.click("form[action$='/rekap'] button")
