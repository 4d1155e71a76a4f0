"""Letters: subjects and texts of e-mails and notices, in Indonesian and English.

``letters.yaml`` has the letters, ``notices.yaml`` what notices say.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import yaml
from ckan import model
from ckan.lib.mailer import MailerException
from flask import has_request_context


def site_language() -> str:
    """``en`` or ``id``: the language in which the portal writes to people."""
    return "en" if str(tk.config.get("ckan.locale_default") or "").startswith("en") else "id"


def page_language() -> str:
    """``en`` or ``id``: the language of the page that is shown, or the site's outside of pages."""
    if not has_request_context():
        return site_language()
    return "en" if tk.h.lang().startswith("en") else "id"


def written(letter: str, lang: str, **params: str) -> tuple[str, str]:
    """Subject and text of a letter.

    Args:
        letter: its name in ``letters.yaml``.
        lang: ``id`` or ``en``.
        params: what the letter tells.
    """
    text = _texts("letters.yaml")[letter]
    return text["subject"][lang].format(**params), text["body"][lang].format(**params)


def send(person: model.User, subject: str, body: str, **more: Any) -> None:
    """Send somebody a letter through CKAN's mailer.

    Args:
        person: to whom.
        subject: of the letter.
        body: plain text.
        more: see ``ckan.lib.mailer.mail_user``.

    Raises:
        MailerException: it could not be delivered, or the portal has no address to write from
            (CKAN's mailer stops with another error then).
    """
    if not tk.config.get("smtp.mail_from"):
        raise MailerException("smtp.mail_from is not set")
    tk.mail_user(person, subject, body, **more)


def notice(kind: str) -> Mapping[str, Any]:
    """What is said of a kind of notice: ``urgent``, ``subject`` and ``text``.

    Raises:
        KeyError: there is no such kind.
    """
    return _texts("notices.yaml")[kind]


def notice_kinds() -> list[str]:
    """All kinds of notices, as they stand in the file."""
    return list(_texts("notices.yaml"))


class _Known(dict[str, Any]):
    """What a notice tells; a text that asks for more, after an update, shows an ellipsis."""

    def __missing__(self, name: str) -> str:
        return "…"


def told(kind: str, lang: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """A notice's line and its text.

    Args:
        kind: of notice.
        lang: ``id`` or ``en``.
        params: what it tells.
    """
    text, known = notice(kind), _Known(params)
    return text["subject"][lang].format_map(known), text["text"][lang].format_map(known)


@cache
def _texts(name: str) -> dict[str, Any]:
    path = Path(__file__).with_name(name)
    return yaml.safe_load(path.read_text(encoding="utf-8"))
