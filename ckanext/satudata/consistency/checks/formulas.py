"""``rumus`` and the formulas: an indicator that is computed from others.

A formula holds if it holds with any of the indicators an operand may stand for (a requirement
may be computed from either count of the population). It is judged wherever the candidate
shows the result; where the candidate shows an operand only, and the result is public, whoever
publishes the result is told (a warning: a derived figure that is stale is no second value of
one object, and must not keep the operand's producer from correcting it).

An operand that is known nowhere is said to be missing: information, and no pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

import numpy as np
import numpy.typing as npt

from .. import keys as packing
from ..case import Case, Check, Collector, NotEvaluable, counterpart
from ..causes import guess, tidy
from ..expressions import Interval
from ..findings import AppliedTolerance, Counterpart, Finding, Location, Outcome, Severity
from ..frozen import frozen
from ..keys import Keys
from ..lookups import CANDIDATE, UNKNOWN, Known, first_rows
from ..observations import Figures
from ..relations import Formula, Operand
from ..rules import FORMULA as RULE
from ..tolerance import SLACK, Floats, Kind
from ..vocabulary import Indicator
from ..wording import number

_OFFERED = frozenset(
    {"formula", "operands", "computed", "missing", "missing_count", "objects", "result"}
)

Bools = npt.NDArray[np.bool_]


@frozen
class _Attempt:
    """A formula computed with one choice of indicators; arrays of shape ``(n,)``.

    Attributes:
        chosen: name of the operand -> indicator it stood for; an operand of which the portal
            has no indicator is not in it.
        known: name of the operand -> its figures, in their indicator's unit.
        computed: the results, in the result's unit.
        usable: where every operand is known and the result is a number.
        excess: by how much the difference is larger than allowed; below zero where it holds.
        limit: the allowed difference.
    """

    chosen: Mapping[str, Indicator]
    known: Mapping[str, Known]
    computed: Interval
    usable: Bools
    excess: Floats
    limit: Floats


def formulas(case: Case, figures: Figures, out: Collector) -> None:
    """Report figures that are not what formulas make of others."""
    for formula in case.rules.relations.concerning(figures.indicator.code):
        result = case.book.indicators.get(formula.result)
        if result is None:
            continue
        if formula.id not in case.rules:
            raise NotEvaluable("belum-dibaca", other=formula.id)
        if figures.indicator is result:
            keys = figures.keys[first_rows(figures.keys)]
            _judge(case, figures, out, formula, result, keys)
        elif _first_shown(case, formula) is figures:
            keys = _public_results(case, figures, result)
            if keys.size:
                _judge(case, figures, out, formula, result, keys)


def _first_shown(case: Case, formula: Formula) -> Figures | None:
    """The first operand that the candidate shows: the formula is judged once."""
    for operand in formula.operands.values():
        for code in operand.indicators:
            indicator = case.book.indicators.get(code)
            shown = case.figures(indicator) if indicator else None
            if shown is not None and len(shown):
                return shown
    return None


def _public_results(case: Case, figures: Figures, result: Indicator) -> Keys:
    """Public results in the periods of the candidate's operand that it does not show itself."""
    low, high = packing.period_span(figures.keys)
    found = [p.keys[(p.keys >= low) & (p.keys <= high)] for p in case.public(result)]
    keys = np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)
    mine = case.figures(result)
    return keys if mine is None else keys[~np.isin(keys, mine.keys)]


def _judge(
    case: Case, figures: Figures, out: Collector, formula: Formula, result: Indicator, keys: Keys
) -> None:
    known = case.sources(result).find(keys)
    standing = {n: i for n, o in formula.operands.items() if (i := _candidates(case, o))}
    attempts = [
        _attempt(case, formula, result, keys, known, dict(zip(standing, chosen, strict=True)))
        for chosen in product(*standing.values())
    ]
    usable = np.zeros(keys.size, dtype=bool)
    holds = usable.copy()
    touched = known.origin == CANDIDATE
    for one in attempts:
        usable |= one.usable
        holds |= one.usable & (one.excess <= 0)
        for operand in one.known.values():
            touched = touched | (operand.origin == CANDIDATE)
    failing = np.flatnonzero(usable & ~holds & touched)
    stale = figures.indicator is not result
    out.add(
        formula.id,
        int(failing.size),
        (
            _finding(case, figures, formula, result, keys, known, attempts, i, stale)
            for i in failing.tolist()
        ),
    )
    if not stale:
        lacking = np.flatnonzero(~usable)
        if lacking.size:
            out.add(formula.id, 1, [_missing(case, figures, formula, keys, attempts, lacking)])


def _candidates(case: Case, operand: Operand) -> list[Indicator]:
    """The indicators an operand may stand for; those the portal does not have are left out."""
    return [i for c in operand.indicators if (i := case.book.indicators.get(c)) is not None]


def _attempt(
    case: Case,
    formula: Formula,
    result: Indicator,
    keys: Keys,
    known: Known,
    chosen: Mapping[str, Indicator],
) -> _Attempt:
    found, values = {}, {}
    usable = np.ones(keys.size, dtype=bool)
    for name, indicator in chosen.items():
        operand = formula.operands[name]
        found[name] = _operand(case, result, keys, indicator, above=operand.above)
        factor = _factor(case, indicator.unit, operand.unit)
        values[name] = Interval.around(found[name].values * factor, found[name].halves * factor)
        usable &= found[name].found
    factor = _factor(case, formula.unit, result.unit)
    if len(values) < len(formula.operands):
        unknown = np.full(keys.size, np.nan)
        made = Interval(unknown, unknown, unknown)
    else:
        made = formula.expression(values)
    computed = Interval(made.value * factor, made.low * factor, made.high * factor)
    usable &= np.isfinite(computed.value)
    tolerance = case.tolerance(result, formula.id)
    larger = np.maximum(np.abs(known.values), np.abs(computed.value))
    limit = np.maximum(tolerance.absolute, tolerance.relative * larger)
    with np.errstate(invalid="ignore"):
        if tolerance.rounding:
            low, high = computed.low - known.halves, computed.high + known.halves
        else:
            low = high = computed.value
        outside = np.maximum(low - known.values, known.values - high)
        excess = outside - limit - SLACK * 16 * np.nan_to_num(larger)
    return _Attempt(chosen, found, computed, usable, np.nan_to_num(excess, nan=np.inf), limit)


def _factor(case: Case, source: str, target: str) -> float:
    ratio = case.book.units.ratio(source, target) if source != target else 1
    if ratio is None:
        raise NotEvaluable("satuan-tak-sebanding", unit_given=source, other=target)
    return float(ratio)


def _operand(
    case: Case, result: Indicator, keys: Keys, indicator: Indicator, *, above: bool
) -> Known:
    """An operand's figures for the result's objects.

    Dimensions that only the result has do not matter to the operand (one population for all
    commodities); of dimensions that only the operand has, the total is meant.
    """
    wanted = (keys >> packing.REGION_SHIFT) << packing.REGION_SHIFT
    for dimension in result.dimensions:
        other = indicator.dimension(dimension.name)
        if other is not None and other.codelist == dimension.codelist:
            wanted |= packing.dimension_of(keys, dimension) << other.shift
    sources = case.sources(indicator)
    known = sources.find(wanted)
    if not above:
        return known
    tree = case.book.regions.hierarchy
    for _ in range(len(tree.parent)):
        parent = tree.parents_of(packing.region_of(wanted))
        missing = np.flatnonzero(~known.found & (parent > 0))
        if not missing.size:
            break
        wanted[missing] = packing.with_region(wanted[missing], parent[missing])
        higher = sources.find(wanted[missing])
        for name in Known.__dataclass_fields__:
            getattr(known, name)[missing] = getattr(higher, name)
    return known


def _finding(
    case: Case,
    figures: Figures,
    formula: Formula,
    result: Indicator,
    keys: Keys,
    known: Known,
    attempts: list[_Attempt],
    i: int,
    stale: bool,
) -> Finding:
    one = min((a for a in attempts if a.usable[i]), key=lambda a: float(a.excess[i]))
    value, half = float(known.values[i]), float(known.halves[i]) or 0.5
    computed = tidy(float(one.computed.value[i]), half / 1000, half / 1000)
    row = _row(figures, known, one, i, stale)
    sources = case.sources(result)
    rule = case.rules[formula.id]
    if stale:
        other = counterpart(sources.published[int(known.origin[i])], value, result)
        mine, theirs = computed, value
    else:
        other = Counterpart(value=computed, indicator=result.code)
        mine, theirs = value, computed
    found = case.finding(
        formula.id,
        figures,
        variant="hasil-publik" if stale else None,
        severity=Severity.WARNING if stale and rule.severity is Severity.ERROR else rule.severity,
        key=packing.decode(result, int(keys[i]), case.book.codelists),
        location=case.location(figures, row) if row is not None else None,
        value=mine,
        other=other,
        difference=tidy(mine - theirs, half / 1000, half / 1000),
        tolerance=AppliedTolerance(
            Kind.ROUNDING.word if one.limit[i] == 0 else Kind.RELATIVE.word, float(one.limit[i])
        ),
        cause=guess(mine, theirs, half, half),
        params={
            "formula": formula.expression.text,
            "result": result.name,
            "computed": computed,
            "operands": [
                {
                    "id": f"{name} = {_shown(case, one, name, i, 'id')}",
                    "en": f"{name} = {_shown(case, one, name, i, 'en')}",
                }
                for name in formula.operands
            ],
        },
    )
    return replace(found, indicator=result.code)


def _row(figures: Figures, known: Known, one: _Attempt, i: int, stale: bool) -> int | None:
    """Row of the candidate's figure: the result, or the operand it shows."""
    if not stale:
        return int(known.place[i])
    for name, indicator in one.chosen.items():
        if indicator is figures.indicator and one.known[name].origin[i] == CANDIDATE:
            return int(one.known[name].place[i])
    return None


def _shown(case: Case, one: _Attempt, name: str, i: int, lang: str) -> str:
    indicator, known = one.chosen[name], one.known[name]
    unit = case.book.units.units.get(indicator.unit)
    label = unit.in_text if unit else indicator.unit
    origin = int(known.origin[i])
    published = case.sources(indicator).published
    who = f", {published[origin].publication.organization_title}" if origin >= 0 else ""
    return f"{number(float(known.values[i]), lang)} {label} ({indicator.name}{who})"


def _missing(
    case: Case,
    figures: Figures,
    formula: Formula,
    keys: Keys,
    attempts: list[_Attempt],
    lacking: npt.NDArray[np.int64],
) -> Finding:
    """One finding for all objects that lack an operand."""
    first = int(lacking[0])
    names = list(_lacking_names(case, formula, attempts, first))
    return case.finding(
        formula.id,
        figures,
        variant="operan-tak-ada",
        severity=Severity.INFORMATION,
        outcome=Outcome.NOT_EVALUABLE,
        key=case.key(figures.indicator, keys[first]),
        location=Location(int(figures.table[0])),
        params={
            "formula": formula.expression.text,
            "result": figures.indicator.name,
            "objects": int(lacking.size),
            "missing": names,
            "missing_count": len(names),
        },
    )


def _lacking_names(case: Case, formula: Formula, attempts: list[_Attempt], i: int) -> Iterator[str]:
    for name, operand in formula.operands.items():
        known = [a.known[name] for a in attempts if name in a.known]
        if not known or all(k.origin[i] == UNKNOWN for k in known):
            listed = ((case.book.indicators.get(c), c) for c in operand.indicators)
            yield " / ".join(indicator.name if indicator else code for indicator, code in listed)


CHECKS = (Check(formulas, {RULE: _OFFERED}),)
