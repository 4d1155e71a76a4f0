"""Reasons and questions in words."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from ... import rules
from ...consistency.rules import RuleSet, built
from ...rules.compiled import document
from .result import Question, Reason


@lru_cache(maxsize=1)
def catalogue() -> RuleSet:
    """The messages of ``rules/guessing.yaml``."""
    path = Path(rules.__file__).with_name("guessing.yaml")
    return built(document(path), source=path.name)


def explain(entry: Reason | Question, language: str = "id") -> dict[str, str]:
    """A reason or question in words.

    Args:
        entry: one of :attr:`Guess.reasons` or :attr:`Guess.questions`.
        language: ``id`` or ``en``; any other language gets ``en``.

    Returns:
        ``title``, ``message`` and ``advice``.
    """
    rule = catalogue()[entry["code"]]
    spoken = language if language in rule.title else "en"
    values: dict[str, Any] = defaultdict(lambda: "–", entry["params"])
    values["field"] = entry["field"] or "–"
    texts = {"title": rule.title, "message": rule.message, "advice": rule.advice}
    return {key: text[spoken].format_map(values) for key, text in texts.items()}
