"""What each person sees of a meeting, and what it leaves behind."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import segno
from ckan.tests import factories
from pypdf import PdfReader
from werkzeug.datastructures import FileStorage

from ckanext.satudata.tests.attached import pdf
from ckanext.satudata.tests.workflow.disputes import Dispute, begun, row
from ckanext.satudata.tests.worlds import act, agency, sysadmin, unique, walidata_editor


def _picture() -> bytes:
    out = io.BytesIO()
    segno.make("tanda tangan").save(out, kind="png")
    return out.getvalue()


PNG = _picture()
#: Alone: digits stand in identifiers, too.
DRAFT_FIGURE = re.compile(r"\b555\b")


class Story:
    """A meeting about two disputes: one is settled, the other escalated."""

    def __init__(self) -> None:
        self.walidata = walidata_editor()
        self.settled, self.escalated = Dispute(), Dispute()
        pembina = agency(unique("bps"))
        act("organization_patch", sysadmin(), id=pembina.id, peran=["pembina", "produsen"])
        self.pembina = pembina.user
        self.held = begun()["id"]
        self.before = self.seen_by_all()
        item = self.settled.item(self.held)
        self.settled_id = item.id
        act(
            "satudata_agenda_item_decide",
            self.walidata,
            id=item.id,
            version=item.version,
            outcome="angka_disepakati",
            choice="lain",
            values=["321.5"],
            note="Hasil verifikasi lapangan.",
        )
        act(
            "satudata_agenda_item_update",
            self.walidata,
            id=item.id,
            version=1,
            note="Ucapan yang tidak untuk umum.",
        )
        item = self.escalated.item(self.held)
        self.escalated_id = item.id
        act(
            "satudata_agenda_item_decide",
            self.walidata,
            id=item.id,
            version=item.version,
            outcome="eskalasi_bupati",
            note="Kedua pihak bertahan.",
        )
        for line in self.shown(self.walidata)["attendance"]:
            if line["organization"] == self.settled.holder.id:
                act(
                    "satudata_attendance_set",
                    self.walidata,
                    id=self.held,
                    row=line["id"],
                    version=line["version"],
                    name="Siti Aminah",
                    position="Kepala Bidang",
                    present=True,
                )
        act("satudata_meeting_close", self.walidata, id=self.held)

    @property
    def everybody(self) -> dict[str, str | None]:
        """People by the part they have."""
        return {
            "visitor": None,
            "stranger": self.settled.stranger.user,
            "party": self.settled.other.user,
            "pembina": self.pembina,
            "walidata": self.walidata,
        }

    def shown(self, user: str | None) -> dict[str, Any]:
        """The meeting as a person sees it."""
        return act("satudata_meeting_show", user, id=self.held)

    def seen_by_all(self) -> dict[str, dict[str, Any]]:
        """The meeting as each of them sees it."""
        return {name: self.shown(user) for name, user in self.everybody.items()}

    def own_items(self, shown: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """The two items of the story among those that are shown."""
        wanted = {self.settled_id: "settled", self.escalated_id: "escalated"}
        return {wanted[i["id"]]: i for i in shown["items"] if i["id"] in wanted}


@pytest.fixture(scope="module")
def story(module_portal: None) -> Story:
    return Story()


class TestWhoSeesWhat:
    def test_before_it_is_closed_each_sees_what_concerns_them(self, story: Story) -> None:
        found = {name: set(story.own_items(m)) for name, m in story.before.items()}
        assert found == {
            "visitor": set(),
            "stranger": set(),
            "party": {"settled"},
            "pembina": {"settled", "escalated"},
            "walidata": {"settled", "escalated"},
        }

    def test_whoever_sees_no_item_sees_no_figure_and_no_title(self, story: Story) -> None:
        for name in ("visitor", "stranger"):
            text = json.dumps(story.before[name])
            assert not DRAFT_FIGURE.search(text)
            assert story.settled.code not in text
            assert story.settled.draft["title"] not in text
            assert story.before[name]["hidden"] >= 2

    def test_the_public_sees_decisions_but_no_figures_of_what_is_open(self, story: Story) -> None:
        shown = story.shown(None)
        found = story.own_items(shown)
        assert {n: i["outcome"] for n, i in found.items()} == {
            "settled": "angka_disepakati",
            "escalated": "eskalasi_bupati",
        }
        text = json.dumps(shown)
        assert not DRAFT_FIGURE.search(text)
        for secret in (
            "321.5",  # agreed on, and not in force before both have accepted it
            story.settled.draft["title"],
            "Ucapan yang tidak untuk umum.",
            "Siti Aminah",
        ):
            assert secret not in text

    def test_parties_see_their_own_and_of_others_what_everybody_sees(self, story: Story) -> None:
        found = story.own_items(story.shown(story.settled.other.user))
        assert found["settled"]["decision"]["values"] == ["321.5"]
        assert found["settled"]["note"] == "Ucapan yang tidak untuk umum."
        assert found["escalated"]["snapshot"] == {}

    def test_minutes_are_what_they_were_whatever_happens_to_the_rows(self, story: Story) -> None:
        kept = row(story.held).minutes
        dataset = story.settled.draft["id"]
        act("package_patch", story.settled.other.user, id=dataset, title="Judul lain")
        assert row(story.held).minutes == kept


class TestEscalations:
    def test_only_those_concerned_see_them(self, story: Story) -> None:
        listed = {
            name: {i["id"] for i in act("satudata_escalation_list", user)}
            for name, user in story.everybody.items()
            if user and name != "party"
        }
        assert story.escalated_id not in listed["stranger"]
        assert story.escalated_id in listed["pembina"] & listed["walidata"]


class TestDocuments:
    def pdf(self, app: Any, address: str, user: str | None) -> PdfReader:
        headers = {"Authorization": factories.APIToken(user=user)["token"]} if user else {}
        answer = app.get(address, headers=headers)
        assert answer.headers["Content-Type"] == "application/pdf"
        return PdfReader(io.BytesIO(answer.get_data()))

    def text(self, reader: PdfReader) -> str:
        return " ".join(" ".join(p.extract_text() for p in reader.pages).split())

    def test_the_berita_acara_has_its_number_decisions_and_signatures(
        self, story: Story, app: Any
    ) -> None:
        number = story.shown(None)["number"]
        reader = self.pdf(app, f"/satudata/rapat/{story.held}/berita-acara.pdf", story.walidata)
        text = self.text(reader)
        assert number in text
        assert "KABUPATEN SINTANG" in text
        assert "321.5" in text
        assert "Hasil verifikasi lapangan." in text
        assert "Siti Aminah" in text
        assert f"/satudata/rapat/{story.held}" in text.replace(" ", "")
        assert 1 <= len(reader.pages) <= 30

    def test_the_publics_one_has_no_figures_that_are_not_public(
        self, story: Story, app: Any
    ) -> None:
        for name in ("berita-acara", "notulen"):
            text = self.text(self.pdf(app, f"/satudata/rapat/{story.held}/{name}.pdf", None))
            assert not re.search(r"\b321[.,]5\b", text)
            assert not DRAFT_FIGURE.search(text)
            assert "Siti Aminah" not in text

    def test_the_minutes_have_what_was_said(self, story: Story, app: Any) -> None:
        address = f"/satudata/rapat/{story.held}/notulen.pdf"
        assert "Ucapan yang tidak untuk umum." in self.text(self.pdf(app, address, story.walidata))

    def test_nothing_is_fetched_for_a_document(self) -> None:
        from weasyprint.urls import FatalURLFetchingError

        from ckanext.satudata.views import pdf

        for address in ("file:///etc/passwd", "http://127.0.0.1:9/x.png"):
            with pytest.raises(FatalURLFetchingError):
                pdf.printed(f'<html lang="id"><title>x</title><img alt="x" src="{address}">')


class TestAttachments:
    def attach(self, story: Story, content: bytes, name: str) -> dict[str, Any]:
        upload = FileStorage(io.BytesIO(content), filename=name)
        return act("satudata_meeting_attach", story.walidata, id=story.held, upload=upload)

    def test_a_scan_is_told_by_its_content_not_by_its_name(self, story: Story) -> None:
        shown = self.attach(story, pdf(), "..\\..\\ber/ita.exe")
        assert {"ita.pdf"} <= {a["filename"] for a in shown["attachments"]}

    @pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"MZ\x90\0", b"PK\x03\x04"])
    def test_anything_else_is_refused(self, story: Story, content: bytes) -> None:
        with pytest.raises(tk.ValidationError) as refused:
            self.attach(story, content, "berita-acara.pdf")
        assert "upload" in refused.value.error_dict

    def test_those_concerned_get_it_as_a_file_and_others_do_not(
        self, story: Story, app: Any
    ) -> None:
        shown = self.attach(story, PNG, "tanda tangan.png")
        name = shown["attachments"][-1]["id"]
        address = f"/satudata/lampiran/{name}"
        statuses = {}
        for part, user in story.everybody.items():
            headers = {"Authorization": factories.APIToken(user=user)["token"]} if user else {}
            answer = app.get(address, headers=headers, follow_redirects=False)
            statuses[part] = answer.status_code
            if part == "walidata":
                assert answer.get_data().startswith(PNG[:8])
                assert "attachment" in answer.headers["Content-Disposition"]
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert statuses == {
            "visitor": 302,
            "stranger": 403,
            "party": 200,
            "pembina": 200,
            "walidata": 200,
        }

    def test_before_the_meeting_is_closed_there_is_nothing_to_sign(self, story: Story) -> None:
        held = begun()
        upload = FileStorage(io.BytesIO(PNG), filename="a.png")
        with pytest.raises(tk.ValidationError):
            act("satudata_meeting_attach", story.walidata, id=held["id"], upload=upload)


class TestMode:
    def headers(self, user: str) -> dict[str, str]:
        return {"Authorization": factories.APIToken(user=user)["token"]}

    def test_a_stale_note_is_answered_with_what_stands_there(self, story: Story, app: Any) -> None:
        held = begun()
        item = act(
            "satudata_agenda_item_create", story.walidata, meeting_id=held["id"], title="Butir"
        )
        address = f"/satudata/rapat/{held['id']}/butir/{item['id']}/catatan"
        headers = {**self.headers(story.walidata), "Accept": "application/json"}
        first = app.post(address, data={"version": "1", "note": "Kiri"}, headers=headers)
        assert first.json == {"version": 2}
        second = app.post(address, data={"version": "1", "note": "Kanan"}, headers=headers)
        assert second.status_code == 409
        assert second.json["current"] == {"note": "Kiri", "version": 2}

    def test_without_a_script_both_texts_are_on_the_page(self, story: Story, app: Any) -> None:
        held = begun()
        item = act(
            "satudata_agenda_item_create", story.walidata, meeting_id=held["id"], title="Butir"
        )
        act(
            "satudata_agenda_item_update",
            story.walidata,
            id=item["id"],
            version=1,
            note="Tulisan kiri",
        )
        address = f"/satudata/rapat/{held['id']}/butir/{item['id']}/catatan"
        answer = app.post(
            address,
            data={"version": "1", "note": "Tulisan kanan"},
            headers=self.headers(story.walidata),
            follow_redirects=False,
        )
        assert answer.status_code == 409
        assert "Tulisan kiri" in answer.body
        assert "Tulisan kanan" in answer.body

    def test_the_state_costs_nothing_while_nothing_changes(self, story: Story, app: Any) -> None:
        held = begun()
        address = f"/satudata/rapat/{held['id']}/keadaan"
        headers = self.headers(story.walidata)
        first = app.get(address, headers=headers)
        tag = first.headers["ETag"]
        assert app.get(address, headers={**headers, "If-None-Match": tag}).status_code == 304
        act("satudata_agenda_item_create", story.walidata, meeting_id=held["id"], title="Baru")
        changed = app.get(address, headers={**headers, "If-None-Match": tag})
        assert changed.status_code == 200
        assert len(changed.json["items"]) == len(first.json["items"]) + 1

    def test_the_chart_shows_the_series_and_loads_nothing(self, story: Story, app: Any) -> None:
        dispute = Dispute()
        held = begun()
        item = dispute.item(held["id"]).id
        address = f"/satudata/rapat/{held['id']}/butir/{item}/grafik.svg"
        answer = app.get(address, headers=self.headers(story.walidata))
        assert answer.headers["Content-Type"].startswith("image/svg+xml")
        assert "<svg" in answer.body
        assert "2025" in answer.body
        assert "<script" not in answer.body
