"""What a rule has to say: findings and the report that collects them.

The shape follows the ESS ValidatReport (Eurostat): every result names its rule, where
it applies, the values compared, and the outcome. "Not evaluable" and "error" are never
a pass: :attr:`Report.blocked` is true for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from .frozen import frozen
from .keys import ObjectKey


class _Word(str, Enum):
    """A word that prints and serialises as itself (``enum.StrEnum`` needs Python 3.11)."""

    __str__ = str.__str__


class Severity(_Word):
    """How much a failed rule weighs."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


class Outcome(_Word):
    """What became of a rule."""

    FAIL = "fail"
    NOT_EVALUABLE = "not_evaluable"
    ERROR = "error"


class Cause(_Word):
    """A guess at why two values differ; data of the report, never a decision."""

    DEFINITION = "definition"
    VINTAGE = "vintage"
    REFERENCE_DATE = "reference_date"
    UNIT_OR_SCALE = "unit_or_scale"
    ROUNDING = "rounding"
    TRANSPOSED_DIGITS = "transposed_digits"
    SHIFTED_ROW = "shifted_row"
    SHIFTED_COLUMN = "shifted_column"
    MISTAKE = "mistake"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Location:
    """A cell, as a person finds it.

    Attributes:
        table: position in the candidate's tables.
        row: 1-based row as a spreadsheet shows it, or None for the whole table.
        column: 0-based column number, or None for the whole row.
        header: the column's header text.
        text: the offending text as it stands in the cell, shortened to 200 characters.
    """

    table: int
    row: int | None = None
    column: int | None = None
    header: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Counterpart:
    """The public figure a value was compared with.

    Attributes:
        value: in the candidate indicator's unit.
        publication: id of the :class:`~.observations.Publication`, or None within one candidate.
        organization: id of its producer.
        organization_title: name of its producer.
        dataset: id of its dataset.
        dataset_name: name of its dataset in addresses.
        dataset_title: title of its dataset.
        resource: id of its resource.
        indicator: code of its indicator (another one for definition notes).
        location: the other cell, for findings within one candidate.
    """

    value: float
    publication: int | None = None
    organization: str | None = None
    organization_title: str | None = None
    dataset: str | None = None
    dataset_name: str | None = None
    dataset_title: str | None = None
    resource: str | None = None
    indicator: str | None = None
    location: Location | None = None


@frozen(slots=True)
class AppliedTolerance:
    """The tolerance that decided.

    Attributes:
        kind: ``absolute``, ``relative`` or ``rounding``.
        amount: allowed difference at this object, in the indicator's unit.
    """

    kind: str
    amount: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's result for one object, row or table.

    Attributes:
        rule: id of the rule.
        rule_version: version of the rule.
        severity: weight.
        outcome: fail, not evaluable, or error.
        indicator: code of the indicator, or None.
        key: the object, or None for structural findings.
        location: where in the candidate, or None.
        value: the candidate's value in the indicator's unit, or None.
        other: the figure it was compared with, or None.
        difference: ``value - other.value``, or None.
        tolerance: the tolerance that decided, or None.
        cause: a guess, or None.
        params: what the rule's message needs beyond the fields above; JSON-ready.
    """

    rule: str
    rule_version: int
    severity: Severity
    outcome: Outcome = Outcome.FAIL
    indicator: str | None = None
    key: ObjectKey | None = None
    location: Location | None = None
    value: float | None = None
    other: Counterpart | None = None
    difference: float | None = None
    tolerance: AppliedTolerance | None = None
    cause: Cause | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        """Whether this alone keeps a publication back.

        What could not be judged does, unless the rule itself says that there was nothing to
        judge by (an operand of a formula that nobody has published): that is information, and
        still no pass.
        """
        if self.outcome is Outcome.NOT_EVALUABLE:
            return self.severity is not Severity.INFORMATION
        return self.severity is Severity.ERROR or self.outcome is Outcome.ERROR


@frozen
class Report:
    """All findings of one check.

    Attributes:
        findings: the first findings of each rule, most severe first.
        counts: rule id -> number of findings found, also those beyond the listed ones.
        ruleset: version of the rule set.
        checked: number of figures compared.
        evaluated: ids of the rules that ran.
    """

    findings: Sequence[Finding]
    counts: Mapping[str, int]
    ruleset: str
    checked: int
    evaluated: Sequence[str] = ()

    @property
    def blocked(self) -> bool:
        """Whether the publication must not happen."""
        return any(f.blocks for f in self.findings)
