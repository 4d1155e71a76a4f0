"""Which indicator a column of figures belongs to: ranked evidence, never a blind choice."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property, lru_cache

from ...consistency.frozen import frozen
from ...consistency.vocabulary import CodeBook, CodeList, Indicator, Unit, normalise
from . import lists, words
from .result import Candidate

#: From here on an indicator counts as found, if no other comes near.
CERTAIN = 0.75
#: How far the second best must stay behind.
MARGIN = 0.08
#: How well the indicator that the dataset's metadata name must fit.
_STATED = 0.3
_SHOWN = 6
_WORTH_SHOWING = 0.2


@frozen
class Evidence:
    """What is known of a column of figures.

    Attributes:
        header: the header's words about the measure; units, periods and items of code lists
            taken out.
        contexts: other texts and how far they are trusted, for example the title: 0.95.
        unit: unit of the figures, if known.
        dimensions: names of the code lists by which the table is split, regions left aside.
        raw: the untouched header, for codes written in it.
    """

    header: str
    contexts: Sequence[tuple[str, float]] = ()
    unit: Unit | None = None
    dimensions: frozenset[str] = frozenset()
    raw: str = ""


@frozen
class Decision:
    """The outcome for one column.

    Attributes:
        indicator: the indicator, or None when it is not certain.
        confidence: 0 to 1.
        reason: message id.
        candidates: the best ones, ranked.
    """

    indicator: Indicator | None
    confidence: float
    reason: str
    candidates: tuple[Candidate, ...]


@frozen
class _Name:
    """One spelling of an indicator's name: its words, and how far it is trusted."""

    words: tuple[str, ...]
    trust: float = 1.0
    needs_unit: bool = False


@frozen
class _Said:
    """The words of a piece of evidence.

    Attributes:
        header: words of the header.
        contexts: words of each context, and how far it is trusted.
        phrases: runs of words in the contexts, for :meth:`Ranking._qualified`.
    """

    header: tuple[str, ...]
    contexts: tuple[tuple[tuple[str, ...], float], ...]
    phrases: tuple[tuple[str, ...], ...]

    @cached_property
    def words(self) -> frozenset[str]:
        """All of them."""
        return frozenset((*self.header, *(w for found, _ in self.contexts for w in found)))


class Ranking:
    """Compares texts with the names of a code book's indicators.

    Words are weighted by how rare they are among the names (inverse document frequency), so
    that "pangan" in ten names counts less than "kebutuhan" in one.

    Args:
        book: whose indicators are compared; retired ones are proposed only where a text
            holds their code.
        hints: ``organization`` (id of the publisher), ``indicators`` (codes its dataset names).
    """

    def __init__(self, book: CodeBook, hints: Mapping[str, object] | None = None) -> None:
        self._book = book
        hints = hints or {}
        self._organization = hints.get("organization")
        stated = hints.get("indicators") or ()
        self._stated = {stated} if isinstance(stated, str) else set(_texts(stated))
        active = {code: i for code, i in book.indicators.items() if not i.retired}
        self._names = {code: self._spellings(i) for code, i in active.items()}
        self._counts = Counter(
            word for names in self._names.values() for word in {w for n in names for w in n.words}
        )
        self._total = max(len(self._names), 1)
        self._list_words = {
            name: _label_words(book.codelists[name]) for name in lists.dimensional(book)
        }
        self._noise = words.load()["noise"] | _home_words(book)
        self._having: dict[str, list[Indicator]] = {}
        for code, names in self._names.items():
            for word in {w for n in names for w in n.words}:
                self._having.setdefault(word, []).append(book.indicators[code])
        self._mended: dict[str, str] = {}
        self._around: dict[tuple[tuple[str, float], ...], _Said] = {}

    def _spellings(self, indicator: Indicator) -> tuple[_Name, ...]:
        """The name; without its brackets and its unit; and, less trusted, the konsep.

        What stands in brackets only tells an indicator from its siblings, "per kilogram" says
        what a header says with its unit, and a konsep is broader than its indicators: it makes
        a candidate, not a certainty.
        """
        bare = words.without_brackets(indicator.name)
        out = [_Name(_name_words(indicator.name)), _Name(_name_words(bare))]
        start, per, unit = bare.rpartition(" per ")
        if per and self._book.units.find(unit):
            out.append(_Name(_name_words(start), needs_unit=True))
        out.append(_Name(_name_words(indicator.konsep), trust=0.7))
        return tuple(dict.fromkeys(out))

    @cached_property
    def _vocabulary(self) -> tuple[str, ...]:
        return tuple(sorted(w for w in self._counts if len(w) >= 5))

    def decide(self, evidence: Evidence) -> Decision:
        """The indicator, if the evidence leaves no doubt; else the candidates to choose from."""
        written = self._written_code(evidence.raw)
        if written is not None:
            return Decision(written, 1.0, "indikator-dari-kode", ())
        said = self._read(evidence)
        # An indicator that shares no word with the texts cannot score.
        worth = {i.code: i for w in said.words for i in self._having.get(w, ())}
        scored = sorted(
            ((self._score(i, evidence, said), i) for i in worth.values()),
            key=lambda pair: (-pair[0], pair[1].code),
        )
        candidates = tuple(
            Candidate(value=i.code, label=i.name, score=round(s, 2))
            for s, i in scored[:_SHOWN]
            if s >= _WORTH_SHOWING
        )
        stated = [pair for pair in scored if pair[1].code in self._stated]
        if len(stated) == 1 and stated[0][0] >= _STATED:
            return Decision(stated[0][1], 0.9, "indikator-dari-dataset", candidates)
        if not scored or scored[0][0] < CERTAIN:
            return Decision(None, 0.0, "indikator-belum-pasti", candidates)
        best_score, best = scored[0]
        rivals = [i for s, i in scored[1:] if best_score - s < MARGIN]
        rivals += [
            i
            for i in self._book.siblings(best)
            if not i.retired and i not in rivals and self._unit_fits(i, evidence.unit)
        ]
        rivals = [i for i in rivals if not self._told_apart(best, i, evidence)]
        if not rivals:
            return Decision(best, min(0.98, best_score), "indikator-dari-nama", candidates)
        mandated = [
            i
            for i in (best, *rivals)
            if self._organization is not None and i.producer == self._organization
        ]
        same_konsep = all(i.konsep == best.konsep for i in rivals)
        if len(mandated) == 1 and same_konsep:
            return Decision(mandated[0], 0.85, "indikator-dari-mandat", candidates)
        return Decision(None, 0.0, "indikator-mirip", candidates)

    def score(self, indicator: Indicator, evidence: Evidence) -> float:
        """How well the evidence fits an indicator, 0 to 1."""
        return self._score(indicator, evidence, self._read(evidence))

    def _score(self, indicator: Indicator, evidence: Evidence, said: _Said) -> float:
        if not self._unit_fits(indicator, evidence.unit):
            return 0.0
        own = {d.codelist for d in indicator.dimensions}
        items = frozenset[str]().union(*(self._list_words.get(name, frozenset()) for name in own))
        names = self._names[indicator.code]
        best = max(
            n.trust * self._compare(n.words, said, items)
            for n in names
            if evidence.unit is not None or not n.needs_unit
        )
        if self._qualified(names[0].words, said, items):
            best = min(best, 0.6)
        if evidence.dimensions - own - {d.name for d in indicator.dimensions}:
            # A table split by something the indicator is not split by is another table.
            return best * 0.5
        if best >= 0.5:
            split = bool(evidence.dimensions) or not said.words.isdisjoint(items)
            best += 0.15 * split + 0.03 * (evidence.unit is not None)
        return min(best, 1.0)

    def _read(self, evidence: Evidence) -> _Said:
        """Take the texts apart; those around a table are the same for all its columns."""
        key = tuple(evidence.contexts)
        if key not in self._around:
            self._around[key] = _Said(
                (),
                tuple((self._known(words.tokens(cut_title(t))), trust) for t, trust in key),
                tuple(p for t, _ in key for p in words.phrases(cut_title(t, folded=False))),
            )
        around = self._around[key]
        header = self._known(words.tokens(evidence.header))
        return _Said(header, around.contexts, around.phrases)

    def _compare(self, name: tuple[str, ...], said: _Said, items: frozenset[str]) -> float:
        if any(w not in items for w in said.header):
            around = {w: trust for found, trust in reversed(said.contexts) for w in found}
            cover = {w: 1.0 if w in said.header else 0.9 * around.get(w, 0.0) for w in name}
            return self._mean(cover) * self._precision(said.header, name, items, 0.25)
        return max(
            (
                trust
                * self._mean({w: float(w in found) for w in name})
                * self._precision(found, name, items, 0.0)
                for found, trust in said.contexts
                if found
            ),
            default=0.0,
        )

    def _mean(self, cover: Mapping[str, float]) -> float:
        weights = {w: self._weight(w) for w in cover}
        return sum(weights[w] * c for w, c in cover.items()) / (sum(weights.values()) or 1.0)

    def _precision(
        self, found: Sequence[str], name: tuple[str, ...], items: frozenset[str], noise: float
    ) -> float:
        """Words that the name does not have speak against it; items of its lists do not."""
        total = inside = 0.0
        for word in found:
            weight = self._weight(word)
            if word in name:
                inside += weight
            elif word in items:
                continue
            elif word in self._noise:
                weight *= noise
            total += weight
        return 0.1 + 0.9 * inside / total if total else 0.1

    def _qualified(self, name: tuple[str, ...], said: _Said, items: frozenset[str]) -> bool:
        """Whether the titles narrow the name: "Penduduk Miskin", "Kepadatan Penduduk".

        Then a header that only says "Penduduk" means the narrower thing.
        """
        innocent = self._noise | items | {*said.header, *name} | _abbreviated()
        seen = qualified = 0
        for phrase in said.phrases:
            places = [i for i, w in enumerate(phrase) if w in name]
            if not places:
                continue
            seen += 1
            beside = phrase[max(places[0] - 1, 0) : places[-1] + 2]
            qualified += any(w not in innocent and not w.isdigit() for w in beside)
        return bool(seen) and qualified == seen

    def _weight(self, word: str) -> float:
        return math.log(1 + self._total / max(self._counts.get(word, 1), 1)) or 1.0

    def _known(self, found: Sequence[str]) -> tuple[str, ...]:
        """Words with their spelling mended where one known word is very near."""
        out = []
        for word in found:
            if word in self._counts or len(word) < 5:
                out.append(word)
                continue
            if word not in self._mended:
                near = get_close_matches(word, self._vocabulary, n=1, cutoff=0.88)
                self._mended[word] = near[0] if near else word
            out.append(self._mended[word])
        return tuple(dict.fromkeys(out))

    def _unit_fits(self, indicator: Indicator, unit: Unit | None) -> bool:
        return unit is None or self._book.units.ratio(unit.code, indicator.unit) is not None

    def _told_apart(self, best: Indicator, rival: Indicator, evidence: Evidence) -> bool:
        """Whether the texts hold all words by which the best one's name differs from the rival's.

        Indicators of one konsep look alike on purpose ("Jumlah Penduduk" of BPS and of the
        civil registry); a header that fits both must not choose between them.
        """
        own = set(_name_words(best.name))
        different = own - set(_name_words(rival.name))
        texts = [evidence.header, *(t for t, trust in evidence.contexts if trust >= 0.7)]
        said = {w for text in texts for w in self._known(words.tokens(text))}
        return bool(different) and different <= said

    def _written_code(self, text: str) -> Indicator | None:
        padded = f" {normalise(text)} "
        found = [i for c, i in self._book.indicators.items() if f" {normalise(c)} " in padded]
        longest = max((len(i.code) for i in found), default=0)
        best = [i for i in found if len(i.code) == longest]
        return best[0] if len(best) == 1 else None


def cut_title(text: str, *, folded: bool = True) -> str:
    """The part of a title that says what is measured: up to "menurut", "tahun" and the like.

    Args:
        text: a title, a file name without its ending, a name of a sheet.
        folded: whether to return normalised text; else the original's beginning, whose
            punctuation still parts its phrases.
    """
    bare = words.without_brackets(text).replace("_", " ")
    for match in _cut_pattern().finditer(bare):
        if words.tokens(bare[: match.start()]):
            bare = bare[: match.start()]
            break
    return normalise(bare) if folded else bare


@lru_cache(maxsize=1)
def _cut_pattern() -> re.Pattern[str]:
    longest_first = sorted(words.load()["cut"], key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b", re.IGNORECASE)


def _abbreviated() -> frozenset[str]:
    return frozenset(words.load()["abbreviations"])


def _name_words(text: str) -> tuple[str, ...]:
    return words.tokens(text) or tuple(normalise(text).split())


def _label_words(codelist: CodeList) -> frozenset[str]:
    labels = (c.label for c in codelist.codes.values())
    return frozenset(w for text in (*labels, *codelist.aliases) for w in normalise(text).split())


def _home_words(book: CodeBook) -> frozenset[str]:
    """Words of the names of the home region, its parts and those above it."""
    regions = book.regions
    near = list(regions.children(book.home))
    current = regions.codes.get(book.home)
    while current is not None:
        near.append(current)
        current = regions.codes.get(current.parent) if current.parent else None
    return frozenset(w for c in near for w in normalise(c.label).split())


def _texts(values: object) -> tuple[str, ...]:
    return tuple(map(str, values)) if isinstance(values, Iterable) else ()
