"""What other plugins may add."""

from __future__ import annotations

from collections.abc import Sequence

from ckan.plugins.interfaces import Interface

from .consistency.case import Check


class ISatudataRules(Interface):
    """Rules of a kabupaten's own, beside those the extension ships.

    A rule that only sets bounds, sums, formulas, tolerances, severities or words needs no code: a
    rule file does, named by :meth:`get_satudata_rule_files` or the option
    ``ckanext.satudata.rule_files``. What has to look at the figures is a check::

        class OurRules(p.SingletonPlugin):
            p.implements(ISatudataRules, inherit=True)

            def get_satudata_rule_files(self):
                return [str(Path(__file__).with_name("rules.yaml"))]

            def get_satudata_checks(self):
                return [Check(no_round_numbers, {"angka-bulat": frozenset({"objects"})})]

    Every rule that a check emits must stand in a rule file; otherwise, as when the check raises,
    nothing is published.
    """

    def get_satudata_rule_files(self) -> Sequence[str]:
        """Paths of rule files, read after the shipped ones and before the configured ones."""
        return []

    def get_satudata_checks(self) -> Sequence[Check]:
        """Checks that run after the extension's own."""
        return []
