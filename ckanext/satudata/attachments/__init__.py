"""Files that people attach: looked at by content, sealed, and never shown inside the portal.

Each kind of thing that has attachments says in :data:`AUDIENCES` who may have them.
"""

from __future__ import annotations

from ckanext.satudata.model.attachment import Attachment

from .access import AUDIENCES, may
from .keeping import described, erase, forget, get, of, read, take

__all__ = [
    "AUDIENCES",
    "Attachment",
    "described",
    "erase",
    "forget",
    "get",
    "may",
    "of",
    "read",
    "take",
]
