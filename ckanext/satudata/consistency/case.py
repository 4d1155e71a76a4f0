"""One check in progress: what the rules look at, and where they put what they find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from . import keyparts
from . import keys as packing
from . import period as periods
from .agreements import NONE, Agreed, Pairs, settled
from .compare import Column, Conflicts, Meetings, compare
from .findings import Counterpart, Finding, Location, Outcome, Severity
from .frozen import frozen
from .keys import Keys
from .lookups import Sources
from .observations import Candidate, Figures, Published
from .rules import Rule, RuleSet
from .scales import Scales
from .tolerance import Tolerance
from .vocabulary import CodeBook, Indicator

#: The rule that decides when two values differ, and the one that explains a factor.
VALUE_RULE = "nilai-berbeda"
SCALE_RULE = "satuan-skala"


class NotEvaluable(Exception):
    """A rule cannot be judged for lack of data; never a pass.

    Attributes:
        reason: name of a variant of the rule ``tidak-dapat-dinilai``.
        params: values for its message.
    """

    def __init__(self, reason: str, **params: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params


class Case:
    """A candidate with everything it is compared with.

    Attributes:
        candidate: what would become public.
        rules: the rules.
        book: the reference data.
    """

    def __init__(
        self,
        candidate: Candidate,
        published: Mapping[int, Sequence[Published]],
        rules: RuleSet,
        book: CodeBook,
        own_dataset: str | None,
        previous: Mapping[int, Sequence[Published]] | None = None,
        agreed: Mapping[int, Agreed] | None = None,
    ) -> None:
        self.candidate = candidate
        self.rules = rules
        self.book = book
        self._published = published
        self._previous = previous or {}
        self._agreed = agreed or {}
        self._own_dataset = own_dataset
        self._meetings: dict[int, Meetings] = {}
        self._differing: dict[int, Conflicts] = {}
        self._settled: dict[int, npt.NDArray[np.int64]] = {}
        self._conflicts: dict[int, Conflicts] = {}
        self._scales: dict[int, tuple[Scales, npt.NDArray[np.int64]]] = {}
        self._sources: dict[int, Sources] = {}
        self._figures = {f.indicator.id: f for f in candidate.figures}

    def figures(self, indicator: Indicator) -> Figures | None:
        """The candidate's figures of an indicator, or None."""
        return self._figures.get(indicator.id)

    def previous(self, indicator: Indicator) -> Sequence[Published]:
        """What the candidate's own dataset shows of an indicator until now."""
        return self._previous.get(indicator.id, ())

    def sources(self, indicator: Indicator) -> Sources:
        """Where figures of an indicator are looked up; made once.

        Raises:
            NotEvaluable: as :meth:`public`.
        """
        if indicator.id not in self._sources:
            self._sources[indicator.id] = Sources(
                self.figures(indicator),
                self.public(indicator),
                counted=self._counted(indicator),
            )
        return self._sources[indicator.id]

    def held(self, indicator: Indicator, besides: Figures | None = None) -> Sources:
        """Where the mandate holder's public figures, and nothing else, are looked up.

        Args:
            indicator: whose.
            besides: figures of the candidate that say no more than those.

        Raises:
            NotEvaluable: as :meth:`public`.
        """
        public = self.public(indicator)
        held = [p for p in public if p.publication.organization == indicator.producer]
        return Sources(besides, held, counted=self._counted(indicator))

    def _counted(self, indicator: Indicator) -> bool:
        unit = self.book.units.units.get(indicator.unit)
        return unit is not None and unit.counts

    def public(self, indicator: Indicator) -> list[Published]:
        """Public figures of an indicator by other datasets, the mandate holder's first.

        Raises:
            NotEvaluable: nobody looked whether there are any (an indicator that was looked
                up and has none is present with an empty sequence).
        """
        if indicator.id not in self._published:
            raise NotEvaluable("belum-dibaca", other=indicator.code)
        found = [
            p
            for p in self._published[indicator.id]
            if self._own_dataset is None or p.publication.dataset != self._own_dataset
        ]
        return sorted(found, key=lambda p: p.publication.organization != indicator.producer)

    def tolerance(self, indicator: Indicator, rule_id: str) -> Tolerance:
        """What is granted to an indicator under a rule."""
        return Tolerance.of(indicator, self.rules.floor(rule_id, indicator))

    def meetings(self, figures: Figures) -> Meetings:
        """Where the publications of :meth:`public` show the candidate's keys."""
        number = figures.indicator.id
        if number not in self._meetings:
            public = self.public(figures.indicator)
            self._meetings[number] = Meetings(Column.of(figures), public)
        return self._meetings[number]

    def agreed(self, indicator: Indicator) -> Agreed | None:
        """What agreements in force say of an indicator, or None."""
        return self._agreed.get(indicator.id)

    def differing(self, figures: Figures) -> Conflicts:
        """All pairs that differ; found once, used by several rules."""
        number = figures.indicator.id
        if number not in self._differing:
            self._differing[number] = compare(
                Column.of(figures),
                self.public(figures.indicator),
                self.tolerance(figures.indicator, VALUE_RULE),
                meetings=self.meetings(figures),
            )
        return self._differing[number]

    def conflicts(self, figures: Figures) -> Conflicts:
        """The pairs that differ, and no agreement says why."""
        if self.agreed(figures.indicator) is None:
            return self.differing(figures)
        number = figures.indicator.id
        if number not in self._conflicts:
            self._conflicts[number] = self.differing(figures).take(self._which(figures) == NONE)
        return self._conflicts[number]

    def settled(self, figures: Figures) -> tuple[Conflicts, npt.NDArray[np.int64]]:
        """The pairs that differ as an agreement says, and positions of the agreements."""
        which = self._which(figures)
        return self.differing(figures).take(which != NONE), which[which != NONE]

    def _which(self, figures: Figures) -> npt.NDArray[np.int64]:
        """For each pair that differs, the agreement that says why, or ``NONE``."""
        number = figures.indicator.id
        if number not in self._settled:
            pairs, published = self.differing(figures), self.public(figures.indicator)
            shown = [self.candidate.organization, *(p.publication.organization for p in published)]
            names = list(dict.fromkeys(shown))
            owners = np.array([names.index(name) for name in shown], dtype=np.int64)
            mine = np.zeros(len(pairs), dtype=np.int64)
            theirs = owners[1:][pairs.publication]
            self._settled[number] = settled(
                Pairs(
                    figures.keys[pairs.rows],
                    (pairs.ours, pairs.theirs),
                    (pairs.half_ours, pairs.half_theirs),
                    (mine, theirs),
                    names,
                ),
                self.agreed(figures.indicator),
                self.tolerance(figures.indicator, VALUE_RULE),
            )
        return self._settled[number]

    def scales(self, figures: Figures) -> tuple[Scales, npt.NDArray[np.int64]]:
        """The factors worth naming, and which of them explains each conflict (or -1)."""
        number = figures.indicator.id
        if number not in self._scales:
            params = self.rules[SCALE_RULE].params
            scales = Scales(
                figures.indicator,
                self.book.units,
                max_power=int(params["max_power"]),
                min_factor=float(params["min_factor"]),
            )
            which = scales.classify(
                self.conflicts(figures),
                self.tolerance(figures.indicator, VALUE_RULE),
                float(params["max_relative"]),
            )
            self._scales[number] = (scales, which)
        return self._scales[number]

    def location(self, figures: Figures, row: int) -> Location:
        """The cell of a figure."""
        table, column = int(figures.table[row]), int(figures.column[row])
        header = None
        if 0 <= table < len(self.candidate.tables):
            headers = self.candidate.tables[table].columns
            header = headers[column] if 0 <= column < len(headers) else None
        return Location(table, int(figures.row[row]), column, header)

    def key(self, indicator: Indicator, key: int) -> packing.ObjectKey:
        """A decoded key."""
        return packing.decode(indicator, int(key), self.book.codelists)

    def organization(self, organization: str | None) -> str | None:
        """Name of an organization as far as the candidate and public figures tell it."""
        return self._organizations.get(organization or "")

    @cached_property
    def _organizations(self) -> dict[str, str]:
        every = (p.publication for each in self._published.values() for p in each)
        return {
            **{p.organization: p.organization_title for p in every},
            self.candidate.organization: self.candidate.organization_title,
        }

    def finding(
        self,
        rule_id: str,
        figures: Figures,
        *,
        variant: str | None = None,
        params: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> Finding:
        """A finding of a rule about an indicator; the variant's name goes into its params."""
        rule = self.rules[rule_id]
        return Finding(
            rule=rule.id,
            rule_version=rule.version,
            severity=fields.pop("severity", rule.severity),
            indicator=figures.indicator.code,
            params={**({"variant": variant} if variant else {}), **(params or {})},
            **fields,
        )


def counterpart(published: Published, value: float, indicator: Indicator) -> Counterpart:
    """A public figure, for a finding.

    Args:
        published: whose figure it is.
        value: in the candidate's unit.
        indicator: which indicator it is published under.
    """
    p = published.publication
    return Counterpart(
        value=float(value),
        publication=p.id,
        organization=p.organization,
        organization_title=p.organization_title,
        dataset=p.dataset,
        dataset_name=p.dataset_name,
        dataset_title=p.dataset_title,
        resource=p.resource,
        indicator=indicator.code,
    )


def period_ends(keys: Keys) -> npt.NDArray[np.int64]:
    """Ordinal of the last day of each key's period.

    Args:
        keys: ascending, shape ``(n,)``.
    """
    found = keyparts.distinct_periods(keys)
    ends = np.array([_end(packed) for packed, _ in found], dtype=np.int64)
    return np.repeat(ends, [place.stop - place.start for _, place in found])


@lru_cache(maxsize=4096)
def _end(packed: int) -> int:
    return periods.unpack(packed).end.toordinal()


@dataclass
class Collector:
    """Findings as they come in: all are counted, the first of each rule and weight are kept.

    The limit counts for each weight apart, so that a blocking finding can never hide behind
    harmless ones of the same rule.

    Attributes:
        limit: how many findings of one rule and weight are kept that hold a publication back.
        told: how many of those that do not; never more than ``limit``.
        findings: the kept ones.
        counts: rule id -> number found.
    """

    limit: int
    told: int
    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    _kept: dict[tuple[str, Severity, Outcome], int] = field(default_factory=dict)

    def room(self, rule: Rule) -> int:
        """How many more failures of a rule would be kept."""
        kept = self._kept.get((rule.id, rule.severity, Outcome.FAIL), 0)
        return self._most(rule.severity is Severity.ERROR) - kept

    def add(self, rule_id: str, count: int, findings: Iterable[Finding]) -> None:
        """Take findings of one rule, all of one weight and outcome.

        Args:
            rule_id: the rule.
            count: how many there are.
            findings: made only as far as they are kept.
        """
        if not count:
            return
        self.counts[rule_id] = self.counts.get(rule_id, 0) + count
        source = iter(findings)
        first = next(source)
        weight = (rule_id, first.severity, first.outcome)
        room = self._most(first.blocks) - self._kept.get(weight, 0)
        if room <= 0:
            return
        kept = [first, *islice(source, room - 1)]
        self._kept[weight] = self._kept.get(weight, 0) + len(kept)
        self.findings.extend(kept)

    def _most(self, blocking: bool) -> int:
        return self.limit if blocking else min(self.limit, self.told)


@frozen
class Check:
    """A piece of code that finds violations of one or more rules.

    Attributes:
        run: called once per indicator of the candidate.
        emits: rule id -> placeholders its findings offer besides the common ones.
    """

    run: Callable[[Case, Figures, Collector], None]
    emits: Mapping[str, frozenset[str]]
