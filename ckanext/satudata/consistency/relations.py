"""What rule files know of indicators: bounds, sums, formulas, tolerances; all of it data.

Beside ``rules`` a rule file may have these sections. What a later file says replaces what an
earlier one said of the same thing, entry by entry::

    measures:                            # by ukuran
      - ukuran: persentase
        bounds: {unit: persen, lower: 0, upper: 100}
        over_time: average
    indicators:                          # exceptions
      - indicator: LOK.NERACA_PANGAN
        bounds: {lower: null, upper: null}
        tolerances: {rekap: {relative: 0.001}}
    components:                          # parts of a code list's codes
      - codelist: komoditas
        relation: at_least
        mode: partial_zero
    formulas:
      - id: rumus-kepadatan
        version: 1
        severity: error
        title: {id: ..., en: ...}
        result: {indicator: LOK.KEPADATAN, unit: orang-per-km2}
        equals: penduduk / luas
        operands:
          penduduk: {indicator: [SD00282.01, SD00282.02], unit: orang}
          luas: {indicator: LOK.LUAS_WILAYAH, unit: km2}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import Enum
from typing import Any

from . import expressions, fields
from .expressions import Expression, ExpressionError
from .fields import Floor, RuleError, Text
from .findings import Severity
from .frozen import frozen
from .vocabulary import Indicator, normalise

SECTIONS = frozenset({"components", "formulas", "indicators", "measures"})

#: Attainment of a target, by what is better (``capaian``: realised over target, or its inverse).
_ACHIEVEMENTS = {"higher": "realisasi / target * 100", "lower": "target / realisasi * 100"}

_TRAITS = frozenset({"bounds", "jump", "over_time", "tolerances", "weight"})
_FORMULA_KEYS = frozenset(
    {
        *("id", "version", "severity", "title", "description", "tolerance"),
        *("result", "equals", "achievement", "operands"),
    }
)


class Mode(str, Enum):
    """What becomes of a sum with missing parts (VTL 2.0, ``check_hierarchy``).

    The whole itself is never supplied: without it there is nothing to compare.
    """

    #: Judged only where the whole and every part are known.
    NON_NULL = "non_null"
    #: Missing parts are zero; judged unless everything known is zero.
    NON_ZERO = "non_zero"
    #: Judged where all are known; said to be not evaluable where some part is missing.
    PARTIAL_NULL = "partial_null"
    #: Missing parts are zero; judged where at least one part is known.
    PARTIAL_ZERO = "partial_zero"
    #: As ``partial_null``, also where no part is known.
    ALWAYS_NULL = "always_null"
    #: Missing parts are zero; judged wherever the whole is known.
    ALWAYS_ZERO = "always_zero"


class Relation(str, Enum):
    """How a whole stands to the sum of its parts."""

    EQUALS = "equals"
    #: The parts listed are not all there are.
    AT_LEAST = "at_least"


class OverTime(str, Enum):
    """What the figure of a year is, given those of its months."""

    SUM = "sum"
    AVERAGE = "average"
    LAST = "last"
    NONE = "none"


@frozen(slots=True)
class Component:
    """How the codes of a list are made of those below them.

    Attributes:
        relation: whether the parts are all there are.
        mode: what becomes of missing ones.
    """

    relation: Relation = Relation.EQUALS
    mode: Mode = Mode.NON_NULL


@frozen(slots=True)
class Bounds:
    """Between what values lie; None for no limit.

    Attributes:
        lower: the least possible value.
        upper: the largest possible value.
        unit: unit of both; None for whatever unit the indicator has.
    """

    lower: float | None = None
    upper: float | None = None
    unit: str | None = None


@frozen(slots=True)
class Traits:
    """What is known of an indicator, its ukuran's general and its own together.

    Attributes:
        bounds: between what its values lie.
        over_time: how shorter periods make a longer one; None where nobody said.
        weight: code of the indicator by which its values are averaged, or None.
        jump: by what factor a value may differ from its own past; None for the rule's.
        tolerances: rule id -> tolerance in place of the rule's.
    """

    bounds: Bounds = Bounds()
    over_time: OverTime | None = None
    weight: str | None = None
    jump: float | None = None
    tolerances: Mapping[str, Floor] = field(default_factory=dict)


@frozen(slots=True)
class Operand:
    """A name in a formula.

    Attributes:
        indicators: codes; the formula holds if it holds with any of them.
        unit: unit in which the formula counts it.
        above: whether a region without a figure takes that of the region above it.
    """

    indicators: tuple[str, ...]
    unit: str
    above: bool = False


@frozen
class Formula:
    """An indicator that is computed from others; also a rule, with the same id.

    Attributes:
        id: slug.
        version: raised whenever its meaning changes.
        severity: weight of a failure.
        title: short name, by language.
        description: why it holds, by language.
        result: code of the indicator that is computed.
        unit: unit in which the formula counts it.
        expression: how it is computed.
        operands: name -> what it stands for.
        tolerance: the least tolerance it grants.
    """

    id: str
    version: int
    severity: Severity
    title: Text
    description: Text
    result: str
    unit: str
    expression: Expression
    operands: Mapping[str, Operand]
    tolerance: Floor

    def codes(self) -> frozenset[str]:
        """Codes of the indicators it is about."""
        return frozenset({self.result, *(c for o in self.operands.values() for c in o.indicators)})


@frozen
class Relations:
    """All sections of rule files together.

    Attributes:
        measures: folded ukuran -> what is said of indicators of that measure.
        indicators: code -> what is said of that indicator.
        components: code list -> how its codes are made of others.
        formulas: id -> formula.
    """

    measures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    indicators: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    components: Mapping[str, Component] = field(default_factory=dict)
    formulas: Mapping[str, Formula] = field(default_factory=dict)

    def overlaid(self, later: Relations) -> Relations:
        """These, with what a later file says in their place."""
        return Relations(
            _overlaid(self.measures, later.measures),
            _overlaid(self.indicators, later.indicators),
            {**self.components, **later.components},
            {**self.formulas, **later.formulas},
        )

    def traits(self, indicator: Indicator) -> Traits:
        """What is known of an indicator."""
        general = self.measures.get(normalise(indicator.ukuran), {})
        own = self.indicators.get(indicator.code, {})
        return Traits(**{**general, **own})

    def component(self, codelist: str) -> Component:
        """How the codes of a list are made of those below them."""
        return self.components.get(codelist, Component())

    def concerning(self, code: str) -> list[Formula]:
        """The formulas in which an indicator stands."""
        return [f for f in self.formulas.values() if code in f.codes()]


def _overlaid(
    earlier: Mapping[str, Mapping[str, Any]], later: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    return {k: {**earlier.get(k, {}), **later.get(k, {})} for k in {**earlier, **later}}


def parse(data: Mapping[Any, Any], source: str) -> Relations:
    """Read the sections of a rule file.

    Args:
        data: the file's top level.
        source: name of the file, for errors.

    Raises:
        RuleError: an entry is wrong; the text names file, section and entry.
    """
    found: dict[str, dict[str, Any]] = {name: {} for name in SECTIONS}
    readers = {
        "components": _component,
        "formulas": _formula,
        "indicators": lambda e, w: _traits(e, w, "indicator"),
        "measures": lambda e, w: _traits(e, w, "ukuran"),
    }
    for section in sorted(SECTIONS & set(data)):
        listed = fields.entries(data[section], f"{source}: '{section}'")
        for position, entry in enumerate(listed, start=1):
            where = f"{source}: {section} {position}"
            name, value = readers[section](fields.mapping(entry, where), where)
            if name in found[section]:
                raise RuleError(f"{where}: '{name}' stands twice")
            found[section][name] = value
    return Relations(**found)


def _component(entry: Mapping[Any, Any], where: str) -> tuple[str, Component]:
    fields.only_keys(entry, ("codelist", "relation", "mode"), where)
    relation = fields.one_of(
        entry.get("relation", "equals"), [r.value for r in Relation], f"{where}: 'relation'"
    )
    mode = fields.one_of(entry.get("mode", "non_null"), [m.value for m in Mode], f"{where}: 'mode'")
    name = fields.string(entry.get("codelist"), f"{where}: 'codelist'")
    return name, Component(Relation(relation), Mode(mode))


def _traits(entry: Mapping[Any, Any], where: str, key: str) -> tuple[str, Mapping[str, Any]]:
    fields.only_keys(entry, {key, *_TRAITS}, where)
    name = fields.string(entry.get(key), f"{where}: '{key}'")
    out: dict[str, Any] = {}
    if "bounds" in entry:
        out["bounds"] = _bounds(entry["bounds"], f"{where}: 'bounds'")
    if "over_time" in entry:
        words = [o.value for o in OverTime]
        out["over_time"] = OverTime(
            fields.one_of(entry["over_time"], words, f"{where}: 'over_time'")
        )
    if "weight" in entry:
        out["weight"] = fields.string(entry["weight"], f"{where}: 'weight'")
    if "jump" in entry:
        out["jump"] = fields.number(entry["jump"], f"{where}: 'jump'")
        if out["jump"] <= 1:
            raise RuleError(f"{where}: 'jump' is a factor, it must be larger than 1")
    if "tolerances" in entry:
        given = fields.mapping(entry["tolerances"], f"{where}: 'tolerances'")
        out["tolerances"] = {
            str(rule): fields.floor(value, f"{where}: rule '{rule}'")
            for rule, value in given.items()
        }
    return (normalise(name) if key == "ukuran" else name), out


def _bounds(value: Any, where: str) -> Bounds:
    data = fields.mapping(value, where)
    fields.only_keys(data, ("lower", "upper", "unit"), where)
    lower, upper = (
        None if data.get(end) is None else fields.number(data[end], f"{where}: '{end}'")
        for end in ("lower", "upper")
    )
    if lower is not None and upper is not None and lower > upper:
        raise RuleError(f"{where}: 'lower' is above 'upper'")
    unit = data.get("unit")
    return Bounds(lower, upper, None if unit is None else fields.string(unit, f"{where}: 'unit'"))


def _formula(entry: Mapping[Any, Any], where: str) -> tuple[str, Formula]:
    rule_id = fields.slug(entry.get("id"), f"{where}: 'id'")
    where = f"{where} '{rule_id}'"
    fields.only_keys(entry, _FORMULA_KEYS, where)
    if ("equals" in entry) == ("achievement" in entry):
        raise RuleError(f"{where}: needs either 'equals' or 'achievement'")
    if "achievement" in entry:
        better = fields.one_of(entry["achievement"], _ACHIEVEMENTS, f"{where}: 'achievement'")
        text = _ACHIEVEMENTS[better]
    else:
        text = fields.string(entry["equals"], f"{where}: 'equals'")
    try:
        expression = expressions.parse(text)
    except ExpressionError as error:
        raise RuleError(f"{where}: 'equals': {error}") from error
    given = fields.mapping(entry.get("operands"), f"{where}: 'operands'")
    operands = {str(n): _operand(o, f"{where}: operand '{n}'") for n, o in given.items()}
    if set(operands) != expression.names:
        raise RuleError(
            f"{where}: 'equals' names {fields.names(expression.names)},"
            f" 'operands' explains {fields.names(operands)}"
        )
    result = _operand(entry.get("result"), f"{where}: 'result'")
    if len(result.indicators) != 1 or result.above:
        raise RuleError(f"{where}: 'result' is one indicator")
    title = fields.text(entry.get("title"), f"{where}: 'title'", frozenset())
    formula = Formula(
        id=rule_id,
        version=fields.whole(entry.get("version"), f"{where}: 'version'"),
        severity=Severity(
            fields.one_of(
                entry.get("severity"), [s.value for s in Severity], f"{where}: 'severity'"
            )
        ),
        title=title,
        description=(
            fields.text(entry["description"], f"{where}: 'description'", frozenset())
            if "description" in entry
            else title
        ),
        result=result.indicators[0],
        unit=result.unit,
        expression=expression,
        operands=operands,
        tolerance=fields.floor(entry.get("tolerance") or {}, where),
    )
    return rule_id, formula


def _operand(value: Any, where: str) -> Operand:
    data = fields.mapping(value, where)
    fields.only_keys(data, ("indicator", "unit", "region"), where)
    codes = data.get("indicator")
    listed = codes if isinstance(codes, list) else [codes]
    if not listed:
        raise RuleError(f"{where}: 'indicator' is empty")
    region = fields.one_of(data.get("region", "same"), ("same", "above"), f"{where}: 'region'")
    return Operand(
        tuple(fields.string(c, f"{where}: 'indicator'") for c in listed),
        fields.string(data.get("unit"), f"{where}: 'unit'"),
        above=region == "above",
    )
