"""CKAN's actions that change datasets and are not changed by us otherwise than in being retried."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context, DataDict

from ckanext.satudata.logic.retrying import retrying


def _retried(name: str) -> Any:
    def action(original: Action, context: Context, data_dict: DataDict) -> Any:
        return original(context, data_dict)

    action.__name__ = name
    return tk.chained_action(retrying(action))


package_update = _retried("package_update")
package_patch = _retried("package_patch")
package_revise = _retried("package_revise")
package_delete = _retried("package_delete")
resource_update = _retried("resource_update")
resource_patch = _retried("resource_patch")
resource_delete = _retried("resource_delete")
bulk_update_public = _retried("bulk_update_public")
bulk_update_private = _retried("bulk_update_private")
bulk_update_delete = _retried("bulk_update_delete")
