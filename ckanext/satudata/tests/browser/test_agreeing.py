"""Two agencies with two figures agree that both stay; the public sees why beside each."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from ckanext.satudata.demo import metadata
from ckanext.satudata.tests.worlds import KECAMATAN, Table

from .pages import Portal
from .server import Server

FIRST, SECOND = "dkpp", "disperindagkop-ukm"
NOTE = "Disperindagkop menghitung juga kebutuhan industri rumah tangga; Ketahanan Pangan tidak."


class TestAgreeing:
    def test_from_a_conflict_to_two_explained_figures(
        self,
        server: Server,
        visitor: Portal,
        screenshot: Callable[[str], None],
        tmp_path: Path,
    ):
        page = visitor.page
        code = f"LOK.UJI_{uuid.uuid4().hex[:8].upper()}"
        holder = server.call("organization_show", id=FIRST)
        server.call(
            "satudata_indicator_create",
            code=code,
            name="Kebutuhan gula (contoh)",
            name_en="Need of sugar (example)",
            konsep=code.lower(),
            definition="Gula yang dibutuhkan dalam setahun.",
            definition_en="Sugar needed in a year.",
            ukuran="jumlah",
            unit="ton",
            producer_org=holder["id"],
        )
        names = [
            _dataset(server, tmp_path, code, body, n) for n, body in enumerate((FIRST, SECOND))
        ]
        server.call("package_patch", id=names[0], state="active")

        visitor.log_in(server.operator_of(SECOND))
        visitor.open_dataset(names[1])
        visitor.publish()
        with page.expect_navigation():
            page.click("a[href*='/satudata/kesepakatan/usul']")
        page.check("#kind-keduanya_berlaku")
        page.fill("#note", NOTE)
        screenshot("agreement-1-proposing")
        _accessible(page)
        with page.expect_navigation():
            page.click(".sd-proposal button[type=submit]")
        address = page.url
        screenshot("agreement-2-waiting")
        _accessible(page)
        with page.expect_navigation():
            page.click(".sd-answer button.btn-primary")

        page.context.clear_cookies()
        visitor.log_in(server.operator_of(FIRST))
        page.goto(address)
        # By the keyboard alone.
        page.focus(".sd-answer button.btn-primary")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.locator("h1 .sd-badge-ok").count() == 1
        server.call("package_patch", id=names[1], state="active")

        page.context.clear_cookies()
        page.goto(address)
        screenshot("agreement-3-in-force")
        _accessible(page)
        assert NOTE in page.locator(".sd-lead").inner_text()
        for name in names:
            visitor.open_dataset(name)
            assert NOTE in page.locator(".sd-agreement-note").inner_text()
        screenshot("agreement-4-beside-figures")
        page.goto(f"/satudata/indikator/{code}")
        screenshot("agreement-5-indicator")
        assert page.locator("td .sd-agreement-mark").count() == 2
        page.goto("/satudata/kesepakatan")
        screenshot("agreement-6-register")
        _accessible(page)


def _dataset(server: Server, folder: Path, code: str, body: str, number: int) -> str:
    """A draft with a table; the second one says something else about the first kecamatan."""
    name = f"kebutuhan-gula-{body}-{code[-8:].lower()}"
    activity = server.call("package_create", **metadata.activity(f"kegiatan-{name}", body, "2025"))
    wanted = metadata.dataset(
        name,
        body,
        activity["id"],
        title=f"Kebutuhan Gula menurut {body}",
        state="draft",
        status_angka="P",
        kebijakan_revisi="Sewaktu-waktu.",
    )
    draft = server.call("package_create", **wanted)
    table = Table(
        code, {k: 100.0 + n + (150 * number if n == 0 else 0) for n, k in enumerate(KECAMATAN)}
    )
    path = folder / f"{name}.csv"
    path.write_bytes(table.content())
    with path.open("rb") as file:
        server.call(
            "resource_create",
            files={"upload": file},
            package_id=draft["id"],
            name="gula.csv",
            format="CSV",
            schema=json.dumps(table.declaration()),
        )
    return name


def _accessible(page) -> None:
    """No violation of the rules that axe-core knows, in what is ours."""
    found = Axe().run(page, context=".primary")
    assert found.violations_count == 0, found.generate_report()
