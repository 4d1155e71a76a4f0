"""What a long command has done, so that it can be stopped and gone on with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Journal:
    """A file with one line for each piece of work that is done.

    Lines are only added, so whatever ends the command leaves the journal whole; a line that was
    cut off is work to be done again.

    Args:
        path: of the file.
        resume: go on with what the file says; otherwise begin anew.
    """

    def __init__(self, path: Path, *, resume: bool) -> None:
        self._path = path
        self._done: dict[str, Any] = dict(self._read()) if resume else {}
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            for name, result in self._done.items():
                file.write(_line(name, result))

    def __contains__(self, name: object) -> bool:
        return name in self._done

    def results(self) -> list[Any]:
        """What the pieces of work gave, in the order in which they were done."""
        return list(self._done.values())

    def items(self) -> list[tuple[str, Any]]:
        """The pieces of work that are done, and what they gave."""
        return list(self._done.items())

    def add(self, name: str, result: Any) -> None:
        """Write down that a piece of work is done.

        Args:
            name: of the piece of work.
            result: what it gave, as JSON can hold it.
        """
        self._done[name] = result
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_line(name, result))

    def finish(self) -> None:
        """Everything is done: nothing is left to resume."""
        self._path.unlink(missing_ok=True)

    def _read(self) -> Iterator[tuple[str, Any]]:
        if not self._path.exists():
            return
        for line in self._path.read_text("utf-8").splitlines():
            try:
                name, result = json.loads(line)
            except ValueError:
                return
            yield name, result


def _line(name: str, result: Any) -> str:
    return json.dumps([name, result], ensure_ascii=False) + "\n"
