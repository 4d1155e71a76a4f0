"""Exit with 0 if a URL answers 200 within five seconds, else with 1.

Usage: ``python3 http_ok.py URL [USER:PASSWORD]``. Python's standard library alone, because
neither curl nor the virtual environment need be there yet.
"""

from __future__ import annotations

import base64
import sys
import urllib.request


def answers(url: str, credentials: str | None = None) -> bool:
    """Whether ``url`` answers 200.

    Args:
        url: An address on this machine; proxies of the environment are not used.
        credentials: ``USER:PASSWORD`` for HTTP basic authentication.

    Returns:
        False for any other status and for no answer at all.
    """
    request = urllib.request.Request(url)
    if credentials:
        token = base64.b64encode(credentials.encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=5) as response:
            return response.status == 200
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(0 if answers(*sys.argv[1:3]) else 1)
