"""When cases are due: in working days of the kabupaten, as ``deadlines.yaml`` says.

A day is not counted itself: what came in on Monday and is due within three working days is due on
Thursday. Questions to the person who asks do not stop the clock; the law knows one extension only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import yaml

from ckanext.satudata import config, workdays
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.case import Case
from ckanext.satudata.workflow.transitions import State

#: The class of a complaint that nobody has classified yet.
DEFAULT_CLASS = "normatif"
#: Classes of complaints, from light to heavy.
CLASSES = ("ringan", "normatif", "tidak_berkadar_pengawasan", "berkadar_pengawasan")

#: How a case stands: days are left, today is the last, the last day is over, nothing is due.
Standing = Literal["sisa", "hari_ini", "lewat", "tanpa"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """How long something may take.

    Attributes:
        days: how many.
        working: whether only days are counted on which agencies work.
        source: the law or standard that says so.
    """

    days: int
    working: bool
    source: str


def of(kind: str, step: str) -> Deadline:
    """The deadline of a step, as this portal has it.

    Args:
        kind: of case.
        step: an entry of ``deadlines.yaml``.

    Raises:
        KeyError: there is no such step.
        SatudataError: the option says something else than days.
    """
    shipped = _shipped()[kind][step]
    days = _overridden(tuple(config.deadlines())).get((kind, step))
    return shipped if days is None else replace(shipped, days=days)


def all_of(kind: str) -> Mapping[str, Deadline]:
    """All deadlines of a kind of case, as this portal has them."""
    return {step: of(kind, step) for step in _shipped()[kind]}


def due_on(kind: str, step: str, start: date) -> date:
    """The last day of a step.

    Args:
        kind: of case.
        step: an entry of ``deadlines.yaml``.
        start: the day of the event; it is not counted itself.
    """
    return after(of(kind, step), start)


def after(deadline: Deadline, start: date) -> date:
    """The last day of something that began on a day, which is not counted itself."""
    if deadline.working:
        return workdays.add(start, deadline.days)
    return start + timedelta(days=deadline.days)


def in_state(case: Case, state: State, today: date) -> date | None:
    """The last day of a state the case comes to, or None where nothing is due.

    Args:
        case: with ``received_on``, ``extended_on`` and ``grade``.
        state: the new state.
        today: the day on which it comes there.
    """
    if state.deadline is None:
        return None
    if state.deadline == "janji":
        return case.release_on
    step = (case.grade or DEFAULT_CLASS) if state.deadline == "kelas" else state.deadline
    start = case.received_on or today if state.since == "received" else today
    if step == "jawaban" and case.extended_on is not None:
        return due_on(case.kind, "perpanjangan", due_on(case.kind, step, start))
    return due_on(case.kind, step, start)


def words_left(case: Case, now: datetime) -> tuple[Standing, int]:
    """How a case stands, and how many working days are left or over.

    Args:
        case: which one.
        now: the present moment, UTC.
    """
    if case.due_on is None or case.closed_at is not None:
        return ("tanpa", 0)
    return standing(case.due_on, workdays.today(now))


def standing(due: date, today: date) -> tuple[Standing, int]:
    """As :func:`words_left`, of a last day."""
    if due == today:
        return ("hari_ini", 0)
    if today > due:
        return ("lewat", workdays.between(due, today))
    return ("sisa", workdays.between(today, due))


@cache
def _shipped() -> Mapping[str, Mapping[str, Deadline]]:
    document = yaml.safe_load(Path(__file__).with_name("deadlines.yaml").read_text("utf-8"))
    return MappingProxyType(
        {
            kind: MappingProxyType(
                {
                    step: Deadline(row["days"], row["counts"] == "working", row["source"])
                    for step, row in steps.items()
                }
            )
            for kind, steps in document.items()
        }
    )


@cache
def _overridden(entries: tuple[str, ...]) -> Mapping[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for entry in entries:
        name, _, days = entry.partition("=")
        kind, _, step = name.strip().partition(".")
        if step not in _shipped().get(kind, {}) or not days.strip().isdigit():
            raise SatudataError(
                f"{config.DEADLINES}: '{entry}' is no deadline; write for example "
                "permintaan.jawaban=10"
            )
        found[kind, step] = int(days)
    return MappingProxyType(found)
