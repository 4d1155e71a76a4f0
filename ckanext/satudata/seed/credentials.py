"""The file that holds the generated passwords, and nothing else does."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from pathlib import Path


class Credentials:
    """Users and their passwords in a JSON file that only its owner can read.

    A password is written before its user is made: if making the user fails or is
    interrupted, the next run uses the same password, and none is ever lost.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._entries: dict[str, dict[str, str]] = {}
        if path.exists():
            listed = json.loads(path.read_text(encoding="utf-8"))
            self._entries = {entry["user"]: entry for entry in listed}

    def password(self, user: str, organization: str, role: str) -> str:
        """The user's password; a new one is made and written if there is none.

        Args:
            user: name of the user.
            organization: title of the organization, for whoever reads the file.
            role: what the user may do there.
        """
        if user not in self._entries:
            entry = {"organization": organization, "role": role, "user": user}
            self._entries[user] = {**entry, "password": secrets.token_urlsafe(15)}
            self._write()
        return self._entries[user]["password"]

    def _write(self) -> None:
        text = json.dumps(list(self._entries.values()), indent=2, ensure_ascii=False) + "\n"
        folder = self.path.parent
        handle, part = tempfile.mkstemp(dir=folder, prefix=f".{self.path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(text)
            Path(part).replace(self.path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
