"""What a column of figures must say before the public sees it (MS-Var). Pure functions.

Most of the twelve items of the form (Perban BPS 5/2020) follow from the column's indicator, its
declaration, or its dataset, and are not asked again. What a census or a survey asked people
follows from nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from ckanext.satudata.extract.declaration import MS_VAR, Declaration, Role

#: Ways of collection (``cara_pengumpulan``, MS-Keg) in which people are asked a question.
ASKING = frozenset({"1", "2"})
QUESTION = "kalimat_pertanyaan"
_ACCESS, _TYPE = "akses_umum", "tipe_data"
_CLOSED = frozenset({"tidak", "t", "no", "n", "2"})
#: The form's types of which figures are none.
_NO_FIGURES = frozenset({"char", "string", "array"})


@dataclass(frozen=True)
class Item:
    """One item of the form.

    Attributes:
        key: its name in a declaration.
        label: language -> what the form calls it.
        follows: language -> from what it follows where nobody wrote it.
    """

    key: str
    label: Mapping[str, str]
    follows: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Lack:
    """An item that keeps a column from the public.

    Attributes:
        column: header of the column.
        item: key of the item.
        variant: ``closed`` or ``no-figure`` where what it says is the trouble; None: it is
            missing.
    """

    column: str
    item: str
    variant: str | None = None


@cache
def items() -> tuple[Item, ...]:
    """The items in the form's order, those of ``variables.yaml``."""
    text = resources.files("ckanext.satudata.schemas").joinpath("variables.yaml").read_text("utf-8")
    found = tuple(Item(**entry) for entry in yaml.safe_load(text)["items"])
    assert tuple(i.key for i in found) == MS_VAR
    return found


def label(key: str) -> Mapping[str, str]:
    """What the form calls an item, in both languages."""
    return next(i.label for i in items() if i.key == key)


def lacking(declaration: Declaration, *, asking: bool) -> Iterator[Lack]:
    """What the columns of figures leave open.

    Of columns whose headers are values, one that says it says it for all.

    Args:
        declaration: what the columns mean.
        asking: whether the figures come from a census or survey.
    """
    for f in declaration.fields:
        if f.role is Role.MEASURE:
            yield from _lacking(f.name, f.metadata, asking=asking)
    wide = [f for f in declaration.fields if f.normalize]
    target = next((f for f in declaration.extra if f.target), None)
    if wide and target is not None:
        said: dict[str, str] = {}
        for f in (target, *wide):
            said = {**f.metadata, **said}
        yield from _lacking(wide[0].name, said, asking=asking)


def proposal(indicator: str, unit: str) -> str:
    """A question to begin with, for the operator to replace by the one that was asked."""
    return f"Berapa {indicator[:1].lower()}{indicator[1:]}, dalam {unit}?"


def _lacking(column: str, said: Mapping[str, str], *, asking: bool) -> Iterator[Lack]:
    if asking and not said.get(QUESTION, "").strip():
        yield Lack(column, QUESTION)
    if said.get(_ACCESS, "").strip().casefold() in _CLOSED:
        yield Lack(column, _ACCESS, "closed")
    if said.get(_TYPE, "").strip().casefold() in _NO_FIGURES:
        yield Lack(column, _TYPE, "no-figure")
