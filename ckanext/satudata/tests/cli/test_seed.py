from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import helpers

from ckanext.satudata.cli import satudata
from ckanext.satudata.store.reference import load_shipped


@pytest.fixture(scope="module", autouse=True)
def emptied_again(reset_db):
    """Nothing seeded stays: others' agencies would find that seeded indicators have producers."""
    yield
    reset_db()


@pytest.fixture
def empty(clean_db: None) -> None:
    """A portal without any body, with reference data."""
    load_shipped(model.Session)
    model.Session.commit()


def seed(cli: Any, kabupaten: str, *options: str) -> str:
    result = cli.invoke(satudata, ["seed", kabupaten, *options], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.usefixtures("empty")
class TestSeed:
    def test_second_run_leaves_everything_and_finishes_what_was_interrupted(
        self, cli: Any, tmp_path: Path
    ) -> None:
        path = tmp_path / "users.json"
        first = seed(cli, "sintang", "--credentials", str(path))
        written = path.read_bytes()
        site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]

        def act(action: str, **data: Any) -> None:
            tk.get_action(action)({"ignore_auth": True, "user": site}, data)

        act("organization_patch", id="dinkes", tupoksi="Diubah admin.")
        act("organization_member_delete", id="bps", username="bps-operator")
        act("satudata_indicator_delete", id="LOK.STOK_PASAR")
        second = seed(cli, "sintang", "--credentials", str(path))

        assert first.splitlines() == [
            "organizations   30 made,   0 there before",
            "users           36 made,   0 there before",
            "indicators      23 made,   0 there before",
        ]
        assert second.splitlines() == [
            "organizations    0 made,  30 there before",
            "users            1 made,  35 there before",
            "indicators       1 made,  22 there before",
        ]
        assert path.read_bytes() == written
        assert helpers.call_action("organization_show", id="dinkes")["tupoksi"] == "Diubah admin."

    def test_users_sign_in_and_may_what_their_body_and_role_allow(
        self, cli: Any, tmp_path: Path
    ) -> None:
        path = tmp_path / "users.json"
        seed(cli, "sintang", "--credentials", str(path))
        passwords = {u["user"]: u["password"] for u in json.loads(path.read_text())}

        def may(action: str, user: str) -> bool:
            try:
                return helpers.call_auth(action, {"user": user, "model": model}, id="bps")
            except tk.NotAuthorized:
                return False

        assert all(model.User.get(name).validate_password(p) for name, p in passwords.items())
        assert not may("organization_update", "bps-operator")
        assert may("organization_update", "bps-admin")
        assert not may("satudata_indicator_create", "bps-admin")
        assert may("satudata_indicator_create", "diskominfo-operator")

    def test_kecamatan_codes_and_mandates_without_users(self, cli: Any) -> None:
        seed(cli, "sintang")
        shown = helpers.call_action("organization_show", id="kecamatan-sungai-tebelian")
        names = helpers.call_action("organization_list")
        listed = helpers.call_action("satudata_indicator_list")["results"]
        producers = {i["code"]: i["producer"]["name"] for i in listed}

        assert (shown["kode_kemendagri"], shown["kode_bps"]) == ("61.05.20", "6107130")
        assert sum(name.startswith("kecamatan-") for name in names) == 14
        assert producers["LOK.KEBUTUHAN_PANGAN"] == "dkpp"
        assert (producers["SD00282.01"], producers["SD00282.02"]) == ("bps", "disdukcapil")
        assert model.User.get("bps-operator") is None

    @pytest.mark.ckan_config("ckanext.satudata.home_region", "64.08")
    def test_kutai_timur(self, cli: Any) -> None:
        output = seed(cli, "kutim")

        assert "organizations   36 made" in output
        names = helpers.call_action("organization_list")
        assert sum(name.startswith("kecamatan-") for name in names) == 18

    def test_other_kabupaten_is_refused(self, cli: Any) -> None:
        result = cli.invoke(satudata, ["seed", "kutim"])

        assert result.exit_code == 1
        assert "64.08" in result.output
        assert helpers.call_action("organization_list") == []


@pytest.mark.usefixtures("clean_db")
class TestWithoutReferenceData:
    def test_says_what_to_do(self, cli: Any) -> None:
        result = cli.invoke(satudata, ["seed", "sintang"])

        assert result.exit_code == 1
        assert "reference load" in result.output
