"""The dataset's page tells by itself how far work in the background is."""

from __future__ import annotations

import io
from collections.abc import Callable

from playwright.sync_api import expect

from ckanext.satudata.demo import metadata

from .pages import Portal
from .server import Server

AGENCY = "disperindagkop-ukm"
NAME = "daftar-pasar-rakyat"
REGION = "[data-sd-progress]"
#: Milliseconds; the page looks again after at most fifteen seconds.
PATIENCE = 60_000


class TestProgress:
    def test_from_waiting_to_public_without_loading_the_page(
        self, server: Server, visitor: Portal, screenshot: Callable[..., None]
    ):
        page = visitor.page
        activity = server.call(
            "package_create", **metadata.activity(f"{NAME}-kegiatan", AGENCY, "2025")
        )
        wanted = metadata.dataset(NAME, AGENCY, activity["id"], title="Daftar Pasar Rakyat")
        dataset = server.call("package_create", **wanted)
        document = server.call(
            "resource_create",
            files={"upload": ("pasar.pdf", io.BytesIO(b"%PDF-1.4 Daftar pasar."))},
            package_id=dataset["id"],
            name="Daftar",
        )
        revision = server.call(
            "satudata_revision_prepare",
            files={"upload": ("pasar.pdf", io.BytesIO(b"%PDF-1.4 Daftar lengkap."))},
            id=dataset["id"],
            resource_id=document["id"],
            note="Dilengkapi.",
        )["id"]

        def becomes(state: str, stage: str = "", done: int = 0) -> None:
            statement = (
                "UPDATE satudata_revision SET state = %s, stage = %s, done = %s, total = 4 "
                "WHERE id = %s"
            )
            server.sql(statement, state, stage, done, revision)

        becomes("queued")
        visitor.log_in(server.operator_of(AGENCY))
        visitor.open_dataset(NAME)
        region = page.locator(REGION)
        expect(region).to_be_visible()
        page.evaluate("() => { window.notLoadedAgain = true }")
        becomes("running", "read", 2)
        bar = region.locator("progress")
        expect(bar).to_have_attribute("value", "2", timeout=PATIENCE)
        becomes("running", "read", 3)
        expect(bar).to_have_attribute("value", "3", timeout=PATIENCE)
        screenshot("10-progress")

        server.ckan("satudata", "due")
        server.ckan("jobs", "worker", "--burst")
        again = region.get_by_role("link")
        expect(again).to_have_attribute("href", f"/dataset/{dataset['id']}", timeout=PATIENCE)
        assert page.evaluate("() => window.notLoadedAgain")
        with page.expect_navigation():
            again.click()
        assert not page.locator(REGION).count()
