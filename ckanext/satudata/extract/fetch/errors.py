"""What can go wrong with an address."""

from __future__ import annotations

import requests

PERMANENT_REASONS = frozenset(
    {"scheme", "credentials", "host", "private-address", "too-large", "redirects", "content"}
)
"""Codes for which trying the same URL again can only fail again."""


class FetchError(requests.RequestException):
    """A URL could not be fetched, or must not be.

    It is a :class:`requests.RequestException` (hence an :class:`OSError`), so that libraries which
    are handed our session report it as a failed download instead of crashing.

    Args:
        code: what went wrong, stable and meant for programs: ``scheme``, ``credentials``, ``host``,
            ``resolve``, ``private-address``, ``redirects``, ``status``, ``too-large``, ``timeout``,
            ``connection`` or ``content``.
        url: the address that failed; after a redirect it is not the one that was asked for.
        detail: the particulars in English, e.g. the address or the HTTP status.
    """

    def __init__(self, code: str, url: str, detail: str) -> None:
        super().__init__(f"{url}: {detail}")
        self.code = code
        self.url = url
        self.detail = detail

    @property
    def permanent(self) -> bool:
        """Whether trying again is pointless."""
        return self.code in PERMANENT_REASONS
