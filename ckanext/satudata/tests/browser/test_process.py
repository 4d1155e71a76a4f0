"""A draft on its way to the public, by everybody who takes part, with the keyboard alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from ckanext.satudata.demo import metadata
from ckanext.satudata.tests.worlds import KECAMATAN

from .conftest import DESKTOP, keep_picture
from .pages import Portal
from .server import Server, running

OPERATOR, WALIDATA, PEMBINA = "distanbun", "diskominfo", "bps"
NAME = "luas-kebun-contoh"
COMMENT = "Sebutkan cara mengukurnya."
#: CKAN's own parts of the page; they are not ours to mend.
_OURS = ".sd-stations, .sd-turn, .sd-moves, .sd-review, .sd-timeline, .sd-waiting-list"


@pytest.fixture(scope="module")
def examined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A portal as it is delivered: the walidata looks first."""
    with running(tmp_path_factory.mktemp("examined"), first_publication="walidata") as server:
        yield server


@pytest.fixture
def as_person(examined: Server, browser: Browser) -> Iterator[Callable[[str], Portal]]:
    """The portal as an agency's operator, or as a visitor (empty name)."""
    contexts: list[Any] = []

    def enter(organization: str) -> Portal:
        context = browser.new_context(
            base_url=examined.url,
            viewport=DESKTOP,  # pyright: ignore[reportArgumentType]
            locale="id-ID",
        )
        contexts.append(context)
        portal = Portal(context.new_page())
        if organization:
            portal.log_in(examined.operator_of(organization))
        return portal

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture
def draft(examined: Server, tmp_path: Path) -> str:
    """A draft of priority data with one declared table, made by the administrator."""
    code = "LOK.LUAS_KEBUN_CONTOH"
    examined.call(
        "satudata_indicator_create",
        code=code,
        name="Luas Kebun Contoh",
        konsep="luas kebun contoh",
        definition="Luas kebun untuk pengujian.",
        ukuran="jumlah",
        unit="ton",
    )
    activity = examined.call(
        "package_create", **metadata.activity(f"{NAME}-kegiatan", OPERATOR, "2025")
    )
    wanted = metadata.dataset(
        NAME, OPERATOR, activity["id"], title="Luas Kebun Contoh 2025", state="draft"
    )
    priority = {"data_prioritas": "ya", "prioritas_tahun": ["2025"]}
    dataset = examined.call("package_create", **{**wanted, **priority})
    path = tmp_path / "kebun.csv"
    path.write_text("kode;luas\n" + "".join(f"{k};{10 + n}\n" for n, k in enumerate(KECAMATAN)))
    region = {"role": "dimension", "concept": "wilayah", "codelist": "wilayah"}
    declared = {
        "fields": [
            {"name": "kode", "type": "string", "satudata": {**region, "scheme": "kemendagri"}},
            {
                "name": "luas",
                "type": "string",
                "satudata": {"role": "measure", "indicator": code, "unit": "ton"},
            },
        ],
        "extraFields": [
            {
                "name": "periode",
                "type": "string",
                "constant": "2025",
                "satudata": {"role": "dimension", "concept": "periode"},
            }
        ],
        "satudata": {"version": 1, "header_row": 1, "header_rows": 1},
    }
    with path.open("rb") as file:
        examined.call(
            "resource_create",
            files={"upload": file},
            package_id=dataset["id"],
            name="kebun.csv",
            schema=json.dumps(declared),
        )
    return dataset["name"]


def press(page: Page, action: str) -> None:
    """Press the button of a move; what it asks must be filled in already."""
    with page.expect_navigation():
        page.locator(f".sd-moves form[action$='{action}'] button[type=submit]").press("Enter")


def faults(page: Page) -> list[str]:
    """What axe-core finds wrong with our parts of the page."""
    found = Axe().run(page, context={"include": [[s] for s in _OURS.split(", ")
                                                if page.locator(s).count()]})  # fmt: skip
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found.response["violations"]]


class TestProcess:
    def test_from_a_draft_to_the_public(
        self,
        draft: str,
        as_person: Callable[[str], Portal],
    ) -> None:
        producer, walidata, pembina = map(as_person, (OPERATOR, WALIDATA, PEMBINA))
        way = f"/dataset/{draft}/proses"

        producer.open_dataset(draft)
        with producer.page.expect_navigation():
            producer.page.locator(f"a.btn[href$='{way}']").press("Enter")
        assert faults(producer.page) == []
        press(producer.page, "/proses")
        keep_picture(producer.page, "proses-diajukan")

        walidata.page.goto("/satudata/proses")
        assert faults(walidata.page) == []
        keep_picture(walidata.page, "proses-daftar")
        with walidata.page.expect_navigation():
            walidata.page.locator(f"a[href$='{way}']").press("Enter")
        keep_picture(walidata.page, "proses-pemeriksaan")
        walidata.page.locator("#isi-definisi summary").press("Enter")
        walidata.page.fill("#catatan-definisi", COMMENT)
        with walidata.page.expect_navigation():
            walidata.page.locator("#isi-definisi .sd-say button").press("Enter")
        assert COMMENT in walidata.page.locator("#isi-definisi .sd-comment").inner_text()
        walidata.page.locator(".sd-moves summary", has_text="Kembalikan").press("Enter")
        walidata.page.fill("#note-kembalikan", "Lihat catatan pada definisi.")
        press(walidata.page, "/kembalikan")

        producer.page.goto(f"/dataset/edit/{draft}")
        assert COMMENT in producer.page.locator(".sd-said").inner_text()
        keep_picture(producer.page, "proses-catatan-di-formulir")
        producer.page.fill("[name=definisi]", "Luas kebun yang diukur dengan GPS.")
        with producer.page.expect_navigation():
            producer.page.locator("#dataset-edit button[name=save].btn-primary").press("Enter")
        producer.page.goto(way)
        with producer.page.expect_navigation():
            producer.page.locator("#isi-definisi .sd-comment button").press("Enter")
        press(producer.page, "/proses")

        walidata.page.goto("/satudata/proses")
        walidata.page.locator("input[name=ids]").press("Space")
        with walidata.page.expect_navigation():
            walidata.page.locator(".sd-sticky button").press("Enter")
        assert walidata.page.locator(".sd-results .fa-check-circle").count() == 1
        keep_picture(walidata.page, "proses-disetujui-sekaligus")

        pembina.page.goto(way)
        press(pembina.page, "/setujui_pembina")

        producer.page.goto(way)
        keep_picture(producer.page, "proses-siap-terbit")
        press(producer.page, "/terbitkan")
        assert faults(producer.page) == []
        keep_picture(producer.page, "proses-terbit")

        visitor = as_person("")
        visitor.open_dataset(draft)
        assert visitor.page.locator(".sd-state-ok").count() == 1
        with visitor.page.expect_navigation():
            visitor.page.locator(f"a[href$='/dataset/{draft}/riwayat']").press("Enter")
        assert faults(visitor.page) == []
        keep_picture(visitor.page, "proses-riwayat")
