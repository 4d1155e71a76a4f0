"""What people are shown at first: the same texts make the tour and the printed guide."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from ckan import model

from ckanext.satudata.organizations import registry

from .. import roles

#: Whose guides there are.
ROLES = ("operator", "kecamatan", "walidata", "pembina")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the tour: what is said, and the endpoint of the page it is about."""

    title: str
    text: str
    page: str


@dataclass(frozen=True, slots=True)
class Guide:
    """What people of one role are told: steps, and (question, answer) pairs."""

    role: str
    title: str
    intro: str
    steps: tuple[Step, ...]
    questions: tuple[tuple[str, str], ...]


def of(role: str, lang: str) -> Guide:
    """The guide of a role.

    Args:
        role: one of :data:`ROLES`.
        lang: ``id`` or ``en``.

    Raises:
        KeyError: there is no such role.
    """
    text = _texts()[role]
    return Guide(
        role=role,
        title=text["title"][lang],
        intro=text["intro"][lang],
        steps=tuple(Step(s["title"][lang], s["text"][lang], s["page"]) for s in text["steps"]),
        questions=tuple((q["question"][lang], q["answer"][lang]) for q in text["questions"]),
    )


def role_of(user: model.User) -> str:
    """Whose guide a person needs first: of what they do beside editing, or of their body."""
    if roles.is_walidata(user):
        return "walidata"
    if roles.is_pembina(user):
        return "pembina"
    bodies = [model.Session.get(model.Group, body) for body in roles.bodies_of(user)]
    kinds = {registry.value_of(body, "jenis") for body in bodies if body is not None}
    return "kecamatan" if kinds and kinds <= {"kecamatan", "desa"} else "operator"


@cache
def _texts() -> dict[str, Any]:
    path = Path(__file__).with_name("guide.yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))
