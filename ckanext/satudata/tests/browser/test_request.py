"""A citizen's request from question to file and objection; and an agency that lets the time pass.

Issue 6 §1. The citizen has a phone and no account; letters come by SMTP. Officers act under
accounts of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ckanext.satudata import workdays
from ckanext.satudata.tests.letterbox import Letterbox, open_letterbox

from .conftest import keep_picture
from .people import People, people_of, press_on
from .request_pages import Citizen, judged, look_up, move, open_move, press, say, type_on
from .server import Server, running

PPID, SUPERIOR, AGENCY, STRANGER = "diskominfo", "setda", "disdikbud", "dkpp"
EMAIL = "bunga@example.org"
WANTED = ("Jumlah siswa SD menurut kecamatan 2024", "Jumlah guru SD menurut kecamatan 2024")
QUESTION, REPLY = "Apakah madrasah juga dihitung?", "Tidak, sekolah dasar saja."
NOT_HELD = "Data guru ada pada Badan Kepegawaian; mintalah di sana."
COMPLAINT = "Guru SD diangkat kabupaten, jadi datanya pasti ada."
DIRECTION = "CONTOH: berikan juga jumlah guru menurut kecamatan."


@pytest.fixture(scope="module")
def letters() -> Iterator[Letterbox]:
    with open_letterbox() as box:
        yield box


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, letters: Letterbox) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("requests"), letters=letters.address) as server:
        yield server


@pytest.fixture(scope="module")
def people(portal: Server, browser: Browser) -> Iterator[People]:
    with people_of(portal, browser) as people:
        yield people


@pytest.fixture
def citizen(people: People, letters: Letterbox) -> Citizen:
    return Citizen(people.page("", phone=True), letters, EMAIL)


def fill_in_with_the_keyboard(citizen: Citizen) -> None:
    """Each step of the form by the Tab key, Enter, Space and arrow keys alone."""
    page = citizen.page
    next_step = "[data-sd-step-next]"
    type_on(page, "[name=items]", "\n".join(WANTED))
    type_on(page, "[name=purpose]", "Skripsi tentang pemerataan guru.")
    press_on(page, "[name=obtain][value=melihat]", key="ArrowDown")
    assert page.locator("[name=obtain][value=salinan_digital]").is_checked()
    citizen.look("permintaan-formulir")
    press_on(page, next_step)
    press_on(page, "[name=applicant][value=perorangan]", key="Space")
    for name, text in (
        ("name", "Bunga Contoh"),
        ("nik", "6105014501900001"),
        ("address", "Jalan Contoh 1, Sintang"),
        ("email", EMAIL),
    ):
        type_on(page, f"[name={name}]", text)
    citizen.look()
    with page.expect_navigation(timeout=60_000):
        press_on(page, "form[data-sd-steps] .sd-last button[type=submit]")


def answer_by(page: Page, item: str, how: str, **fields: str | Path) -> None:
    """Fill in how one item is answered, in the form of the answer."""
    form = "form[action$='/langkah/jawab']"
    group = page.locator(f"{form} fieldset", has_text=item)
    name = (group.locator("input").first.get_attribute("name") or "").removeprefix("how-")
    group.locator(f"input[value={how}]").check()
    for field, value in fields.items():
        at = page.locator(f"{form} [name='{field}-{name}']")
        if isinstance(value, Path):
            at.set_input_files(value)
        else:
            at.fill(value)


def move_last_day(portal: Server, number: str, days: int) -> None:
    """Let a request's last day lie some working days after (or before) today; it came in before."""
    due = workdays.add(workdays.today(datetime.now(timezone.utc)), days)
    portal.sql(
        "UPDATE satudata_case SET received_on = %s, due_on = %s WHERE number = %s",
        workdays.add(due, -10),
        due,
        number,
    )


def kinds_told(people: People, organization: str, number: str) -> set[str]:
    """Which reminders of a request an agency's operator has been told."""
    found = people.call(organization, "satudata_notice_list", limit=100)["notices"]
    reminders = {"kasus-segera", "kasus-terlambat", "kasus-eskalasi"}
    return {n["kind"] for n in found if number in n["head"] + n["text"]} & reminders


def faults_of(page: Page, path: str, found: list[str]) -> None:
    """Open a page and judge it."""
    page.goto(path)
    found += judged(page)


class TestCitizen:
    def test_from_the_question_to_the_file_and_through_an_objection(
        self, citizen: Citizen, people: People, tmp_path: Path
    ) -> None:
        page = citizen.page
        citizen.search("jumlah penduduk")
        citizen.look("permintaan-cari")
        press(page, "a[href*='/permintaan/baru']")
        fill_in_with_the_keyboard(citizen)
        assert page.url.endswith("/permintaan/menunggu")
        citizen.look()
        number, secret = citizen.confirm()
        citizen.look("permintaan-terdaftar")
        receipt = page.request.get(page.locator("a[href$='tanda-bukti.pdf']").get_attribute("href"))
        assert receipt.headers["content-type"] == "application/pdf"
        page.reload()
        assert not page.locator("#sd-secret").count(), "the code is shown once"

        ppid = people.page(PPID)
        faults_of(ppid, "/satudata/kasus", citizen.faults)
        press(ppid, f"tr:has-text('{number}') th.sd-case-title a")
        case = ppid.url
        citizen.faults += judged(ppid)
        move(ppid, "nyatakan_lengkap")
        move(ppid, "disposisikan", organization=AGENCY)
        keep_picture(ppid, "permintaan-petugas")
        ppid.goto("/satudata/kasus")
        keep_picture(ppid, "permintaan-daftar")

        agency = people.page(AGENCY)
        agency.goto("/satudata/kasus")
        press(agency, f"tr:has-text('{number}') th.sd-case-title a")
        say(agency, QUESTION)
        citizen.faults += judged(agency)

        look_up(page, number, "0000-0000-0000-0000")
        assert page.locator(".alert-danger").is_visible()
        citizen.look()
        look_up(page, number, secret)
        assert QUESTION in page.inner_text(".sd-thread")
        assert "10 " in page.inner_text(".sd-now"), "working days left"
        say(page, REPLY)

        agency.reload()
        assert REPLY in agency.inner_text(".sd-thread")
        open_move(agency, "jawab")
        file = tmp_path / "siswa-sd.csv"
        file.write_text("kecamatan;siswa\nSintang;8123\n", "utf-8")
        answer_by(agency, WANTED[0], "berkas", file=file, text="Keadaan 31 Desember 2024.")
        press(agency, "form[action$='/langkah/jawab'] button[type=submit]")
        open_move(agency, "jawab")
        answer_by(agency, WANTED[1], "tidak_dikuasai", text=NOT_HELD)
        press(agency, "form[action$='/langkah/jawab'] button[type=submit]")

        page.reload()
        citizen.look("permintaan-terjawab")
        with page.expect_download() as download:
            page.locator(".sd-given a").first.click()
        assert download.value.suggested_filename == "siswa-sd.csv"
        assert Path(download.value.path()).read_bytes() == file.read_bytes()
        address = page.locator(".sd-given a").first.get_attribute("href")
        browser = page.context.browser
        assert browser is not None
        nobody = browser.new_context().new_page()
        for other in (people.page(STRANGER), nobody):
            refused = other.request.get(f"{people.server.url}{address}", max_redirects=0)
            assert refused.status in (302, 403, 404)
        nobody.context.close()

        press(page, "a[href$='/keberatan']")
        page.locator("[name=grounds][value=e]").check()
        page.fill("[name=text]", COMPLAINT)
        citizen.look("permintaan-keberatan")
        press(page, "form.sd-case-form .btn-primary")
        assert "KB-" in page.inner_text(".main")
        citizen.look()

        superior = people.page(SUPERIOR)
        superior.goto("/satudata/kasus?jenis=keberatan")
        press(superior, "th.sd-case-title a")
        assert COMPLAINT in superior.inner_text(".main")
        citizen.faults += judged(superior)
        move(superior, "kabulkan", note=DIRECTION)

        ppid.goto(case)
        open_move(ppid, "jawab")
        answer_by(ppid, WANTED[1], "keterangan", text="CONTOH: 1.912 guru di 14 kecamatan.")
        press(ppid, "form[action$='/langkah/jawab'] button[type=submit]")

        page.reload()
        assert DIRECTION in page.inner_text(".main")
        look_up(page, number, secret)
        assert "1.912 guru" in page.inner_text(".sd-given")
        move(page, "puas")
        citizen.look()
        for path in ("/permintaan/publik", "/permintaan/laporan", "/lacak"):
            page.goto(path)
            citizen.look()
        assert citizen.faults == [], "\n".join(citizen.faults)


class TestOverdue:
    def test_a_week_in_which_an_agency_lets_the_time_pass(
        self, people: People, letters: Letterbox, portal: Server
    ) -> None:
        made = people.call(
            STRANGER,
            "satudata_request_create",
            items=["CONTOH: panjang jalan rusak menurut kecamatan"],
            purpose="Perencanaan.",
            obtain="salinan_digital",
        )
        people.call(PPID, "satudata_case_move", id=made["id"], transition="nyatakan_lengkap")
        ppid = people.page(PPID)
        ppid.goto(f"/satudata/kasus/{made['id']}")
        move(ppid, "disposisikan", organization=AGENCY)
        told: dict[str, dict[str, set[str]]] = {}
        for name, days in (("before", 2), ("after", -1), ("escalated", -3)):
            move_last_day(portal, made["number"], days)
            portal.ckan("satudata", "due")
            told[name] = {who: kinds_told(people, who, made["number"]) for who in (AGENCY, PPID)}
        assert [sorted(told[when][AGENCY]) for when in told] == [
            ["kasus-segera"],
            ["kasus-segera", "kasus-terlambat"],
            ["kasus-eskalasi", "kasus-segera", "kasus-terlambat"],
        ]
        assert [sorted(told[when][PPID]) for when in told] == [[], [], ["kasus-eskalasi"]]
        for who in (AGENCY, PPID):
            subjects = [str(m["subject"]) for m in letters.to(people.address(who))]
            assert any(made["number"] in subject for subject in subjects), subjects

        agency, found = people.page(AGENCY), []
        agency.goto("/satudata/kasus?terlambat=1")
        row = agency.locator("tr", has_text=made["number"])
        assert row.locator(".sd-left-late").is_visible()
        found += judged(agency)
        asker = people.page(STRANGER)
        asker.goto(f"/permintaan/{made['number']}")
        assert asker.locator(".sd-now-late").is_visible()
        expect(asker.locator("a[href$='/keberatan']")).to_be_visible()
        assert asker.locator(".sd-now-late").is_visible()
        found += judged(asker)
        assert found == []
