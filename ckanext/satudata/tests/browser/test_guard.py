"""Forms that anybody can send, in a browser: with a script, without, and by plain http."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserType, Page

from . import accessible
from .conftest import _CHROMIUM, _FLAGS, PHONE
from .server import Server, running

FORM = "/permintaan/baru"
PROOF = "input[name=altcha]"
ANSWERS = {
    "items": "Jumlah siswa SD menurut kecamatan 2024",
    "purpose": "Skripsi.",
    "name": "Bunga Contoh",
    "nik": "6105014501900001",
    "address": "Jalan Contoh 1, Sintang",
    "email": "bunga@example.org",
}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Whoever has no proof may send one form only."""
    options = {"limit_unproved": "1 per hour", "form_seconds": "0"}
    with running(tmp_path_factory.mktemp("guarded"), **options) as server:
        yield server


@pytest.fixture(scope="module")
def far(browser_type: BrowserType, portal: Server) -> Iterator[Browser]:
    """A browser that reaches the portal by plain http under a name, as in an office's network."""
    rule = f"--host-resolver-rules=MAP portal.kantor {urlsplit(portal.url).hostname}"
    browser = browser_type.launch(executable_path=_CHROMIUM, args=[*_FLAGS, rule])
    yield browser
    browser.close()


def opened(browser: Browser, address: str, **more: Any) -> Page:
    context = browser.new_context(base_url=address, viewport=PHONE, locale="id-ID", **more)  # pyright: ignore[reportArgumentType]
    page = context.new_page()
    page.goto(FORM)
    return page


def fill_in(page: Page) -> None:
    """Write into the fields without the steps, which are another matter."""
    for chosen in ("[name=obtain][value=salinan_digital]", "[name=applicant][value=perorangan]"):
        page.locator(chosen).evaluate("one => { one.checked = true }")
    for name, text in ANSWERS.items():
        page.locator(f"[name={name}]").evaluate("(one, text) => { one.value = text }", text)


def send(page: Page) -> None:
    with page.expect_navigation(timeout=60_000):
        page.locator("form[data-sd-steps]").evaluate("form => form.requestSubmit()")


def plain(page: Page) -> None:
    """Fill in and send as a browser without JavaScript does."""
    page.check("[name=obtain][value=salinan_digital]")
    page.check("[name=applicant][value=perorangan]")
    for name, text in ANSWERS.items():
        page.fill(f"[name={name}]", text)
    with page.expect_navigation():
        page.click("form[data-sd-steps] button[type=submit]")


class TestForm:
    def test_a_browser_computes_while_the_person_writes(
        self, portal: Server, browser: Browser
    ) -> None:
        page = opened(browser, portal.url)
        hosts = []
        page.on("request", lambda request: hosts.append(urlsplit(request.url).netloc))
        page.reload()
        assert page.locator(PROOF).input_value() == ""
        page.locator("[name=items]").focus()
        page.wait_for_function(f"document.querySelector('{PROOF}').value !== ''", timeout=60_000)
        assert accessible.faults(page) == []
        for _ in range(2):
            # Twice as many as without a proof.
            fill_in(page)
            send(page)
            assert page.url.endswith("/permintaan/menunggu")
            page.goto(FORM)
        assert set(hosts) == {urlsplit(portal.url).netloc}

    def test_by_plain_http_it_computes_too(self, portal: Server, far: Browser) -> None:
        page = opened(far, portal.url.replace("127.0.0.1", "portal.kantor"))
        assert page.evaluate("[isSecureContext, typeof crypto.subtle]") == [False, "undefined"]
        fill_in(page)
        with page.expect_request(lambda r: r.method == "POST") as sent:
            send(page)
        assert page.url.endswith("/permintaan/menunggu")
        assert sent.value.post_data is not None
        assert 'name="altcha"\r\n\r\ney' in sent.value.post_data

    def test_without_javascript_it_goes_through_but_not_as_often(
        self, portal: Server, browser: Browser
    ) -> None:
        page = opened(browser, portal.url, java_script_enabled=False)
        plain(page)
        assert page.url.endswith("/permintaan/menunggu")

        page.goto(FORM)
        plain(page)
        assert "Terlalu banyak" in page.inner_text("h1")
        assert "menit" in page.inner_text(".primary")
        page.go_back()
        assert page.input_value("[name=purpose]") == ANSWERS["purpose"]

    def test_what_only_programs_fill_cannot_be_reached(
        self, portal: Server, browser: Browser
    ) -> None:
        page = opened(browser, portal.url, java_script_enabled=False)
        box = page.locator(".sd-guard-trap").bounding_box()
        assert box is not None
        assert box["width"] <= 1
        assert box["height"] <= 1
        assert page.locator(".sd-guard-trap[aria-hidden=true] [tabindex='-1']").count() == 1
        page.locator("[name=catatan_lain]").fill("spam", force=True)
        plain(page)
        assert "kosong" in page.inner_text(".alert-danger").lower()
