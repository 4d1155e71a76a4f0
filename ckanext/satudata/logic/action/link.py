"""Links to files on other hosts."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata.extract.fetch import FetchError
from ckanext.satudata.logic.retrying import begun
from ckanext.satudata.logic.schema import check as schema
from ckanext.satudata.workflow import links


@validate(schema.resource)
def satudata_link_copy(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take a copy of the file a resource links to; the resource serves the copy from then on.

    A table on another host could change unchecked, so it cannot be public. Its copy can.
    Where it came from is kept in the resource's ``tautan_asal``.

    :param id: id of the resource
    :returns: the resource
    """
    tk.check_access("satudata_link_copy", context, data_dict)
    resource = model.Resource.get(data_dict["id"])
    if resource is None or resource.url_type == "upload":
        raise tk.ValidationError({"id": [tk._("This is no link, so there is nothing to copy.")]})
    name, url = resource.id, resource.url
    if not begun(context):
        # A slow host must not keep a transaction of the database open.
        model.Session.rollback()
    try:
        file = links.copy(url)
    except FetchError as error:
        message = tk._(
            "{url} could not be copied ({reason}). Check the address, or upload the file."
        ).format(url=url, reason=error.detail)
        raise tk.ValidationError({"url": [message]}) from error
    with file.stream:
        resource = model.Resource.get(name)
        if resource is None or (resource.url, resource.url_type == "upload") != (url, False):
            message = tk._("The link was changed while its file was fetched. Please try again.")
            raise tk.ValidationError({"id": [message]})
        return tk.get_action("resource_patch")(context, {"id": name, "upload": file})
