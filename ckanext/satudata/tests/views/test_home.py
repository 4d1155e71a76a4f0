"""The home page."""

from __future__ import annotations

import pytest

from ckanext.satudata.tests.worlds import KECAMATAN, Table, act, agency
from ckanext.satudata.tests.worlds import indicator as new_indicator

pytestmark = pytest.mark.usefixtures("portal")


class TestLatestReleases:
    @pytest.fixture
    def released(self):
        holder = agency("uji-pemegang")
        table = Table(new_indicator(producer_org=holder.id), dict.fromkeys(KECAMATAN, 1.5))
        return holder, holder.published(table, title="Rilis terbaru untuk beranda")

    def test_a_release_is_shown_and_an_unpublished_one_is_not(self, app, released):
        holder, dataset = released
        link = f'href="/dataset/{dataset["name"]}"'
        assert link in app.get("/").body
        act("package_patch", holder.user, id=dataset["id"], state="draft")
        assert link not in app.get("/").body
