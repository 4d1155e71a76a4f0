"""Names of files as they may be written into a header or a page."""

from __future__ import annotations

import unicodedata

_LONGEST = 100
#: Characters that file systems or headers read as something else.
_FORBIDDEN = frozenset('/\\:*?"<>|;%')


def safe(name: str, suffix: str, *, otherwise: str) -> str:
    """A file's name with another ending, without folders, controls and changes of direction.

    Args:
        name: what the person called it.
        suffix: the ending it gets, with the full stop.
        otherwise: the name of one without a name.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    stem = last.rsplit(".", 1)[0] if "." in last else last
    kept = "".join(
        " " if c in _FORBIDDEN else c for c in stem if unicodedata.category(c)[0] not in "C"
    )
    kept = " ".join(kept.split()).strip(". ")[:_LONGEST].strip(". ")
    return (kept or otherwise) + suffix
