"""The rules in force: shipped, of other plugins, and the administrator's."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import ckan.plugins as p

from ckanext.satudata import config
from ckanext.satudata.consistency.case import Check
from ckanext.satudata.consistency.checks import CHECKS
from ckanext.satudata.consistency.rules import RuleSet
from ckanext.satudata.interfaces import ISatudataRules
from ckanext.satudata.rules import load_rules


def rules() -> RuleSet:
    """The rule set; its version also tells which checks of other plugins run.

    Raises:
        RuleError: a rule file cannot be used.
    """
    added = [path for plugin in _plugins() for path in plugin.get_satudata_rule_files()]
    extra = _extra()
    offers = {rule: names for check in extra for rule, names in check.emits.items()}
    found = load_rules([*added, *config.rule_files()], offers)
    if not extra:
        return found
    told = "\n".join(
        f"{c.run.__module__}.{getattr(c.run, '__qualname__', '')} {sorted(c.emits)}" for c in extra
    )
    digest = hashlib.sha256(told.encode()).hexdigest()[:8]
    return replace(found, version=f"{found.version}.{digest}")


def checks() -> tuple[Check, ...]:
    """The checks that run, in order."""
    return (*CHECKS, *_extra())


def _extra() -> list[Check]:
    return [check for plugin in _plugins() for check in plugin.get_satudata_checks()]


def _plugins() -> list[ISatudataRules]:
    return list(p.PluginImplementations(ISatudataRules))
