"""Words by which headers are understood, and the small text tools that use them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ... import rules
from ...consistency.patterns import pattern
from ...consistency.vocabulary import Unit, Units, normalise
from ...rules.compiled import document

_BRACKETS = pattern(r"[(\[]([^()\[\]]*)[)\]]")
_UNIT_CLAUSE = pattern(r"\b(?:dalam|satuan|unit)\s*[:=]?\s*(.{1,24})$", re.IGNORECASE)
_NOUNS = ("cacah", "waktu", "tanggal", "frekuensi", "indeks", "rasio", "skor")
_REGION_PREFIX = pattern(
    r"^(?:kabupaten|kab|kecamatan|kec|kelurahan|kel|desa|ds|provinsi|prov)\s+(?=\S)"
)
_DOTTED_ABBREVIATION = pattern(r"(?<=[a-z])\.(?=[a-z])", re.IGNORECASE)


@lru_cache(maxsize=1)
def load() -> Mapping[str, Any]:
    """The word lists of ``rules/headers.yaml`` as sets."""
    lists = document(Path(rules.__file__).with_name("headers.yaml"))
    return {key: _sets(value) for key, value in lists.items()}


def _sets(value: Any) -> Any:
    if isinstance(value, list):
        return frozenset(value)
    return {k: _sets(v) for k, v in value.items()} if isinstance(value, dict) else value


@lru_cache(maxsize=20_000)
def is_missing(text: str) -> bool:
    """Whether a cell's text is a mark for "no figure"."""
    return text.strip().casefold() in load()["missing"]


@lru_cache(maxsize=20_000)
def is_total(text: str) -> bool:
    """Whether a label stands for all values of a dimension together."""
    return normalise(text) in load()["total"]


@lru_cache(maxsize=20_000)
def has_word(text: str, words: frozenset[str]) -> bool:
    """Whether a header holds one of the words as a whole word (or phrase)."""
    padded = f" {normalise(text)} "
    return any(f" {w} " in padded for w in words)


def without_region_prefix(text: str) -> str:
    """The normalised name without "Kecamatan", "Desa" and the like in front."""
    return _REGION_PREFIX.sub("", normalise(text))


def unit_of(text: str, units: Units) -> tuple[Unit | None, str]:
    """The unit a header names, and the header without it.

    Looked for in brackets (``Produksi (ton)``), after "dalam" or "satuan", and, as the
    weakest sign, in the last words (``Harga Rp/kg``). A header that is a unit altogether (a
    line of units below the names) leaves nothing, except a noun such as "sekolah", which is
    unit and name at once.

    Args:
        text: a header or a title.
        units: the units known.
    """
    text = text.replace("_", " ")
    stated = _stated(text, units)
    if stated is not None:
        return stated
    pieces = text.split()
    for size in (3, 2, 1):
        unit = units.find(" ".join(pieces[-size:])) if len(pieces) > size else None
        if unit is not None and not _is_noun(unit):
            return unit, " ".join(pieces[:-size])
    unit = units.find(text) if pieces else None
    if unit is None:
        return None, text
    said_by_nouns = _is_noun(unit) and normalise(text) not in load()["counted"]
    return unit, text if said_by_nouns else ""


def stated_unit(text: str, units: Units) -> Unit | None:
    """The unit a title states in brackets or after "dalam" or "satuan"."""
    stated = _stated(text, units)
    return stated[0] if stated else None


def _stated(text: str, units: Units) -> tuple[Unit, str] | None:
    for match in _BRACKETS.finditer(text):
        inner = match.group(1).strip()
        unit = units.find(inner) or units.find(_after_clause(inner))
        if unit is not None:
            return unit, (text[: match.start()] + " " + text[match.end() :]).strip()
    clause = _UNIT_CLAUSE.search(text)
    unit = units.find(clause.group(1)) if clause else None
    if clause and unit is not None:
        return unit, text[: clause.start()].strip(" ,:;-")
    return None


def _is_noun(unit: Unit) -> bool:
    """Whether the unit's name is what is measured ("sekolah", "indeks"), hence no sure sign."""
    return unit.quantity.startswith(_NOUNS)


def without_brackets(text: str) -> str:
    """The text without its bracketed parts."""
    return _BRACKETS.sub(" ", text).strip()


def _after_clause(text: str) -> str:
    match = _UNIT_CLAUSE.search(text)
    return match.group(1) if match else text


def tokens(text: str) -> tuple[str, ...]:
    """The meaningful words of a name, abbreviations written out, each once, in order."""
    words = load()
    out: list[str] = []
    for word in normalise(_DOTTED_ABBREVIATION.sub(" ", text)).split():
        for part in words["abbreviations"].get(word, word).split():
            part = part.removesuffix("nya") if len(part) > 6 else part
            if part not in words["stop"] and not part.isdigit():
                out.append(part)
    return tuple(dict.fromkeys(out))


def phrases(text: str) -> tuple[tuple[str, ...], ...]:
    """The words of a text in order, broken where punctuation or a stop word parts them."""
    stop = load()["stop"]
    out: list[tuple[str, ...]] = []
    for piece in re.split(r"[,;:()\[\]/&|]| - ", text):
        current: list[str] = []
        for word in normalise(piece).split():
            if word in stop:
                out.append(tuple(current))
                current = []
            else:
                current.append(word)
        out.append(tuple(current))
    return tuple(p for p in out if p)
