"""The law's form for requests (``request_form.yaml``): its fields, and what is personal of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form.

    Attributes:
        name: of the parameter.
        label: in ``id`` and ``en``.
        help: in ``id`` and ``en``, or empty.
        required: of those who fill it in.
        personal: sealed, and never shown in lists.
        choices: value -> label, or empty for text.
        applicants: kinds of applicants that fill it in; empty for all.
    """

    name: str
    label: Mapping[str, str]
    help: Mapping[str, str]
    required: bool
    personal: bool
    choices: Mapping[str, Mapping[str, str]]
    applicants: frozenset[str]


@cache
def fields() -> Mapping[str, Field]:
    """The fields in the order of the form."""
    document = yaml.safe_load(Path(__file__).with_name("request_form.yaml").read_text("utf-8"))
    return {
        name: Field(
            name=name,
            label=row["label"],
            help=row.get("help", {}),
            required=row.get("required", False),
            personal=row.get("personal", False),
            choices=row.get("choices", {}),
            applicants=frozenset(row.get("for", ())),
        )
        for name, row in document.items()
    }


def missing(given: Mapping[str, Any], *, known: bool) -> list[str]:
    """Names of required fields that are empty.

    Args:
        given: what was filled in.
        known: the person has an account or asks for a body, so who they are need not be told.
    """
    applicant = given.get("applicant")
    return [
        f.name
        for f in fields().values()
        if f.required
        and not (known and (f.personal or f.name == "applicant"))
        and (not f.applicants or applicant in f.applicants)
        and not given.get(f.name)
    ]


def personal(given: Mapping[str, Any]) -> dict[str, str]:
    """What is personal of what was filled in."""
    return {n: given[n] for n, f in fields().items() if f.personal and given.get(n)}


def details(given: Mapping[str, Any]) -> dict[str, str]:
    """What is not personal of what was filled in."""
    return {n: given[n] for n, f in fields().items() if not f.personal and given.get(n)}
