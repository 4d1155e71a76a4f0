"""The language of whoever is being answered."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import has_request_context

from .messages import language


def current_language() -> str:
    """``id`` or ``en``: that of the request, or the site's own where there is none."""
    asked = tk.h.lang() if has_request_context() else None
    return language(asked or site_locale())


def site_locale() -> str:
    """The site's own locale."""
    return tk.config.get("ckan.locale_default") or "en"
