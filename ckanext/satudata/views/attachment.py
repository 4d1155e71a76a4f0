"""Downloads of attachments: saved, never shown, and kept by nobody in between."""

from __future__ import annotations

import io

import ckan.plugins.toolkit as tk
from flask import Blueprint, send_file

from ckanext.satudata import attachments

from .common import Page, call, guarded

blueprint = Blueprint("satudata_attachment", __name__)


@blueprint.route("/satudata/lampiran/<id>", methods=["GET"])
@guarded
def download(id: str) -> Page:
    """A file that somebody attached."""
    call("satudata_attachment_show", id=id)
    return sent(id)


def sent(id: str) -> Page:
    """An attachment as an answer; whoever calls this has asked whether the person may have it.

    Args:
        id: of the attachment.

    Raises:
        tk.ObjectNotFound: its content is gone.
    """
    found = attachments.get(id)
    try:
        content = attachments.read(found) if found else None
    except FileNotFoundError:
        content = None
    if found is None or content is None:
        raise tk.ObjectNotFound(tk._("There is no such attachment."))
    # CKAN adds "public" unless it is told.
    tk.request.environ["__no_cache__"] = "True"
    answer = send_file(
        io.BytesIO(content),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.filename,
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
