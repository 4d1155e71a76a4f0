"""Files that people attached to requests, complaints and meetings."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata import attachments
from ckanext.satudata.logic.schema import attachment as schema


@tk.side_effect_free
@validate(schema.one)
def satudata_attachment_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show what an attachment is; its content is at ``/satudata/lampiran/ID``.

    :param id: id of the attachment
    :param secret: the secret code of the case it belongs to, for who has no account
    :returns: ``id``, ``filename``, ``media_type``, ``size`` (bytes) and ``uploaded_at``
    """
    tk.check_access("satudata_attachment_show", context, data_dict)
    found = attachments.get(data_dict["id"])
    assert found is not None
    return attachments.described(found)
