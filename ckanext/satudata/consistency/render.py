"""A finding as text: the rule's message with numbers, units and names filled in.

Findings hold no text of their own, so a report can be read in either language, and years
later. Values are put into the message once; what they contain is never read as a message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import wording
from .findings import Finding, Location, Outcome
from .frozen import frozen
from .keys import ObjectKey
from .observations import TableRef
from .period import parse as parse_period
from .rules import PLACEHOLDER, Rule, RuleSet, Text
from .vocabulary import TOTAL, CodeBook, Indicator

#: Rules whose words are used for a finding that is no ordinary failure.
_WORDS_OF = {
    Outcome.ERROR: "aturan-galat",
    Outcome.NOT_EVALUABLE: "tidak-dapat-dinilai",
}


@frozen(slots=True)
class Rendered:
    """A finding for people; absent things are "–" in texts, None elsewhere.

    Attributes:
        title: the rule's short name.
        message: what was found.
        advice: what to do.
        severity: the weight as a word.
        outcome: the outcome as a word.
        cause: the guessed cause as a word, or None.
        indicator: name of the indicator.
        object: classification, region and period, for example
            ``Beras Medium, Kecamatan Sintang, 2025``.
        region: name of the region.
        period: the period as people say it.
        dimensions: names of the further classifications.
        location: the cell.
        other_location: the other cell, for findings within one candidate.
        value: the candidate's value.
        other_value: the value it was compared with.
        difference: the difference.
        tolerance: the allowed difference with its unit and kind.
        unit: label of the unit.
    """

    title: str
    message: str
    advice: str
    severity: str
    outcome: str
    cause: str | None
    indicator: str
    object: str
    region: str
    period: str
    dimensions: str
    location: str
    other_location: str
    value: str
    other_value: str
    difference: str
    tolerance: str
    unit: str


class Renderer:
    """Renders the findings of one report in one language."""

    def __init__(
        self,
        rules: RuleSet,
        book: CodeBook,
        lang: str = "id",
        *,
        tables: Sequence[TableRef] = (),
        organizations: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare.

        Args:
            rules: the rules with their words. A rule that is no longer among them shows
                as its id.
            book: names of indicators, units and codes.
            lang: ``id`` or ``en``.
            tables: the report's tables, to name them.
            organizations: id -> name, for mandate holders that a finding does not name.
        """
        self._rules = rules
        self._book = book
        self._lang = lang if lang in ("id", "en") else "id"
        self._tables = tables
        self._organizations = organizations or {}

    def render(self, finding: Finding) -> Rendered:
        """The finding in words."""
        values = self._common(finding)
        own = self._rules.get(finding.rule)
        title = own.title[self._lang] if own else finding.rule
        values["rule_title"] = title
        every = {**values, **self._own(finding)}
        message, advice = self._templates(finding, own)
        return Rendered(
            title=title,
            message=self._fill(message, every) if message else finding.rule,
            advice=self._fill(advice, every) if advice else wording.NONE,
            severity=wording.SEVERITIES[finding.severity.value][self._lang],
            outcome=wording.OUTCOMES[finding.outcome.value][self._lang],
            cause=values["cause"] if finding.cause else None,
            **{
                name: values[name]
                for name in (
                    "indicator",
                    "object",
                    "region",
                    "period",
                    "dimensions",
                    "location",
                    "other_location",
                    "value",
                    "other_value",
                    "difference",
                    "tolerance",
                    "unit",
                )
            },
        )

    def _templates(self, finding: Finding, own: Rule | None) -> tuple[Text | None, Text | None]:
        name = finding.params.get("variant")
        rule = own
        if finding.outcome is not Outcome.FAIL and (own is None or name not in own.variants):
            rule = self._rules.get(_WORDS_OF[finding.outcome])
        if rule is None:
            return None, None
        variant = rule.variant(name)
        return variant.message or rule.message, variant.advice or rule.advice

    def _fill(self, template: Text, values: Mapping[str, str]) -> str:
        text = template[self._lang]
        filled = PLACEHOLDER.sub(lambda m: values.get(m.group(1), wording.NONE), text)
        # The name of a file or sheet begins as it is spelled, a row begins a sentence.
        if text.startswith("{location}") and filled.startswith(wording.PLACES[self._lang]):
            return filled[:1].upper() + filled[1:]
        return filled

    def _common(self, finding: Finding) -> dict[str, str]:
        indicator = self._book.indicators.get(finding.indicator or "")
        other = finding.other
        other_indicator = self._book.indicators.get(other.indicator or "") if other else None
        where = finding.location or Location(-1)
        unit = self._unit(indicator)
        region, period, dimensions = self._names(finding.key, indicator)
        location = wording.cell(finding.location, self._lang, self._tables)
        return {
            "cause": (
                wording.CAUSES[finding.cause.value][self._lang] if finding.cause else wording.NONE
            ),
            "column": wording.NONE
            if where.column is None
            else wording.column_letters(where.column),
            "dataset": (other and (other.dataset_title or other.dataset_name)) or wording.NONE,
            "difference": self._number(
                None if finding.difference is None else abs(finding.difference)
            ),
            "dimensions": dimensions or wording.NONE,
            "header": where.header or wording.NONE,
            "indicator": indicator.name if indicator else finding.indicator or wording.NONE,
            "indicator_code": finding.indicator or wording.NONE,
            "location": location,
            "object": ", ".join(p for p in (dimensions, region, period) if p) or wording.NONE,
            "organization": (other and (other.organization_title or other.organization))
            or wording.NONE,
            "other_indicator": other_indicator.name if other_indicator else wording.NONE,
            "other_location": wording.cell(
                other.location if other else None, self._lang, self._tables
            ),
            "other_value": self._number(other.value if other else None),
            "period": period or wording.NONE,
            "region": region or wording.NONE,
            "region_code": finding.key.region if finding.key else wording.NONE,
            "row": wording.NONE if where.row is None else str(where.row),
            "table": wording.table_name(self._tables, where.table),
            "text": where.text or wording.NONE,
            "tolerance": self._tolerance(finding, unit),
            "unit": unit,
            "value": self._number(finding.value),
        }

    def _own(self, finding: Finding) -> dict[str, str]:
        """What the finding itself offers to its message."""
        out = {
            str(name): self._text(value)
            for name, value in finding.params.items()
            if value is not None
        }
        if isinstance(named := finding.params.get("dimension"), str):
            out["dimension"] = wording.dimension(named, self._lang)
        producer = finding.params.get("producer")
        if producer is not None and finding.params.get("producer_title") is None:
            out["producer_title"] = self._organizations.get(producer, wording.NONE)
        return out

    def _text(self, value: Any) -> str:
        match value:
            case bool() | str():
                return str(value)
            case int() | float():
                return self._number(value)
            case Mapping():
                return str(value.get(self._lang, wording.NONE))
            case list() | tuple():
                return ", ".join(self._text(v) for v in value) or wording.NONE
        return str(value)

    def _number(self, value: float | None) -> str:
        return wording.number(value, self._lang)

    def _unit(self, indicator: Indicator | None) -> str:
        if indicator is None:
            return wording.NONE
        unit = self._book.units.units.get(indicator.unit)
        return unit.in_text if unit else indicator.unit

    def _tolerance(self, finding: Finding, unit: str) -> str:
        if finding.tolerance is None:
            return wording.NONE
        kind = wording.TOLERANCES.get(finding.tolerance.kind, {}).get(self._lang, wording.NONE)
        return f"{self._number(finding.tolerance.amount)} {unit} ({kind})"

    def _names(self, key: ObjectKey | None, indicator: Indicator | None) -> tuple[str, str, str]:
        """Names of the region, the period and the further classifications; "" for totals."""
        if key is None:
            return "", "", ""
        entry = self._book.regions.get(key.region)
        region = "" if key.region == TOTAL else key.region
        if entry:
            level = entry.level.capitalize() if entry.level else ""
            already = not level or entry.label.startswith(level)
            region = entry.label if already else f"{level} {entry.label}"
        try:
            period = wording.period(parse_period(key.period), self._lang)
        except ValueError:
            period = key.period
        names = []
        for dimension, code in key.rest.items():
            if code == TOTAL:
                continue
            placed = indicator.dimension(dimension) if indicator else None
            codelist = self._book.codelists.get(placed.codelist) if placed else None
            known = codelist.get(code) if codelist else None
            names.append(known.label if known else code)
        return region, period, ", ".join(names)
