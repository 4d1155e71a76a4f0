"""What people do on the pages of requests."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from ckanext.satudata.tests.letterbox import Letterbox

from . import accessible
from .conftest import PHONE, keep_picture
from .pages import Portal
from .people import press_on


class Citizen:
    """Somebody with a phone, and without an account.

    Attributes:
        faults: what axe-core found on the pages, and pages wider than the phone.
    """

    def __init__(self, page: Page, letters: Letterbox, email: str) -> None:
        self.page, self.letters, self.email = page, letters, email
        self.faults: list[str] = []

    def look(self, picture: str = "") -> None:
        """Judge the page as it is now, and perhaps keep a picture."""
        self.faults += judged(self.page)
        if picture:
            keep_picture(self.page, picture)
            self.page.set_viewport_size(PHONE)  # pyright: ignore[reportArgumentType]

    def search(self, words: str) -> None:
        """Type what is wanted; what may answer appears by itself."""
        self.page.goto("/permintaan")
        with self.page.expect_response(lambda r: "/permintaan/saran" in r.url):
            self.page.type("#q", words)
        expect(self.page.locator("#sd-found")).not_to_be_empty()

    def letter(self, number: int = -1) -> str:
        """The text of a letter."""
        body = self.letters.to(self.email)[number].get_body(("plain",))
        assert body is not None
        return body.get_content()

    def confirm(self) -> tuple[str, str]:
        """Open the letter's link and press the button; number and code."""
        found = re.search(r"/permintaan/konfirmasi/\S+", self.letter())
        assert found, self.letter()
        self.page.goto(found.group().rstrip(".,)"))
        self.look()
        press(self.page, "form[method=post] .btn-primary")
        return (
            self.page.locator("#sd-number").inner_text(),
            self.page.locator("#sd-secret").inner_text(),
        )


def judged(page: Page) -> list[str]:
    """What is wrong with a page for people who read it with a screen reader or on a phone."""
    found = accessible.faults(page)
    if Portal(page).overflow():
        found.append(f"{page.url} is too wide")
    return found


def press(page: Page, selector: str) -> None:
    """Press the first of these that can be seen, and wait for the next page."""
    with page.expect_navigation():
        page.locator(selector).locator("visible=true").first.click()


def look_up(page: Page, number: str, secret: str) -> None:
    """Show number and code."""
    page.goto("/lacak")
    page.fill("#number", number)
    page.fill("#secret", secret)
    press(page, "form[action$='/lacak'] .btn-primary")


def open_move(page: Page, transition: str) -> str:
    """Open the form of a move; the selector of the form."""
    form = f"form[action$='/langkah/{transition}']"
    page.locator(f"details:has({form}) summary").click()
    return form


def move(page: Page, transition: str, **fields: str) -> None:
    """Make a move, with what it asks for."""
    form = open_move(page, transition)
    for name, value in fields.items():
        field = page.locator(f"{form} [name='{name}']").first
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        elif field.get_attribute("type") == "radio":
            page.locator(f"{form} [name='{name}'][value='{value}']").check()
        else:
            field.fill(value)
    press(page, f"{form} button[type=submit]")


def say(page: Page, text: str) -> None:
    """Write to the other side."""
    page.locator("form[action$='/pesan'] textarea").fill(text)
    press(page, "form[action$='/pesan'] button[type=submit]")


def type_on(page: Page, selector: str, text: str) -> None:
    """Reach a field with the Tab key alone, and type."""
    press_on(page, selector, key="")
    page.keyboard.type(text)
