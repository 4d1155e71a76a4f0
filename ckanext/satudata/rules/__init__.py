"""The rule files, and how they become one rule set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from ckanext.satudata.consistency.checks import OFFERS
from ckanext.satudata.consistency.rules import RuleError, RuleSet, built, parse

from .compiled import document

#: The files of this folder that hold rules, in the order in which they are read.
SHIPPED = (
    "consistency.yaml",
    "agreements.yaml",
    "sums.yaml",
    "plausibility.yaml",
    "relations.yaml",
    "publication.yaml",
    "reading.yaml",
    "extract.yaml",
)


def load_rules(
    paths: Iterable[str] = (), offers: Mapping[str, Iterable[str]] | None = None
) -> RuleSet:
    """The shipped rules, with an administrator's files read after them.

    Args:
        paths: rule files whose rules are added, or replace the shipped ones of the same id.
        offers: rule id -> placeholders offered by findings of checks that are not ours.

    Raises:
        RuleError: a file cannot be read or used, or a rule that the comparison needs is
            missing; the text names the file.
    """
    added = tuple((path, Path(path).stat().st_mtime_ns) for path in paths if _exists(path))
    told = tuple(sorted((rule, frozenset(names)) for rule, names in (offers or {}).items()))
    return _combined(added, told)


@lru_cache(maxsize=8)
def _combined(
    added: tuple[tuple[str, int], ...], offers: tuple[tuple[str, frozenset[str]], ...]
) -> RuleSet:
    """Cached by path and time of change, so that an edited file is read anew."""
    if not added:
        return shipped()
    sets = [_read(path, {**OFFERS, **dict(offers)}) for path, _ in added]
    for (path, _), one in zip(added, sets, strict=True):
        for rule in one:
            replaced = shipped().get(rule.id)
            lost = sorted(set(replaced.params) - set(rule.params)) if replaced else []
            if lost:
                raise RuleError(f"{path}: rule '{rule.id}' lacks the params {', '.join(lost)}")
    return RuleSet.combined([shipped(), *sets])


@lru_cache(maxsize=1)
def shipped() -> RuleSet:
    """The rules that come with the extension."""
    folder = Path(__file__).parent
    sets = [built(document(folder / name), source=name, offers=OFFERS) for name in SHIPPED]
    rules = RuleSet.combined(sets)
    if len(rules) < sum(map(len, sets)):
        raise RuleError(f"a rule stands in two of {', '.join(SHIPPED)}")
    missing = sorted(set(OFFERS) - set(rules.rules))
    if missing:
        raise RuleError(f"no rule file has {', '.join(missing)}")
    return rules


def _exists(path: str) -> bool:
    if not Path(path).is_file():
        raise RuleError(f"{path}: no such rule file")
    return True


def _read(path: str, offers: Mapping[str, Iterable[str]]) -> RuleSet:
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: cannot be read: {error}") from error
    return parse(text, source=path, offers=offers)
