"""The days in the middle: figures differ, the meeting decides, the agencies accept."""

from __future__ import annotations

from playwright.sync_api import Page

from . import week
from .meeting_pages import Meeting
from .people import press_on
from .tables import KECAMATAN
from .week import RECEIVER, RIVAL, WALIDATA, Week

#: The other agency's dataset, and its title.
OTHERS = "luas-panen-kerangka-sampel"
_TITLE = "Luas panen padi dari kerangka sampel (contoh)"
_NOTE = "Sampel di Sepauk belum memuat panen minggu terakhir; angka kecamatan yang dipakai."
#: Years before, for the second story.
_YEAR = "2024"
BOTH = ("luas-panen-ubin-contoh", "luas-panen-citra-contoh")
WHY = "Yang satu diukur dengan ubinan, yang lain dari citra satelit."
FIGURES = (21250.0, 21800.0)


def published_elsewhere(it: Week) -> None:
    """Another agency publishes the same month, and has another figure of one kecamatan."""
    theirs = {**week.paddy(), week.DISPUTED: week.OTHERS_FIGURE}
    week.published(it.people, RIVAL, OTHERS, theirs, it.folder, title=_TITLE, period=it.period)


def contradicted(it: Week) -> None:
    """The recap is submitted; the other agency's public figure holds it back, so it is taken on."""
    week.described_recap(it)
    page = it.people.page(RECEIVER)
    page.goto(f"/dataset/{it.dataset}/proses")
    it.look(page, "14-proses-ajukan")
    with page.expect_navigation():
        page.click(".sd-moves form:not(:has([name=meeting])) .btn-primary")
    assert page.locator(".sd-verdict-blocked").is_visible(), page.locator(
        "main, #content"
    ).first.inner_text()
    values = page.locator("#nilai-berbeda .sd-value").all_inner_texts()
    assert [v.split()[0] for v in values] == week.typed(
        (week.paddy()[week.DISPUTED], week.OTHERS_FIGURE)
    )
    it.look(page, "15-laporan-tertahan")
    with page.expect_navigation():
        page.locator("a[href*='/satudata/kesepakatan/usul']").first.click()
    it.look(page, "37-kesepakatan-usul")
    page.goto(f"/dataset/{it.dataset}/proses")
    it.look(page, "16-proses-bawa-ke-rapat")
    with page.expect_navigation():
        page.click(".sd-moves form:has([name=meeting]) button[type=submit]")
    assert it.people.call(RECEIVER, "satudata_process_show", id=it.dataset)["state"] == (
        "menunggu_rapat"
    )


def prepared(it: Week) -> None:
    """The portal puts it on the next meeting's agenda by itself, and invites both agencies."""
    it.time_passes()
    for agency in (RECEIVER, RIVAL):
        letters = it.letters.to(it.people.address(agency))
        assert any(_has_calendar(one) for one in letters), agency
    meeting = Meeting(it.people.page(WALIDATA))
    meeting.page.goto("/satudata/rapat")
    it.look(meeting.page, "17-rapat-daftar")
    meeting.open_next()
    it.meeting = meeting.page.url.rpartition("/")[2]
    assert KECAMATAN[week.DISPUTED] in meeting.page.locator(".sd-agenda").inner_text()
    it.look(meeting.page, "18-rapat-persiapan")


def _has_calendar(letter: object) -> bool:
    return any(p.get_content_type() == "text/calendar" for p in letter.walk())  # pyright: ignore[reportAttributeAccessIssue]


def held(it: Week) -> None:
    """The meeting, with the keyboard alone; then its minutes and the berita acara."""
    meeting = Meeting(it.people.page(WALIDATA))
    page = meeting.page
    meeting.open_next()
    meeting.begin()
    meeting.to_matter(KECAMATAN[week.DISPUTED])
    it.look(page, "19-rapat-mode")
    for agency in (RECEIVER, RIVAL):
        meeting.present(_title(it, agency), "Kepala bidang (contoh)")
    assert page.locator("details:has([data-sd-presence]) .sd-count").inner_text() == "2"
    meeting.note(_NOTE)
    it.look(page, "20-rapat-hadir")
    meeting.take("own")
    it.look(page, "21-rapat-putusan")
    meeting.close(it.meeting)
    it.look(page, "22-rapat-selesai")
    record = page.request.get(f"/satudata/rapat/{it.meeting}/berita-acara.pdf")
    assert record.headers["content-type"] == "application/pdf"
    assert record.body().startswith(b"%PDF-")
    page.goto(f"/satudata/rapat/{it.meeting}/notulen")
    assert _NOTE in page.locator(".primary").inner_text()
    it.look(page, "23-notulen")


def accepted(it: Week) -> None:
    """Each agency accepts for itself; with the last one the agreement is in force."""
    page = it.people.page(RIVAL)
    page.goto("/satudata/kerja")
    it.look(page, "27-pekerjaan")
    with page.expect_navigation():
        page.locator("a[href*='/satudata/kesepakatan/']").first.click()
    it.agreement = page.url.rpartition("/")[2]
    it.look(page, "24-kesepakatan-usulan")
    _accept(page)
    assert _state(it) == "usulan"
    page = it.people.page(RECEIVER)
    page.goto(f"/satudata/kesepakatan/{it.agreement}")
    _accept(page)
    assert _state(it) == "berlaku"
    it.look(page, "25-kesepakatan-berlaku")


def _accept(page: Page) -> None:
    with page.expect_navigation():
        press_on(page, "form[action$='/terima'] button")


def _state(it: Week) -> str:
    return it.people.call(RECEIVER, "satudata_agreement_show", id=it.agreement)["state"]


def _title(it: Week, agency: str) -> str:
    return it.people.server.call("organization_show", id=agency)["title"]


def two_definitions(it: Week) -> None:
    """Another week: both figures are right, each by its own definition, and both stay."""
    public, held_back = BOTH
    for name, agency, figure in zip(BOTH, (RIVAL, RECEIVER), FIGURES, strict=True):
        week.drafted(
            it.people,
            agency,
            name,
            {"61.05": figure},
            it.folder,
            title=f"Luas panen padi {_YEAR} (contoh: {agency})",
            period=_YEAR,
            level_estimasi=["kabupaten"],
        )
    submitted = it.people.call(RIVAL, "satudata_process_submit", id=public)
    week.released(it.people, RIVAL, submitted["id"])
    it.people.call(RECEIVER, "satudata_process_submit", id=held_back, meeting=True)

    made = it.people.call(WALIDATA, "satudata_meeting_create", starts_at="2036-01-08T09:00")
    page = it.people.page(WALIDATA)
    page.goto(f"/satudata/rapat/{made['id']}")
    meeting = Meeting(page)
    meeting.begin()
    meeting.to_matter(_YEAR)
    meeting.both_stay(WHY)
    it.look(page, "33-keduanya-mode")
    meeting.record()
    meeting.close(made["id"])
    waiting = it.people.call(RECEIVER, "satudata_agreement_list", state="usulan")["results"]
    (agreement,) = [one for one in waiting if one["note"] == WHY]
    for agency in (RECEIVER, RIVAL):
        body = it.people.server.call("organization_show", id=agency)["id"]
        it.people.call(
            agency, "satudata_agreement_accept", id=agreement["id"], organization_id=body
        )
    process = it.people.call(RECEIVER, "satudata_process_show", id=held_back)["process"]
    it.people.call(RECEIVER, "satudata_process_move", id=process["id"], transition="terbitkan")
