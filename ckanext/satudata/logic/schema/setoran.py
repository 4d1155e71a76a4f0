"""Parameters of the actions about obligations and setoran."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudata.consistency import period
from ckanext.satudata.logic.validators.text import satudata_clean_text

#: A question or an answer is a sentence or two.
_LONGEST = 1000
_LONGEST_NAME = 200


def _sentence(value: str) -> str:
    text = " ".join(value.split())
    if len(text) > _LONGEST:
        raise tk.Invalid(tk._("Write at most {most} characters.").format(most=_LONGEST))
    return text


def _name(value: str) -> str:
    text = " ".join(value.split())
    if len(text) > _LONGEST_NAME:
        raise tk.Invalid(tk._("Write at most {most} characters.").format(most=_LONGEST_NAME))
    return text


def _period(value: str) -> str:
    try:
        return str(period.parse(value))
    except ValueError:
        raise tk.Invalid(tk._("{value} is not a period.").format(value=value)) from None


def _object(value: Any) -> Any:
    """An object, or the same as JSON."""
    if isinstance(value, str):
        try:
            value = json.loads(value) if value.strip() else {}
        except ValueError:
            value = None
    if not isinstance(value, dict):
        raise tk.Invalid(tk._("Give an object."))
    if not all(isinstance(codes, list) for codes in value.values()):
        raise tk.Invalid(tk._("Codes are given as an object with a list of codes per dimension."))
    return {str(name): [str(c) for c in codes] for name, codes in value.items()}


def _cells(value: Any) -> list[dict[str, Any]]:
    """A list of objects with ``region``, and as wanted the others, or the same as JSON."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise tk.Invalid(tk._("Give a list of cells."))
    out = []
    for one in value:
        version = one.get("version")
        texts = (one.get("region"), one.get("text"), one.get("missing"), one.get("classification"))
        if not isinstance(one.get("region"), str) or not (
            version is None or isinstance(version, int)
        ):
            raise tk.Invalid(tk._("Give a list of cells."))
        if not all(t is None or isinstance(t, str) for t in texts):
            raise tk.Invalid(tk._("Give a list of cells."))
        clean = {
            name: satudata_clean_text(one[name])
            for name in ("region", "classification", "text", "missing")
            if one.get(name) is not None
        }
        out.append({**clean, "version": version})
    return out


def _obligation(
    ignore_missing: Validator,
    unicode_safe: Validator,
    list_of_strings: Validator,
    json_list_or_string: Validator,
    isodate: Validator,
    int_validator: Validator,
) -> Schema:
    text = [ignore_missing, unicode_safe, satudata_clean_text]
    return {
        "level": text,
        "regions": [ignore_missing, json_list_or_string, list_of_strings],
        "classes": [ignore_missing, _object],
        "due_days": [ignore_missing, int_validator],
        "method": text,
        "weight": text,
        "active_from": [ignore_missing, isodate, _day],
        "active_to": [ignore_missing, isodate, _day],
        "instructions": text,
        "instructions_en": text,
    }


def _day(value: Any) -> Any:
    return value.date() if value else None


@validator_args
def obligation_create(
    not_empty: Validator,
    ignore: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    list_of_strings: Validator,
    json_list_or_string: Validator,
    isodate: Validator,
    int_validator: Validator,
) -> Schema:
    """``satudata_obligation_create``; what a field may hold is decided by the service."""
    needed = [not_empty, unicode_safe, satudata_clean_text]
    return {
        "indicator": needed,
        "organization": needed,
        "frequency": needed,
        **_obligation(
            ignore_missing,
            unicode_safe,
            list_of_strings,
            json_list_or_string,
            isodate,
            int_validator,
        ),
        "__extras": [ignore],
    }


@validator_args
def obligation_update(
    not_empty: Validator,
    ignore: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    list_of_strings: Validator,
    json_list_or_string: Validator,
    isodate: Validator,
    int_validator: Validator,
) -> Schema:
    """``satudata_obligation_update``; fields that are not sent stay."""
    text = [ignore_missing, unicode_safe, satudata_clean_text]
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "indicator": text,
        "organization": text,
        "frequency": text,
        **_obligation(
            ignore_missing,
            unicode_safe,
            list_of_strings,
            json_list_or_string,
            isodate,
            int_validator,
        ),
        "__extras": [ignore],
    }


@validator_args
def obligation_end(
    not_empty: Validator, ignore: Validator, unicode_safe: Validator, isodate: Validator
) -> Schema:
    """``satudata_obligation_end``."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "last": [not_empty, isodate, _day],
        "__extras": [ignore],
    }


@validator_args
def one(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """Actions about one obligation or setoran."""
    return {"id": [not_empty, unicode_safe, satudata_clean_text], "__extras": [ignore]}


@validator_args
def obligation_list(
    ignore: Validator, ignore_missing: Validator, unicode_safe: Validator
) -> Schema:
    """``satudata_obligation_list``."""
    return {
        "organization": [ignore_missing, unicode_safe, satudata_clean_text],
        "__extras": [ignore],
    }


@validator_args
def setoran_list(
    ignore: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    boolean_validator: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """``satudata_setoran_list``."""
    text = [ignore_missing, unicode_safe, satudata_clean_text]
    return {
        "obligation": text,
        "organization": text,
        "state": text,
        "period": text,
        "overdue": [ignore_missing, boolean_validator],
        "limit": [default(100), natural_number_validator],
        "offset": [default(0), natural_number_validator],
        "__extras": [ignore],
    }


@validator_args
def save(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_setoran_save``."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "cells": [not_empty, _cells],
        "__extras": [ignore],
    }


@validator_args
def upload(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_setoran_upload``."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "upload": [not_empty],
        "__extras": [ignore],
    }


@validator_args
def submit(
    not_empty: Validator,
    ignore: Validator,
    unicode_safe: Validator,
    natural_number_validator: Validator,
) -> Schema:
    """``satudata_setoran_submit``."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "version": [not_empty, natural_number_validator],
        "responsible": [not_empty, unicode_safe, satudata_clean_text, _name],
        "__extras": [ignore],
    }


@validator_args
def about_cell(
    not_empty: Validator, ignore: Validator, ignore_missing: Validator, unicode_safe: Validator
) -> Schema:
    """``satudata_setoran_ask`` and ``satudata_setoran_answer``."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "region": [not_empty, unicode_safe, satudata_clean_text],
        "classification": [ignore_missing, unicode_safe, satudata_clean_text],
        "text": [not_empty, unicode_safe, satudata_clean_text, _sentence],
        "__extras": [ignore],
    }


@validator_args
def accept(
    not_empty: Validator,
    ignore: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    natural_number_validator: Validator,
) -> Schema:
    """``satudata_setoran_accept``."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "version": [ignore_missing, natural_number_validator],
        "__extras": [ignore],
    }


@validator_args
def matrix(
    not_empty: Validator,
    ignore: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """``satudata_setoran_matrix``."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "periods": [default(12), natural_number_validator],
        "__extras": [ignore],
    }


@validator_args
def recap(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_setoran_recap`` and ``satudata_setoran_analysis``."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "period": [not_empty, unicode_safe, _period],
        "__extras": [ignore],
    }


@validator_args
def trace(
    not_empty: Validator, ignore: Validator, ignore_missing: Validator, unicode_safe: Validator
) -> Schema:
    """``satudata_setoran_trace``."""
    return {
        "dataset": [not_empty, unicode_safe, satudata_clean_text],
        "period": [not_empty, unicode_safe, _period],
        "region": [not_empty, unicode_safe, satudata_clean_text],
        "classification": [ignore_missing, unicode_safe, satudata_clean_text],
        "__extras": [ignore],
    }
