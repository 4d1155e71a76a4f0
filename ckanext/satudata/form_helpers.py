"""Helpers of the metadata forms and pages; ``helpers`` offers them to the templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import g

from .organizations import kinds, registry
from .schemas import load_choices
from .schemas.publication import empty, listed
from .store.reading import choices_of, codebook_or_none

__all__ = [
    "satudata_activities",
    "satudata_activity",
    "satudata_body_title",
    "satudata_codelist_choices",
    "satudata_display_sections",
    "satudata_entries",
    "satudata_file_choices",
    "satudata_is_empty",
    "satudata_kind_label",
    "satudata_kinds",
    "satudata_may_assign_roles",
    "satudata_messages",
    "satudata_metadata_errors",
    "satudata_organization_beside",
    "satudata_organization_fields",
    "satudata_page_of",
    "satudata_parents",
    "satudata_region_name",
    "satudata_regions",
    "satudata_role_labels",
    "satudata_sections",
    "satudata_unit_labels",
]

_MOST_ACTIVITIES = 1000
_NOTHING_MORE = {
    f"include_{part}": False
    for part in (
        "datasets",
        "dataset_count",
        "extras",
        "users",
        "groups",
        "tags",
        "followers",
        "member_count",
    )
}


def satudata_file_choices(field: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The choices in the file that a schema's field names (``choices_file``)."""
    return list(load_choices(field["choices_file"]))


def satudata_codelist_choices(field: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The choices of the code list that a schema's field names (``codelist``)."""
    choices = choices_of(field["codelist"], field.get("codelist_level"))
    if field["codelist"] != "urusan":
        return choices
    return [
        {**c, "label": {lang: f"{c['value']} {text}" for lang, text in c["label"].items()}}
        for c in choices
    ]


def satudata_organization_beside(organization: str) -> dict[str, Any]:
    """What is shown of an organization beside its dataset: name, picture, kind and contact.

    CKAN's own page asks for all there is to say about it, its members, followers and datasets
    among it, twice, and then shows none of that.

    Args:
        organization: its id.
    """
    kept: dict[str, dict[str, Any]] = g.setdefault("satudata_beside", {})
    if organization not in kept:
        try:
            shown = tk.get_action("organization_show")({}, {"id": organization, **_NOTHING_MORE})
        except (tk.ObjectNotFound, tk.NotAuthorized):
            shown = {}
        body = model.Session.get(model.Group, organization) if shown else None
        if body is not None:
            shown = {**registry.values(body), **shown, "peran": registry.roles_of(body)}
        kept[organization] = shown
    return kept[organization]


def satudata_sections(fields: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A form's fields grouped under their section titles."""
    return kinds.sections(fields)


def satudata_display_sections(
    fields: Iterable[Mapping[str, Any]], values: Mapping[str, Any], elsewhere: Iterable[str]
) -> list[dict[str, Any]]:
    """The sections of a page that shows metadata: only what is filled in.

    Args:
        fields: fields of a schema; form pages count as sections.
        values: the dataset or body.
        elsewhere: names of fields that the page shows in another place.
    """
    titled = (
        {**f, "start_section": f["start_form_page"]["title"]} if "start_form_page" in f else f
        for f in fields
    )
    skipped = set(elsewhere)
    sections = [
        {
            **section,
            "fields": [
                f
                for f in section["fields"]
                if f["field_name"] not in skipped
                and f.get("display_snippet", "") is not None
                and not empty(values.get(f["field_name"]))
            ],
        }
        for section in kinds.sections(titled)
    ]
    return [s for s in sections if s["fields"]]


def satudata_entries(value: Any) -> list[Any]:
    """The entries of a multi-valued field, as stored, as sent by a form, or as a list."""
    return listed(value)


def satudata_is_empty(value: Any) -> bool:
    """Whether a field says nothing."""
    return empty(value)


def satudata_kinds() -> list[dict[str, Any]]:
    """The kinds of bodies as choices."""
    return _field("jenis")["choices"]


def satudata_kind_label(kind: str | None) -> str:
    """Name of a kind of body in the page's language; empty for a body without a kind."""
    return tk.h.scheming_choices_label(satudata_kinds(), kind) if kind else ""


def satudata_organization_fields(kind: str | None) -> list[dict[str, Any]]:
    """The fields of a kind of body in sections; what the kind must fill in is ``required``."""
    fields = [
        {**f, "required": True} if kind in f.get("required_for", ()) else f
        for f in kinds.fields_of(_schema(), kind)
    ]
    return kinds.sections(fields)


def satudata_parents(kind: str | None) -> list[model.Group]:
    """The bodies under which one of this kind may hang."""
    rules = _schema()["kinds"].get(kind) or {}
    parents = rules.get("parents") or ()
    return registry.of_kinds(parents) if parents else []


def satudata_body_title(name: str) -> str:
    """Title of a body given by its name."""
    body = model.Group.get(name)
    return (body.title or body.name) if body else name


def satudata_role_labels(roles: Any) -> list[str]:
    """Names of a body's roles in the page's language."""
    choices = _field("peran")["choices"]
    return [tk.h.scheming_choices_label(choices, r) for r in listed(roles)]


def satudata_may_assign_roles() -> bool:
    """Whether the person at the page may change the roles of bodies."""
    return tk.h.check_access("satudata_roles_assign")


def satudata_activities() -> list[dict[str, str]]:
    """The statistical activities the person may see, by title, as options."""
    found = tk.get_action("package_search")(
        {"user": tk.current_user.name},
        {
            "fq": "dataset_type:kegiatan",
            "sort": "title_string asc",
            "rows": _MOST_ACTIVITIES,
            "include_drafts": True,
            "include_private": True,
        },
    )
    return [{"value": p["id"], "text": p["title"] or p["name"]} for p in found["results"]]


def satudata_activity(number: str) -> dict[str, str] | None:
    """A statistical activity with its name and title, or None if the person may not see it."""
    try:
        tk.check_access("package_show", {"user": tk.current_user.name}, {"id": number})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
    package = model.Package.get(number)
    assert package is not None
    return {"name": package.name, "title": package.title}


def satudata_regions() -> list[dict[str, str]]:
    """The portal's kabupaten and its kecamatan as options; empty without reference data."""
    book = codebook_or_none()
    if book is None:
        return []
    home = book.regions.get(book.home)
    own = [home] if home is not None else []
    return [
        {"value": c.code, "text": f"{c.code} {c.label}"}
        for c in (*own, *book.regions.children(book.home))
    ]


def satudata_region_name(code: str) -> str:
    """A region's code with its name, or the code alone if the list does not know it."""
    book = codebook_or_none()
    region = book.regions.get(code) if book is not None else None
    return f"{region.label} ({code})" if region else code


def satudata_unit_labels() -> list[str]:
    """The names of the units, to choose from while typing."""
    book = codebook_or_none()
    return sorted(u.label for u in book.units.units.values()) if book is not None else []


def satudata_page_of(dataset_type: str, field_name: str) -> int | None:
    """Number of the form page that holds a field; None for a form of one page."""
    pages: list[dict[str, Any]] = tk.h.scheming_get_dataset_form_pages(dataset_type) or []
    for number, page in enumerate(pages, 1):
        if any(f["field_name"] == field_name for f in page["fields"]):
            return number
    return None


def satudata_metadata_errors(errors: Mapping[str, Any], dataset_type: str) -> list[dict[str, Any]]:
    """The errors that sit on a dataset's own fields, in the form's order.

    Args:
        errors: an error dictionary.
        dataset_type: type of the dataset.

    Returns:
        Dictionaries with ``field``, ``label``, ``messages`` and ``page`` (see
        :func:`satudata_page_of`).
    """
    schema = tk.h.scheming_get_dataset_schema(dataset_type) or {"dataset_fields": []}
    return [
        {
            "field": field["field_name"],
            "label": tk.h.scheming_language_text(field["label"]),
            "messages": satudata_messages(errors[field["field_name"]]),
            "page": satudata_page_of(dataset_type, field["field_name"]),
        }
        for field in schema["dataset_fields"]
        if errors.get(field["field_name"])
    ]


def satudata_messages(error: Any) -> list[str]:
    """All texts in an error of any depth (fields with rows have lists of dictionaries)."""
    if isinstance(error, Mapping):
        return [text for part in error.values() for text in satudata_messages(part)]
    if isinstance(error, (list, tuple)):
        return [text for part in error for text in satudata_messages(part)]
    return [str(error)] if error else []


def _schema() -> dict[str, Any]:
    return tk.h.scheming_get_organization_schema("organization")


def _field(name: str) -> dict[str, Any]:
    return next(f for f in _schema()["fields"] if f["field_name"] == name)
