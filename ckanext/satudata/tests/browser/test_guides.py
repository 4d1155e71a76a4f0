"""The guides' steps on the portal of the demonstration; their pictures are made here.

`docs/images/renew.py` takes the pictures over. Each method is a person's part; the meeting comes
last, since it settles what the others look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import DESKTOP, keep_picture
from .pages import Portal
from .server import Server, running

LATE, ASKED = "kecamatan-binjai-hulu", "kecamatan-kayan-hilir"
AGENCY, PRODUCER, CHALLENGER, TRADE = "distanbun", "dkpp", "bulog", "disperindagkop-ukm"
WALIDATA = "diskominfo"
HELD = "contoh-kebutuhan-beras-penyaluran-2025"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A portal as `./portal up` leaves it: the walidata looks first, the demonstration is told."""
    with running(tmp_path_factory.mktemp("told"), first_publication="walidata") as server:
        server.ckan("satudata", "demo")
        yield server


@pytest.fixture(scope="module")
def page_of(told: Server, browser: Browser) -> Iterator[Callable[[str], Page]]:
    """The browser of an agency's operator, or of a visitor (empty name)."""
    contexts: dict[str, BrowserContext] = {}
    pages: dict[str, Page] = {}

    def enter(organization: str) -> Page:
        if organization not in pages:
            contexts[organization] = browser.new_context(
                base_url=told.url,
                viewport=DESKTOP,  # pyright: ignore[reportArgumentType]
                locale="id-ID",
            )
            pages[organization] = contexts[organization].new_page()
            if organization:
                Portal(pages[organization]).log_in(told.operator_of(organization))
        return pages[organization]

    yield enter
    for context in contexts.values():
        context.close()


def _press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def _type(page: Page, text: str) -> None:
    """Type the figure of the only cell, and wait until it is kept."""
    page.fill("input.sd-number", text)
    said = page.locator("#sd-setoran").get_attribute("data-sd-saved") or ""
    expect(page.locator("[data-sd-status]")).to_have_text(said, timeout=20_000)


class TestKecamatan:
    def test_fills_in_what_is_late_and_answers_a_question(self, page_of) -> None:
        page = page_of(LATE)
        page.goto("/satudata/setoran")
        keep_picture(page, "guide-setoran-daftar")
        _press(page, ".sd-card-link")
        _type(page, "51,0")
        page.fill("#sd-responsible", "Camat (contoh)")
        keep_picture(page, "guide-setoran-isi")
        _press(page, "button[value=submit]")
        assert page.locator("input.sd-number").count() == 0
        keep_picture(page, "guide-setoran-terkirim")

        page = page_of(ASKED)
        page.goto("/satudata/setoran")
        _press(page, ".sd-card-link")
        page.fill(".sd-question textarea", "Benar, salah letak koma. Sudah kami perbaiki.")
        keep_picture(page, "guide-setoran-pertanyaan")
        _press(page, ".sd-question button")
        _type(page, "121,5")
        _press(page, "button[value=submit]")
        assert page.locator("input.sd-number").count() == 0


class TestAgency:
    def test_sees_who_handed_in_and_asks_back(self, page_of) -> None:
        page = page_of(AGENCY)
        page.goto("/satudata/setoran")
        keep_picture(page, "guide-setoran-dinas")
        _press(page, "a[href*='/satudata/setoran/kewajiban/']")
        keep_picture(page, "guide-setoran-matriks")
        _press(page, ".sd-matrix tbody tr td a")
        page.goto(page.url)
        keep_picture(page, "guide-setoran-periksa")
        page.go_back()
        _press(page, ".sd-matrix thead a")
        keep_picture(page, "guide-setoran-rekap")

    def test_is_told_what_to_correct(self, page_of) -> None:
        page = page_of(PRODUCER)
        page.goto("/satudata/kerja")
        keep_picture(page, "guide-kerja")
        page.goto("/dataset/contoh-cadangan-beras-2025/proses")
        assert "CONTOH: sebutkan nomor berita acara" in page.inner_text(".main")
        keep_picture(page, "guide-dikembalikan")
        page.goto("/dataset/contoh-kebutuhan-beras-2024/proses")
        keep_picture(page, "guide-diajukan")
        page.goto("/dataset/contoh-kebutuhan-beras-2025/revisi")
        keep_picture(page, "guide-revisi")
        page.goto("/satudata/pemberitahuan")
        keep_picture(page, "guide-pemberitahuan")

    def test_takes_a_conflict_to_the_meeting(self, page_of) -> None:
        page = page_of(CHALLENGER)
        page.goto(f"/dataset/{HELD}/proses")
        keep_picture(page, "guide-bawa-ke-rapat")
        page.goto(f"/dataset/{HELD}/periksa")
        _press(page, ".primary a[href*='/satudata/laporan/']")
        assert "7.980,2" in page.inner_text(".main")
        keep_picture(page, "guide-tertahan")


class TestPublic:
    def test_reads_why_two_figures_differ(self, page_of) -> None:
        page = page_of("")
        page.goto("/dataset/contoh-stok-pasar-2024")
        assert "CONTOH: Disperindagkop-UKM mendata" in page.inner_text(".sd-agreement-note")
        keep_picture(page, "guide-dua-angka")
        page.goto("/satudata/kesepakatan")
        keep_picture(page, "guide-kesepakatan-daftar")
        _press(page, ".primary a.sd-strong")
        keep_picture(page, "guide-kesepakatan")
        page.goto("/satudata/rapat")
        keep_picture(page, "guide-rapat-daftar")
        _press(page, ".sd-meeting-selesai a")
        keep_picture(page, "guide-rapat-selesai")
        assert page.request.get(f"{page.url}/berita-acara.pdf").ok


class TestWalidata:
    def test_examines(self, page_of) -> None:
        page = page_of(WALIDATA)
        page.goto("/satudata/proses")
        for box in page.locator(".sd-waiting-list input[type=checkbox]").all()[:2]:
            box.check()
        keep_picture(page, "guide-proses")
        page.goto("/dataset/contoh-stok-pasar-2025/proses")
        assert "CONTOH: apakah kios desa termasuk?" in page.inner_text(".main")
        keep_picture(page, "guide-periksa")

    def test_holds_the_meeting_that_is_prepared(self, page_of) -> None:
        page = page_of(WALIDATA)
        page.goto("/satudata/rapat")
        _press(page, ".sd-meeting-disiapkan h3 a")
        agenda = page.inner_text(".sd-agenda")
        assert "Kebutuhan pangan" in agenda
        assert "CONTOH" in page.inner_text(".sd-lead")
        keep_picture(page, "guide-rapat-persiapan")
        address = page.url
        _press(page, "form[action$='/mulai'] button")
        page.goto(f"{address}/mode")
        while not page.locator(".sd-duel-side").count():
            page.wait_for_load_state("networkidle")
            _press(page, "a[rel=next]")
        keep_picture(page, "guide-rapat-mode")
        page.locator(".sd-duel-side .sd-take").nth(1).click()
        expect(page.locator(".sd-duel-side.sd-chosen")).to_have_count(1, timeout=20_000)
        keep_picture(page, "guide-rapat-putusan")
        page.goto(address)
        keep_picture(page, "guide-rapat-berlangsung")
        _press(page, "form[action$='/tutup'] button")
        page.goto(f"{address}/notulen")
        keep_picture(page, "guide-notulen")
        page.goto("/satudata/rapat/eskalasi")
        keep_picture(page, "guide-eskalasi")
        page.goto("/satudata/jejak")
        keep_picture(page, "guide-jejak")

        page = page_of(PRODUCER)
        page.goto("/satudata/kerja")
        _press(page, ".primary a[href*='/satudata/kesepakatan/'], main a[href*='/kesepakatan/']")
        keep_picture(page, "guide-kesepakatan-jawab")
        _press(page, ".sd-answer button.btn-primary")
        assert page.locator(".sd-answer button.btn-primary").count() == 0
