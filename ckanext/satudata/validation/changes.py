"""Which resources of a save have to be validated, and when. Decides; touches nothing."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins as p
from ckan.types import Context

from ckanext.validation.interfaces import IDataValidation

from . import config, records
from .tables import format_of

RESULT_FIELDS = ("validation_status", "validation_timestamp")


@dataclass(frozen=True)
class Change:
    """A resource in a save whose table, or the way to read it, is another one than before.

    Attributes:
        index: its place in the dataset's list of resources.
        resource: as it comes in.
        current: as it is stored; None for a new one.
    """

    index: int
    resource: dict[str, Any]
    current: dict[str, Any] | None

    @property
    def mode(self) -> config.Mode:
        """When it is validated."""
        return config.create_mode() if self.current is None else config.update_mode()


def changes(data_dict: Mapping[str, Any], original: Mapping[str, Any] | None) -> list[Change]:
    """The resources of a save that are new or changed.

    Args:
        data_dict: of package_create or package_update.
        original: the dataset as it is stored; None for a new one.
    """
    stored = stored_resources(original)
    found = []
    for index, resource in enumerate(data_dict.get("resources") or []):
        if isinstance(resource, dict):
            current = stored.get(resource.get("id") or "")
            if content_changed(resource, current):
                found.append(Change(index, resource, current))
    return found


def stored_resources(original: Mapping[str, Any] | None) -> dict[str, dict[str, Any]]:
    """The resources of a stored dataset by their id."""
    return {resource["id"]: resource for resource in (original or {}).get("resources") or []}


def content_changed(resource: Mapping[str, Any], current: Mapping[str, Any] | None) -> bool:
    """Whether a result for the stored resource says nothing about the incoming one.

    Descriptions, order and the like do not matter: what does is the file or link, the format, the
    schema and the options of the validation.
    """
    if current is None or resource.get("upload") or resource.get("clear_upload"):
        return True
    return format_of(resource) != format_of(current) or file_or_rules_changed(resource, current)


def file_or_rules_changed(resource: Mapping[str, Any], current: Mapping[str, Any]) -> bool:
    """As :func:`content_changed`, for stored resources and without regard to the format."""
    if _address(resource) != _address(current):
        return True
    fields = ("schema", "validation_options")
    return any(_value(resource.get(name)) != _value(current.get(name)) for name in fields)


def _address(resource: Mapping[str, Any]) -> str:
    url = str(resource.get("url") or "")
    # CKAN shows the address of an upload in full, and takes the bare file name back.
    return url.rpartition("/")[2] if resource.get("url_type") == "upload" else url


def _value(value: Any) -> Any:
    if not value:
        return None
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def has_table(resource: Mapping[str, Any]) -> bool:
    """Whether a resource has a file or link in a format that is validated."""
    has_source = bool(
        resource.get("upload") or resource.get("url") or resource.get("url_type") == "upload"
    )
    return has_source and format_of(resource) in config.formats()


def may_validate(context: Context, resource: dict[str, Any]) -> bool:
    """Whether the extensions that have a say (``IDataValidation``) want a resource validated."""
    return all(
        plugin.can_validate(context, resource)
        for plugin in p.PluginImplementations(IDataValidation)
    )


def is_public(dataset: Mapping[str, Any]) -> bool:
    """Whether everybody can see a dataset."""
    private = str(dataset.get("private") or "").lower() in ("true", "1", "yes", "on")
    return (dataset.get("state") or "active") == "active" and not private


def becomes_public(data_dict: Mapping[str, Any], original: Mapping[str, Any] | None) -> bool:
    """Whether a save makes a stored dataset public."""
    if original is None:
        return False
    return not is_public(original) and is_public({**original, **data_dict})


def unproven(
    data_dict: Mapping[str, Any], original: Mapping[str, Any], changed: Collection[int]
) -> list[Change]:
    """Unchanged tables of a dataset for which there is no successful result.

    Args:
        data_dict: of package_update.
        original: the dataset as it is stored.
        changed: places of the resources that the save changes anyway.
    """
    resources = data_dict.get("resources")
    if resources is None:
        resources = original.get("resources") or []
    stored = stored_resources(original)
    found = []
    for index, resource in enumerate(resources):
        current = stored.get(resource.get("id") or "")
        if index in changed or current is None or not has_table(current):
            continue
        result = records.find(current["id"])
        if result is None or result.status != "success":
            found.append(Change(index, resource, current))
    return found


def keep_results_ours(
    context: Context, data_dict: Mapping[str, Any], original: Mapping[str, Any] | None
) -> None:
    """Put the stored results in the place of those that a client sends.

    The status of a validation is what the validation found. A save by a person can carry an old
    one (the form sends it back) or an invented one; only code that acts without authorization,
    such as our own jobs, sets it.

    Args:
        context: of the save.
        data_dict: of the save; its resources are changed.
        original: the dataset as it is stored; None for a new one.
    """
    if context.get("ignore_auth"):
        return
    stored = stored_resources(original)
    for resource in data_dict.get("resources") or []:
        if not isinstance(resource, dict):
            continue
        current = stored.get(resource.get("id") or "", {})
        for name in RESULT_FIELDS:
            resource.pop(name, None)
            if name in current:
                resource[name] = current[name]
