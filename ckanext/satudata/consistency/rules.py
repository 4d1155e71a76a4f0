"""Rules as data: what is checked, how much it weighs, and what people are told.

A rule file is YAML, so that a walidata can read it and an administrator can replace single
rules without touching code (rules kept apart from data and code as in R's *validate*; the
fields ``severity``, ``expression`` and ``description`` are those of the ESS validation
report). This module only parses text; where the text comes from is the caller's business::

    version: "1"
    rules:
      - id: nilai-berbeda
        version: 1
        severity: error
        expression: "abs(a - b) <= allowed"
        tolerance: {absolute: 0, relative: 0, rounding: true}
        title: {id: ..., en: ...}
        message: {id: "Di {location} tertulis {value} ...", en: ...}
        advice: {id: ..., en: ...}
        description: {id: ..., en: ...}
        params: {share: 0.5}
        variants:
          holder: {advice: {id: ..., en: ...}}
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, is_dataclass, replace
from typing import Any

from . import fields, relations
from .expressions import Expression
from .fields import LANGUAGES, PLACEHOLDER, Floor, RuleError, Text, placeholders
from .findings import Severity
from .frozen import frozen
from .relations import Formula, Relations
from .vocabulary import Indicator

__all__ = [
    "COMMON_PLACEHOLDERS",
    "LANGUAGES",
    "PLACEHOLDER",
    "Floor",
    "Rule",
    "RuleError",
    "RuleSet",
    "Text",
    "Variant",
    "built",
    "parse",
    "placeholders",
    "read_yaml",
]

#: The rule whose words a formula borrows.
FORMULA = "rumus"

#: What every finding can tell; :mod:`render` fills them, "–" stands for what does not apply.
COMMON_PLACEHOLDERS = frozenset(
    {
        "cause",
        "column",
        "dataset",
        "difference",
        "dimensions",
        "header",
        "indicator",
        "indicator_code",
        "location",
        "object",
        "organization",
        "other_indicator",
        "other_location",
        "other_value",
        "period",
        "region",
        "region_code",
        "row",
        "rule_title",
        "table",
        "text",
        "tolerance",
        "unit",
        "value",
    }
)

_RULE_KEYS = frozenset(
    {
        "advice",
        "description",
        "expression",
        "id",
        "message",
        "offers",
        "params",
        "severity",
        "title",
        "tolerance",
        "variants",
        "version",
    }
)
_VARIANT_KEYS = frozenset({"message", "advice"})


@frozen(slots=True)
class Variant:
    """Other words for one case of a rule; None keeps the rule's own."""

    message: Text | None = None
    advice: Text | None = None


@frozen
class Rule:
    """One rule.

    Attributes:
        id: slug, for example ``nilai-berbeda``.
        version: raised whenever its meaning changes.
        severity: weight of a failure.
        title: short name, by language.
        message: what was found, with placeholders, by language.
        advice: what to do about it, by language.
        description: what the rule asks and why, by language.
        expression: the rule in formal words, for the validation report.
        tolerance: the least tolerance it grants.
        params: thresholds of its check.
        variants: name of a case -> its words.
        offers: names, beyond the common ones, that its findings offer to messages.
    """

    id: str
    version: int
    severity: Severity
    title: Text
    message: Text
    advice: Text
    description: Text = field(default_factory=dict)
    expression: str = ""
    tolerance: Floor = field(default_factory=Floor)
    params: Mapping[str, float | int | str | bool] = field(default_factory=dict)
    variants: Mapping[str, Variant] = field(default_factory=dict)
    offers: frozenset[str] = frozenset()

    def variant(self, name: str | None) -> Variant:
        """The words of a case; an empty variant where the rule has none of that name."""
        return self.variants.get(name or "", Variant())


@frozen
class RuleSet:
    """Rules by id.

    Attributes:
        version: tells rule sets with other content apart; part of every report.
        rules: id -> rule, in the order of the files.
        relations: what the files know of indicators beside the rules.
    """

    version: str
    rules: Mapping[str, Rule]
    relations: Relations = field(default_factory=Relations)

    def __getitem__(self, rule_id: str) -> Rule:
        return self.rules[rule_id]

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self.rules

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules.values())

    def __len__(self) -> int:
        return len(self.rules)

    def get(self, rule_id: str) -> Rule | None:
        """The rule, or None."""
        return self.rules.get(rule_id)

    @classmethod
    def combined(cls, sets: Iterable[RuleSet]) -> RuleSet:
        """One set of several; a rule of a later set replaces one of the same id.

        The version joins the files' versions and a digest of the content, so that an
        edited rule is seen even if somebody forgot to raise a version.
        """
        rules: dict[str, Rule] = {}
        versions: list[str] = []
        known = Relations()
        for one in sets:
            rules.update(one.rules)
            versions.append(one.version)
            known = known.overlaid(one.relations)
        if FORMULA in rules:
            rules |= {f.id: _of_formula(rules[FORMULA], f) for f in known.formulas.values()}
        content = json.dumps([list(rules.values()), known], sort_keys=True, default=_plain)
        digest = hashlib.sha256(content.encode()).hexdigest()[:12]
        return cls(f"{'.'.join(dict.fromkeys(versions))}+{digest}", rules, known)

    def floor(self, rule_id: str, indicator: Indicator) -> Floor:
        """The least tolerance a rule grants an indicator."""
        own = self.relations.traits(indicator).tolerances
        return own.get(rule_id, self.rules[rule_id].tolerance)


def _of_formula(words: Rule, formula: Formula) -> Rule:
    """The rule that a formula is, in the words of the general one."""
    return replace(
        words,
        id=formula.id,
        version=formula.version,
        severity=formula.severity,
        title=formula.title,
        description=formula.description,
        expression=f"{formula.result} = {formula.expression.text}",
        tolerance=formula.tolerance,
    )


def parse(
    text: str,
    *,
    source: str = "rules",
    offers: Mapping[str, Iterable[str]] | None = None,
) -> RuleSet:
    """Read a rule file.

    Args:
        text: the YAML text.
        source: name of the file, for errors.
        offers: rule id -> placeholders its findings offer beyond
            :data:`COMMON_PLACEHOLDERS`. Messages of these rules, and of rules with a list
            ``offers`` of their own, may use no other placeholder.

    Raises:
        RuleError: naming the file, the rule and the key: not YAML, an unknown key, a missing
            or empty text, a missing language, an unknown severity, a placeholder that is not
            offered or differs in spelling, an id used twice, a bad number.
    """
    return built(read_yaml(text, source), source=source, offers=offers)


def read_yaml(text: str, source: str) -> Any:
    """What a YAML text holds.

    Args:
        text: the YAML text.
        source: name of the file, for errors.

    Raises:
        RuleError: it is not YAML.
    """
    # Most processes find what the files hold already read, and need no library for it.
    import yaml

    # libyaml's loader where PyYAML has it; PyYAML's own takes a tenth of a second for the rules.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(text, Loader=loader)  # noqa: S506  (both loaders are safe)
    except yaml.YAMLError as error:
        raise RuleError(f"{source}: not YAML: {error}") from error


def built(
    data: Any, *, source: str = "rules", offers: Mapping[str, Iterable[str]] | None = None
) -> RuleSet:
    """The rules of a file that has been read; arguments and errors as :func:`parse`."""
    top = fields.mapping(data, source)
    fields.only_keys(top, {"version", "rules", *relations.SECTIONS}, source)
    version = top.get("version")
    if not isinstance(version, str) or not version:
        raise RuleError(f"{source}: 'version' must be a text such as \"1\"")
    known = relations.parse(top, source)
    listed = top.get("rules", [] if relations.SECTIONS & set(top) else None)
    if not isinstance(listed, list) or not (listed or "rules" not in top):
        raise RuleError(f"{source}: 'rules' must be a list of rules")
    rules: dict[str, Rule] = {}
    for position, entry in enumerate(listed, start=1):
        rule = _rule(
            fields.mapping(entry, f"{source}: rule {position}"), position, source, offers or {}
        )
        if rule.id in rules:
            raise RuleError(f"{source}: rule '{rule.id}' stands twice")
        rules[rule.id] = rule
    return RuleSet(version, rules, known)


def _rule(
    data: Mapping[str, Any], position: int, source: str, offers: Mapping[str, Iterable[str]]
) -> Rule:
    rule_id = fields.slug(data.get("id"), f"{source}: rule {position}: 'id'")
    where = f"{source}: rule '{rule_id}'"
    fields.only_keys(data, _RULE_KEYS, where)
    version = fields.whole(data.get("version"), f"{where}: 'version'")
    own = data.get("offers")
    if own is not None and not (isinstance(own, list) and all(isinstance(o, str) for o in own)):
        raise RuleError(f"{where}: 'offers' must be a list of names")
    known: frozenset[str] | None = None
    if own is not None or rule_id in offers:
        known = COMMON_PLACEHOLDERS | set(own or ()) | set(offers.get(rule_id, ()))
    variants = fields.mapping(data.get("variants") or {}, f"{where}: 'variants'")
    return Rule(
        id=rule_id,
        version=version,
        severity=_severity(data.get("severity"), where),
        title=fields.text(data.get("title"), f"{where}: 'title'", known),
        message=fields.text(data.get("message"), f"{where}: 'message'", known),
        advice=fields.text(data.get("advice"), f"{where}: 'advice'", known),
        description=(
            fields.text(data["description"], f"{where}: 'description'", frozenset())
            if "description" in data
            else {}
        ),
        expression=fields.string(data.get("expression", ""), f"{where}: 'expression'"),
        tolerance=fields.floor(data.get("tolerance") or {}, where),
        params=fields.params(data.get("params") or {}, where),
        variants={
            str(name): _variant(v, f"{where}: variant '{name}'", known)
            for name, v in variants.items()
        },
        offers=frozenset(own or ()) | frozenset(offers.get(rule_id, ())),
    )


def _variant(data: Any, where: str, known: frozenset[str] | None) -> Variant:
    entry = fields.mapping(data, where)
    fields.only_keys(entry, _VARIANT_KEYS, where)
    return Variant(
        message=fields.text(entry["message"], f"{where}: 'message'", known)
        if "message" in entry
        else None,
        advice=fields.text(entry["advice"], f"{where}: 'advice'", known)
        if "advice" in entry
        else None,
    )


def _severity(value: Any, where: str) -> Severity:
    return Severity(fields.one_of(value, [s.value for s in Severity], f"{where}: 'severity'"))


def _plain(value: Any) -> Any:
    """What JSON has no form for, by what it has."""
    if isinstance(value, Expression):
        return value.text
    if is_dataclass(value):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    if isinstance(value, frozenset):
        return sorted(value)
    return dict(value)
