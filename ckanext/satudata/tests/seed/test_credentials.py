from __future__ import annotations

import json
from pathlib import Path

from ckanext.satudata.seed.credentials import Credentials


class TestCredentials:
    def test_file_is_the_owners_alone_and_holds_what_was_given(self, tmp_path: Path) -> None:
        path = tmp_path / "users.json"
        password = Credentials(path).password("bps-admin", "BPS", "admin")

        assert path.stat().st_mode & 0o777 == 0o600
        assert json.loads(path.read_text()) == [
            {"organization": "BPS", "role": "admin", "user": "bps-admin", "password": password}
        ]

    def test_mode_is_kept_when_the_file_was_open_to_all(self, tmp_path: Path) -> None:
        path = tmp_path / "users.json"
        path.write_text("[]")
        path.chmod(0o644)
        Credentials(path).password("bps-admin", "BPS", "admin")

        assert path.stat().st_mode & 0o777 == 0o600

    def test_next_run_gives_the_same_password_and_keeps_the_others(self, tmp_path: Path) -> None:
        path = tmp_path / "users.json"
        first = Credentials(path).password("bps-admin", "BPS", "admin")
        again = Credentials(path)

        assert again.password("bps-admin", "BPS", "admin") == first
        assert again.password("bps-operator", "BPS", "operator") != first
        assert len(json.loads(path.read_text())) == 2

    def test_nothing_else_is_left_in_the_folder(self, tmp_path: Path) -> None:
        Credentials(tmp_path / "users.json").password("bps-admin", "BPS", "admin")

        assert [p.name for p in tmp_path.iterdir()] == ["users.json"]
