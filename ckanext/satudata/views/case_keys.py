"""The secret codes a browser has shown, so that its person need not type them on each page.

They are kept in CKAN's session, which only this browser sends, and only for a while.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from flask import session

_NAME, _FRESH = "satudata_cases", "satudata_case_fresh"
#: How long a code is remembered, in seconds, and for how many cases at once.
_LASTS, _MOST = 3600, 12


def remember(case: Mapping[str, Any], secret: str, *, fresh: bool = False) -> None:
    """Let this browser see a case for a while.

    Args:
        case: its ``id`` and ``number``.
        secret: its code.
        fresh: the code was made just now, and one page may show it.
    """
    kept = {k: v for k, v in _kept().items() if k != case["id"]}
    kept[case["id"]] = [secret, int(time.time()) + _LASTS, case["number"]]
    session[_NAME] = dict(list(kept.items())[-_MOST:])
    if fresh:
        session[_FRESH] = case["id"]


def parameter(reference: str) -> dict[str, str]:
    """The parameter ``secret`` of an action about a case; nothing if no code was shown.

    Args:
        reference: id or number of the case.
    """
    for case_id, (secret, _until, number) in _kept().items():
        if reference in (case_id, number):
            return {"secret": secret}
    return {}


def share(reference: str, related: Iterable[Mapping[str, Any]]) -> None:
    """An objection is followed with the code of its request: one code opens both.

    Args:
        reference: id or number of the case that is seen.
        related: those that go with it, each with ``id`` and ``number``.
    """
    known = parameter(reference)
    for one in related:
        if known and not parameter(one["id"]):
            remember(one, known["secret"])


def shown_once(case_id: str) -> str | None:
    """The code of a case that was registered just now; None the next time."""
    if session.get(_FRESH) != case_id:
        return None
    session.pop(_FRESH)
    return parameter(case_id).get("secret")


def forget() -> None:
    """Let this browser see no case by its code any more."""
    session.pop(_NAME, None)
    session.pop(_FRESH, None)


def _kept() -> dict[str, list[Any]]:
    now = time.time()
    return {k: v for k, v in session.get(_NAME, {}).items() if v[1] > now}
