"""Uploaded files must not run as pages of the portal."""

from __future__ import annotations

import pytest
from ckan.tests.helpers import call_action

SCRIPT = b"Kode;Nama\r\n1;<script>alert(1)</script>\r\n"


@pytest.fixture
def address(agency, new_draft):
    """Gives the address of an uploaded file that claims a media type."""

    def make(mimetype: str, content: bytes = SCRIPT) -> str:
        draft = new_draft(agency, content)
        (resource,) = draft["resources"]
        call_action("resource_patch", id=resource["id"], mimetype=mimetype)
        return f"/dataset/{draft['id']}/resource/{resource['id']}/download"

    return make


class TestDownload:
    @pytest.mark.parametrize(
        "mimetype", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "odd"]
    )
    def test_what_could_run_is_saved(self, app, agency, address, mimetype):
        answer = app.get(f"{address(mimetype)}/tabel.csv", headers=agency.headers)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.data == SCRIPT

    def test_the_addresss_ending_makes_no_page_of_a_table(self, app, agency, address):
        answer = app.get(f"{address('')}/tabel.html", headers=agency.headers)
        assert "html" not in answer.headers["Content-Type"] or answer.headers[
            "Content-Disposition"
        ].startswith("attachment")

    @pytest.mark.parametrize("mimetype", ["application/pdf", "image/png", "text/csv"])
    def test_what_browsers_show_is_shown(self, app, agency, address, mimetype):
        answer = app.get(f"{address(mimetype)}/berkas", headers=agency.headers)
        assert answer.headers["Content-Type"].startswith(mimetype)
        assert not answer.headers.get("Content-Disposition", "").startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

    def test_pages_are_left_alone(self, app, portal):
        assert "Content-Disposition" not in app.get("/dataset/").headers
