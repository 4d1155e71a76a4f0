"""What people do on the portal's pages. Nothing here depends on the language of the pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page

from .server import User


@dataclass(frozen=True)
class Finding:
    """A finding as the report shows it; each text as it stands on the page."""

    rule: str
    where: str
    object: str
    values: tuple[str, ...]
    links: tuple[str, ...]
    text: str


class Portal:
    """The way through the portal."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def log_in(self, user: User) -> None:
        """Log in through the form."""
        self.page.goto("/user/login")
        self.page.fill("#field-login", user.name)
        self.page.fill("#field-password", user.password)
        self._submit(self.page.locator("form:has(#field-login) button[type=submit]"))

    def new_dataset(self, title: str, name: str) -> None:
        """Make a draft with as little as the form asks for."""
        self.page.goto("/dataset/new")
        self.page.fill("#field-title", title)
        self.page.evaluate("name => { document.querySelector('[name=name]').value = name }", name)
        self._submit(self.page.locator("#dataset-edit button[name=save]"))

    def upload(self, path: Path) -> None:
        """Choose a file in the form of the file and save it."""
        self.page.set_input_files("input[type=file][name=upload]", path)
        self._submit(self.page.locator("#resource-edit .sd-continue"))

    def replace_file(self, dataset: str, resource: str, path: Path) -> None:
        """Upload another file in the place of a saved one."""
        self.page.goto(f"/dataset/{dataset}/resource/{resource}/edit")
        self.page.set_input_files("input[type=file][name=upload]", path)
        self._submit(self.page.locator("#resource-edit .sd-continue"))

    def open_dataset(self, dataset: str) -> None:
        """Go to the dataset's page."""
        self.page.goto(f"/dataset/{dataset}")

    def open_columns(self) -> None:
        """Follow the dataset page's invitation to explain a table's columns."""
        self._submit(self.page.locator(".sd-state-todo a.btn"))

    def try_columns(self) -> list[str]:
        """Press "Try" and read the figures of the preview."""
        with self.page.expect_response(re.compile(r"/kolom$")):
            self.page.click("#sd-columns button[value=try]")
        self.page.wait_for_selector("#sd-preview:not([aria-busy])")
        return self.understood()

    def understood(self) -> list[str]:
        """The figures of the preview, one text each."""
        return self.page.locator(".sd-preview ul li").all_inner_texts()

    def save_columns(self) -> None:
        """Confirm the column form."""
        self._submit(self.page.locator("#sd-columns button[value=save]"))

    def publish(self) -> None:
        """Press the dataset page's Publish button."""
        self._submit(self.page.locator("form[action$='/terbitkan'] button"))

    def findings(self) -> list[Finding]:
        """The findings of the report on screen."""
        return [
            self._finding(rule.get_attribute("id") or "", article)
            for rule in self.page.locator(".sd-rule").all()
            for article in rule.locator(".sd-finding").all()
        ]

    def _finding(self, rule: str, article: Locator) -> Finding:
        where, name = article.locator(".sd-where"), article.locator(".sd-object")
        links = article.locator("a").all()
        return Finding(
            rule=rule,
            where=where.inner_text() if where.count() else "",
            object=name.inner_text() if name.count() else "",
            values=tuple(article.locator(".sd-value").all_inner_texts()),
            links=tuple(link.get_attribute("href") or "" for link in links),
            text=article.inner_text(),
        )

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    def _submit(self, button: Locator) -> None:
        with self.page.expect_navigation():
            button.click()
