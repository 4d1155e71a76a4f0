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
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import yaml

from .findings import Severity

LANGUAGES = ("id", "en")

#: A placeholder in a message. Only plain names: no attribute or index can be reached.
PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)\}")

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

#: libyaml's loader where PyYAML has it: each process reads the rules before its first check,
#: and PyYAML's own takes a tenth of a second for them.
_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
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
_TOLERANCE_KEYS = frozenset({"absolute", "relative", "rounding"})

Text = Mapping[str, str]


class RuleError(ValueError):
    """A rule file cannot be used; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Floor:
    """The least tolerance a rule grants, besides the indicator's own.

    Attributes:
        absolute: in the indicator's unit.
        relative: a fraction.
        rounding: whether half a unit of the last written digit is granted.
    """

    absolute: float = 0.0
    relative: float = 0.0
    rounding: bool = True


@dataclass(frozen=True, slots=True)
class Variant:
    """Other words for one case of a rule; None keeps the rule's own."""

    message: Text | None = None
    advice: Text | None = None


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class RuleSet:
    """Rules by id.

    Attributes:
        version: tells rule sets with other content apart; part of every report.
        rules: id -> rule, in the order of the files.
    """

    version: str
    rules: Mapping[str, Rule]

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
        for one in sets:
            rules.update(one.rules)
            versions.append(one.version)
        content = json.dumps([_plain(asdict(r)) for r in rules.values()], sort_keys=True)
        digest = hashlib.sha256(content.encode()).hexdigest()[:12]
        return cls(f"{'.'.join(dict.fromkeys(versions))}+{digest}", rules)


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
    try:
        data = yaml.load(text, Loader=_SafeLoader)  # noqa: S506  (both loaders are safe)
    except yaml.YAMLError as error:
        raise RuleError(f"{source}: not YAML: {error}") from error
    top = _mapping(data, source)
    _keys(top, {"version", "rules"}, source)
    version = top.get("version")
    if not isinstance(version, str) or not version:
        raise RuleError(f"{source}: 'version' must be a text such as \"1\"")
    entries = top.get("rules")
    if not isinstance(entries, list) or not entries:
        raise RuleError(f"{source}: 'rules' must be a list of rules")
    rules: dict[str, Rule] = {}
    for position, entry in enumerate(entries, start=1):
        rule = _rule(_mapping(entry, f"{source}: rule {position}"), position, source, offers or {})
        if rule.id in rules:
            raise RuleError(f"{source}: rule '{rule.id}' stands twice")
        rules[rule.id] = rule
    return RuleSet(version, rules)


def placeholders(text: str) -> frozenset[str]:
    """The names of a message's placeholders."""
    return frozenset(PLACEHOLDER.findall(text))


def _rule(
    data: Mapping[str, Any], position: int, source: str, offers: Mapping[str, Iterable[str]]
) -> Rule:
    rule_id = data.get("id")
    if not isinstance(rule_id, str) or not _SLUG.fullmatch(rule_id):
        raise RuleError(f"{source}: rule {position}: 'id' must be lower-case words joined by '-'")
    where = f"{source}: rule '{rule_id}'"
    _keys(data, _RULE_KEYS, where)
    version = data.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise RuleError(f"{where}: 'version' must be a whole number from 1")
    own = data.get("offers")
    if own is not None and not (isinstance(own, list) and all(isinstance(o, str) for o in own)):
        raise RuleError(f"{where}: 'offers' must be a list of names")
    known: frozenset[str] | None = None
    if own is not None or rule_id in offers:
        known = COMMON_PLACEHOLDERS | set(own or ()) | set(offers.get(rule_id, ()))
    variants = _mapping(data.get("variants") or {}, f"{where}: 'variants'")
    return Rule(
        id=rule_id,
        version=version,
        severity=_severity(data.get("severity"), where),
        title=_text(data.get("title"), f"{where}: 'title'", known),
        message=_text(data.get("message"), f"{where}: 'message'", known),
        advice=_text(data.get("advice"), f"{where}: 'advice'", known),
        description=(
            _text(data["description"], f"{where}: 'description'", frozenset())
            if "description" in data
            else {}
        ),
        expression=_string(data.get("expression", ""), f"{where}: 'expression'"),
        tolerance=_floor(data.get("tolerance") or {}, where),
        params=_params(data.get("params") or {}, where),
        variants={
            str(name): _variant(v, f"{where}: variant '{name}'", known)
            for name, v in variants.items()
        },
        offers=frozenset(own or ()) | frozenset(offers.get(rule_id, ())),
    )


def _variant(data: Any, where: str, known: frozenset[str] | None) -> Variant:
    entry = _mapping(data, where)
    _keys(entry, _VARIANT_KEYS, where)
    return Variant(
        message=_text(entry["message"], f"{where}: 'message'", known)
        if "message" in entry
        else None,
        advice=_text(entry["advice"], f"{where}: 'advice'", known) if "advice" in entry else None,
    )


def _severity(value: Any, where: str) -> Severity:
    try:
        return Severity(value)
    except ValueError as error:
        allowed = ", ".join(s.value for s in Severity)
        raise RuleError(f"{where}: 'severity' is {value!r}, must be one of {allowed}") from error


def _text(value: Any, where: str, known: frozenset[str] | None) -> Text:
    texts = _mapping(value, where)
    _keys(texts, LANGUAGES, where)
    for language in LANGUAGES:
        if not isinstance(texts.get(language), str) or not texts[language].strip():
            raise RuleError(f"{where} lacks the text in '{language}'")
        rest = PLACEHOLDER.sub("", texts[language])
        if "{" in rest or "}" in rest:
            raise RuleError(f"{where}: a brace in '{language}' is not a placeholder like {{name}}")
        unknown = placeholders(texts[language]) - known if known is not None else ()
        if unknown:
            raise RuleError(
                f"{where}: '{language}' uses {_names(unknown)}, which its findings do not offer"
            )
    return {language: texts[language].strip() for language in LANGUAGES}


def _floor(value: Any, where: str) -> Floor:
    data = _mapping(value, f"{where}: 'tolerance'")
    _keys(data, _TOLERANCE_KEYS, f"{where}: 'tolerance'")
    numbers = {}
    for key in ("absolute", "relative"):
        number = data.get(key, 0)
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise RuleError(f"{where}: tolerance '{key}' must be a number")
        if not math.isfinite(number) or number < 0 or (key == "relative" and number >= 1):
            raise RuleError(f"{where}: tolerance '{key}' is {number}, outside what makes sense")
        numbers[key] = float(number)
    rounding = data.get("rounding", True)
    if not isinstance(rounding, bool):
        raise RuleError(f"{where}: tolerance 'rounding' must be true or false")
    return Floor(rounding=rounding, **numbers)


def _params(value: Any, where: str) -> Mapping[str, float | int | str | bool]:
    data = _mapping(value, f"{where}: 'params'")
    for key, entry in data.items():
        if not isinstance(entry, str | int | float):
            raise RuleError(f"{where}: param '{key}' must be a number, a text or true/false")
    return {str(k): v for k, v in data.items()}


def _string(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise RuleError(f"{where} must be a text")
    return value


def _mapping(value: Any, where: str) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise RuleError(f"{where} must be a mapping of keys to values")
    return value


def _keys(data: Mapping[Any, Any], allowed: Iterable[str], where: str) -> None:
    unknown = set(map(str, data)) - set(allowed)
    if unknown:
        raise RuleError(f"{where}: unknown key {_names(unknown)}")


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"'{n}'" for n in sorted(names))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    return value
