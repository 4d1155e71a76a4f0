"""An anonymous report that a figure is wrong, from a phone to the figure that was mended.

Issue 6 §2. The reporter has neither account nor address, only number and code. The walidata hands
the report to the agency that the portal suggests; the agency confirms, mends its table, and the
reporter says what is left.
"""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from ckanext.satudata.demo import metadata
from ckanext.satudata.tests.worlds import KECAMATAN, Table

from .conftest import PHONE, keep_picture
from .people import People, people_of
from .request_pages import judged, look_up, move, press
from .server import Server, running

WALIDATA, AGENCY, STRANGER = "diskominfo", "distanbun", "dinkes"
TITLE = "Luas panen di kecamatan kami keliru"
BODY = "Luas panen di portal jauh lebih kecil daripada catatan kelompok tani kami."
CONFIRMED = "Satu desa tertinggal dalam rekap; tabel diperbaiki minggu ini."
LEFT = "Masih kurang: dua desa yang tertinggal, bukan satu."
ANSWER = "Desa kedua masuk dalam rekap bulan depan."
WRONG, RIGHT = 20.0, 25.0


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("complaints")) as server:
        yield server


@pytest.fixture(scope="module")
def people(portal: Server, browser: Browser) -> Iterator[People]:
    with people_of(portal, browser) as people:
        yield people


def values(first: float) -> dict[str, float]:
    """Figures of all kecamatan, of which the first has this one."""
    return {**dict.fromkeys(KECAMATAN, 3.0), KECAMATAN[0]: first}


def published(people: People, folder: Path) -> tuple[str, str]:
    """A public figure of the agency: code of its indicator, id of the file."""
    code = f"LOK.UJI_{uuid.uuid4().hex[:8].upper()}"
    body = people.server.call("organization_show", id=AGENCY)
    people.server.call(
        "satudata_indicator_create",
        code=code,
        name="Luas panen padi (contoh)",
        name_en="Harvested area of rice (example)",
        konsep=code.lower(),
        definition="Luas yang dipanen dalam setahun.",
        definition_en="Area harvested in a year.",
        ukuran="jumlah",
        unit="ton",
        producer_org=body["id"],
    )
    name, activity = (f"luas-panen-{code[-8:].lower()}", f"kegiatan-{code[-8:].lower()}")
    people.server.call("package_create", **metadata.activity(activity, AGENCY, "2025"))
    people.server.call(
        "package_create",
        **metadata.dataset(
            name,
            AGENCY,
            activity,
            state="draft",
            status_angka="P",
            kebijakan_revisi="Sewaktu-waktu.",
        ),
    )
    table = Table(code, values(WRONG))
    (folder / "tabel.csv").write_bytes(table.content())
    with (folder / "tabel.csv").open("rb") as file:
        made = people.server.call(
            "resource_create",
            files={"upload": file},
            package_id=name,
            name="tabel.csv",
            format="CSV",
            schema=json.dumps(table.declaration()),
        )
    people.server.call("package_patch", id=name, state="active")
    return code, made["id"]


def mend(people: People, folder: Path, code: str, resource: str) -> None:
    """Publish the right figure in the place of the wrong one."""
    (folder / "benar.csv").write_bytes(Table(code, values(RIGHT)).content())
    with (folder / "benar.csv").open("rb") as file:
        people.call(AGENCY, "resource_patch", files={"upload": file}, id=resource)


def file_report(page: Page, faults: list[str]) -> tuple[str, str]:
    """Fill in and send the form that is open; number and code."""
    page.fill("[name=title]", TITLE)
    page.fill("[name=body]", BODY)
    page.check("[name=mode][value=anonim]")
    page.wait_for_timeout(3_500)
    with page.expect_navigation(timeout=60_000):
        page.click(".sd-report button[type=submit]")
    faults += judged(page)
    return page.inner_text("#sd-number"), page.inner_text("#sd-secret")


def state(page: Page) -> str:
    """What the case's page says of its state."""
    return page.inner_text(".sd-now-state")


class TestWrongFigure:
    def test_from_the_phone_to_the_mended_figure_and_back(
        self, people: People, tmp_path: Path
    ) -> None:
        faults: list[str] = []
        code, resource = published(people, tmp_path)
        citizen = people.page("", phone=True)
        citizen.goto(f"/satudata/indikator/{code}")
        faults += judged(citizen)
        press(citizen, f"a[href*='/pengaduan/tulis'][href*='{KECAMATAN[0]}']")
        assert citizen.inner_text("#sd-reported") == "20"
        faults += judged(citizen)
        keep_picture(citizen, "pengaduan-angka")
        citizen.set_viewport_size(PHONE)  # pyright: ignore[reportArgumentType]
        number, secret = file_report(citizen, faults)
        keep_picture(citizen, "pengaduan-terdaftar")
        citizen.set_viewport_size(PHONE)  # pyright: ignore[reportArgumentType]
        citizen.reload()
        assert not citizen.locator("#sd-secret").count(), "the code is shown once"

        walidata = people.page(WALIDATA)
        walidata.goto("/satudata/kasus?jenis=pengaduan")
        faults += judged(walidata)
        press(walidata, f"tr:has-text('{number}') th.sd-case-title a")
        move(walidata, "verifikasi", **{"class": "normatif"})
        first = walidata.locator("#sd-suggested li").first
        expect(first).to_contain_text("Dinas Pertanian")
        expect(first).to_contain_text("karena")
        faults += judged(walidata)
        keep_picture(walidata, "pengaduan-saran")
        form = "form[action$='/langkah/disposisikan']"
        walidata.locator(f"details:has({form}) summary").click()
        assert walidata.locator(f"{form} [name=organization]").input_value() == AGENCY
        press(walidata, f"{form} button[type=submit]")

        agency = people.page(AGENCY)
        agency.goto("/satudata/kerja")
        press(agency, ".primary a[href*='/satudata/kasus/']")
        faults += judged(agency)
        move(agency, "nyatakan_keliru", note=CONFIRMED)
        case = agency.url
        stranger = people.page(STRANGER)
        stranger.goto(case)
        assert TITLE not in stranger.content()

        look_up(citizen, number, secret)
        assert CONFIRMED in citizen.inner_text(".sd-thread")
        faults += judged(citizen)
        made = people.server.call("satudata_meeting_create", starts_at="2031-01-07T09:00")
        items = people.server.call("satudata_meeting_show", id=made["id"])["items"]
        assert [i for i in items if i["kind"] == "angka_keliru"]

        mend(people, tmp_path, code, resource)
        people.server.ckan("satudata", "due")
        citizen.reload()
        thread = citizen.inner_text(".sd-thread")
        assert "20" in thread
        assert "25" in thread
        assert state(citizen) == "Menunggu tanggapan pelapor"
        keep_picture(citizen, "pengaduan-diperbaiki")
        citizen.set_viewport_size(PHONE)  # pyright: ignore[reportArgumentType]
        move(citizen, "tanggapi", note=LEFT)

        agency.goto(case)
        assert LEFT in agency.inner_text(".sd-thread")
        move(agency, "jawab", note=ANSWER)
        look_up(citizen, number, secret)
        move(citizen, "terima")
        assert state(citizen) == "Selesai"
        move(citizen, "buka_kembali", note=LEFT)
        assert state(citizen) == "Ditindaklanjuti"
        faults += judged(citizen)
        assert faults == []

        self.exported(people, number)
        self.counted(people)

    def exported(self, people: People, number: str) -> None:
        """The walidata's file for SP4N-LAPOR! has the report, and nobody in it."""
        page = people.page(WALIDATA)
        page.goto("/pengaduan/ekspor")
        assert judged(page) == []
        with page.expect_download() as download:
            page.click("button[value=csv]")
        text = Path(download.value.path()).read_text("utf-8-sig")
        row = next(r for r in csv.DictReader(io.StringIO(text)) if r["nomor"] == number)
        assert (row["judul"], row["anonim"], row["objek"]) == (TITLE, "ya", "angka")

    def counted(self, people: People) -> None:
        """Everybody sees how many reports there were."""
        page = people.page("", phone=True)
        page.goto("/pengaduan/statistik")
        assert judged(page) == []
        assert page.locator("#sd-total dd").first.inner_text() != "0"


class TestOtherReports:
    def test_the_entrance_and_the_plain_form_can_be_read_by_everybody(self, people: People) -> None:
        page = people.page("", phone=True)
        faults: list[str] = []
        page.goto("/pengaduan")
        faults += judged(page)
        press(page, "a[href*='/pengaduan/tulis']")
        faults += judged(page)
        keep_picture(page, "pengaduan-formulir")
        page.set_viewport_size(PHONE)  # pyright: ignore[reportArgumentType]
        assert faults == []

    def test_who_needs_information_types_nothing_twice(self, people: People) -> None:
        page = people.page("", phone=True)
        page.goto("/pengaduan/tulis")
        page.check("[name=kind][value=permintaan]")
        page.check("[name=about][value=layanan]")
        page.fill("[name=title]", "Jumlah sekolah per kecamatan")
        page.fill("[name=body]", "Saya memerlukan jumlah sekolah dasar per kecamatan tahun 2024.")
        page.fill("[name=name]", "Bunga Contoh")
        press(page, ".sd-report button[type=submit]")
        form: dict[str, Any] = page.evaluate(
            "() => Object.fromEntries(new FormData(document.querySelector('[data-sd-steps]')))"
        )
        assert "jumlah sekolah dasar per kecamatan" in form["items"]
        assert form["name"] == "Bunga Contoh"
        assert judged(page) == []
