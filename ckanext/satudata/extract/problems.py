"""Collecting what is wrong with a table, without a million objects for a million bad cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..consistency.findings import Finding, Location
from ..rules import shipped
from .masking import mask, masked

#: Findings of one rule kept as objects; all are counted.
MOST = 1_000
_LONGEST_TEXT = 200


class Problems:
    """Findings of one table.

    Args:
        table: position of the table in the candidate.
        first_row: row number, as a spreadsheet shows it, of the frame's first row.
        headers: column -> header text.
    """

    def __init__(self, table: int, first_row: int, headers: Mapping[int, str]) -> None:
        self._table = table
        self._first_row = first_row
        self._headers = headers
        self.findings: list[Finding] = []
        self.counts: dict[str, int] = {}
        self._said: set[tuple[str, str]] = set()

    def left(self, rule: str) -> int:
        """How many more findings of a rule are kept as objects."""
        return max(0, MOST - self.counts.get(rule, 0))

    def count(self, rule: str, number: int) -> None:
        """Count findings that are not kept."""
        if number:
            self.counts[rule] = self.counts.get(rule, 0) + number

    def once(self, rule: str, **details: Any) -> None:
        """Note a finding about the table as a whole, unless the same stands already."""
        key = (rule, repr(sorted(details.items())))
        if key not in self._said:
            self._said.add(key)
            self.add(rule, **details)

    def add(
        self,
        rule: str,
        *,
        row: int | None = None,
        column: int | None = None,
        text: str | None = None,
        indicator: str | None = None,
        **params: Any,
    ) -> None:
        """Note a finding.

        Args:
            rule: id of its rule.
            row: position in the frame, or None for the whole table.
            column: 0-based column, or None.
            text: the offending text.
            indicator: code of the indicator concerned.
            params: what the rule's message offers besides.
        """
        known = shipped()[rule]
        if self.left(rule):
            self.findings.append(
                Finding(
                    rule=rule,
                    rule_version=known.version,
                    severity=known.severity,
                    indicator=indicator,
                    location=Location(
                        table=self._table,
                        row=None if row is None else row + self._first_row,
                        column=column,
                        header=None if column is None else self._headers.get(column),
                        text=None if text is None else mask(text)[:_LONGEST_TEXT],
                    ),
                    params=masked(params),
                )
            )
        self.counts[rule] = self.counts.get(rule, 0) + 1
