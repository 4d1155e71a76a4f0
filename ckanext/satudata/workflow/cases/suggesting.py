"""Which body a complaint concerns: a ranking by its tupoksi and urusan, with the reasons.

Pure: bodies and text go in, a ranking comes out (:mod:`.complaint_bodies` reads the bodies).
Words are reduced to stems (Snowball's Indonesian) and scored with BM25F (Robertson and Zaragoza
2009): words of a body's name count more than those of its datasets. What is certain (the producer
of the dataset, the produsen data of the indicator) comes before what is read out of the text.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import snowballstemmer
import yaml

Source = Literal["dataset", "indicator", "name", "tupoksi", "affair", "produces"]

#: Weight of a word by where it stands in a body's description.
_WEIGHT: Mapping[Source, float] = {
    "name": 2.0,
    "tupoksi": 2.0,
    "affair": 3.0,
    "produces": 1.0,
}
#: A territorial body is named by its place, and complaints name places for other reasons.
_TERRITORIAL, _PLACE_WEIGHT = "7.01", 0.1
#: BM25's saturation and length normalisation.
_K, _B = 1.2, 0.3
#: What each further word of a phrase adds: a phrase says more than its words.
_PHRASE = 0.5
#: What is certain outweighs any text.
_CERTAIN = 1000.0
#: Words that a reason names at most.
_NAMED = 4

_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


@dataclass(frozen=True, slots=True)
class Body:
    """What is known of a body.

    Attributes:
        id: of the organization.
        title: its name.
        kind: of body (``dinas``, ``rsud`` ...).
        tupoksi: its duties.
        affairs: codes of its urusan, each with its label.
        produces: names of its indicators and titles of its datasets.
    """

    id: str
    title: str
    kind: str = ""
    tupoksi: str = ""
    affairs: Mapping[str, str] = field(default_factory=dict)
    produces: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a body is suggested.

    Attributes:
        source: where it was found: ``dataset`` (it published it), ``indicator`` (it is its produsen
            data), or a part of its description.
        words: of the complaint, as they were written.
        label: of the urusan, or what was published.
    """

    source: Source
    words: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A body that may be responsible.

    Attributes:
        body: id of the organization.
        score: to compare with others of the same ranking.
        reasons: the weightiest first.
    """

    body: str
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Certain:
    """What is known without reading.

    Attributes:
        dataset: id of the body that published the dataset, or None.
        dataset_title: its title.
        indicator: id of the body that is the indicator's produsen data, or None.
        indicator_name: its name.
    """

    dataset: str | None = None
    dataset_title: str = ""
    indicator: str | None = None
    indicator_name: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What people say instead of the terms of law; see ``suggesting.yaml``."""

    spelled: Mapping[str, str]
    ignored: frozenset[str]
    affairs: Mapping[str, Sequence[str]]
    kinds: Mapping[str, Sequence[str]]


def rank(
    text: str,
    bodies: Sequence[Body],
    *,
    certain: Certain | None = None,
    words: Words | None = None,
    limit: int = 3,
) -> list[Suggestion]:
    """The bodies that a complaint seems to concern, the likeliest first.

    Args:
        text: title and body of the complaint.
        bodies: all that may answer.
        certain: what is known without reading.
        words: other words than those shipped.
        limit: how many at most.

    Returns:
        Suggestions with a reason each; none for a text that no body's description answers to.
    """
    words = words or shipped()
    asked = _written(text, words)
    described = {b.id: _described(b, words) for b in bodies}
    known = _Bodies(described)
    found: list[Suggestion] = []
    for body in bodies:
        score, reasons = known.score(body, asked)
        sure = _sure(body.id, certain or Certain())
        if sure:
            score, reasons = score + _CERTAIN * len(sure), [*sure, *reasons]
        if score > 0:
            found.append(Suggestion(body.id, score, tuple(reasons)))
    return sorted(found, key=lambda s: (-s.score, s.body))[:limit]


@cache
def shipped() -> Words:
    """The words that come with the portal."""
    return parsed(Path(__file__).with_name("suggesting.yaml").read_text("utf-8"))


def parsed(text: str, base: Words | None = None) -> Words:
    """Words from YAML.

    Args:
        text: of the file.
        base: words to which those of the file are added.
    """
    data: dict[str, Any] = yaml.safe_load(text) or {}
    none = Words({}, frozenset(), {}, {})
    old = base or none
    return Words(
        {**old.spelled, **data.get("spelled", {})},
        old.ignored | frozenset(str(data.get("ignored", "")).split()),
        _joined(old.affairs, data.get("affairs", {})),
        _joined(old.kinds, data.get("kinds", {})),
    )


def _joined(
    old: Mapping[str, Sequence[str]], new: Mapping[str, Sequence[str]]
) -> dict[str, Sequence[str]]:
    return {k: [*old.get(k, ()), *new.get(k, ())] for k in {**old, **new}}


def _sure(body: str, certain: Certain) -> list[Reason]:
    out = []
    if body == certain.dataset:
        out.append(Reason("dataset", label=certain.dataset_title))
    if body == certain.indicator:
        out.append(Reason("indicator", label=certain.indicator_name))
    return out


@dataclass(frozen=True, slots=True)
class _Described:
    """A body's terms by where they stand, and the label of the urusan they belong to."""

    terms: Mapping[str, Mapping[Source, float]]
    labels: Mapping[str, str]
    length: float


class _Bodies:
    """All bodies' descriptions: how rare each term is, and how long they are."""

    def __init__(self, described: Mapping[str, _Described]) -> None:
        self._described = described
        self._in = Counter(term for d in described.values() for term in d.terms)
        self._mean = sum(d.length for d in described.values()) / max(1, len(described)) or 1.0

    def score(self, body: Body, asked: Mapping[str, str]) -> tuple[float, list[Reason]]:
        """How well a body answers to a text, and why."""
        own = self._described[body.id]
        total = 0.0
        by_source: dict[tuple[Source, str], dict[str, float]] = {}
        for term, written in asked.items():
            parts = own.terms.get(term)
            if not parts:
                continue
            weight = sum(parts.values()) / (1 - _B + _B * own.length / self._mean)
            gained = self._rarity(term) * weight * (_K + 1) / (weight + _K)
            gained *= 1 + _PHRASE * term.count(" ")
            total += gained
            source = max(parts.items(), key=lambda item: item[1])[0]
            label = own.labels.get(term, "") if source == "affair" else ""
            by_source.setdefault((source, label), {})[written] = gained
        reasons = sorted(by_source.items(), key=lambda item: -sum(item[1].values()))
        return total, [
            Reason(source, tuple(sorted(said, key=lambda w: -said[w])[:_NAMED]), label)
            for (source, label), said in reasons
        ]

    def _rarity(self, term: str) -> float:
        count, having = len(self._described), self._in[term]
        return math.log(1 + (count - having + 0.5) / (having + 0.5))


def _described(body: Body, words: Words) -> _Described:
    terms: dict[str, dict[Source, float]] = {}
    labels: dict[str, str] = {}
    factor = _PLACE_WEIGHT if _TERRITORIAL in body.affairs else 1.0

    def add(found: Iterable[str], source: Source, label: str = "") -> None:
        for term in found:
            terms.setdefault(term, {})[source] = _WEIGHT[source] * (
                1.0 if source == "affair" else factor
            )
            if label:
                labels.setdefault(term, label)

    add(_written(body.title, words), "name")
    add(_written(body.tupoksi, words), "tupoksi")
    for text in body.produces:
        add(_written(text, words), "produces")
    for said in words.kinds.get(body.kind, ()):
        add(_phrase(said, words), "name")
    for code, label in body.affairs.items():
        add(_written(label, words), "affair", label)
        for said in words.affairs.get(code, ()):
            add(_phrase(said, words), "affair", label)
    return _Described(terms, labels, float(len(terms)))


def _written(text: str, words: Words) -> dict[str, str]:
    """The terms of a text (stems, and pairs and triples of them), each as it was written."""
    said = _told(text, words)
    out: dict[str, str] = {}
    for size in (1, 2, 3):
        for start in range(len(said) - size + 1):
            part = said[start : start + size]
            out.setdefault(" ".join(stem for stem, _ in part), " ".join(w for _, w in part))
    return out


def _phrase(text: str, words: Words) -> list[str]:
    """The one term of a word or phrase; none if all of it says nothing."""
    term = " ".join(stem for stem, _ in _told(text, words))
    return [term] if term else []


def _told(text: str, words: Words) -> list[tuple[str, str]]:
    """Stem and spelling of each word that says something, in order."""
    out: list[tuple[str, str]] = []
    for word in _WORD.findall(text.casefold()):
        for one in words.spelled.get(word, word).replace("-", " ").split():
            if len(one) > 1 and one not in words.ignored:
                out.append((_stem(one), one))
    return out


@cache
def _stemmer() -> Any:
    return snowballstemmer.stemmer("indonesian")


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return _stemmer().stemWord(word)
