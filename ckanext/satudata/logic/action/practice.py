"""The practice space: exercises in which nothing becomes public."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict
from werkzeug.datastructures import FileStorage

from ckanext.satudata.logic.auth.asking import person
from ckanext.satudata.logic.schema import onboarding as schema
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.workflow.onboarding import exercises, practice, progress

_CONFLICT = "latihan-konflik"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@tk.side_effect_free
@validate(schema.none)
def satudata_practice_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List the datasets on which you practise, the newest first.

    :returns: ``dataset``, ``name``, ``exercise`` and ``report_id`` (of the newest rehearsal, or
        None) of each
    """
    tk.check_access("satudata_practice_list", context, data_dict)
    return [
        {
            "dataset": one.dataset,
            "name": one.name,
            "exercise": one.exercise,
            "report_id": one.report,
        }
        for one in practice.of_user(_me(context).id)
    ]


@validate(schema.begin)
def satudata_practice_begin(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Begin an exercise: make a draft that is never public, or go on with the one there is.

    Publishing or submitting it is a rehearsal: the same checks, and a report. It is deleted in
    the following night.

    :param exercise: ``latihan-bersih`` (a table to put right) or ``latihan-konflik`` (a table that
        contradicts what is public)
    :param organization_id: id or name of the body for which you practise
    :returns: the dataset, as ``package_show`` gives it
    """
    tk.check_access("satudata_practice_begin", context, data_dict)
    user, body = _me(context), model.Group.get(data_dict["organization_id"])
    assert body is not None
    exercise = data_dict["exercise"]
    known = {p.exercise: p.dataset for p in practice.of_user(user.id)}
    if exercise not in known:
        known[exercise] = _begun(exercise, user, body)
    return tk.get_action("package_show")(
        {"user": user.name, "auth_user_obj": user}, {"id": known[exercise]}
    )


@tk.side_effect_free
@validate(schema.table)
def satudata_practice_table(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """The messy table of the first exercise.

    :param organization_id: id or name of the body for which you practise
    :returns: ``filename``, ``content_type`` and ``content`` (base64), ``indicator``, ``period``,
        ``classifications``, and ``public`` (whether the figures repeat public ones)
    """
    tk.check_access("satudata_practice_table", context, data_dict)
    body = model.Group.get(data_dict["organization_id"])
    assert body is not None
    material = _clean(body)
    return {
        "filename": "latihan-1.xlsx",
        "content_type": _XLSX,
        "content": base64.b64encode(exercises.messy(material)).decode(),
        "indicator": {"code": material.indicator.code, "name": material.indicator.name},
        "period": material.period,
        "classifications": dict(material.constants),
        "public": material.public,
    }


@validate(schema.paste)
def satudata_practice_paste(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Look at figures pasted into the practice setoran; nothing of them is kept.

    :param cells: a list of objects with ``region``, ``text`` and ``missing`` (why there is none)
    :returns: ``right`` and ``cells``: ``region``, ``text``, ``missing``, ``value`` and ``fault``
        (``kosong``, ``bukan-angka``, ``lain``, ``alasan`` or empty) of each
    """
    tk.check_access("satudata_practice_paste", context, data_dict)
    cells = data_dict["cells"]
    answer = exercises.pasted(
        {c["region"]: c["text"] for c in cells}, {c["region"]: c["missing"] for c in cells}
    )
    if answer.right:
        progress.taken(_me(context).id, "latihan-setoran")
        model.repo.commit()
    return {
        "right": answer.right,
        "cells": [
            {
                "region": line.region.code,
                "text": line.text,
                "missing": line.reason,
                "value": None if line.value is None else f"{line.value:f}",
                "fault": line.fault,
            }
            for line in answer.lines
        ],
    }


def _begun(exercise: str, user: model.User, body: model.Group) -> str:
    if exercise != _CONFLICT:
        material = _clean(body)
        return practice.begin(exercise, user, body, utc_now(), _fields(material))
    found = exercises.conflicting(body.id)
    if found is None:
        raise tk.ValidationError(
            {
                "exercise": [
                    tk._(
                        "Nobody else has published a table by kecamatan yet, so there is nothing "
                        "to contradict. Come back when there is."
                    )
                ]
            }
        )
    _, wrong = found
    dataset = practice.begin(exercise, user, body, utc_now(), _fields(wrong))
    content = FileStorage(io.BytesIO(exercises.plain(wrong)), filename="latihan-2.csv")
    tk.get_action("resource_create")(
        {"user": user.name, "auth_user_obj": user},
        {
            "package_id": dataset,
            "name": "latihan-2.csv",
            "format": "CSV",
            "upload": content,
            "schema": json.dumps(wrong.declared()),
        },
    )
    return dataset


def _clean(body: model.Group) -> exercises.Material:
    material = exercises.clean(body.id)
    if material is None:
        raise tk.ValidationError(
            {
                "organization_id": [
                    tk._(
                        "Your agency may set no indicator's figures, and none are public that it "
                        "could repeat. Ask the walidata for a mandate."
                    )
                ]
            }
        )
    return material


def _fields(material: exercises.Material) -> dict[str, Any]:
    return {
        "title": tk._("Practice: {name}").format(name=material.indicator.name),
        "notes": tk._("For practice only; the figures are invented, and nothing is public."),
        "tahun_data": [material.period[:4]],
        "status_angka": "P",
        "kebijakan_revisi": tk._("At any time."),
    }


def _me(context: Context) -> model.User:
    user = person(context)
    assert user is not None  # the auth functions let nobody else in
    return user
