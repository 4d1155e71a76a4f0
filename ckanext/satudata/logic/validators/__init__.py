"""Validators; CKAN registers exactly the names in ``__all__``."""

from __future__ import annotations

from .activity import satudata_activity
from .code import (
    satudata_indicator_codes,
    satudata_kode_bps,
    satudata_kode_kemendagri,
    satudata_kode_perangkat_daerah,
    satudata_region,
    satudata_units,
)
from .contact import satudata_email, satudata_nip, satudata_phone, satudata_website
from .konsep import satudata_konsep
from .listing import (
    satudata_lines,
    satudata_list_output,
    satudata_multiple_choice,
    satudata_years,
)
from .organization import satudata_organization, satudata_roles
from .publication import satudata_ready_to_publish
from .resource import (
    satudata_content_hash,
    satudata_declaration,
    satudata_json_object,
    satudata_resource_content,
)
from .text import satudata_clean_text

__all__ = [
    "satudata_activity",
    "satudata_clean_text",
    "satudata_content_hash",
    "satudata_declaration",
    "satudata_email",
    "satudata_indicator_codes",
    "satudata_json_object",
    "satudata_kode_bps",
    "satudata_kode_kemendagri",
    "satudata_kode_perangkat_daerah",
    "satudata_konsep",
    "satudata_lines",
    "satudata_list_output",
    "satudata_multiple_choice",
    "satudata_nip",
    "satudata_organization",
    "satudata_phone",
    "satudata_ready_to_publish",
    "satudata_region",
    "satudata_resource_content",
    "satudata_roles",
    "satudata_units",
    "satudata_website",
    "satudata_years",
]
