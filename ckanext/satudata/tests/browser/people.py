"""The people of a portal: each with a browser of their own, logged in once, and a token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from .conftest import DESKTOP, PHONE
from .pages import Portal
from .server import Server


class People:
    """Who takes part. Nobody acts with another one's rights."""

    def __init__(self, server: Server, browser: Browser) -> None:
        self.server = server
        self._browser = browser
        self._contexts: dict[str, BrowserContext] = {}
        self._pages: dict[str, Page] = {}
        self._tokens: dict[str, Server] = {}

    def page(self, organization: str, *, phone: bool = False) -> Page:
        """The browser of an agency's operator, or of a visitor (empty name)."""
        if organization not in self._pages:
            context = self._browser.new_context(
                base_url=self.server.url,
                viewport=PHONE if phone else DESKTOP,  # pyright: ignore[reportArgumentType]
                locale="id-ID",
                accept_downloads=True,
            )
            self._contexts[organization] = context
            self._pages[organization] = context.new_page()
            if organization:
                Portal(self._pages[organization]).log_in(self.server.operator_of(organization))
        return self._pages[organization]

    def call(
        self,
        organization: str,
        action: str,
        files: Mapping[str, Any] | None = None,
        **data: Any,
    ) -> Any:
        """Call an action as an agency's operator; a refusal is an error of the test."""
        return self._as(organization).call(action, files, **data)

    def _as(self, organization: str) -> Server:
        if organization not in self._tokens:
            user = self.server.operator_of(organization).name
            made = self.server.call("api_token_create", user=user, name="week")
            self._tokens[organization] = self.server.with_token(made["token"])
        return self._tokens[organization]

    def address(self, organization: str) -> str:
        """Where letters to an agency's operator go."""
        user = self.server.operator_of(organization).name
        return self.server.call("user_show", id=user)["email"]

    def close(self) -> None:
        """Close the browsers."""
        for context in self._contexts.values():
            context.close()


@contextmanager
def people_of(server: Server, browser: Browser) -> Iterator[People]:
    """The people of a portal, until the end."""
    people = People(server, browser)
    try:
        yield people
    finally:
        people.close()


def press_on(page: Page, selector: str, *, key: str = "Enter", most: int = 150) -> None:
    """Reach something with the Tab key alone, and press a key on it.

    Args:
        page: where; what has the focus is where one begins.
        selector: what is to be reached; the first that is visible.
        key: pressed then; empty presses none.
        most: how often Tab is pressed before it counts as out of reach.
    """
    wanted = page.locator(selector).locator("visible=true").first
    wanted.wait_for()
    for _ in range(most):
        if wanted.evaluate("one => one === document.activeElement"):
            if key:
                page.keyboard.press(key)
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with the Tab key on {page.url}")
