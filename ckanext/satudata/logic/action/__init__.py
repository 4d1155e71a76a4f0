"""CKAN actions; CKAN registers exactly the names in ``__all__``."""

from __future__ import annotations

from .indicator import (
    satudata_indicator_create,
    satudata_indicator_delete,
    satudata_indicator_list,
    satudata_indicator_show,
    satudata_indicator_update,
)

__all__ = [
    "satudata_indicator_create",
    "satudata_indicator_delete",
    "satudata_indicator_list",
    "satudata_indicator_show",
    "satudata_indicator_update",
]
