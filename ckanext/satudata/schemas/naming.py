"""How the name of a konsep is written. Pure functions.

Source: the naming rules of the national standard data proposals (Permenkum 29/2025
Lampiran I; BPS' guide to INDAH): each word capitalised; unique; not abbreviated unless in
parentheses; not beginning with an ukuran; no period; no name of a region.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ckanext.satudata.consistency.vocabulary import normalise

#: Words that stay small inside a title (Ejaan yang Disempurnakan V).
_PARTICLES = frozenset(
    [
        "antar",
        "antara",
        "atas",
        "atau",
        "bagi",
        "beserta",
        "dalam",
        "dan",
        "dari",
        "dengan",
        "di",
        "hingga",
        "kepada",
        "ke",
        "maupun",
        "menurut",
        "oleh",
        "pada",
        "para",
        "per",
        "sampai",
        "sebagai",
        "secara",
        "serta",
        "terhadap",
        "tidak",
        "untuk",
        "yang",
    ]
)
#: Measures with which no name begins. Price, index, production, time and the like are left out:
#: they are also what some konsep are (Indeks Pembangunan Manusia).
_MEASURES = frozenset(
    [
        "banyaknya",
        "berat",
        "jarak",
        "jumlah",
        "kecepatan",
        "laju",
        "luas",
        "massa",
        "nilai",
        "panjang",
        "persentase",
        "presentase",
        "proporsi",
        "prosentase",
        "rasio",
        "rata-rata",
        "rerata",
        "total",
        "volume",
    ]
)
_PARENTHESES = re.compile(r"\([^()]*\)")
_ROMAN = re.compile(r"^[IVXLC]+$")
_WORD = re.compile(r"[^\W\d_][\w'’]*(?:-[\w'’]+)*")

#: Levels of regions whose names a konsep must not contain; those of villages are everyday words.
REGION_LEVELS = frozenset({"provinsi", "kabupaten", "kota", "kecamatan"})


@dataclass(frozen=True, slots=True)
class NameProblem:
    """One broken rule.

    Attributes:
        rule: ``period``, ``ukuran``, ``region``, ``abbreviation``, ``capital`` or ``taken``.
        found: the offending words as written.
        suggestion: what to write instead, or None.
    """

    rule: str
    found: str
    suggestion: str | None = None


def lint(
    name: str,
    *,
    regions: Iterable[str] = (),
    standard: Iterable[str] = (),
    taken: Iterable[str] = (),
) -> list[NameProblem]:
    """Check the name of a konsep.

    Args:
        name: as written.
        regions: names of regions it must not contain.
        standard: names in the national standard; a name found there is right as it is.
        taken: names of other konsep.

    Returns:
        The broken rules, in the order in which they are best mended; empty if the name is fine.
    """
    folded = normalise(name)
    problems = []
    if folded in {normalise(t) for t in taken}:
        problems.append(NameProblem("taken", name))
    if folded in {normalise(s) for s in standard}:
        return problems
    problems.extend(_period(name))
    problems.extend(_ukuran(name))
    problems.extend(_region(name, regions))
    problems.extend(_abbreviation(name))
    problems.extend(_capital(name))
    return problems


def _period(name: str) -> Iterable[NameProblem]:
    if "." in name:
        yield NameProblem("period", ".", " ".join(name.replace(".", " ").split()))


def _ukuran(name: str) -> Iterable[NameProblem]:
    first = _WORD.match(name.strip())
    if first and first.group().casefold() in _MEASURES:
        rest = name.strip()[first.end() :].strip()
        yield NameProblem("ukuran", first.group(), rest or None)


def _region(name: str, regions: Iterable[str]) -> Iterable[NameProblem]:
    padded = f" {normalise(name)} "
    for region in sorted({r for r in regions if r}, key=len, reverse=True):
        if f" {normalise(region)} " in padded:
            yield NameProblem("region", region)
            return


def _abbreviation(name: str) -> Iterable[NameProblem]:
    for word in _WORD.findall(_PARENTHESES.sub(" ", name)):
        letters = word.replace("-", "")
        if len(letters) > 1 and letters.isupper() and not _ROMAN.match(letters):
            yield NameProblem("abbreviation", word)
            return


def _capital(name: str) -> Iterable[NameProblem]:
    outside = _PARENTHESES.sub(" ", name)
    small = [
        word
        for position, word in enumerate(_WORD.findall(outside))
        if word[0].islower() and (position == 0 or word not in _PARTICLES)
    ]
    if small:
        yield NameProblem("capital", ", ".join(small), capitalised(name))


def capitalised(name: str) -> str:
    """The name with the capital letters that the naming rules want."""
    words = name.split()
    return " ".join(
        word if i and word in _PARTICLES else word[:1].upper() + word[1:]
        for i, word in enumerate(words)
    )
