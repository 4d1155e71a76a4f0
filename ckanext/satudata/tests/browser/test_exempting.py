"""A walidata lets a column pass that holds numbers but no data, and the public sees why."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from ckanext.satudata.demo import metadata

from .pages import Portal
from .server import Server

OPERATOR, WALIDATA = "disperindagkop-ukm", "diskominfo"
NAME = "daftar-kios-pasar"
REASON = "Luas kios adalah keterangan tiap kios, bukan angka statistik."


class TestExempting:
    def test_from_the_report_to_the_public_note(
        self,
        server: Server,
        visitor: Portal,
        screenshot: Callable[..., None],
        tmp_path: Path,
    ):
        page = visitor.page
        activity = server.call(
            "package_create", **metadata.activity(f"{NAME}-kegiatan", OPERATOR, "2025")
        )
        wanted = metadata.dataset(
            NAME, OPERATOR, activity["id"], title="Daftar Kios Pasar", state="draft"
        )
        draft = server.call("package_create", **wanted)
        path = tmp_path / "kios.csv"
        path.write_text("No;Nama Kios;Luas\n1;Kios A;12\n2;Kios B;9\n3;Kios C;10,5\n")
        with path.open("rb") as file:
            server.call(
                "resource_create",
                files={"upload": file},
                package_id=draft["id"],
                name="kios.csv",
                schema=json.dumps({"fields": [], "satudata": {"reason": "Daftar kios."}}),
            )
        visitor.log_in(server.operator_of(OPERATOR))
        visitor.open_dataset(NAME)
        visitor.publish()
        (finding,) = [f for f in visitor.findings() if f.rule == "tabel-berisi-angka"]
        assert "walidata" in finding.text
        report = page.url
        assert not page.locator(".sd-exempt").count()

        page.context.clear_cookies()
        visitor.log_in(server.operator_of(WALIDATA))
        page.goto(report)
        page.locator(".sd-exempt summary").click()
        page.fill(".sd-exempt textarea", REASON)
        screenshot("7-exempting")
        with page.expect_navigation():
            page.click(".sd-exempt button")
        server.call("package_patch", id=NAME, state="active")
        visitor.open_dataset(NAME)
        screenshot("8-exemption-of-the-walidata")
        assert page.locator(".sd-exemption form").count() == 1

        page.context.clear_cookies()
        visitor.open_dataset(NAME)
        screenshot("9-exemption-for-the-public")
        assert REASON in page.locator(".sd-exemption").inner_text()
        assert not page.locator(".sd-exemption form").count()
