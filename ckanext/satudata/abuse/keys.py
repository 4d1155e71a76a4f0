"""Keys for what the portal signs and hashes, made of the installation's own secret."""

from __future__ import annotations

import hashlib
import hmac

import ckan.plugins.toolkit as tk


def key_for(purpose: str) -> bytes:
    """A key of 32 bytes for one purpose alone; it is the same for all processes of a portal.

    Args:
        purpose: what it is for, so that what one part signed means nothing to another.
    """
    secret = tk.config["SECRET_KEY"].encode()
    return hmac.new(secret, f"satudata:{purpose}".encode(), hashlib.sha256).digest()


def hashed(purpose: str, text: str) -> str:
    """A text as nobody can tell it from without the portal's secret, in hexadecimal.

    Args:
        purpose: as for :func:`key_for`.
        text: what is hidden.
    """
    return hmac.new(key_for(purpose), text.encode(), hashlib.sha256).hexdigest()
