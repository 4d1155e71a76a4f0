"""``ckan satudata accounts import``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ckan import model
from ckan.cli.cli import ckan

from ckanext.satudata.demo.tables import as_csv
from ckanext.satudata.tests.letterbox import Letterbox
from ckanext.satudata.tests.worlds import agency, unique

pytestmark = pytest.mark.usefixtures("portal")


def listed(folder: Path, *rows: list[str]) -> str:
    path = folder / "daftar.csv"
    path.write_bytes(as_csv([["nama", "email", "instansi", "peran"], *rows]))
    return str(path)


class TestImport:
    def test_a_dry_run_names_what_is_wrong_and_does_nothing(self, cli: Any, tmp_path: Path) -> None:
        body, who = agency(unique("cli")), f"{unique('orang')}@example.org"
        path = listed(tmp_path, ["A", who, body.name, "editor"], ["B", "x", body.name, "editor"])
        done = cli.invoke(ckan, ["satudata", "accounts", "import", path, "--dry-run"])
        assert done.exit_code == 1
        assert "row 3, email" in done.output
        assert "row 2: undang" in done.output
        assert model.User.by_email(who) is None

    def test_people_are_invited(
        self,
        cli: Any,
        tmp_path: Path,
        letterbox: Letterbox,
        monkeypatch: pytest.MonkeyPatch,
        ckan_config: Any,
    ) -> None:
        monkeypatch.setitem(ckan_config, "smtp.mail_from", "satudata@example.org")
        body, who = agency(unique("cli")), f"{unique('orang')}@example.org"
        path = listed(tmp_path, ["A", who, body.name, "editor"])
        done = cli.invoke(ckan, ["satudata", "accounts", "import", path])
        assert (done.exit_code, "row 2: undang" in done.output) == (0, True)
        assert len(letterbox.to(who)) == 1
        again = cli.invoke(ckan, ["satudata", "accounts", "import", path])
        assert "row 2: tetap" in again.output
