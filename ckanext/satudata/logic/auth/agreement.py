"""Who may propose, accept, end and see agreements: nobody accepts for another agency."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudata.model.agreement import PROPOSED, AgreementParty, AgreementRow
from ckanext.satudata.workflow import roles
from ckanext.satudata.workflow.agreements import agreements

from .asking import is_walidata, person, refused


def satudata_agreement_propose(context: Context, data_dict: DataDict) -> AuthResult:
    """The walidata, and whoever edits for one of the parties."""
    parties = data_dict.get("parties") or []
    listed = [parties] if isinstance(parties, str) else parties
    mine = bodies(context)
    wanted = data_dict.get("organization_id")
    if wanted and wanted not in mine:
        return refused(tk._("You may only propose for your own agency."))
    if is_walidata(context) or any(_id(party) in mine for party in listed):
        return {"success": True}
    return refused(tk._("Only the agencies concerned and the walidata propose agreements."))


def satudata_agreement_revise(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may propose it."""
    row = find(data_dict.get("id"))
    if row is None or not may_see(context, row):
        return _hidden()
    parties = [p.organization_id for p in agreements.parties_of(model.Session, row.id)]
    return satudata_agreement_propose(context, {**data_dict, "parties": parties})


@tk.auth_sysadmins_check
def satudata_agreement_accept(context: Context, data_dict: DataDict) -> AuthResult:
    """Editors and admins of that very party; not the walidata for it, and no sysadmin.

    CKAN makes whoever creates an organization its admin, so a sysadmin's membership says nothing.
    """
    row = find(data_dict.get("id"))
    if row is None or not may_see(context, row):
        return _hidden()
    party = model.Session.get(AgreementParty, (row.id, data_dict.get("organization_id") or ""))
    user = person(context)
    own = party is not None and party.organization_id in bodies(context)
    if own and user is not None and not user.sysadmin:
        return {"success": True}
    return refused(tk._("Nobody accepts or declines for another agency."))


satudata_agreement_decline = satudata_agreement_accept


def satudata_agreement_withdraw(context: Context, data_dict: DataDict) -> AuthResult:
    """The walidata; a proposal also whoever edits for the agency that made it."""
    row = find(data_dict.get("id"))
    if row is None or not may_see(context, row):
        return _hidden()
    own = row.state == PROPOSED and row.proposed_by in bodies(context)
    if own or is_walidata(context):
        return {"success": True}
    return refused(tk._("Only the walidata ends an agreement; propose one that takes its place."))


def satudata_agreement_direct(context: Context, data_dict: DataDict) -> AuthResult:
    """The walidata records what the Bupati has decided."""
    if is_walidata(context):
        return {"success": True}
    return refused(tk._("Only the walidata records a direction of the Bupati."))


@tk.auth_allow_anonymous_access
def satudata_agreement_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody, once it has been in force; before that the parties and the walidata."""
    row = find(data_dict.get("id"))
    return {"success": True} if row is not None and may_see(context, row) else _hidden()


@tk.auth_allow_anonymous_access
def satudata_agreement_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody; only those one may see are listed."""
    return {"success": True}


def find(reference: Any) -> AgreementRow | None:
    """The agreement with this id or number, or None."""
    text = str(reference or "")
    row = model.Session.get(AgreementRow, text)
    if row is None and text:
        numbered = sa.select(AgreementRow).where(AgreementRow.number == text)
        row = model.Session.scalars(numbered).first()
    return row


def may_see(context: Context, row: AgreementRow) -> bool:
    """Whether the person may see an agreement; a proposal tells figures that are not public."""
    if row.effective_at is not None or is_walidata(context):
        return True
    mine = bodies(context)
    return any(p.organization_id in mine for p in agreements.parties_of(model.Session, row.id))


def bodies(context: Context) -> set[str]:
    """Ids of the agencies for which the person edits."""
    user = person(context)
    return set(roles.bodies_of(user)) if user is not None else set()


def _id(organization: str) -> str:
    group = model.Group.get(organization)
    return group.id if group is not None else organization


def _hidden() -> AuthResult:
    return refused(tk._("There is no such agreement, or you may not see it."))
