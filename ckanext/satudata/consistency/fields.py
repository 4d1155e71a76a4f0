"""Reading the fields of a rule file; every error says where the fault is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from .frozen import frozen
from .patterns import pattern

LANGUAGES = ("id", "en")

#: A placeholder in a message. Only plain names: no attribute or index can be reached.
PLACEHOLDER = pattern(r"\{([a-z_][a-z0-9_]*)\}")

_SLUG = pattern(r"[a-z0-9]+(-[a-z0-9]+)*")
_TOLERANCE_KEYS = frozenset({"absolute", "relative", "rounding"})

Text = Mapping[str, str]


class RuleError(ValueError):
    """A rule file cannot be used; the text says where and why."""


@frozen(slots=True)
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


def placeholders(text: str) -> frozenset[str]:
    """The names of a message's placeholders."""
    return frozenset(PLACEHOLDER.findall(text))


def mapping(value: Any, where: str) -> Mapping[Any, Any]:
    """A mapping of keys to values."""
    # Nearly everything is a dict, and asking an abstract class takes much longer.
    if not isinstance(value, dict) and not isinstance(value, Mapping):
        raise RuleError(f"{where} must be a mapping of keys to values")
    return value


def entries(value: Any, where: str) -> list[Any]:
    """A list."""
    if not isinstance(value, list):
        raise RuleError(f"{where} must be a list")
    return value


def only_keys(data: Mapping[Any, Any], allowed: Iterable[str], where: str) -> None:
    """Refuse keys that nobody reads: they are misspelled."""
    unknown = set(map(str, data)) - set(allowed)
    if unknown:
        raise RuleError(f"{where}: unknown key {names(unknown)}")


def string(value: Any, where: str) -> str:
    """A text."""
    if not isinstance(value, str):
        raise RuleError(f"{where} must be a text")
    return value


def slug(value: Any, where: str) -> str:
    """Lower-case words joined by hyphens."""
    if not isinstance(value, str) or not _SLUG.fullmatch(value):
        raise RuleError(f"{where} must be lower-case words joined by '-'")
    return value


def whole(value: Any, where: str) -> int:
    """A whole number from 1."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise RuleError(f"{where} must be a whole number from 1")
    return value


def number(value: Any, where: str) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RuleError(f"{where} must be a number")
    if not math.isfinite(value):
        raise RuleError(f"{where} is {value}, outside what makes sense")
    return float(value)


def one_of(value: Any, allowed: Iterable[str], where: str) -> str:
    """One of some words."""
    words = list(allowed)
    if value not in words:
        raise RuleError(f"{where} is {value!r}, must be one of {', '.join(words)}")
    return str(value)


def text(value: Any, where: str, known: frozenset[str] | None) -> Text:
    """A text in every language.

    Args:
        value: language -> text.
        where: for errors.
        known: placeholders it may use; None where that is not known.
    """
    texts = mapping(value, where)
    only_keys(texts, LANGUAGES, where)
    for language in LANGUAGES:
        if not isinstance(texts.get(language), str) or not texts[language].strip():
            raise RuleError(f"{where} lacks the text in '{language}'")
        if "{" not in texts[language] and "}" not in texts[language]:
            continue
        rest = PLACEHOLDER.sub("", texts[language])
        if "{" in rest or "}" in rest:
            raise RuleError(f"{where}: a brace in '{language}' is not a placeholder like {{name}}")
        unknown = placeholders(texts[language]) - known if known is not None else ()
        if unknown:
            raise RuleError(
                f"{where}: '{language}' uses {names(unknown)}, which its findings do not offer"
            )
    return {language: texts[language].strip() for language in LANGUAGES}


def floor(value: Any, where: str) -> Floor:
    """A tolerance."""
    data = mapping(value, f"{where}: 'tolerance'")
    only_keys(data, _TOLERANCE_KEYS, f"{where}: 'tolerance'")
    numbers = {}
    for key in ("absolute", "relative"):
        found = number(data.get(key, 0), f"{where}: tolerance '{key}'")
        if found < 0 or (key == "relative" and found >= 1):
            raise RuleError(f"{where}: tolerance '{key}' is {found}, outside what makes sense")
        numbers[key] = found
    rounding = data.get("rounding", True)
    if not isinstance(rounding, bool):
        raise RuleError(f"{where}: tolerance 'rounding' must be true or false")
    return Floor(rounding=rounding, **numbers)


def params(value: Any, where: str) -> Mapping[str, float | int | str | bool]:
    """Thresholds of a check."""
    data = mapping(value, f"{where}: 'params'")
    for key, entry in data.items():
        if not isinstance(entry, str | int | float):
            raise RuleError(f"{where}: param '{key}' must be a number, a text or true/false")
    return {str(k): v for k, v in data.items()}


def names(found: Iterable[str]) -> str:
    """Names for an error, in order."""
    return ", ".join(f"'{n}'" for n in sorted(found))
