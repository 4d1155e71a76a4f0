"""A body as a whole: fields of its kind, codes, place in the hierarchy, roles."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import (
    Context,
    FlattenDataDict,
    FlattenErrorDict,
    FlattenKey,
    Validator,
)

from ckanext.satudata.organizations import codes, registry
from ckanext.satudata.organizations.kinds import FIELD as KIND
from ckanext.satudata.schemas.publication import empty, listed
from ckanext.satudata.store.reading import codebook_or_none
from ckanext.scheming.validation import scheming_validator

from .text import localised

ROLES = "peran"
_DEFAULT_ROLES = ("produsen",)

#: Set in the context by the one action that hands the walidata's role on.
HANDING_ON = "satudata_handing_on"


@scheming_validator
def satudata_roles(field: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """Roles in Satu Data; what is not sent stays as it is, a new body is a producer.

    Only who passes the auth function ``satudata_roles_assign`` changes them: roles decide
    who may publish and release, so a body's own admin cannot give it one.
    """
    order = [c["value"] for c in field["choices"]]

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        body = context.get("group")
        stored = registry.roles_of(body) if body else []
        value = data.get(key)
        if value is None or value is tk.missing:
            chosen = stored or list(_DEFAULT_ROLES)
        else:
            sent = listed(value)
            chosen = [v for v in sent if v] if all(isinstance(v, str) for v in sent) else [""]
        unknown = [v for v in chosen if v not in order]
        if unknown:
            errors[key].append(tk._("'{role}' is not a role.").format(role=", ".join(unknown)))
            return
        if not chosen:
            errors[key].append(tk._("Choose at least one role."))
            return
        allowed = set(stored) if body else set(_DEFAULT_ROLES)
        if set(chosen) != allowed and not _may_assign(context):
            errors[key].append(
                tk._("Only the portal's or the walidata's admin changes the roles of a body.")
            )
            return
        data[key] = json.dumps([v for v in order if v in chosen])

    return validator


@scheming_validator
def satudata_organization(field: None, schema: dict[str, Any]) -> Validator:
    """Rules about several fields of a body, and about it and the other bodies."""

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        kind = data.get((KIND,))
        rules = schema["kinds"].get(kind)
        if kind is None or rules is None:
            return
        registry.lock()
        body = context.get("group")
        _fields_of_kind(schema, kind, data, errors)
        _codes(rules, data, errors)
        _unique(schema, data, errors, body)
        _parent(schema, kind, rules, data, errors, context)
        _subordinates(schema, kind, errors, body)
        _single_roles(schema, data, errors, context)

    return validator


def _fields_of_kind(
    schema: dict[str, Any], kind: str, data: FlattenDataDict, errors: FlattenErrorDict
) -> None:
    for field in schema["fields"]:
        name = field["field_name"]
        blank = empty(_value(data, name))
        if kind not in field.get("kinds", (kind,)):
            if not blank:
                _add(
                    errors,
                    name,
                    tk._("A body of kind '{kind}' has no such field. Clear it.").format(
                        kind=_kind_label(schema, kind)
                    ),
                )
        elif blank and kind in field.get("required_for", ()):
            request = tk._("Fill this in.")
            help_text = localised(field.get("help_text"))
            _add(errors, name, f"{request} {help_text}".strip())


def _codes(rules: dict[str, Any], data: FlattenDataDict, errors: FlattenErrorDict) -> None:
    code = _value(data, "kode_perangkat_daerah")
    named = codes.body_code_fields(code) if code else None
    absent = [f for f in named or () if f not in listed(_value(data, "urusan"))]
    if absent:
        _add(
            errors,
            "urusan",
            tk._(
                "The code {code} names {fields}, which is not among the fields of government. "
                "Add it or mend the code."
            ).format(code=code, fields=", ".join(absent)),
        )
    level = rules.get("region")
    kemendagri = _value(data, "kode_kemendagri")
    if not level or not kemendagri or errors.get(("kode_kemendagri",)):
        return
    book = codebook_or_none()
    if book is None:
        _add(
            errors,
            "kode_kemendagri",
            tk._(
                "The portal has no list of regions yet. Ask the administrator to run 'ckan "
                "satudata reference load'."
            ),
        )
        return
    bps = _value(data, "kode_bps")
    problem = codes.check_region(book.regions, level, kemendagri, bps)
    if problem is not None:
        _add(errors, problem.field, _explain(problem))
    elif not bps:
        known = codes.bps_of(book.regions, kemendagri)
        if known:
            _store(data, "kode_bps", known)


def _unique(
    schema: dict[str, Any],
    data: FlattenDataDict,
    errors: FlattenErrorDict,
    body: model.Group | None,
) -> None:
    if _deleted(data, body):
        return
    for name in ("kode_perangkat_daerah", "kode_kemendagri"):
        value = _value(data, name)
        if not value or errors.get((name,)):
            continue
        other = registry.with_value(name, value, but=body.id if body else None)
        if other is not None:
            _add(
                errors,
                name,
                tk._("{code} is the code of {body} already. A code belongs to one body.").format(
                    code=value, body=other.title or other.name
                ),
            )


def _parent(
    schema: dict[str, Any],
    kind: str,
    rules: dict[str, Any],
    data: FlattenDataDict,
    errors: FlattenErrorDict,
    context: Context,
) -> None:
    """At most one parent, of a kind it may hang under, and whose region holds its own."""
    names = [data[k] for k in data if k[0] == "groups" and len(k) == 3 and k[2] == "name"]
    body = context.get("group")
    if not names and body is not None and not context.get(registry.NO_PARENT):
        names = [g.name for g in registry.superiors(body.id)]
    if not names:
        if rules.get("parent_required"):
            _refuse_parent(
                errors,
                data,
                tk._("A body of kind '{kind}' hangs under another one. {allowed}").format(
                    kind=_kind_label(schema, kind), allowed=_allowed_parents(schema, rules)
                ),
            )
        return
    parent = model.Group.get(names[0])
    if len(names) > 1 or parent is None or not parent.is_organization:
        _refuse_parent(errors, data, tk._("A body hangs under one other body of the portal."))
    elif registry.value_of(parent, KIND) not in rules.get("parents", ()):
        _refuse_parent(
            errors,
            data,
            tk._("A body of kind '{kind}' does not hang under {parent}. {allowed}").format(
                kind=_kind_label(schema, kind),
                parent=parent.title or parent.name,
                allowed=_allowed_parents(schema, rules),
            ),
        )
    else:
        own, above = _value(data, "kode_kemendagri"), registry.value_of(parent, "kode_kemendagri")
        if own and above and not own.startswith(above + "."):
            _refuse_parent(
                errors,
                data,
                tk._("Region {code} does not lie in {parent} ({above}).").format(
                    code=own, parent=parent.title or parent.name, above=above
                ),
            )


def _subordinates(
    schema: dict[str, Any], kind: str, errors: FlattenErrorDict, body: model.Group | None
) -> None:
    """A change of kind leaves nobody hanging under a body it may not hang under."""
    if body is None or registry.value_of(body, KIND) == kind:
        return
    for below in registry.subordinates(body.id):
        rules = schema["kinds"].get(registry.value_of(below, KIND))
        if rules is not None and kind not in rules.get("parents", ()):
            _add(
                errors,
                KIND,
                tk._(
                    "{body} hangs under this body and could not under '{kind}'. Move it first."
                ).format(body=below.title or below.name, kind=_kind_label(schema, kind)),
            )


def _single_roles(
    schema: dict[str, Any], data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    body = context.get("group")
    number = body.id if body else None
    roles = set() if _deleted(data, body) else set(listed(_value(data, ROLES)))
    if errors.get((ROLES,)) or context.get(HANDING_ON):
        return
    for role in sorted(registry.SINGLE):
        others = registry.with_role(role, but=number)
        if role in roles and others:
            _add(
                errors,
                ROLES,
                tk._(
                    "{body} is the {role} already, and a portal has one. Hand the role on first."
                ).format(body=others[0].title or others[0].name, role=_role_label(schema, role)),
            )
    had = registry.roles_of(body) if body and body.state == model.State.ACTIVE else []
    for role in sorted(registry.KEPT & set(had) - roles):
        if not registry.with_role(role, but=number):
            _add(
                errors,
                ROLES,
                tk._(
                    "This body is the {role}, which a portal always has. Hand the role on to "
                    "another body instead."
                ).format(role=_role_label(schema, role)),
            )


def _may_assign(context: Context) -> bool:
    if context.get("ignore_auth"):
        return True
    try:
        return bool(tk.check_access("satudata_roles_assign", {"user": context.get("user", "")}))
    except tk.NotAuthorized:
        return False


def _deleted(data: FlattenDataDict, body: model.Group | None) -> bool:
    state = _value(data, "state") or (body.state if body else model.State.ACTIVE)
    return state == model.State.DELETED


def _value(data: FlattenDataDict, name: str) -> Any:
    value = data.get((name,))
    return None if value is tk.missing else value


def _store(data: FlattenDataDict, name: str, value: str) -> None:
    """Set an extra whose own validators found nothing to convert."""
    used = [k[1] for k in data if k[0] == "extras" and len(k) > 1]
    number = max(used, default=-1) + 1
    data[(name,)] = value
    data["extras", number, "key"] = name
    data["extras", number, "value"] = value


def _refuse_parent(errors: FlattenErrorDict, data: FlattenDataDict, message: str) -> None:
    rows = [k[1] for k in data if k[0] == "groups" and len(k) == 3]
    key = ("groups", min(rows), "name") if rows else ("groups",)
    errors.setdefault(key, []).append(message)


def _allowed_parents(schema: dict[str, Any], rules: dict[str, Any]) -> str:
    parents = rules.get("parents")
    if not parents:
        return tk._("It stands on its own.")
    return tk._("Choose one of kind: {kinds}.").format(
        kinds=", ".join(_kind_label(schema, p) for p in parents)
    )


def _explain(problem: codes.CodeProblem) -> str:
    templates = {
        "level": tk._("{code} is not the code of a {level}."),
        "unknown": tk._(
            "Region {code} is not in the portal's list of regions. Look the code up; codes are "
            "not contiguous."
        ),
        "crosswalk": tk._(
            "{code} is not the BPS code of {region}; that is {expected}. Leave the field blank "
            "to have it filled in."
        ),
        "outside": tk._("The BPS code of {region} begins with {expected}, not as {code} does."),
        "other": tk._("{code} is the BPS code of {region}, another region."),
    }
    return templates[problem.reason].format(**problem.params)


def _kind_label(schema: dict[str, Any], kind: str) -> str:
    return _choice_label(schema, KIND, kind)


def _role_label(schema: dict[str, Any], role: str) -> str:
    return _choice_label(schema, ROLES, role)


def _choice_label(schema: dict[str, Any], name: str, value: str) -> str:
    field = next(f for f in schema["fields"] if f["field_name"] == name)
    found = next((c for c in field["choices"] if c["value"] == value), {"label": value})
    return localised(found["label"])


def _add(errors: FlattenErrorDict, name: str, message: str) -> None:
    errors.setdefault((name,), []).append(message)
