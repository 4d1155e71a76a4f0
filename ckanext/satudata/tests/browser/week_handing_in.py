"""The first days: kecamatan are asked, hand in, are asked back and reminded; then the recap."""

from __future__ import annotations

from . import week
from .people import press_on
from .setoran_pages import Due, Grid, Receiving
from .tables import KECAMATAN
from .week import Week

_INSTRUCTIONS = "Contoh untuk peragaan. Luas yang dipanen dalam sebulan, dalam hektare."
#: Stands in the subject of each letter about a setoran.
_ABOUT = "Luas panen"


def asked(it: Week) -> None:
    """The agency asks all kecamatan; on the last day those that owe are reminded by letter."""
    agency = Receiving(it.people.page(week.RECEIVER))
    agency.begin_asking(week.INDICATOR)
    it.look(agency.page, "01-kewajiban")
    classes = [f"komoditas:{crop}" for crop in week.CROPS]
    it.obligation = agency.ask(week.RECEIVER, classes, f"{it.period}-01", _INSTRUCTIONS)
    assert agency.page.locator(".sd-matrix tbody tr").count() == len(KECAMATAN)

    it.people.server.sql("UPDATE satudata_setoran SET due_on = %s", it.today)
    it.time_passes()
    for code in KECAMATAN:
        assert len(_reminders(it, code)) == 1


def handed_in(it: Week) -> None:
    """Thirteen hand in; one pastes, one has no mouse, one only a phone, one is mistaken."""
    figures = {code: week.typed(values) for code, values in week.harvest().items()}
    (figures[week.WRONG][week.PADDY],) = week.typed((week.paddy()[week.WRONG] * 10,))

    pasting = Due(it.people.page(week.operator(week.PASTES))).open()
    it.look(pasting.page, "02-setoran-daftar")
    grid = pasting.fill_in()
    grid.paste(figures[week.PASTES])
    it.look(grid.page, "03-setoran-tempel")
    grid.hand_in(week.OFFICIAL)
    assert grid.handed_in()
    it.look(grid.page, "04-setoran-terkirim")

    _by_keyboard(it, figures[week.BY_KEYBOARD])
    phone = it.people.page(week.operator(week.ON_PHONE), phone=True)
    grid = Due(phone).open().fill_in()
    grid.type(figures[week.ON_PHONE])
    it.look(phone, "05-setoran-ponsel", phone=True)
    grid.hand_in(week.OFFICIAL)
    assert grid.handed_in()

    for code in sorted(figures.keys() - {week.PASTES, week.BY_KEYBOARD, week.ON_PHONE, week.LATE}):
        grid = Due(it.people.page(week.operator(code))).open().fill_in()
        grid.type(figures[code])
        grid.hand_in(week.OFFICIAL)
        assert grid.handed_in()


def _by_keyboard(it: Week, figures: list[str]) -> None:
    page = it.people.page(week.operator(week.BY_KEYBOARD))
    page.goto("/satudata/setoran")
    with page.expect_navigation():
        press_on(page, ".sd-card-link")
    grid = Grid(page)
    grid.type_by_keyboard(figures)
    grid.hand_in_by_keyboard(week.OFFICIAL)
    assert grid.handed_in()


def asked_back(it: Week) -> None:
    """The agency asks about the cell that is ten times too large; it is corrected."""
    agency = Receiving(it.people.page(week.RECEIVER))
    agency.matrix(it.obligation)
    agency.look_at(KECAMATAN[week.WRONG])
    agency.page.locator(".sd-ask summary").nth(week.PADDY).press("Enter")
    it.look(agency.page, "07-setoran-tanya")
    agency.ask_back(week.QUESTION)

    kecamatan = it.people.page(week.operator(week.WRONG))
    grid = Due(kecamatan).open().fill_in()
    assert week.QUESTION in kecamatan.locator(".sd-question").inner_text()
    it.look(kecamatan, "08-setoran-jawab")
    grid.answer(week.ANSWER)
    grid.type(week.typed(week.harvest()[week.WRONG]))
    grid.hand_in(week.OFFICIAL)
    agency.page.reload()
    assert week.ANSWER in agency.page.locator(".sd-question").inner_text()
    it.look(agency.page, "09-setoran-dijawab")


def late(it: Week) -> None:
    """Who let the last day pass is reminded by letter, stands in the matrix, and hands in then."""
    it.people.server.sql(
        "UPDATE satudata_setoran SET due_on = due_on - 1 WHERE region = %s", week.LATE
    )
    it.time_passes()
    assert len(_reminders(it, week.LATE)) == 2
    # Who was asked about a cell was told so.
    assert len(_reminders(it, week.WRONG)) == 2
    assert len(_reminders(it, week.PASTES)) == 1

    agency = Receiving(it.people.page(week.RECEIVER))
    agency.matrix(it.obligation)
    assert agency.page.locator(".sd-matrix .sd-setoran-late").count() == 1
    it.look(agency.page, "06-setoran-matriks")
    page = it.people.page(week.operator(week.LATE))
    page.goto("/satudata/pemberitahuan")
    it.look(page, "28-pemberitahuan")
    grid = Due(page).open().fill_in()
    grid.type(week.typed(week.harvest()[week.LATE]))
    grid.hand_in(week.OFFICIAL)
    assert grid.handed_in()


def recapped(it: Week) -> None:
    """The agency accepts all, recaps them into a draft, and sees where a figure comes from."""
    agency = Receiving(it.people.page(week.RECEIVER))
    agency.recap(it.obligation, it.period)
    agency.accept_all()
    total = sum(week.paddy().values())
    assert week.typed((total,))[0] in agency.page.locator(".sd-whole").nth(week.PADDY).inner_text()
    it.look(agency.page, "10-rekap")
    agency.into_dataset()
    it.dataset = agency.page.url.rpartition("/")[2]
    it.look(agency.page, "11-rekap-draf")

    agency.page.goto(f"/satudata/setoran/asal/{it.dataset}")
    it.look(agency.page, "12-rekap-asal")
    with agency.page.expect_navigation():
        agency.page.locator("td a", has_text=KECAMATAN[week.WRONG]).nth(week.PADDY).click()
    assert week.OFFICIAL in agency.page.locator(".sd-facts").inner_text()
    wrong, right = agency.page.locator("s").inner_text(), week.typed((week.paddy()[week.WRONG],))
    assert [wrong] != right
    assert week.QUESTION in agency.page.locator(".primary").inner_text()
    it.look(agency.page, "13-rekap-asal-angka")


def _reminders(it: Week, code: str) -> list[str]:
    """Subjects of the letters to a kecamatan's operator about what it owes."""
    letters = it.letters.to(it.people.address(week.operator(code)))
    return [str(one["Subject"]) for one in letters if _ABOUT in str(one["Subject"])]
