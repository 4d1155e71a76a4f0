"""Figures as columns: one numpy array per attribute, never one Python object per figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from .findings import Finding
from .frozen import frozen
from .keys import Keys
from .vocabulary import Indicator

#: The largest magnitude up to which a float8 holds every integer exactly.
EXACT_LIMIT = 9.0e15


class Status(IntEnum):
    """SDMX CL_OBS_STATUS, as far as agencies use it. The numbers are stored; never change them."""

    NORMAL = 0
    PROVISIONAL = 1
    ESTIMATED = 2
    FORECAST = 3


@frozen(slots=True)
class TableRef:
    """Where figures were read.

    Attributes:
        resource: id of the resource, or None for a file checked without being uploaded.
        name: name of the resource or file, as people know it.
        sheet: name of the sheet, or None for a text file.
        columns: header texts by column number (0-based), for messages.
    """

    resource: str | None
    name: str
    sheet: str | None
    columns: tuple[str, ...] = ()


@frozen
class Figures:
    """The figures of one indicator in one candidate, sorted by key.

    All arrays have shape ``(n,)`` and are in key order.

    Attributes:
        indicator: whose figures they are.
        keys: packed objects (:mod:`keys`); may repeat (that is a finding).
        values: in the indicator's unit; finite.
        decimals: digits after the decimal point as written, expressed in the indicator's
            unit; negative where the written unit is coarser (12 ton are ±500 kg: -3).
        status: :class:`Status` numbers.
        table: position in :attr:`Candidate.tables`.
        row: row number in the sheet as a spreadsheet shows it (1-based).
        column: column number (0-based).
    """

    indicator: Indicator
    keys: Keys
    values: npt.NDArray[np.float64]
    decimals: npt.NDArray[np.int8]
    status: npt.NDArray[np.uint8]
    table: npt.NDArray[np.int16]
    row: npt.NDArray[np.int32]
    column: npt.NDArray[np.int16]

    def __len__(self) -> int:
        return int(self.keys.shape[0])

    def take(self, rows: npt.NDArray[np.int64]) -> Figures:
        """Some of them; rows ascend."""
        names = ("keys", "values", "decimals", "status", "table", "row", "column")
        return Figures(self.indicator, *(getattr(self, name)[rows] for name in names))

    @classmethod
    def sorted(
        cls,
        indicator: Indicator,
        keys: Keys,
        values: npt.NDArray[np.float64],
        decimals: npt.NDArray[np.int8],
        status: npt.NDArray[np.uint8],
        table: npt.NDArray[np.int16],
        row: npt.NDArray[np.int32],
        column: npt.NDArray[np.int16],
    ) -> Figures:
        """Build from arrays in any order; the sort is stable, so repeated keys keep file order."""
        if keys.size < 2 or bool(np.all(keys[1:] >= keys[:-1])):
            return cls(indicator, keys, values, decimals, status, table, row, column)
        order = _stable_order(keys)
        return cls(
            indicator,
            keys[order],
            values[order],
            decimals[order],
            status[order],
            table[order],
            row[order],
            column[order],
        )


def _stable_order(keys: Keys) -> npt.NDArray[np.int64]:
    """The stable sorting order, digit by digit of 16 bits.

    numpy sorts 16-bit integers by radix; doing so for the two or three digits in which the
    keys of one indicator differ takes a third of the time of a comparison sort.
    """
    order: npt.NDArray[np.int64] | None = None
    for shift in (0, 16, 32, 48):
        digit = ((keys >> shift) & 0xFFFF).astype(np.uint16)
        if digit.min() == digit.max():
            continue
        if order is None:
            order = np.argsort(digit, kind="stable")
        else:
            order = order[np.argsort(digit[order], kind="stable")]
    return np.arange(keys.size) if order is None else order


@frozen(slots=True)
class Publication:
    """What is public and by whom: one resource's figures of one indicator.

    Attributes:
        id: number of the publication.
        dataset: id of the dataset.
        dataset_name: its name in addresses.
        dataset_title: its title.
        organization: id of the producer.
        organization_title: its name.
        resource: id of the resource.
        resource_name: its name.
    """

    id: int
    dataset: str
    dataset_name: str
    dataset_title: str
    organization: str
    organization_title: str
    resource: str
    resource_name: str


@frozen
class Published:
    """Public figures of one indicator by one publication, sorted by key, keys unique.

    Arrays as in :class:`Figures`.
    """

    publication: Publication
    keys: Keys
    values: npt.NDArray[np.float64]
    decimals: npt.NDArray[np.int8]
    status: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return int(self.keys.shape[0])


@frozen
class Declared:
    """What a dataset says of its figures beside the figures.

    Attributes:
        years: the years they speak of; None where that is not said.
        cited: its sources and references, as written.
        reason: why public final figures change; empty where nobody said.
    """

    years: frozenset[int] | None = None
    cited: str = ""
    reason: str = ""


@frozen
class Candidate:
    """Everything one dataset would show in public.

    Attributes:
        organization: id of the producer.
        organization_title: its name.
        dataset: id of the dataset, or None for a file checked without saving.
        tables: where figures were read.
        figures: one entry per indicator.
        problems: what went wrong while reading (unknown codes, damaged numbers ...).
        coverage: canonical region code whose parts the dataset says it covers completely,
            usually the kabupaten; None where it promises no completeness.
        problem_counts: rule id -> number of problems, where more were found than are listed.
        declared: what else the dataset says.
    """

    organization: str
    organization_title: str
    dataset: str | None
    tables: tuple[TableRef, ...]
    figures: tuple[Figures, ...]
    problems: Sequence[Finding] = field(default_factory=tuple)
    coverage: str | None = None
    problem_counts: Mapping[str, int] = field(default_factory=dict)
    declared: Declared = Declared()
