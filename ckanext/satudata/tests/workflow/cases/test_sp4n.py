"""The export for SP4N-LAPOR!: complete, harmless, and without anybody in it."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timezone

import pytest
from ckan import model

from ckanext.satudata.tests.workflow.cases.reports import handed, report, step
from ckanext.satudata.tests.worlds import agency, unique, walidata_editor
from ckanext.satudata.workflow.cases import cases, sp4n

pytestmark = pytest.mark.usefixtures("portal")

SITE = "https://data.example.go.id"
#: A time of its own, so that other tests' reports do not matter.
NOW = datetime(2031, 3, 5, 3, tzinfo=timezone.utc)
DAY = date(2031, 3, 5)


def rows() -> dict[str, sp4n.Row]:
    """The export of the day, by number."""
    return {r.nomor: r for r in sp4n.rows(model.Session, DAY, DAY, site=SITE)}


class TestRows:
    def test_a_report_is_told_with_its_answer(self) -> None:
        body, walidata = agency(unique("sp4n")), walidata_editor()
        opened = report(NOW, title="Jalan rusak", details={"about": "layanan"})
        handed(opened, walidata, body.id)
        step(opened.case, "jawab", body.user, NOW, note="Sudah ditambal.")
        row = rows()[opened.case.number or ""]
        assert (row.klasifikasi, row.judul, row.objek) == ("pengaduan", "Jalan rusak", "layanan")
        assert (row.tanggal_laporan, row.tanggal_tindak_lanjut) == ("2031-03-05", "2031-03-05")
        assert (row.instansi, row.kategori) == (f"Dinas {body.name}", "normatif")
        assert (row.tindak_lanjut, row.tanggal_selesai) == ("Sudah ditambal.", "")
        assert row.status == "Menunggu tanggapan pelapor"
        assert (row.anonim, row.rahasia) == ("ya", "tidak")

    def test_nobody_is_named_in_any_mode(self) -> None:
        identity = {"name": "Penanda Xqzw", "email": "xqzw@example.com", "phone": "081299887766"}
        for mode in ("terbuka", "rahasia", "anonim"):
            report(NOW, reporter=cases.Reporter(identity=identity, mode=mode))
        text = json.dumps(sp4n.as_document(list(rows().values()), NOW))
        assert not [value for value in identity.values() if value in text]
        assert {r.rahasia for r in rows().values()} == {"ya", "tidak"}

    def test_numbers_of_persons_in_long_texts_are_masked(self) -> None:
        body = "Panjang. " * 400 + "\nHubungi 081234567890 atau budi.santoso@gmail.com."
        opened = report(NOW, body=body)
        told = rows()[opened.case.number or ""].isi
        assert "081234567890" not in told
        assert "budi.santoso" not in told
        assert told.count("Panjang.") == 400

    def test_other_days_are_left_out(self) -> None:
        opened = report(NOW)
        other = date(2031, 3, 6)
        numbers = {r.nomor for r in sp4n.rows(model.Session, other, other, site=SITE)}
        assert opened.case.number not in numbers

    def test_what_is_not_confirmed_is_left_out(self) -> None:
        identity = {"name": "A", "email": "a@example.com"}
        before = set(rows())
        report(NOW, reporter=cases.Reporter(identity=identity), confirm=True)
        assert set(rows()) == before


class TestCsv:
    def test_no_cell_is_a_formula(self) -> None:
        opened = report(NOW, title='=HYPERLINK("http://x")')
        table = csv.DictReader(io.StringIO(sp4n.as_csv(rows().values()).decode("utf-8-sig")))
        row = next(r for r in table if r["nomor"] == opened.case.number)
        assert row["judul"].startswith("'=")

    def test_lines_of_a_text_stay_in_their_cell(self) -> None:
        opened = report(NOW, body='Baris "satu";\nbaris dua, selesai.')
        content = sp4n.as_csv(rows().values()).decode("utf-8-sig")
        row = next(
            r
            for r in csv.DictReader(io.StringIO(content, newline=""))
            if r["nomor"] == opened.case.number
        )
        assert row["isi"] == 'Baris "satu";\nbaris dua, selesai.'
