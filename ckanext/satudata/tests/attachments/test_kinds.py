"""What is taken, and what is left of it."""

from __future__ import annotations

import io
import os
import zlib

import pytest
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from ckanext.satudata.attachments import pictures
from ckanext.satudata.attachments.kinds import examined
from ckanext.satudata.attachments.refusal import Refusal
from ckanext.satudata.tests.attached import pdf, picture, zipped

OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."


@pytest.fixture(autouse=True)
def _portal(portal: None) -> None:
    """Refusals are told in the page's language."""


def workbook() -> bytes:
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def word(**more: str) -> bytes:
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>", **more})


class TestTaken:
    @pytest.mark.parametrize(
        ("content", "name", "media_type", "suffix"),
        [
            (pdf(), "a.exe", "application/pdf", ".pdf"),
            (picture("PNG"), "a.pdf", "image/png", ".png"),
            (picture("JPEG"), "a", "image/jpeg", ".jpg"),
            (picture("WEBP"), "a", "image/webp", ".webp"),
            (workbook(), "a.zip", OOXML + "spreadsheetml.sheet", ".xlsx"),
            (word(), "a.docx", OOXML + "wordprocessingml.document", ".docx"),
            (zipped({"mimetype": ODF + "text", "content.xml": "<a/>"}), "a", ODF + "text", ".odt"),
            (
                zipped({"peta/desa.shp": b"\0", "peta/desa.dbf": b"\0"}),
                "a",
                "application/zip",
                ".zip",
            ),
            (b"kecamatan;jiwa\nSepauk;100\n", "a.csv", "text/csv", ".csv"),
            (
                "Tolong diperbaiki, jalannya rusak — terima kasih.".encode(),
                "a.txt",
                "text/plain",
                ".txt",
            ),
        ],
    )
    def test_by_content_whatever_the_name_says(
        self, content: bytes, name: str, media_type: str, suffix: str
    ) -> None:
        found = examined(content, name)
        assert (found.media_type, found.suffix) == (media_type, suffix)

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (b"<!DOCTYPE html><script>alert(1)</script>", "a.pdf"),
            (b"  <svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.csv"),
            (b"<?xml version='1.0'?><svg/>", "a.png"),
            (b"#!/bin/sh\nrm -rf /\n", "a.txt"),
            (b"MZ\x90\0\x03" + bytes(200), "a.jpg"),
            (b"\x7fELF" + bytes(200), "a.pdf"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls"),
            (picture("GIF"), "a.png"),
            (picture("BMP"), "a.png"),
            (b"{\\rtf1 halo}", "a.txt"),
            (os.urandom(300), "a.csv"),
            (b"a,b\n1,\x002\n", "a.csv"),
        ],
    )
    def test_what_can_run_or_is_unknown_is_refused(self, content: bytes, name: str) -> None:
        with pytest.raises(Refusal):
            examined(content, name)

    def test_a_place_may_take_less(self) -> None:
        with pytest.raises(Refusal):
            examined(b"a,b\n1,2\n", "a.csv", only=frozenset({"application/pdf"}))


class TestPictures:
    def test_place_and_telephone_are_gone_and_up_stays_up(self) -> None:
        exif = Image.Exif()
        exif[0x0110] = "Telepon Budi"
        exif[0x0112] = 6  # lies on its side
        exif.get_ifd(0x8825).update({1: "S", 2: (0.0, 4.0, 33.3), 3: "E", 4: (111.0, 29.0, 1.1)})
        given = picture("JPEG", (40, 30), exif=exif, comment=b"rumah Budi")
        assert b"Telepon Budi" in given

        made = examined(given, "a.jpg").content

        shown = Image.open(io.BytesIO(made))
        assert shown.size == (30, 40)
        assert not shown.getexif()
        assert "exif" not in shown.info
        assert "comment" not in shown.info
        assert not [word for word in (b"Budi", b"Exif") if word in made]

    def test_what_hangs_on_a_picture_is_gone(self) -> None:
        made = examined(picture("PNG") + b"<script>alert(1)</script>", "a.png").content
        assert b"script" not in made
        assert Image.open(io.BytesIO(made)).getpixel((0, 0)) == (255, 0, 0)

    def test_what_is_clear_stays_clear(self) -> None:
        out = io.BytesIO()
        Image.new("RGBA", (2, 2), (0, 0, 0, 0)).save(out, "PNG")
        made = Image.open(io.BytesIO(examined(out.getvalue(), "a.png").content))
        assert made.getpixel((0, 0)) == (0, 0, 0, 0)

    def test_a_bomb_is_not_opened(self, monkeypatch: pytest.MonkeyPatch) -> None:
        opened = []
        monkeypatch.setattr(pictures, "_drawn", opened.append)
        header = b"\x00\x00\xff\xff\x00\x00\xff\xff\x08\x02\x00\x00\x00"
        chunk = b"IHDR" + header
        size = len(header).to_bytes(4, "big")
        bomb = b"\x89PNG\r\n\x1a\n" + size + chunk + zlib.crc32(chunk).to_bytes(4, "big")
        bomb += (2).to_bytes(4, "big") + b"IDATxx" + zlib.crc32(b"IDATxx").to_bytes(4, "big")
        with pytest.raises(Refusal):
            examined(bomb, "a.png")
        assert opened == []

    def test_a_damaged_one_is_refused(self) -> None:
        with pytest.raises(Refusal, match="damaged"):
            examined(picture("PNG")[:20] + b"x" * 60, "a.png")

    def test_a_large_photograph_becomes_smaller(self) -> None:
        made = examined(picture("JPEG", (9000, 6000)), "a.jpg").content
        assert Image.open(io.BytesIO(made)).size == (4000, 2667)


class TestPdf:
    @pytest.mark.parametrize(
        ("change", "said"), [("script", "program"), ("file", "other files"), ("locked", "password")]
    )
    def test_programs_files_and_locks_are_refused(self, change: str, said: str) -> None:
        with pytest.raises(Refusal, match=said):
            examined(pdf(change), "a.pdf")

    @pytest.mark.parametrize("kind", ["/Launch", "/SubmitForm", "/ImportData", "/JavaScript"])
    def test_actions_that_run_are_found_in_packed_objects(self, kind: str) -> None:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
        action = DictionaryObject(
            {NameObject("/S"): NameObject(kind), NameObject("/F"): TextStringObject("x")}
        )
        writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
        out = io.BytesIO()
        writer.write(out)
        with pytest.raises(Refusal):
            examined(out.getvalue(), "a.pdf")

    @pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\n1 0 obj<</S/JavaScript>>"])
    def test_damaged_ones_are_refused(self, content: bytes) -> None:
        with pytest.raises(Refusal):
            examined(content, "a.pdf")


class TestDocuments:
    @pytest.mark.parametrize(
        "content",
        [
            word(**{"word/vbaProject.bin": "x"}),
            word(**{"word/embeddings/oleObject1.bin": "x"}),
            word(**{"word/_rels/settings.xml.rels": '<R Type="attachedTemplate" T="http://x"/>'}),
            zipped({"xl/workbook.xml": "<w/>", "xl/macrosheets/sheet1.xml": "<m/>"}),
            zipped(
                {"xl/workbook.xml": "<w/>", "[Content_Types].xml": "sheet.macroEnabled.main+xml"}
            ),
            zipped({"mimetype": ODF + "spreadsheet", "Basic/Standard/Module1.xml": "<x/>"}),
        ],
    )
    def test_macros_are_refused(self, content: bytes) -> None:
        with pytest.raises(Refusal, match="macros"):
            examined(content, "a.docx")

    @pytest.mark.parametrize(
        "name", ["a.exe", "peta/a.html", "../a.csv", "/etc/a.csv", "a", "b.zip"]
    )
    def test_archives_hold_harmless_files_only(self, name: str) -> None:
        with pytest.raises(Refusal, match="not taken"):
            examined(zipped({"baik.csv": "a", name: "x"}), "a.zip")

    def test_a_bomb_is_refused(self) -> None:
        content = zipped({f"{n}.csv": b"\0" * 60_000_000 for n in range(10)})
        assert len(content) < 1_000_000
        with pytest.raises(Refusal, match="unpacked"):
            examined(content, "a.zip")
