"""What the column form offers to choose from, in the words people use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import ckan.plugins.toolkit as tk

from ckanext.satudata.consistency.vocabulary import REGION, CodeBook
from ckanext.satudata.extract.declaration import INDICATOR, PERIOD, STATUS, UNIT, Field, Role
from ckanext.satudata.schemas import variables

from .column_form import MEASURE, PERIOD_PARTS, WIDE, concepts

#: Code lists above this size are not offered as constants; their codes can still be typed.
_MOST_VALUES = 200


@dataclass(frozen=True)
class Choice:
    """One option of a select or of a suggestion list."""

    value: str
    text: str
    scheme: bool = False


@dataclass(frozen=True)
class VariableItem:
    """One item of MS-Var on the form.

    Attributes:
        key: its name in a declaration.
        label: what the form calls it.
        value: what was written, or what the portal proposes.
        follows: from what it follows while nothing is written.
        fault: what keeps the column from the public; empty if nothing.
    """

    key: str
    label: str
    value: str
    follows: str
    fault: str


@dataclass(frozen=True)
class Choices:
    """All options of the column form.

    Attributes:
        meanings: (heading, options) for "what is in this column".
        axes: what the headers of a wide table can say.
        constants: what one value for all rows can say.
        schemes: schemes in which codes are written.
        indicators: suggestions for an indicator.
        units: suggestions for a unit.
        values: suggestions for a constant.
    """

    meanings: list[tuple[str, list[Choice]]]
    axes: list[Choice]
    constants: list[Choice]
    schemes: list[Choice]
    indicators: list[Choice]
    units: list[Choice]
    values: list[Choice]


def choices(book: CodeBook) -> Choices:
    """The options that a code book gives."""
    lists = concepts(book)
    dimensions = [
        Choice(f"dimension:{c}", concept_name(c), bool(name and book.codelists[name].schemes))
        for c, name in lists.items()
        if name is None or name in book.codelists
    ]
    place_and_time = {f"dimension:{c}" for c in (REGION, PERIOD, *PERIOD_PARTS)}
    attribute = Role.ATTRIBUTE.value
    meanings = [
        (
            tk._("Figures"),
            [
                Choice(MEASURE, tk._("Figures")),
                Choice(WIDE, tk._("Figures; the header says a year, a sex ...")),
            ],
        ),
        (tk._("Place and time"), [d for d in dimensions if d.value in place_and_time]),
        (tk._("Classification"), [d for d in dimensions if d.value not in place_and_time]),
        (
            tk._("Beside the figures"),
            [
                Choice(Role.LABEL.value, tk._("Name of another column's code")),
                Choice(f"{attribute}:{UNIT}", tk._("Unit of the figures")),
                Choice(f"{attribute}:{STATUS}", tk._("Status of the figures (provisional ...)")),
                Choice(Role.IGNORE.value, tk._("Nothing to compare (numbering, notes)")),
            ],
        ),
    ]
    concept_choices = [
        Choice(c, concept_name(c)) for c in lists if c not in PERIOD_PARTS or c == "tahun"
    ]
    return Choices(
        meanings=meanings,
        axes=[Choice(c, concept_name(c)) for c in lists],
        constants=[c for c in concept_choices if c.value != INDICATOR]
        + [Choice(UNIT, concept_name(UNIT)), Choice(STATUS, concept_name(STATUS))],
        schemes=sorted(
            {
                Choice(scheme, f"{scheme.capitalize()} ({concept_name(name)})")
                for name, codelist in book.codelists.items()
                for scheme in codelist.schemes
            },
            key=lambda c: c.text,
        ),
        indicators=[
            Choice(i.code, f"{i.name} ({i.unit})")
            for i in sorted(book.indicators.values(), key=lambda i: i.name)
            if not i.retired
        ],
        units=[Choice(u.code, u.label) for u in book.units.units.values()],
        values=list(_values(book)),
    )


def concept_name(concept: str) -> str:
    """A concept in the words of the page's language."""
    names = {
        REGION: tk._("Region"),
        PERIOD: tk._("Period"),
        "tahun": tk._("Year (only)"),
        "semester": tk._("Semester (only)"),
        "triwulan": tk._("Quarter (only)"),
        "bulan": tk._("Month (only)"),
        INDICATOR: tk._("Indicator"),
        UNIT: tk._("Unit of the figures"),
        STATUS: tk._("Status of the figures"),
    }
    return names.get(concept) or concept.replace("_", " ").capitalize()


def variable_items(
    f: Field, lacking: Iterable[variables.Lack], book: CodeBook, lang: str
) -> list[VariableItem]:
    """The items of a column's MS-Var form (Perban BPS 5/2020).

    Args:
        f: the column, or what receives the figures of wide columns.
        lacking: what keeps the column from the public.
        book: to propose what is missing.
        lang: language of the labels.
    """
    lacks = {lack.item: lack for lack in lacking}
    return [
        VariableItem(
            key=item.key,
            label=item.label[lang],
            value=f.metadata.get(item.key, "") or _proposed(item.key, f, lacks, book),
            follows="" if item.key in lacks else item.follows[lang],
            fault=_variable_fault(lacks.get(item.key)),
        )
        for item in variables.items()
    ]


def _proposed(key: str, f: Field, lacks: Mapping[str, variables.Lack], book: CodeBook) -> str:
    indicator = book.indicators.get(f.indicator or "")
    if key not in lacks or lacks[key].variant or indicator is None:
        return ""
    unit = book.units.units.get(f.unit or indicator.unit)
    return variables.proposal(indicator.name, unit.in_text if unit else indicator.unit)


def _variable_fault(lack: variables.Lack | None) -> str:
    if lack is None:
        return ""
    texts = {
        "closed": tk._("A public table has no closed columns. Write ya, or leave the column out."),
        "no-figure": tk._("The column holds figures. Leave this empty, or write float."),
    }
    missing = tk._(
        "The figures come from a census or survey. Write the question that was asked; what stands "
        "here is a proposal."
    )
    return texts.get(lack.variant or "", missing)


def fault_text(code: str) -> str:
    """What is wrong with a field of the form, and what to do."""
    return {
        "undecided": tk._("Choose what is in this column; choose 'Nothing to compare' if nothing."),
        "header_without_value": tk._("Write what this header stands for, for example 2025."),
        "column_unknown": tk._("There is no such column. Choose one from the list."),
        "indicator_missing": tk._("Choose the indicator that these figures measure."),
        "indicator_unknown": tk._("There is no such indicator. Choose one from the list."),
        "unit_unknown": tk._("There is no such unit. Choose one from the list."),
        "no_measure": tk._(
            "No column holds figures. Mark the columns with figures, or say below why the "
            "table has none."
        ),
    }[code]


def _values(book: CodeBook) -> Iterator[Choice]:
    home = book.regions.get(book.home)
    if home:
        yield Choice(home.code, home.label)
        yield from (Choice(c.code, c.label) for c in book.regions.children(home.code))
    for name, codelist in sorted(book.codelists.items()):
        if name != REGION and len(codelist.codes) <= _MOST_VALUES:
            prefix = concept_name(name)
            yield from (Choice(c.code, f"{prefix}: {c.label}") for c in codelist.codes.values())
