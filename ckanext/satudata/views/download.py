"""Downloads of uploaded files: no file of a person's runs as a page of the portal.

CKAN sends a file with the media type that its uploader names, or that the address asked for ends
in, so that a table with a script in it could be opened as a page with the rights of whoever is
signed in.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

blueprint = Blueprint("satudata_download", __name__)

#: Media types that browsers show without running anything of this site.
_SHOWN = frozenset(
    {
        "application/json",
        "application/pdf",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/csv",
        "text/plain",
    }
)


@blueprint.after_app_request
def harmless(response: Response) -> Response:
    """Let the browser save, not open, what could run; and not guess what a file might be."""
    if (tk.request.endpoint or "").endswith("resource.download") and response.status_code < 300:
        response.headers["X-Content-Type-Options"] = "nosniff"
        if response.mimetype not in _SHOWN:
            _, parted, name = response.headers.get("Content-Disposition", "").partition(";")
            response.headers["Content-Disposition"] = f"attachment{parted}{name}"
    return response
