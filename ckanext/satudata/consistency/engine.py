"""The comparison: a candidate against everything public, under all rules.

The engine fails closed. A rule that stops with an error, lacks its data, or is absent from
the rule set gives a finding that holds the publication back; silence means that a rule ran
and found nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from . import keys as packing
from . import needs
from .agreements import Agreed
from .case import Case, Check, Collector, NotEvaluable
from .checks import CHECKS
from .findings import Finding, Outcome, Report, Severity
from .observations import Candidate, Figures, Published
from .relations import Relations
from .rules import RuleSet
from .vocabulary import CodeBook

#: Findings of one rule and weight that a report lists where they hold the publication back.
LIMIT = 1_000

#: Those that it lists where they do not: nobody has to mend each one, and a correction of a whole
#: table would otherwise spend more time on telling every figure than on comparing it.
TOLD = 50

#: More classifications than this are not looked for one by one.
MOST_RESTS = 64

#: Most tables name all their classifications in their first figures. Looking for so few of them
#: costs less than sorting.
_GLANCE, _FEW = 1_000, 4

_WEIGHTS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFORMATION: 2}


def spans(
    candidate: Candidate, book: CodeBook, relations: Relations | None = None
) -> dict[int, tuple[int, int]]:
    """What must be known of the public figures before :func:`check` can judge.

    Args:
        candidate: what would become public.
        book: the reference data.
        relations: those of the rules by which it is judged; without them, what they need is
            not looked up, and so not evaluable.

    Returns:
        Indicator number -> smallest and largest key, both inclusive.
    """
    return needs.spans(candidate, book, relations or Relations())


def classifications(
    candidate: Candidate, book: CodeBook, relations: Relations | None = None
) -> dict[int, list[int]]:
    """Of which indicators :func:`check` needs only some classifications, and which.

    What is neither a sum nor a part of one is compared with its own classification alone. Of
    additive indicators all are needed, and of those that the candidate splits finely.

    Returns:
        Indicator number -> classifications (:func:`keys.rest_of`), in the layout of that
        indicator. An indicator that is not in it is needed whole.
    """
    wanted: dict[int, set[int]] = {}
    whole: set[int] = set()
    for figures in candidate.figures:
        if not len(figures):
            continue
        rests = _distinct(packing.rest_of(figures.keys))
        alike = (*book.siblings(figures.indicator), *book.lookalikes(figures.indicator))
        needed = needs.whole(figures.indicator, book, relations or Relations())
        whole.update(i.id for i in needed)
        for indicator in (figures.indicator, *alike):
            if indicator.additive or figures.indicator.additive or rests.size > MOST_RESTS:
                whole.add(indicator.id)
                continue
            there, possible = packing.translate(rests, figures.indicator, indicator)
            wanted.setdefault(indicator.id, set()).update(there[possible].tolist())
    return {number: sorted(found) for number, found in wanted.items() if number not in whole}


def _distinct(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Each different value once. Sorting a million integers costs a tenth of ``np.unique``."""
    few = sorted(set(values[:_GLANCE].tolist()))
    if len(few) <= _FEW:
        other = values != few[0]
        for one in few[1:]:
            other &= values != one
        if not bool(other.any()):
            return np.array(few, dtype=np.int64)
    ordered = np.sort(values)
    first = np.ones(ordered.size, dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def check(
    candidate: Candidate,
    published: Mapping[int, Sequence[Published]],
    rules: RuleSet,
    book: CodeBook,
    *,
    own_dataset: str | None,
    previous: Mapping[int, Sequence[Published]] | None = None,
    agreed: Mapping[int, Agreed] | None = None,
    limit: int = LIMIT,
    told: int = TOLD,
    checks: Sequence[Check] = CHECKS,
) -> Report:
    """Judge a candidate.

    Args:
        candidate: everything the dataset would show. Its reading problems become part of
            the report.
        published: public figures by indicator number, at least for :func:`spans`. An
            indicator without public figures has an empty sequence; one that is absent was
            not looked up, and what depends on it is not evaluable.
        rules: the rules; must have every rule of :mod:`checks`.
        book: the reference data.
        own_dataset: id of the dataset whose public figures the candidate replaces; they
            are not compared.
        previous: what that dataset shows until now, by indicator number.
        agreed: what agreements in force say, by indicator number; an indicator without any
            agreement has no entry.
        limit: how many findings of one rule and weight are listed that hold the publication
            back. All are counted.
        told: how many of those that do not.
        checks: what is run.

    Raises:
        ValueError: the candidate is malformed: an indicator twice, arrays of unequal length,
            values that are not finite, or keys out of order.
    """
    _require_well_formed(candidate)
    case = Case(candidate, published, rules, book, own_dataset, previous, agreed)
    out = Collector(limit, told)
    evaluated: list[str] = []
    for one in checks:
        if _run(case, one, out):
            evaluated.extend(one.emits)
    listed = Counter(f.rule for f in candidate.problems)
    counts = {r: max(n, candidate.problem_counts.get(r, 0)) for r, n in listed.items()}
    for rule, number in out.counts.items():
        counts[rule] = counts.get(rule, 0) + number
    return Report(
        findings=sorted([*candidate.problems, *out.findings], key=_rank),
        counts=counts,
        ruleset=rules.version,
        checked=sum(len(f) for f in candidate.figures),
        evaluated=evaluated,
    )


def _run(case: Case, check_: Check, out: Collector) -> bool:
    """Run one check over all indicators; whether it could judge all of them."""
    complete = True
    for rule_id in check_.emits:
        if rule_id not in case.rules:
            out.add(rule_id, 1, [_broken(case, rule_id, None, "rule is missing")])
            return False
    first = next(iter(check_.emits))
    for figures in case.candidate.figures:
        if not len(figures):
            continue
        try:
            check_.run(case, figures, out)
        except NotEvaluable as reason:
            complete = False
            out.add(first, 1, [_not_evaluable(case, first, figures, reason)])
        except Exception as error:
            # Any error of a rule must hold the publication back, whatever its kind.
            _log(first, figures.indicator.code)
            complete = False
            out.add(first, 1, [_broken(case, first, figures, f"{type(error).__name__}: {error}")])
    return complete


def _log(rule_id: str, indicator: str) -> None:
    """Tell the administrator what stopped; nothing else here needs the library for it."""
    import logging

    logging.getLogger(__name__).exception("rule %s stopped at %s", rule_id, indicator)


def _broken(case: Case, rule_id: str, figures: Figures | None, detail: str) -> Finding:
    rule = case.rules.get(rule_id)
    return Finding(
        rule=rule_id,
        rule_version=rule.version if rule else 0,
        severity=Severity.ERROR,
        outcome=Outcome.ERROR,
        indicator=figures.indicator.code if figures else None,
        params={"detail": detail[:200]},
    )


def _not_evaluable(case: Case, rule_id: str, figures: Figures, reason: NotEvaluable) -> Finding:
    return case.finding(
        rule_id,
        figures,
        variant=reason.reason,
        severity=Severity.ERROR,
        outcome=Outcome.NOT_EVALUABLE,
        params=reason.params,
    )


def _require_well_formed(candidate: Candidate) -> None:
    numbers = [f.indicator.id for f in candidate.figures]
    if len(set(numbers)) != len(numbers):
        raise ValueError("an indicator stands twice in the candidate")
    for f in candidate.figures:
        arrays = (f.values, f.decimals, f.status, f.table, f.row, f.column)
        if any(a.shape != f.keys.shape for a in arrays):
            raise ValueError(f"arrays of {f.indicator.code} differ in length")
        if not bool(np.isfinite(f.values).all()):
            raise ValueError(f"a value of {f.indicator.code} is not a finite number")
        if bool((f.keys[1:] < f.keys[:-1]).any()):
            raise ValueError(f"keys of {f.indicator.code} are not sorted")


def _rank(finding: Finding) -> tuple[int, str, int, int, int]:
    place = finding.location
    return (
        0 if finding.blocks else _WEIGHTS[finding.severity],
        finding.rule,
        place.table if place else -1,
        (place.row or 0) if place else 0,
        (place.column or 0) if place else 0,
    )
