"""The synchronisation meeting as the walidata runs it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .people import press_on

INDEX = "/satudata/rapat"


class Meeting:
    """The meetings' pages, and the one that is projected."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open_next(self) -> None:
        """Follow the list to the next meeting."""
        self.page.goto(INDEX)
        with self.page.expect_navigation():
            self.page.locator(".sd-meeting-disiapkan h3 a").first.click()

    def begin(self) -> None:
        """Begin, with the keyboard; the first matter is on screen then."""
        with self.page.expect_navigation():
            press_on(self.page, "form[action$='/mulai'] button")

    def to_matter(self, text: str) -> None:
        """Go on to the matter about something, with the keyboard."""
        while text not in self.page.locator("#matter").inner_text():
            self.page.wait_for_load_state("networkidle")
            with self.page.expect_navigation():
                press_on(self.page, "a[rel=next]")

    def present(self, agency: str, name: str) -> None:
        """Tick an agency's line and write who came, with the keyboard."""
        box = self.page.locator("details", has=self.page.locator("[data-sd-presence]"))
        if not box.evaluate("one => one.open"):
            box.locator("summary").focus()
            self.page.keyboard.press("Enter")
        line = self.page.locator("[data-sd-presence]", has_text=agency)
        line.locator("[name=present]").focus()
        self.page.keyboard.press("Space")
        line.locator("[name=name]").focus()
        self.page.keyboard.type(name)
        self.page.keyboard.press("Tab")
        self._says_saved(line.locator("[data-sd-saved]"))

    def note(self, text: str) -> None:
        """Write down what was said, with the keyboard; it is kept by itself."""
        press_on(self.page, "[data-sd-note=item] textarea", key="")
        self.page.keyboard.type(text)
        self._says_saved(self.page.locator("[data-sd-note=item] [data-sd-saved]"))

    def take(self, side: str) -> None:
        """One press on "this figure"."""
        form = f"form:has(input[name=choice][value={side}]) .sd-take"
        press_on(self.page, form)
        expect(self.page.locator(".sd-duel-side.sd-chosen")).to_have_count(1)

    def both_stay(self, why: str) -> None:
        """Choose that both figures stay by its key, and write why; nothing is sent yet."""
        form = self.page.locator("details:has(input[value=keduanya_berlaku])")
        self.page.keyboard.press(form.get_attribute("data-sd-key") or "")
        expect(form.locator("textarea")).to_be_focused()
        self.page.keyboard.type(why)

    def record(self) -> None:
        """Send what was written, with the keyboard."""
        press_on(self.page, "#sd-decision details[open] button[type=submit]")
        expect(self.page.locator(".sd-outcome")).to_be_visible()

    def close(self, meeting: str) -> None:
        """Close the meeting, with the keyboard."""
        self.page.goto(f"{INDEX}/{meeting}")
        with self.page.expect_navigation():
            press_on(self.page, "form[action$='/tutup'] button")

    def _says_saved(self, place: object) -> None:
        said = self.page.locator("#sd-mode").get_attribute("data-text-saved") or ""
        expect(place).to_have_text(said)  # pyright: ignore[reportArgumentType, reportCallIssue]
