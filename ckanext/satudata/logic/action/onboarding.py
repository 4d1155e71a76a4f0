"""Accounts in bulk, invitations, and how far people are."""

from __future__ import annotations

import os
import tempfile
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.mailer import MailerException
from ckan.logic import validate
from ckan.types import Context, DataDict
from werkzeug.datastructures import FileStorage

from ckanext.satudata.logic import account_texts
from ckanext.satudata.logic.auth.asking import person
from ckanext.satudata.logic.schema import onboarding as schema
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.workflow.onboarding import account_file, accounts, invitations, progress


@validate(schema.accounts)
def satudata_account_import(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Make accounts for people of agencies, and invite each by e-mail.

    Every line is looked at first; nothing is done if any is wrong, unless ``only_right`` asks for
    the others. People who are there already are left as they are, or join the agency, or get the
    role that the list says; so a list can be sent again.

    :param upload: the list (multipart): CSV, XLSX or ODS with the columns nama, email, instansi
        (name, title or code) and peran (admin, editor or member)
    :param people: the list as JSON instead, each with these four names
    :param only_right: leave wrong lines out and carry out the others
    :param dry_run: only look
    :returns: ``people`` (``row``, ``nama``, ``email``, ``instansi``, ``organization_id``,
        ``peran``, ``what``: ``undang``, ``tambah``, ``ubah`` or ``tetap``, ``done`` and ``error``)
        and ``problems`` (``row``, ``column``, ``value`` and ``message``)
    """
    tk.check_access("satudata_account_import", context, data_dict)
    actor = person(context)
    found = accounts.plan(_people(data_dict), actor)
    done: dict[int, str] = {}
    if not data_dict["dry_run"] and (data_dict["only_right"] or not found.problems):
        done = {d.line.row: d.error for d in accounts.carry_out(found.lines, actor)}
    return {
        "people": [
            {
                "row": line.row,
                "nama": line.name,
                "email": line.email,
                "instansi": line.title,
                "organization_id": line.organization,
                "peran": line.capacity,
                "what": line.what,
                "done": line.row in done and not done[line.row],
                "error": done.get(line.row, ""),
            }
            for line in found.lines
        ],
        "problems": [
            {
                "row": one.row,
                "column": one.column,
                "value": one.value,
                "message": account_texts.sentence(one),
            }
            for one in found.problems
        ],
    }


@tk.side_effect_free
@validate(schema.none)
def satudata_invitation_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List the people who have not opened their account yet, the longest waiting first.

    :returns: ``id`` (of the account), ``name``, ``email``, ``organization_id``,
        ``organization_title``, ``capacity``, ``sent_at``, ``times``, ``until`` and ``expired``
    """
    tk.check_access("satudata_invitation_list", context, data_dict)
    return [
        {
            "id": one.user,
            "name": one.name,
            "email": one.email,
            "organization_id": one.organization,
            "organization_title": one.organization_title,
            "capacity": one.capacity,
            "sent_at": one.sent_at.isoformat(),
            "times": one.times,
            "until": one.until.isoformat(),
            "expired": one.expired,
        }
        for one in invitations.waiting(utc_now())
    ]


@validate(schema.one)
def satudata_invitation_resend(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Send somebody another invitation; the link of the former one ends.

    :param id: id of the account
    :returns: ``id``, ``sent_at`` and ``times``
    """
    tk.check_access("satudata_invitation_resend", context, data_dict)
    actor = person(context)
    try:
        found = invitations.resend(data_dict["id"], actor.id if actor else None)
    except invitations.NotWaiting:
        raise tk.ObjectNotFound(tk._("Nobody is waited for under this id.")) from None
    except MailerException as error:
        raise tk.ValidationError(
            {"id": [tk._("The letter could not be sent. Try again later.")]}
        ) from error
    return {
        "id": found.user_id,
        "sent_at": found.sent_at.isoformat(),
        "times": found.times,
    }


@tk.side_effect_free
@validate(schema.none)
def satudata_progress_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List how far everybody is who belongs to an agency.

    :returns: see :py:func:`satudata_progress_show`
    """
    tk.check_access("satudata_progress_list", context, data_dict)
    return [_shown(one) for one in progress.everybody()]


@tk.side_effect_free
@validate(schema.none)
def satudata_progress_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show how far you are.

    :returns: ``user``, ``account``, ``name``, ``pending``, ``bodies`` (title -> capacity) and
        ``steps``: when you took each of ``akun``, ``masuk``, ``tur``, ``latihan-bersih``,
        ``latihan-konflik``, ``latihan-setoran`` and ``terbit``, or None
    """
    tk.check_access("satudata_progress_show", context, data_dict)
    user = person(context)
    assert user is not None
    found = progress.of_user(user.id)
    assert found is not None
    return _shown(found)


@validate(schema.none)
def satudata_tour_finish(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Say that you have seen the tour, or do not want to.

    :returns: see :py:func:`satudata_progress_show`
    """
    tk.check_access("satudata_tour_finish", context, data_dict)
    user = person(context)
    assert user is not None
    progress.taken(user.id, "tur")
    model.repo.commit()
    return satudata_progress_show(context, {})


def _shown(one: progress.Progress) -> dict[str, Any]:
    return {
        "user": one.user,
        "account": one.account,
        "name": one.name,
        "pending": one.pending,
        "bodies": dict(one.bodies),
        "steps": {
            step: one.steps[step].isoformat() if step in one.steps else None
            for step in progress.STEPS
        },
    }


def _people(data_dict: DataDict) -> list[account_file.Line]:
    if data_dict.get("people"):
        return data_dict["people"]
    upload = data_dict.get("upload")
    if not isinstance(upload, FileStorage) or not upload.filename:
        raise tk.ValidationError({"upload": [tk._("Choose a file.")]})
    handle, path = tempfile.mkstemp(prefix="satudata-accounts-")
    try:
        with os.fdopen(handle, "wb") as out:
            upload.save(out)
        return account_file.read(path, name=upload.filename)
    except account_file.UnreadableList as error:
        raise tk.ValidationError({"upload": [account_texts.unreadable(error)]}) from error
    finally:
        os.unlink(path)
