"""Who sees and writes setoran: the kecamatan its own, the agency what it receives, nobody else.

What somebody answers for (handing in, asking, accepting, recapping) only people of that very body
may do: no sysadmin, and no admin of a body above it. The walidata keeps the obligations and reads.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudata.model.setoran import Obligation, Setoran
from ckanext.satudata.organizations import registry
from ckanext.satudata.workflow import roles
from ckanext.satudata.workflow.setoran import obligations, tracing

from .asking import is_walidata, person, refused


def satudata_obligation_create(context: Context, data_dict: DataDict) -> AuthResult:
    """The walidata, and the agency that is to receive the figures."""
    body = model.Group.get(data_dict.get("organization") or "")
    if body is None or not obligations.may_receive(body):
        return _answer(False)
    return _answer(is_walidata(context) or _works_for(context, body.id))


def satudata_obligation_update(context: Context, data_dict: DataDict) -> AuthResult:
    """The walidata, and the receiving agency; who gives it away must be of both agencies."""
    found = _obligation(data_dict)
    if found is None:
        return _answer(False)
    if is_walidata(context):
        return _answer(True)
    bodies = {found.organization_id}
    if data_dict.get("organization"):
        wanted = model.Group.get(data_dict["organization"])
        bodies.add(wanted.id if wanted else "")
    return _answer(all(_works_for(context, body) for body in bodies))


def satudata_obligation_end(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change it."""
    return satudata_obligation_update(context, {"id": data_dict.get("id")})


def satudata_obligation_list(context: Context, _data_dict: DataDict) -> AuthResult:
    """Whoever is signed in; they see what concerns them."""
    return _answer(person(context) is not None)


def satudata_obligation_show(context: Context, data_dict: DataDict) -> AuthResult:
    """The receiving agency, the kecamatan that are asked, and the walidata."""
    found = _obligation(data_dict)
    return _answer(found is not None and _sees(context, found))


def satudata_setoran_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever is signed in; they see what concerns them."""
    return satudata_obligation_list(context, data_dict)


def satudata_setoran_show(context: Context, data_dict: DataDict) -> AuthResult:
    """The kecamatan, the receiving agency, and the walidata."""
    found = _setoran(data_dict)
    if found is None:
        return _answer(False)
    bodies = (found.organization_id, _receiver(found))
    return _answer(is_walidata(context) or any(_works_for(context, body) for body in bodies))


@tk.auth_sysadmins_check
def satudata_setoran_save(context: Context, data_dict: DataDict) -> AuthResult:
    """The kecamatan, and nobody in its place."""
    found = _setoran(data_dict)
    return _answer(found is not None and _works_for(context, found.organization_id))


@tk.auth_sysadmins_check
def satudata_setoran_upload(context: Context, data_dict: DataDict) -> AuthResult:
    """As for :func:`satudata_setoran_save`."""
    return satudata_setoran_save(context, data_dict)


@tk.auth_sysadmins_check
def satudata_setoran_submit(context: Context, data_dict: DataDict) -> AuthResult:
    """As for :func:`satudata_setoran_save`."""
    return satudata_setoran_save(context, data_dict)


@tk.auth_sysadmins_check
def satudata_setoran_answer(context: Context, data_dict: DataDict) -> AuthResult:
    """As for :func:`satudata_setoran_save`."""
    return satudata_setoran_save(context, data_dict)


@tk.auth_sysadmins_check
def satudata_setoran_ask(context: Context, data_dict: DataDict) -> AuthResult:
    """The receiving agency, and nobody in its place."""
    found = _setoran(data_dict)
    return _answer(found is not None and _works_for(context, _receiver(found)))


@tk.auth_sysadmins_check
def satudata_setoran_accept(context: Context, data_dict: DataDict) -> AuthResult:
    """As for :func:`satudata_setoran_ask`."""
    return satudata_setoran_ask(context, data_dict)


def satudata_setoran_matrix(context: Context, data_dict: DataDict) -> AuthResult:
    """The receiving agency and the walidata."""
    found = _obligation(data_dict)
    return _answer(found is not None and _receives(context, found))


def satudata_setoran_analysis(context: Context, data_dict: DataDict) -> AuthResult:
    """As for :func:`satudata_setoran_matrix`."""
    return satudata_setoran_matrix(context, data_dict)


@tk.auth_sysadmins_check
def satudata_setoran_recap(context: Context, data_dict: DataDict) -> AuthResult:
    """The receiving agency, and nobody in its place."""
    found = _obligation(data_dict)
    return _answer(found is not None and _works_for(context, found.organization_id))


@tk.auth_sysadmins_check
def satudata_setoran_trace(context: Context, data_dict: DataDict) -> AuthResult:
    """The receiving agency and the walidata, for the dataset that a recap made."""
    package = model.Package.get(data_dict.get("dataset") or "")
    found = tracing.obligation_of(package.id) if package is not None else None
    return _answer(found is not None and _receives(context, found))


@tk.auth_sysadmins_check
def satudata_setoran_origin_list(context: Context, data_dict: DataDict) -> AuthResult:
    """As for :func:`satudata_setoran_trace`."""
    return satudata_setoran_trace(context, {"dataset": data_dict.get("id")})


def _obligation(data_dict: DataDict) -> Obligation | None:
    return model.Session.get(Obligation, str(data_dict.get("id") or ""))


def _setoran(data_dict: DataDict) -> Setoran | None:
    return model.Session.get(Setoran, str(data_dict.get("id") or ""))


def _receiver(setoran: Setoran) -> str:
    return model.Session.get_one(Obligation, setoran.obligation_id).organization_id


def _works_for(context: Context, body: str | None) -> bool:
    user = person(context)
    return user is not None and body is not None and body in roles.bodies_of(user)


def _receives(context: Context, obligation: Obligation) -> bool:
    return is_walidata(context) or _works_for(context, obligation.organization_id)


def _sees(context: Context, obligation: Obligation) -> bool:
    if _receives(context, obligation):
        return True
    user = person(context)
    return user is not None and asked_of(obligation, roles.bodies_of(user))


def asked_of(obligation: Obligation, bodies: list[str]) -> bool:
    """Whether an obligation asks one of these kecamatan."""
    regions = set(obligation.regions)
    groups = (model.Group.get(body) for body in bodies)
    return any(g is not None and registry.value_of(g, "kode_kemendagri") in regions for g in groups)


def _answer(allowed: bool) -> AuthResult:
    if allowed:
        return {"success": True}
    return refused(tk._("Only the bodies that hand in and receive these figures may do this."))
