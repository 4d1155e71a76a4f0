"""What a guess consists of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from ...consistency.frozen import frozen
from ..declaration import Declaration, serialise


class Reason(TypedDict):
    """Why a column was understood in a way: a message of ``rules/guessing.yaml``."""

    code: str
    field: str | None
    params: dict[str, Any]


class Candidate(TypedDict):
    """One possible answer to a question."""

    value: str
    label: str
    score: float


class Question(TypedDict):
    """What the operator must decide, with ranked answers."""

    code: str
    field: str | None
    params: dict[str, Any]
    candidates: list[Candidate]


@frozen
class Guess:
    """A declaration that waits for a person's confirmation.

    Attributes:
        declaration: what was understood; a measure whose indicator is not certain has none.
        confidence: field name -> 0 (a blind guess) to 1 (certain).
        reasons: why, per field or for the whole table.
        questions: what must be answered before the declaration can be used.
        remembered: whether a declaration confirmed before was followed.
    """

    declaration: Declaration
    confidence: Mapping[str, float]
    reasons: Sequence[Reason]
    questions: Sequence[Question]
    remembered: bool = False

    @property
    def complete(self) -> bool:
        """Whether nothing is left to be asked."""
        return not self.questions

    def as_dict(self) -> dict[str, Any]:
        """The guess as JSON-ready data."""
        return {
            "declaration": serialise(self.declaration),
            "confidence": dict(self.confidence),
            "reasons": list(self.reasons),
            "questions": list(self.questions),
            "remembered": self.remembered,
        }


@dataclass
class Notes:
    """Collects confidence, reasons and questions while a table is looked at."""

    confidence: dict[str, float] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def reason(self, code: str, name: str | None, confidence: float, /, **params: Any) -> None:
        """Say why; the field's confidence becomes the lowest one said of it."""
        self.reasons.append({"code": code, "field": name, "params": params})
        if name is not None:
            self.confidence[name] = round(min(confidence, self.confidence.get(name, 1.0)), 2)

    def ask(
        self,
        code: str,
        name: str | None,
        candidates: Sequence[Candidate] = (),
        /,
        **params: Any,
    ) -> None:
        """Ask the operator; a field that is asked about is at most half certain."""
        self.questions.append(
            {"code": code, "field": name, "params": params, "candidates": list(candidates)}
        )
        if name is not None:
            self.confidence[name] = min(0.5, self.confidence.get(name, 0.5))
