"""The last days: one figure is public, with its note; then a revision beside it; all on record."""

from __future__ import annotations

from . import accessible, week, week_agreeing
from .setoran_pages import Due, Receiving
from .tables import KECAMATAN
from .week import RECEIVER, RIVAL, WALIDATA, Week

_REASON = "Dedai memperbaiki luas panen setelah menghitung ulang (contoh)."
#: Pages of the walidata that no step of the week needs; they must be usable for everybody, too.
_FURTHER = (
    "/satudata/kerja",
    "/satudata/proses",
    "/satudata/setoran",
    "/satudata/rilis-bersama",
    "/satudata/pembatasan",
    "/satudata/pemberitahuan",
)
#: Which crop a kecamatan counted again, and its hectares then.
_CROP, _COUNTED_AGAIN = 0, 17.7


def corrected_by_the_other(it: Week) -> None:
    """The other agency's public table is made as agreed."""
    note = "Sesuai kesepakatan rapat."
    week.corrected(it.people, RIVAL, week_agreeing.OTHERS, week.paddy(), it.folder, note)


def published(it: Week) -> None:
    """The recap becomes public; visitors see the note, and the agreement in the register."""
    page = it.people.page(RECEIVER)
    page.goto(f"/dataset/{it.dataset}/proses")
    with page.expect_navigation():
        page.click(".sd-moves form[action$='/terbitkan'] button")
    visitor = it.people.page("")
    visitor.goto(f"/dataset/{it.dataset}")
    assert visitor.locator(".sd-state-ok").count() == 1
    note = visitor.locator(".sd-agreement-note")
    assert KECAMATAN[week.DISPUTED] in note.inner_text()
    it.look(visitor, "29-dataset-publik")
    with visitor.expect_navigation():
        note.locator("a").first.click()
    assert visitor.url.endswith(it.agreement)
    visitor.goto("/satudata/kesepakatan")
    assert visitor.locator(f"a[href$='/{it.agreement}']").count() == 1
    it.look(visitor, "26-kesepakatan-daftar")


def revised(it: Week) -> None:
    """A kecamatan counted again: the recap waits beside the public one until it is examined."""
    was = week.harvest()[week.REVISED][_CROP]
    _counted_again(it)
    agency = Receiving(it.people.page(RECEIVER))
    agency.recap(it.obligation, it.period)
    agency.accept_all()
    agency.into_dataset()
    page = agency.page
    it.look(page, "30-revisi")
    assert _public_figure(it) == [was]

    page.goto(f"/dataset/{it.dataset}/proses")
    page.fill("#note-ajukan", _REASON)
    with page.expect_navigation():
        page.click(".sd-moves form:has(#note-ajukan) button")
    examiner = it.people.page(WALIDATA)
    examiner.goto(f"/dataset/{it.dataset}/proses")
    it.look(examiner, "31-proses-revisi")
    with examiner.expect_navigation():
        examiner.click(".sd-moves form[action$='/setujui'] button")
    page.goto(f"/dataset/{it.dataset}/proses")
    with page.expect_navigation():
        page.click(".sd-moves form[action$='/terbitkan'] button")
    assert _public_figure(it) == [_COUNTED_AGAIN]

    visitor = it.people.page("")
    visitor.goto(f"/dataset/{it.dataset}/riwayat")
    visitor.locator(".sd-former summary").press("Enter")
    it.look(visitor, "32-riwayat")
    former = visitor.locator(".sd-timeline li.sd-version-former")
    assert former.count() == 1
    assert week.typed((was,))[0] in visitor.locator(".sd-former").inner_text()
    with visitor.expect_download() as download:
        former.locator("a[href*='/riwayat/']").click()
    assert week.typed((was,))[0] in download.value.path().read_text("utf-8-sig")


def _counted_again(it: Week) -> None:
    """The agency asks, the kecamatan corrects and hands in again."""
    agency = Receiving(it.people.page(RECEIVER))
    setoran = it.setoran(week.REVISED)["id"]
    agency.page.goto(f"/satudata/setoran/isi/{setoran}")
    agency.page.locator(".sd-ask summary").nth(_CROP).press("Enter")
    agency.ask_back("Apakah sudah dihitung ulang?")
    grid = Due(it.people.page(week.operator(week.REVISED))).open().fill_in()
    grid.answer("Sudah, luasnya bertambah.")
    figures = list(week.harvest()[week.REVISED])
    figures[_CROP] = _COUNTED_AGAIN
    grid.type(week.typed(tuple(figures)))
    grid.hand_in(week.OFFICIAL)


def _public_figure(it: Week) -> list[float]:
    """What the public sees of the kecamatan that counted again."""
    found = it.people.server.with_token("").call(
        "satudata_observation_list", indicator=week.INDICATOR, period=it.period, region=week.REVISED
    )
    crop = week.CROPS[_CROP]
    return [o["value"] for o in found["results"] if crop in o["dimensions"].values()]


def on_record(it: Week) -> None:
    """Everything stands in the audit trail, whose chain is whole; nobody is left with work."""
    page = it.people.page(WALIDATA)
    page.goto("/satudata/jejak")
    it.look(page, "35-jejak-audit")
    text = page.locator(".primary").inner_text()
    assert it.people.server.operator_of(WALIDATA).name in text
    page.goto("/satudata/rapat/eskalasi")
    it.look(page, "36-eskalasi")
    it.people.server.ckan("satudata", "audit")
    for address in _FURTHER:
        page.goto(address)
        it.faults += accessible.faults(page)


def explained(it: Week) -> None:
    """Both pages have both figures with the reason beside them."""
    visitor = it.people.page("")
    for name in week_agreeing.BOTH:
        visitor.goto(f"/dataset/{name}")
        note = visitor.locator(".sd-agreement-note").inner_text()
        assert week_agreeing.WHY in note
        assert all(text in note for text in week.typed(week_agreeing.FIGURES))
    it.look(visitor, "34-keduanya-publik")
