"""The reference files that come with the extension."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from . import codelist
from .document import KINDS, Document, Problem, read

DATA = Path(__file__).parent / "data"


def paths() -> tuple[Path, ...]:
    """The shipped reference files, in an order in which they can be loaded.

    Units come first and standards last, because code lists name units and standards are
    understood by units and measures.
    """
    return tuple(
        sorted(DATA.glob("*.yaml"), key=lambda p: (KINDS.index(document(p.stem).kind), p.name))
    )


def path_of(name: str) -> Path | None:
    """The shipped reference with this name, or None."""
    path = DATA / f"{name}.yaml"
    return path if path in DATA.glob("*.yaml") else None


@cache
def document(name: str) -> Document:
    """A shipped reference, read once.

    Args:
        name: for example ``urusan``.

    Raises:
        LookupError: there is none with this name.
    """
    path = path_of(name)
    if path is None:
        raise LookupError(name)
    return read(path)


@cache
def choices(name: str, level: str | None = None) -> tuple[tuple[str, str, str], ...]:
    """Code, Indonesian and English name of each code of a shipped list, for choices in forms.

    Args:
        name: name of a code list without references to others, for example ``urusan``.
        level: only codes of this level.
    """
    entries = codelist.parse(document(name), {})
    return tuple(
        (e.code, e.label, e.label_en or e.label)
        for e in entries
        if level is None or e.level == level
    )


def message(problem: Problem, language: str) -> str:
    """The problem in words.

    Args:
        problem: what was found.
        language: ``id`` or ``en``.
    """
    text = _messages()[problem.rule][language].format(**problem.params)
    where = problem.file if problem.line is None else f"{problem.file}:{problem.line}"
    return f"{where}: {text}"


@cache
def _messages() -> dict[str, dict[str, str]]:
    return yaml.safe_load((Path(__file__).parent / "messages.yaml").read_text("utf-8"))
