"""A real portal and a real browser. Screenshots are kept beside the tests' storage."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from .pages import Portal
from .server import Server, running

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
_CHROMIUM = "/usr/bin/chromium"
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The portal that all browser tests share."""
    with running(tmp_path_factory.mktemp("portal")) as server:
        yield server


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium instead of a downloaded one."""
    return {**browser_type_launch_args, "executable_path": _CHROMIUM, "args": _FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], server: Server) -> dict[str, Any]:
    """Every page starts on our portal."""
    return {
        **browser_context_args,
        "base_url": server.url,
        "viewport": DESKTOP,
        "locale": "id-ID",
        "accept_downloads": True,
    }


@pytest.fixture
def visitor(page: Page) -> Portal:
    """The portal as a person uses it."""
    return Portal(page)


@pytest.fixture
def screenshot(page: Page) -> Callable[[str], None]:
    """Keep a picture of the page, on a desktop and on a phone, where nothing may stick out."""
    return lambda name: keep_picture(page, name)


def keep_picture(page: Page, name: str) -> None:
    """Keep a picture of any page; see ``screenshot``."""
    folder = Path(os.environ["CKAN_STORAGE_PATH"]).parent / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    for device, size in (("phone", PHONE), ("desktop", DESKTOP)):
        page.set_viewport_size(size)  # pyright: ignore[reportArgumentType]
        page.screenshot(path=folder / f"{name}-{device}.png", full_page=True)
        assert Portal(page).overflow() == 0, f"{name} is too wide for a {device}"
