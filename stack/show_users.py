"""Print the demonstration's users and passwords as a table.

Usage: ``python3 show_users.py FILE``, FILE being what ``ckan satudata seed --credentials`` wrote:
a JSON list of objects, one for each user.
"""

from __future__ import annotations

import json
import pathlib
import sys

# The longest comes last.
COLUMNS = ("user", "password", "role", "organization")


def table(users: list[dict[str, str]]) -> str:
    """Lay the users out in columns.

    Args:
        users: One mapping for each user, with the keys of ``COLUMNS``.

    Returns:
        One line for each user below one of headings, each indented by two blanks.
    """
    rows = [list(COLUMNS), *([user[column] for column in COLUMNS] for user in users)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


if __name__ == "__main__":
    print(table(json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))))
