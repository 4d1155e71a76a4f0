"""Notices: what the portal tells the person who asks."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata import letters
from ckanext.satudata.logic.auth.asking import person
from ckanext.satudata.logic.schema import notice as schema
from ckanext.satudata.workflow import notices


@tk.side_effect_free
@validate(schema.listed)
def satudata_notice_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List the notices of the person who asks, newest first.

    :param unread: only those not read yet
    :param limit: how many, at most 500
    :param offset: how many newer ones to leave out
    :returns: ``unread`` (how many there are) and ``notices``, each with ``id``, ``kind``,
        ``subject_kind``, ``subject_id``, ``head`` and ``text`` (in the language of the page),
        ``address``, ``urgent``, ``created_at`` and ``read_at``
    """
    tk.check_access("satudata_notice_list", context, data_dict)
    me = _me(context)
    found = notices.of_user(
        me,
        unread=data_dict["unread"],
        limit=min(data_dict["limit"], 500),
        offset=data_dict["offset"],
    )
    out: list[dict[str, Any]] = []
    for one in found:
        head, text = letters.told(one.kind, letters.page_language(), one.params)
        out.append(
            {
                "id": one.id,
                "kind": one.kind,
                "subject_kind": one.subject_kind,
                "subject_id": one.subject_id,
                "head": head,
                "text": text,
                "address": one.address,
                "urgent": one.urgent,
                "created_at": one.created_at.isoformat(),
                "read_at": one.read_at.isoformat() if one.read_at else None,
            }
        )
    return {"unread": notices.unread(me), "notices": out}


@validate(schema.read)
def satudata_notice_read(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Mark notices of the person who asks as read.

    :param id: id of one notice; without it all are marked
    :returns: ``marked`` (how many)
    """
    tk.check_access("satudata_notice_read", context, data_dict)
    wanted = data_dict.get("id")
    marked = notices.mark_read(_me(context), [wanted] if wanted else None)
    model.repo.commit()
    return {"marked": marked}


@tk.side_effect_free
@validate(schema.none)
def satudata_notice_setting_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show how the person who asks is told by e-mail.

    :returns: ``mail`` (``segera``: each notice at once; ``harian``: once a working day, urgent
        ones at once; ``tidak``: not at all) and ``muted`` (kinds that are not mailed)
    """
    tk.check_access("satudata_notice_setting_show", context, data_dict)
    found = notices.setting(_me(context))
    return {"mail": found.mail, "muted": sorted(found.muted)}


@validate(schema.setting)
def satudata_notice_setting_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Choose how the person who asks is told by e-mail.

    :param mail: see :py:func:`satudata_notice_setting_show`
    :param muted: kinds that are not mailed (a list, or one name)
    :returns: see :py:func:`satudata_notice_setting_show`
    """
    tk.check_access("satudata_notice_setting_update", context, data_dict)
    wanted = notices.Setting(data_dict["mail"], frozenset(data_dict["muted"]))
    notices.choose(_me(context), wanted)
    model.repo.commit()
    return {"mail": wanted.mail, "muted": sorted(wanted.muted)}


def _me(context: Context) -> str:
    user = person(context)
    assert user is not None  # the auth functions let nobody else in
    return user.id
