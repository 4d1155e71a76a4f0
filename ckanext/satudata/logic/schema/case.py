"""Parameters of the actions about requests, objections, complaints and suggestions."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudata.logic.validators.text import satudata_clean_text
from ckanext.satudata.model.case import KINDS, LANES
from ckanext.satudata.workflow.cases import request_form
from ckanext.satudata.workflow.cases.grounds import objections

#: Characters of a text, and things asked for in one request.
_LONGEST, _LINE, _ITEMS = 10_000, 300, 20
_NIK = re.compile(r"\d{16}")


def _text(value: str) -> str:
    if len(value) > _LONGEST:
        raise tk.Invalid(tk._("Write at most {longest} characters.").format(longest=_LONGEST))
    return value


def _line(value: str) -> str:
    if len(value) > _LINE:
        raise tk.Invalid(tk._("Write at most {longest} characters.").format(longest=_LINE))
    return " ".join(value.split())


def _items(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    found = [satudata_clean_text(item) for item in listed if item]
    found = [_text(item) for item in found if item]
    if not found:
        raise tk.Invalid(tk._("Write what you ask for."))
    if len(found) > _ITEMS:
        raise tk.Invalid(tk._("Ask for at most {most} things.").format(most=_ITEMS))
    return found


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise tk.Invalid(tk._("A day is expected, such as 2026-11-21.")) from None


def _nik(value: str) -> str:
    digits = "".join(value.split())
    if not _NIK.fullmatch(digits):
        raise tk.Invalid(tk._("An NIK has 16 digits."))
    return digits


def _grounds(value: Any) -> list[str]:
    found = list(dict.fromkeys(value if isinstance(value, list) else [value]))
    known = {ground.name for ground in objections()}
    if not found or not known.issuperset(found):
        raise tk.Invalid(tk._("Choose at least one ground."))
    return sorted(found)


@validator_args
def one(
    not_empty: Validator, ignore: Validator, ignore_missing: Validator, unicode_safe: Validator
) -> Schema:
    """Actions about one case."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "secret": [ignore_missing, unicode_safe],
        "__extras": [ignore],
    }


@validator_args
def track(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_case_track``."""
    return {
        "number": [not_empty, unicode_safe, satudata_clean_text],
        "secret": [not_empty, unicode_safe],
        "__extras": [ignore],
    }


@validator_args
def listed(
    ignore: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    boolean_validator: Validator,
    natural_number_validator: Validator,
    one_of: ValidatorFactory,
) -> Schema:
    """``satudata_case_list``."""
    text = [ignore_missing, unicode_safe, satudata_clean_text]
    return {
        "kind": [ignore_missing, unicode_safe, one_of(list(KINDS))],
        "state": text,
        "lane": [ignore_missing, unicode_safe, one_of(list(LANES))],
        "organization": text,
        "overdue": [default(False), boolean_validator],
        "open": [default(False), boolean_validator],
        "mine": [default(False), boolean_validator],
        "q": text,
        "order": [default("opened"), one_of(["opened", "due"])],
        "after": [ignore_missing, unicode_safe],
        "limit": [default(50), natural_number_validator],
        "__extras": [ignore],
    }


@validator_args
def move(
    not_empty: Validator,
    ignore: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    int_validator: Validator,
) -> Schema:
    """``satudata_case_move``."""
    text = [ignore_missing, unicode_safe, satudata_clean_text, _text]
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "transition": [not_empty, unicode_safe],
        "secret": [ignore_missing, unicode_safe],
        "version": [ignore_missing, int_validator],
        "note": text,
        "organization": text,
        "ground": text,
        "consequence": text,
        "class": text,
        "dataset": text,
        "answers": {
            "item": text,
            "how": text,
            "text": text,
            "dataset": text,
            "attachment": text,
            "release_on": [ignore_missing, _day],
            "ground": text,
            "consequence": text,
        },
        "__extras": [ignore],
    }


@validator_args
def say(
    not_empty: Validator,
    ignore: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    one_of: ValidatorFactory,
) -> Schema:
    """``satudata_case_say``."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "secret": [ignore_missing, unicode_safe],
        "text": [not_empty, unicode_safe, satudata_clean_text, _text],
        "audience": [default("pemohon"), one_of(["pemohon", "internal"])],
        "__extras": [ignore],
    }


@validator_args
def attach(
    not_empty: Validator,
    ignore: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    one_of: ValidatorFactory,
) -> Schema:
    """``satudata_case_file_create``."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "secret": [ignore_missing, unicode_safe],
        "upload": [ignore_missing],
        "audience": [default("pemohon"), one_of(["pemohon", "internal"])],
        "__extras": [ignore],
    }


@validator_args
def follow(
    not_empty: Validator,
    ignore: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    boolean_validator: Validator,
) -> Schema:
    """``satudata_case_follow``."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "follow": [default(True), boolean_validator],
        "__extras": [ignore],
    }


@validator_args
def identity(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_case_identity``."""
    text = [not_empty, unicode_safe, satudata_clean_text, _text]
    return {"id": text, "why": text, "__extras": [ignore]}


@validator_args
def publish(
    not_empty: Validator, ignore: Validator, ignore_missing: Validator, unicode_safe: Validator
) -> Schema:
    """``satudata_case_publish``."""
    text = [not_empty, unicode_safe, satudata_clean_text]
    return {
        "id": text,
        "title": [*text, _line],
        "question": [*text, _text],
        "text": [ignore_missing, unicode_safe, satudata_clean_text, _text],
        "__extras": [ignore],
    }


@validator_args
def create_request(
    ignore: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    not_missing: Validator,
    default: ValidatorFactory,
    email_validator: Validator,
    one_of: ValidatorFactory,
) -> Schema:
    """``satudata_request_create``."""
    text = [ignore_missing, unicode_safe, satudata_clean_text, _line]
    schema: Schema = {
        name: [ignore_missing, unicode_safe, one_of(list(field.choices))] if field.choices else text
        for name, field in request_form.fields().items()
    }
    return {
        **schema,
        "purpose": [ignore_missing, unicode_safe, satudata_clean_text, _text],
        "nik": [ignore_missing, unicode_safe, _nik],
        "email": [ignore_missing, unicode_safe, satudata_clean_text, email_validator],
        "lane": [default("publik"), one_of(list(LANES))],
        "organization": text,
        "dataset": text,
        "title": text,
        "upload": [ignore_missing],
        "items": [not_missing, _items],
        "__extras": [ignore],
    }


@validator_args
def confirm(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_request_confirm``."""
    return {"token": [not_empty, unicode_safe], "__extras": [ignore]}


@validator_args
def suggest(
    not_empty: Validator,
    ignore: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """``satudata_request_suggest``."""
    return {
        "q": [not_empty, unicode_safe, satudata_clean_text, _line],
        "limit": [default(5), natural_number_validator],
        "__extras": [ignore],
    }


@validator_args
def answered(
    not_empty: Validator, ignore: Validator, unicode_safe: Validator, one_of: ValidatorFactory
) -> Schema:
    """``satudata_request_answered``."""
    return {
        "kind": [not_empty, unicode_safe, one_of(["dataset", "indicator"])],
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "__extras": [ignore],
    }


@validator_args
def object_(
    not_empty: Validator,
    ignore: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    not_missing: Validator,
) -> Schema:
    """``satudata_objection_create``."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "secret": [ignore_missing, unicode_safe],
        "grounds": [not_missing, _grounds],
        "text": [not_empty, unicode_safe, satudata_clean_text, _text],
        "__extras": [ignore],
    }


@validator_args
def paged(
    ignore: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """``satudata_request_public_list``."""
    return {
        "q": [ignore_missing, unicode_safe, satudata_clean_text],
        "limit": [default(50), natural_number_validator],
        "__extras": [ignore],
    }


@validator_args
def report(
    ignore: Validator, ignore_missing: Validator, natural_number_validator: Validator
) -> Schema:
    """``satudata_request_report``."""
    return {"year": [ignore_missing, natural_number_validator], "__extras": [ignore]}
