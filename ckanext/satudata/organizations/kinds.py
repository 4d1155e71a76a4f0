"""Kinds of bodies as data: one organization schema made of a common and several kind files.

Pure functions over the dictionaries that YAML gives; CKAN is not needed to test them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

#: Organization field that holds the kind.
FIELD = "jenis"


#: What a kind file may say differently about a field that another kind file has already.
_TEXTS = frozenset({"label", "help_text", "form_placeholder"})


class KindError(ValueError):
    """The files of the organization schema contradict each other."""


def merge(base: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One organization schema whose fields know the kinds they belong to.

    Args:
        base: the schema of the common fields; its ``jenis`` choices name every kind.
        parts: kind files. ``kinds`` maps a kind to its rules (``parents``: kinds of the bodies
            it may hang under; ``parent_required``; ``region``: level of the region it is);
            each of ``fields`` may say ``after`` (the field it stands behind) and
            ``required_for`` (kinds that must fill it).

    Returns:
        A schema as ckanext-scheming takes it, with two additions: ``kinds`` (kind -> rules) and,
        on each field of a kind file, ``kinds`` (who has it). A field that several files
        define has the kinds of all of them, the definition of the first, and the others'
        texts as ``variants`` (kind -> label, help, placeholder).

    Raises:
        KindError: a kind is defined twice, is not among the choices of ``jenis``, has an
            unknown parent kind, or a choice has no definition; a field is already a common
            one or stands behind a field that does not exist.
    """
    fields = [dict(f) for f in base["fields"]]
    common = {f["field_name"] for f in fields}
    kinds: dict[str, dict[str, Any]] = {}
    for part in parts:
        own = list(part["kinds"])
        twice = sorted(set(own) & set(kinds))
        if twice:
            raise KindError(f"kinds defined twice: {twice}")
        kinds.update({kind: dict(rules or {}) for kind, rules in part["kinds"].items()})
        for field in part.get("fields", ()):
            _add(fields, dict(field), own, common)
    _check(fields, kinds)
    return {**base, "fields": fields, "kinds": kinds}


def fields_of(schema: Mapping[str, Any], kind: str | None) -> list[Mapping[str, Any]]:
    """The fields that a kind of body has, in form order; without a kind the common ones.

    A field that several kinds share has the label, help and placeholder of this kind's file.
    """
    return [
        {**f, **f.get("variants", {}).get(kind, {})}
        for f in schema["fields"]
        if "kinds" not in f or kind in f["kinds"]
    ]


def sections(fields: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Fields grouped under the ``start_section`` titles they carry.

    Returns:
        Dictionaries with ``title`` (text or {language: text}, empty before the first title)
        and ``fields``.
    """
    out: list[dict[str, Any]] = []
    for field in fields:
        if not out or field.get("start_section"):
            out.append({"title": field.get("start_section") or "", "fields": []})
        out[-1]["fields"].append(field)
    return out


def _add(
    fields: list[dict[str, Any]], field: dict[str, Any], kinds: list[str], common: set[str]
) -> None:
    name = field["field_name"]
    if name in common:
        raise KindError(f"{name} is a common field already")
    known = next((f for f in fields if f["field_name"] == name), None)
    if known is not None:
        known["kinds"] = [*known["kinds"], *kinds]
        known["required_for"] = [*known["required_for"], *field.get("required_for", ())]
        texts = {k: v for k, v in field.items() if k in _TEXTS}
        known["variants"] = {**known.get("variants", {}), **dict.fromkeys(kinds, texts)}
        return
    anchor = field.pop("after", None)
    field["kinds"] = list(kinds)
    field["required_for"] = list(field.get("required_for", ()))
    names = [f["field_name"] for f in fields]
    if anchor is None:
        fields.append(field)
    elif anchor in names:
        fields.insert(names.index(anchor) + 1, field)
    else:
        raise KindError(f"{name} stands after {anchor}, which does not exist")


def _check(fields: Sequence[Mapping[str, Any]], kinds: Mapping[str, Mapping[str, Any]]) -> None:
    choices = {
        choice["value"] for f in fields if f["field_name"] == FIELD for choice in f["choices"]
    }
    if choices != set(kinds):
        raise KindError(f"choices of {FIELD} and kinds differ: {sorted(choices ^ set(kinds))}")
    for kind, rules in kinds.items():
        unknown = sorted(set(rules.get("parents", ())) - set(kinds))
        if unknown:
            raise KindError(f"{kind} hangs under unknown kinds: {unknown}")
    for field in fields:
        stray = sorted(set(field.get("required_for", ())) - set(field.get("kinds", kinds)))
        if stray:
            raise KindError(f"{field['field_name']} is required of kinds without it: {stray}")
