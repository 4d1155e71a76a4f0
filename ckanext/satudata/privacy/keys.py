"""The keys that seal who people are (Fernet: AES-128-CBC with HMAC-SHA256).

Each sealed row says by a mark which key opens it, so that a missing key is noticed before somebody
needs it, and a change of keys can be stopped and taken up again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken

from ckanext.satudata import config
from ckanext.satudata.errors import SatudataError

_MARK = 16


class NoKey(SatudataError):
    """There is no key, or none that opens what is sealed."""


class Damaged(SatudataError):
    """What is sealed was changed, or belongs to another row."""


def new_key() -> str:
    """A new random key as the option takes it."""
    return Fernet.generate_key().decode()


def marks() -> list[str]:
    """Marks of the configured keys, the newest first.

    Raises:
        NoKey: a key is not one.
    """
    return list(_ring(tuple(config.privacy_keys())))


def newest() -> str:
    """Mark of the key that seals.

    Raises:
        NoKey: there is none.
    """
    found = marks()
    if not found:
        raise NoKey(f"{config.PRIVACY_KEYS} is not set; nothing about persons can be kept")
    return found[0]


def seal(row: str, content: bytes) -> tuple[bytes, str]:
    """Seal something for one row with the newest key.

    Args:
        row: id of the row; what is sealed opens in no other.
        content: what to seal.

    Returns:
        What is stored, and the key's mark.

    Raises:
        NoKey: there is none.
    """
    mark = newest()
    token = _ring(tuple(config.privacy_keys()))[mark].encrypt(_head(row) + content)
    return token, mark


def unseal(row: str, token: bytes, mark: str) -> bytes:
    """Open what was sealed for a row.

    Raises:
        NoKey: its key is not there.
        Damaged: it was changed, or sealed for another row.
    """
    key = _ring(tuple(config.privacy_keys())).get(mark)
    if key is None:
        raise NoKey(f"no key in {config.PRIVACY_KEYS} opens what was sealed with key {mark}")
    try:
        content = key.decrypt(token)
    except InvalidToken:
        raise Damaged(f"what is sealed in {row} was changed") from None
    head = _head(row)
    if not content.startswith(head):
        raise Damaged(f"what is sealed in {row} belongs to another row")
    return content[len(head) :]


def seal_fields(row: str, fields: Mapping[str, str]) -> tuple[bytes, str]:
    """:func:`seal` for named texts."""
    return seal(row, json.dumps(dict(fields), ensure_ascii=False).encode())


def unseal_fields(row: str, token: bytes, mark: str) -> dict[str, str]:
    """:func:`unseal` for named texts."""
    return json.loads(unseal(row, token, mark))


def _head(row: str) -> bytes:
    return f"{row}\n".encode()


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...]) -> dict[str, Fernet]:
    """Mark -> key. A mark tells nothing of its key: that has 256 random bits."""
    try:
        return {hashlib.sha256(k.encode()).hexdigest()[:_MARK]: Fernet(k) for k in keys}
    except ValueError:
        raise NoKey(
            f"{config.PRIVACY_KEYS} holds something that is no key; "
            "'ckan satudata privacy key' makes one"
        ) from None
