"""Who may see, submit, move and comment on the processes of publications."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.satudata.model.onboarding import PracticeDataset
from ckanext.satudata.model.process import Process, ReviewComment
from ckanext.satudata.workflow import gate, roles
from ckanext.satudata.workflow.review import process
from ckanext.satudata.workflow.review.transitions import table

from .asking import as_for, is_walidata, person, refused


def satudata_process_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the dataset, is walidata, or is pembina of its priority data."""
    package = model.Package.get(data_dict["id"])
    if package is None or not _inside(context, package):
        return _unseen()
    return {"success": True}


def satudata_process_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever is signed in; listed is what the person may see."""
    return {"success": True} if person(context) else refused(tk._("Log in to see this list."))


def satudata_process_submit(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever edits for the producer."""
    package = model.Package.get(data_dict["id"])
    user = person(context)
    if (
        package is not None
        and user is not None
        and "produsen" in process.parts_of(user, package.owner_org or "")
    ):
        return {"success": True}
    return _unseen()


def satudata_process_move(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever the table of transitions names: the producer's editors, the walidata, the pembina.

    The walidata and the pembina never examine data of an agency they edit for.
    """
    found = model.Session.get(Process, data_dict["id"])
    row = table().transitions.get(data_dict["transition"])
    user = person(context)
    if found is None or row is None or user is None:
        return _unseen()
    if row.who & process.parts_of(user, found.organization_id):
        return {"success": True}
    return _unseen()


def satudata_process_bulk_accept(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever is walidata or pembina; each dataset is asked about by itself."""
    user = person(context)
    if user is not None and (roles.is_walidata(user) or roles.is_pembina(user)):
        return {"success": True}
    return refused(tk._("Only the walidata and the pembina approve datasets."))


def satudata_review_comment_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the process."""
    return satudata_process_show(context, {"id": data_dict["id"]})


def satudata_review_comment_resolve(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the process of the comment's dataset."""
    comment = model.Session.get(ReviewComment, data_dict["id"])
    if comment is None:
        return _unseen()
    return satudata_process_show(context, {"id": comment.dataset_id})


@tk.auth_allow_anonymous_access
def satudata_version_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the dataset."""
    return as_for("package_show", context, {"id": data_dict["id"]})


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def package_show(
    original: AuthFunction, context: Context, data_dict: DataDict | None
) -> AuthResult:
    """Those who examine a dataset see it while it is not public; all else is as CKAN says."""
    answer = original(context, data_dict or {})
    user = person(context)
    if _of_others(context, data_dict, user):
        return refused(tk._("Somebody else practises on this dataset."))
    if answer.get("success") or user is None:
        return answer
    package = context.get("package")
    return {"success": True} if package is not None and _examines(user, package) else answer


@tk.chained_auth_function
def package_update(
    original: AuthFunction, context: Context, data_dict: DataDict | None
) -> AuthResult:
    """As CKAN says, but for datasets on which somebody else practises."""
    answer = original(context, data_dict or {})
    if _of_others(context, data_dict, person(context)):
        return refused(tk._("Somebody else practises on this dataset."))
    return answer


def _of_others(context: Context, data_dict: DataDict | None, user: model.User | None) -> bool:
    """Whether somebody else practises on the dataset that is asked about; never a public one."""
    package = context.get("package") or model.Package.get((data_dict or {}).get("id"))
    if package is None or gate.is_public(package):
        return False
    mark = PracticeDataset.of(package.id)
    return mark is not None and (user is None or mark.user_id != user.id)


def _examines(user: model.User, package: model.Package) -> bool:
    """Whether a dataset that is not public lies before this person."""
    if package.state == model.State.DELETED:
        return False
    if not (roles.is_walidata(user) or roles.is_pembina(user)):
        return False
    found = Process.open_of(package.id) or Process.accepted_of(package.id)
    if found is None:
        return False
    if roles.is_walidata(user):
        return found.state not in ("draft", "terbit", "direvisi")
    return found.state == "diperiksa_pembina"


def _inside(context: Context, package: model.Package) -> bool:
    if is_walidata(context):
        return True
    user = person(context)
    if user is not None and roles.is_pembina(user):
        found = Process.open_of(package.id) or Process.accepted_of(package.id)
        if found is not None and found.priority and found.state != "draft":
            return True
    return bool(as_for("package_update", context, {"id": package.id}).get("success"))


def _unseen() -> AuthResult:
    return refused(tk._("There is no such process, or you may not see it."))
