"""Ways to reach a body."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, cast
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan.types import Context

_PHONE = re.compile(r"^(?:\+62|62|0)[\d\s().-]*(?:\s*(?:ext|pes)\.?\s*\d{1,6})?$", re.IGNORECASE)
_SERVICE = re.compile(r"^1\d{2,5}$")
_EXTENSION = re.compile(r"(?:ext|pes)\.?\s*\d+$", re.IGNORECASE)
_HOST = re.compile(r"^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$")


def satudata_email(value: str, context: Context) -> str:
    """An email address.

    Raises:
        tk.Invalid: it is none.
    """
    if not value:
        return value
    try:
        return cast("Any", tk.get_validator("email_validator"))(value, context)
    except tk.Invalid as error:
        raise tk.Invalid(
            tk._("'{value}' is not an email address. Write it as name@example.go.id.").format(
                value=value
            )
        ) from error


def satudata_phone(value: str) -> str:
    """A telephone or fax number in Indonesia, as written by people.

    Raises:
        tk.Invalid: it does not start with +62 or 0, or has too few or too many digits.
    """
    if not value or _SERVICE.match(value):
        return value
    number = value.lstrip("(")
    digits = re.sub(r"\D", "", _EXTENSION.sub("", number))
    if not _PHONE.match(number) or not 8 <= len(digits) <= 15:
        raise tk.Invalid(
            tk._(
                "'{value}' is not a telephone number. Write it with its area code, for example "
                "(0565) 21000 or +62 812 3456 7890."
            ).format(value=value)
        )
    return value


def satudata_website(value: str) -> str:
    """A public web address.

    Raises:
        tk.Invalid: it is not http(s), has no host name, or carries a password.
    """
    if not value:
        return value
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        usable = (
            parts.scheme in ("http", "https")
            and _HOST.match(host.encode("idna").decode("ascii").lower())
            and not parts.username
            and not any(c.isspace() for c in value)
        )
    except ValueError:
        usable = False
    if not usable:
        raise tk.Invalid(
            tk._(
                "'{value}' is not a web address. Write it with https:// in front, for example "
                "https://example.go.id."
            ).format(value=value)
        )
    return value


def satudata_nip(value: Any) -> str:
    """An employee number (NIP), returned as 18 digits.

    Source:
        Perka BKN 22/2007: date of birth (8), month of appointment (6), sex (1 or 2),
        sequence (3).

    Raises:
        tk.Invalid: it has not 18 digits or its parts are no dates.
    """
    if not value:
        return value
    digits = re.sub(r"[\s.]", "", str(value))
    if not _is_nip(digits):
        raise tk.Invalid(
            tk._(
                "'{value}' is not a NIP. It has 18 digits: date of birth, month of appointment, "
                "1 or 2 for the sex, and a sequence number."
            ).format(value=value)
        )
    return digits


def _is_nip(digits: str) -> bool:
    if not re.fullmatch(r"\d{14}[12]\d{3}", digits):
        return False
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
        appointed = date(int(digits[8:12]), int(digits[12:14]), 1)
    except ValueError:
        return False
    return born.year >= 1900 and appointed.year - born.year >= 15
