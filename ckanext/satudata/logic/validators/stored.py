"""Values that a save sends back as they are stored."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.types import Context


def is_stored(field: str, value: Any, context: Context) -> bool:
    """Whether the dataset that is saved has this value already, so that it was accepted before.

    Args:
        field: name of an extra.
        value: as sent.
        context: of the save.
    """
    package = context.get("package")
    return isinstance(package, model.Package) and package.extras.get(field) == value
