"""An operator begins: invited by a list, tour, a rehearsal with a contradiction.

Issue 6 §4. Everybody acts in a browser of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from ckanext.satudata.demo.tables import as_csv
from ckanext.satudata.tests.letterbox import Letterbox, open_letterbox

from . import accessible, week
from .conftest import DESKTOP, keep_picture
from .pages import Portal
from .people import People, people_of, press_on
from .server import Server, User, running

WALIDATA, PUBLISHER, BEGINNER = "diskominfo", "distanbun", "disperindagkop-ukm"
ADDRESS = "siti.contoh@example.org"
PASSWORD = "kata-sandi-contoh-1"


@pytest.fixture(scope="module")
def letters() -> Iterator[Letterbox]:
    with open_letterbox() as box:
        yield box


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, letters: Letterbox) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("onboarding")
    with running(folder, letters=letters.address, first_publication="walidata") as server:
        yield server


@pytest.fixture
def people(portal: Server, browser: Browser) -> Iterator[People]:
    with people_of(portal, browser) as people:
        yield people


def click(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def invite(page: Page, folder: Path, *rows: list[str]) -> None:
    """Upload a list of people."""
    path = folder / "daftar.csv"
    path.write_bytes(as_csv([["Nama", "Email", "Instansi", "Peran"], *rows]))
    page.goto("/satudata/pelatihan/akun")
    page.set_input_files("#accounts-upload", path)
    click(page, "form:has(#accounts-upload) button")


def mend(page: Page, folder: Path) -> None:
    """Put the public figure into the file of the practice dataset, as the report tells it."""
    values = page.locator(".sd-rule#nilai-berbeda .sd-finding .sd-value").all_inner_texts()
    mine, theirs = (_number(text) for text in values[:2])
    page.goto("/satudata/pelatihan/latihan")
    click(page, "#exercise-2 ~ .sd-actions a.btn-primary")
    dataset = page.url.rsplit("/", 1)[1]
    link = page.locator("a[href*='/resource/']").first.get_attribute("href") or ""
    resource = re.search(r"/resource/([0-9a-f-]{36})", link)
    assert resource is not None
    answer = page.request.get(f"/dataset/{dataset}/resource/{resource[1]}/download/latihan-2.csv")
    assert answer.ok
    header, *lines = answer.body().decode("utf-8-sig").splitlines()
    rows = [line.split(";") for line in lines]
    assert sum(_number(row[2]) == mine for row in rows) == 1
    for row in rows:
        row[2] = f"{theirs:g}".replace(".", ",") if _number(row[2]) == mine else row[2]
    path = folder / "latihan-2.csv"
    path.write_text("\n".join([header, *(";".join(row) for row in rows)]), "utf-8")
    Portal(page).replace_file(dataset, resource[1], path)
    page.goto(f"/dataset/{dataset}")


def _number(text: str) -> float:
    """A figure as the portal or a table writes it, in Indonesian notation."""
    return float(re.sub(r"[^\d,]", "", text).replace(",", "."))


def publish(page: Page) -> None:
    """Take a draft on its way to the public, with whichever button the page offers."""
    direct = page.locator("form[action$='/terbitkan'] button")
    if direct.count():
        click(page, "form[action$='/terbitkan'] button")
        return
    page.goto(page.url.rstrip("/") + "/proses")
    click(page, ".sd-moves form[action$='/proses'] button[type=submit]")


class TestBeginning:
    def test_from_the_list_to_the_rehearsal(
        self, people: People, letters: Letterbox, browser: Browser, tmp_path: Path
    ) -> None:
        faults: list[str] = []

        def look(page: Page, name: str) -> None:
            faults.extend(accessible.faults(page))
            keep_picture(page, f"pelatihan-{name}")

        week.published(
            people, PUBLISHER, "luas-panen-terbit", week.paddy(), tmp_path,
            title="Luas panen padi", period="2025",
        )  # fmt: skip
        walidata = people.page(WALIDATA)
        wrong = ["Siti Contoh", ADDRESS, "Dinas Yang Tidak Ada", "editor"]
        invite(walidata, tmp_path, wrong)
        assert walidata.locator("#list-problems").count() == 1
        look(walidata, "1-daftar-salah")
        assert letters.to(ADDRESS) == []
        invite(walidata, tmp_path, ["Siti Contoh", ADDRESS, BEGINNER, "editor"])
        look(walidata, "2-daftar-benar")
        click(walidata, "form[action$='/undang'] button")
        assert ADDRESS in walidata.locator("table").last.inner_text()
        look(walidata, "3-menunggu")

        [letter] = letters.to(ADDRESS)
        link = re.search(r"http\S+/user/reset/\S+", letter.get_content())
        assert link is not None
        context = browser.new_context(
            base_url=people.server.url,
            viewport=DESKTOP,  # pyright: ignore[reportArgumentType]
            locale="id-ID",
        )
        page = context.new_page()
        page.goto(link.group(0))
        page.fill("#field-password", PASSWORD)
        page.fill("#field-confirm-password", PASSWORD)
        name = page.input_value("#field-name")
        click(page, "button[name=save]")
        Portal(page).log_in(User(name, PASSWORD))

        page.goto("/dashboard/datasets")
        assert page.locator("#tour-offer").count() == 1
        press_on(page, ".sd-tour-offer a.btn-primary")
        page.wait_for_url("**/pelatihan/tur*")
        look(page, "4-tur")
        steps = 1
        while page.locator("a[rel=next]").count():
            press_on(page, "a[rel=next]")
            page.wait_for_url(f"**langkah={steps + 1}")
            steps += 1
        assert steps == 7
        press_on(page, "form[action$='/tur'] button")
        page.wait_for_url("**/satudata/pelatihan")
        look(page, "5-pelatihan")
        page.goto("/dashboard/datasets")
        assert page.locator("#tour-offer").count() == 0

        page.goto("/satudata/pelatihan/latihan")
        look(page, "6-ruang-latihan")
        click(page, "form:has(input[value=latihan-konflik]) button")
        look(page, "7-dataset-latihan")
        publish(page)
        assert page.locator(".sd-rule#nilai-berbeda .sd-finding").count() == 1
        look(page, "8-geladi-tertahan")
        mend(page, tmp_path)
        publish(page)
        assert page.locator(".sd-rule#nilai-berbeda").count() == 0
        look(page, "9-geladi-lolos")

        page.goto("/satudata/pelatihan/latihan/setoran")
        look(page, "10-setoran")
        page.evaluate(
            """() => {
              const cells = [...document.querySelectorAll("td.sd-figure")];
              const figures = cells.map((c) => c.innerText);
              const text = figures.map((f) => (/\\d/.test(f) ? f : "-")).join("\\n");
              const data = new DataTransfer();
              data.setData("text/plain", text);
              const first = document.querySelector("input.sd-number");
              first.focus();
              first.dispatchEvent(new ClipboardEvent("paste",
                { clipboardData: data, bubbles: true, cancelable: true }));
            }"""
        )
        reason = page.locator(".sd-reason:visible")
        reason.wait_for()
        reason.fill("Tidak dihitung tahun ini.")
        click(page, "form#sd-setoran button[type=submit]")
        assert page.locator(".sd-state-ok").count() == 1

        visitor = people.page("")
        answer = visitor.request.get("/api/3/action/package_search?q=latihan&rows=50")
        assert answer.json()["result"]["results"] == []
        walidata.goto("/satudata/pelatihan/akun/kemajuan")
        row = walidata.locator("tr", has_text="Siti Contoh")
        done = [bool(re.search(r"\d{4}", t)) for t in row.locator("td").all_inner_texts()[1:]]
        assert done == [True, True, True, False, True, True, False]
        look(walidata, "11-kemajuan")
        context.close()
        assert faults == []
