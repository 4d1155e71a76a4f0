"""Secrets: what somebody without an account follows a case with; only their hashes are kept."""

from __future__ import annotations

import hashlib
import secrets
from hmac import compare_digest

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.case import Case

from . import numbers

#: Crockford's alphabet: nothing in it is mistaken for something else.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Characters of a secret: 80 bits, so its hash needs no salt and cannot be guessed backwards.
_LENGTH, _GROUP = 16, 4
_MISTAKEN = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_secret() -> str:
    """A secret code, such as ``7KQ2-M8XD-0F4T-ZW5N``."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return "-".join(code[n : n + _GROUP] for n in range(0, _LENGTH, _GROUP))


def new_token() -> str:
    """What the link in a letter of confirmation holds."""
    return secrets.token_urlsafe(24)


def digest(secret: str) -> str:
    """What is kept of a secret code; blanks, dashes and small letters do not matter."""
    plain = "".join(c for c in secret.upper() if c.isalnum()).translate(_MISTAKEN)
    return hashlib.sha256(plain.encode()).hexdigest()


def token_digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def by_secret(number: str, secret: str) -> Case | None:
    """The case with this number and secret code, or None.

    It takes as long for a number that does not exist. How often one may try is the pages' matter;
    the code is long enough not to be guessed.
    """
    found = model.Session.scalars(
        sa.select(Case).where(Case.number == numbers.normalized(number))
    ).first()
    kept = found.secret_hash if found is not None and found.secret_hash else digest("")
    same = compare_digest(kept, digest(secret))
    return found if same and found is not None and found.secret_hash else None


def matches(case: Case, secret: str | None) -> bool:
    """Whether a secret code is the case's."""
    return bool(secret and case.secret_hash) and compare_digest(
        case.secret_hash or "", digest(secret or "")
    )


def by_token(token: str) -> Case | None:
    """The case that waits for being confirmed with this token, locked, or None."""
    return model.Session.scalars(
        sa.select(Case)
        .where(Case.confirm_hash == token_digest(token))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
