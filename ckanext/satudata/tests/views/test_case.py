"""Pages of requests: the form, the page of whoever asks, and the pages of officers."""

from __future__ import annotations

import io
from datetime import timedelta
from types import SimpleNamespace

import openpyxl
import pytest
from bs4 import BeautifulSoup
from ckan import model
from pypdf import PdfReader

from ckanext.satudata.model.case import Case
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.tests.workflow.cases.scene import PERSON, Scene
from ckanext.satudata.tests.worlds import act
from ckanext.satudata.workflow.cases import cases

from .test_report import signed_in

TEST = "Bila dibuka, proses penyidikan yang sedang berjalan akan terganggu."


@pytest.fixture
def scene(portal) -> Scene:
    return Scene()


@pytest.fixture
def guest(scene) -> SimpleNamespace:
    """A registered request of somebody without an account, with its code."""
    opened = cases.open_case(
        "permintaan",
        title="Harga beras",
        reporter=cases.Reporter(identity=PERSON),
        items=["Harga beras per pasar", "Harga gula per pasar"],
        details={"purpose": "Skripsi", "applicant": "perorangan"},
        now=utc_now(),
    )
    model.Session.commit()
    return SimpleNamespace(case=opened.case, secret=opened.secret)


def read(answer) -> BeautifulSoup:
    return BeautifulSoup(answer.body, "html.parser")


def text(found) -> str:
    return " ".join(found.get_text(" ").split())


def page(app, path, user=None, **options) -> BeautifulSoup:
    return read(app.get(path, headers=signed_in(user) if user else {}, **options))


def moves(shown) -> list[str]:
    return [f["action"].rsplit("/", 1)[-1] for f in shown.select("form[action*='/langkah/']")]


def refused(scene: Scene) -> Case:
    """A request that was refused with ground and consequence test."""
    case, now = scene.request(now=utc_now()), utc_now()
    scene.move(case, "nyatakan_lengkap", scene.ppid, now)
    return scene.move(case, "tolak", scene.ppid, now, note="Ditolak.", ground="a", consequence=TEST)


class TestTracking:
    def test_number_and_code_open_the_case_for_this_browser_alone(self, app, guest) -> None:
        sent = {"number": guest.case.number.lower(), "secret": guest.secret.lower()}
        shown = read(app.post("/lacak", data=sent))
        assert shown.h1.get_text() == "Harga beras"
        assert "Harga gula per pasar" in text(shown)
        assert app.get(f"/permintaan/{guest.case.number}").status_code == 200
        app.post("/lacak/tutup")
        assert (
            app.get(f"/satudata/kasus/{guest.case.id}", follow_redirects=False).status_code != 200
        )

    @pytest.mark.parametrize("wrong", ["number", "secret"])
    def test_a_wrong_number_and_a_wrong_code_get_the_same_answer(self, app, guest, wrong) -> None:
        sent = {"number": guest.case.number, "secret": guest.secret, wrong: "PI-2026-99999"}
        shown = read(app.post("/lacak", data=sent))
        assert shown.select_one(".alert-danger")
        assert "Harga beras" not in text(shown)


class TestReporter:
    def test_sees_how_far_it_is_and_no_moves_of_officers(self, app, scene) -> None:
        case = scene.handed(now=utc_now())
        shown = page(app, f"/satudata/kasus/{case.id}", scene.person.name)
        assert moves(shown) == ["terjawab_sendiri", "cabut"]
        assert f"Dinas {scene.agency.name}" in text(shown)
        assert not shown.select_one("#person")

    def test_a_stranger_sees_nothing(self, app, scene) -> None:
        case = scene.handed(now=utc_now())
        answer = app.get(
            f"/satudata/kasus/{case.id}", headers=signed_in(scene.other.user), status=403
        )
        assert "Harga beras" not in answer.body

    def test_gets_a_file_that_nobody_else_gets(self, app, scene) -> None:
        case = scene.handed(now=utc_now())
        item = cases.requests.items_of(case)[0].id
        agency = signed_in(scene.agency.user)
        sent = {
            f"how-{item}": "berkas",
            f"file-{item}": (io.BytesIO(b"pasar;harga\nMasuka;14500\n"), "harga.csv"),
        }
        app.post(
            f"/satudata/kasus/{case.id}/langkah/jawab",
            data=sent,
            headers=agency,
            content_type="multipart/form-data",
        )
        shown = page(app, f"/satudata/kasus/{case.id}", scene.person.name)
        link = shown.select_one(".sd-given a")
        assert link.get_text(strip=True) == "harga.csv"
        got = app.get(link["href"], headers=signed_in(scene.person.name))
        assert got.body == "pasar;harga\nMasuka;14500\n"
        assert got.headers["Content-Disposition"].startswith("attachment")
        for other in (scene.other.user, None):
            headers = signed_in(other) if other else {}
            refused = app.get(link["href"], headers=headers, follow_redirects=False)
            assert refused.status_code in (302, 403)

    def test_what_people_write_runs_no_script(self, app, scene) -> None:
        case = scene.request("<script>alert(1)</script> harga", now=utc_now())
        act("satudata_case_say", scene.person.name, id=case.id,
            text="[x](javascript:alert(1)) <img src=x onerror=alert(1)>")  # fmt: skip
        shown = page(app, f"/satudata/kasus/{case.id}", scene.ppid.name)
        main = shown.select_one(".primary")
        assert not main.select("script, [onerror], a[href^=javascript]")


class TestObjection:
    def test_is_lodged_with_its_ground_and_seen_by_the_superior(self, app, scene) -> None:
        case = refused(scene)
        mine = signed_in(scene.person.name)
        form = read(app.get(f"/satudata/kasus/{case.id}/keberatan", headers=mine))
        assert {i["value"] for i in form.select("[name=grounds]")} >= {"a", "d"}
        assert not form.select("[name=grounds][value=c]")
        sent = {"grounds": ["a"], "text": "Tidak ada penyidikan."}
        app.post(f"/satudata/kasus/{case.id}/keberatan", data=sent, headers=mine)
        found = act("satudata_case_list", scene.superior.name, kind="keberatan")["results"]
        shown = page(app, f"/satudata/kasus/{found[0]['id']}", scene.superior.name)
        assert set(moves(shown)) == {"kabulkan", "kabulkan_sebagian", "tolak"}
        assert "Tidak ada penyidikan." in text(shown)


class TestOfficers:
    def test_a_move_that_lacks_something_keeps_what_was_typed(self, app, scene) -> None:
        case = scene.request(now=utc_now())
        scene.move(case, "nyatakan_lengkap", scene.ppid, utc_now())
        sent = {"ground": "a", "consequence": "Singkat", "note": "Ditolak."}
        shown = read(
            app.post(
                f"/satudata/kasus/{case.id}/langkah/tolak",
                data=sent,
                headers=signed_in(scene.ppid.name),
            )
        )
        form = shown.select_one("form[action$='/langkah/tolak']")
        assert form.parent.has_attr("open")
        assert form.select_one("[name=consequence]").get_text() == "Singkat"
        assert form.select_one(".sd-wrong")
        assert model.Session.get(Case, case.id).state == "diproses"

    def test_the_inbox_lists_what_is_late_with_how_late(self, app, scene) -> None:
        case = scene.handed(now=utc_now() - timedelta(days=40))
        shown = page(app, "/satudata/kasus?terlambat=1", scene.agency.user)
        row = shown.select_one(f"tr:has(a[href$='{case.id}'])")
        assert row.select_one(".sd-left-late")

    def test_who_asks_is_masked_until_it_is_opened_with_a_reason(self, app, scene, guest) -> None:
        path = f"/satudata/kasus/{guest.case.id}"
        shown = text(page(app, path, scene.ppid.name).select_one("#person").parent)
        assert PERSON["name"] not in shown
        assert PERSON["nik"] not in shown
        opened = app.post(
            f"{path}/identitas",
            data={"why": "Mengirim salinan cetak."},
            headers=signed_in(scene.ppid.name),
        )
        assert PERSON["nik"] in opened.body
        assert "no-store" in opened.headers["Cache-Control"]

    def test_what_was_published_is_read_without_who_asked(self, app, scene, guest) -> None:
        words = {"title": "Harga pangan", "question": "Berapa harga beras?", "text": "Rp 14.500"}
        app.post(
            f"/satudata/kasus/{guest.case.id}/umumkan",
            data=words,
            headers=signed_in(scene.ppid.name),
        )
        shown = text(page(app, "/permintaan/publik"))
        assert all(word in shown for word in words.values())
        assert "Harga gula per pasar" not in shown


class TestDocuments:
    def test_receipt_and_decision_can_be_printed(self, app, scene) -> None:
        case = refused(scene)
        mine = signed_in(scene.person.name)
        for name, words in (("tanda-bukti", "Harga beras per pasar"), ("jawaban", TEST[:40])):
            got = app.get(f"/satudata/kasus/{case.id}/{name}.pdf", headers=mine)
            printed = " ".join(PdfReader(io.BytesIO(got.data)).pages[0].extract_text().split())
            assert case.number in printed
            assert words in printed


class TestReport:
    def test_page_sheet_and_paper_tell_the_same_year(self, app, scene) -> None:
        scene.handed(now=utc_now())
        year = utc_now().year
        shown = page(app, f"/permintaan/laporan?tahun={year}")
        assert str(year) in shown.h1.get_text()
        assert f"Dinas {scene.agency.name}" in text(shown)
        sheet = openpyxl.load_workbook(
            io.BytesIO(app.get(f"/permintaan/laporan/laporan.xlsx?tahun={year}").data)
        ).active
        assert sheet["A1"].value == shown.h1.get_text()
        got = app.get(f"/permintaan/laporan/laporan.pdf?tahun={year}")
        printed = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(got.data)).pages)
        assert f"Dinas{scene.agency.name}" in "".join(printed.split()), "lines may break anywhere"
