"""What browsers run of others: locked, licensed, and served by the portal itself."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ckanext.satudata import built

FRONTEND = Path(__file__).resolve().parents[3] / "frontend"
BUNDLES = json.loads((FRONTEND / "bundles.json").read_text("utf-8"))


class TestBundles:
    @pytest.mark.parametrize("name", sorted(BUNDLES))
    @pytest.mark.usefixtures("portal")
    def test_the_portal_serves_each(self, app: Any, name: str) -> None:
        address = built.address_of(f"{name}.js")
        assert address is not None
        assert app.get(address).status_code == 200

    def test_one_that_was_not_made_has_no_address(self) -> None:
        assert built.address_of("tidak-ada.js") is None

    def test_a_page_works_where_nothing_was_made(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(built, "FOLDER", tmp_path)
        assert built.address_of("proof.js") is None

    def test_each_package_has_its_licence(self) -> None:
        said = (built.FOLDER / "licences.txt").read_text("utf-8")
        wanted = json.loads((FRONTEND / "package.json").read_text("utf-8"))["dependencies"]
        for name, version in wanted.items():
            assert f"{name} {version} (" in said
        assert "Permission is hereby granted" in said

    def test_every_package_is_locked_by_its_content(self) -> None:
        lock = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))
        packages = {name: facts for name, facts in lock["packages"].items() if name}
        assert packages
        assert [n for n, f in packages.items() if not f["integrity"].startswith("sha512-")] == []
        assert not re.search(
            r"https?://", json.dumps([f.get("resolved") for f in packages.values()])
        )
