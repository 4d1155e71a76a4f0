"""The name of a konsep, linted by the rules in :mod:`ckanext.satudata.schemas.naming`."""

from __future__ import annotations

from collections.abc import Iterable

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudata.schemas.naming import REGION_LEVELS, NameProblem, lint
from ckanext.satudata.store.reading import codebook_or_none, standard_names

from .stored import is_stored


def satudata_konsep(value: str, context: Context) -> str:
    """A konsep named as the national standard wants it.

    One that is stored was named so when it came; a later version of the standard does not stop
    the next correction of a figure.

    Raises:
        tk.Invalid: a naming rule is broken; the text says which and what to write.
    """
    if not value or is_stored("konsep", value, context):
        return value
    problems = lint(value, regions=_region_names(), standard=standard_names(value))
    if problems:
        raise tk.Invalid(" ".join(explain(p) for p in problems))
    return value


def explain(problem: NameProblem) -> str:
    """What is wrong with a name and what to do, in the reader's language."""
    text = _sentence(problem)
    if problem.suggestion:
        text += " " + tk._("Write '{suggestion}'.").format(suggestion=problem.suggestion)
    return text


def _sentence(problem: NameProblem) -> str:
    if problem.rule == "period":
        return tk._("The name of a konsep has no period.")
    if problem.rule == "ukuran":
        return tk._(
            "The name of a konsep does not begin with a measure ('{word}'); the measure has a "
            "field of its own."
        ).format(word=problem.found)
    if problem.rule == "region":
        return tk._(
            "The name of a konsep does not name a region ('{word}'); the region covered has a "
            "field of its own."
        ).format(word=problem.found)
    if problem.rule == "abbreviation":
        return tk._(
            "'{word}' is an abbreviation. Write it out and put the abbreviation in parentheses, "
            "for example Nomor Pokok Wajib Pajak (NPWP)."
        ).format(word=problem.found)
    if problem.rule == "taken":
        return tk._("There is a konsep called '{word}' already.").format(word=problem.found)
    return tk._("Each word begins with a capital letter ('{word}' does not).").format(
        word=problem.found
    )


def _region_names() -> Iterable[str]:
    book = codebook_or_none()
    if book is None:
        return ()
    return (c.label for c in book.regions.codes.values() if c.level in REGION_LEVELS)
