"""An object's key: period, region and further dimensions packed into one int64.

Layout, from the highest bit: 20 bits period | 17 bits region | 26 bits further
dimensions, placed from bit 25 downwards. Period on top lets a block of keys be a span
of time, so that only blocks of the periods concerned are read. A dimension added later
takes low bits that were zero (= total) before, so stored keys keep their value and order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..native import kernel
from . import period as periods
from .vocabulary import TOTAL, CodeList, Dimension, Indicator

Keys = npt.NDArray[np.int64]

#: A column that takes few different values: the position of each row's among these, and they
#: themselves; -1 means the last one. Without positions the first value holds for every row.
Coded: TypeAlias = "tuple[npt.NDArray[np.int32] | None, npt.NDArray[np.int64]]"

REGION_WIDTH = 17
REST_WIDTH = 26
PERIOD_SHIFT = REGION_WIDTH + REST_WIDTH
REGION_SHIFT = REST_WIDTH
_REGION_MASK = (1 << REGION_WIDTH) - 1
REST_MASK = (1 << REST_WIDTH) - 1


class LayoutError(ValueError):
    """The dimensions do not fit in the key."""


def add_dimension(
    existing: tuple[Dimension, ...], name: str, codelist: str, size: int
) -> Dimension:
    """Place a new dimension in the free low bits.

    Args:
        existing: dimensions already placed.
        name: slug of the new dimension.
        codelist: its code list.
        size: largest index to allow for; doubled, so that the list can grow.

    Raises:
        LayoutError: no room is left, or the name is taken.
    """
    if any(d.name == name for d in existing):
        raise LayoutError(f"dimension {name!r} exists")
    width = max(2, (2 * size).bit_length())
    floor = min((d.shift for d in existing), default=REST_WIDTH)
    if width > floor:
        raise LayoutError(f"dimension {name!r} needs {width} bits, {floor} are free")
    return Dimension(name, codelist, floor - width, width)


def pack(
    indicator: Indicator,
    period: npt.NDArray[np.int64],
    region: npt.NDArray[np.int64],
    rest: Mapping[str, npt.NDArray[np.int64]],
) -> Keys:
    """Pack columns of indices into keys.

    Args:
        indicator: whose layout is used.
        period: packed periods (:attr:`period.Period.packed`), shape ``(n,)``.
        region: region indices, shape ``(n,)``.
        rest: dimension name -> code indices, shape ``(n,)``; a missing one means the total.

    Raises:
        LayoutError: an index is outside its bits, or a dimension is unknown.
    """
    _within(region, REGION_WIDTH, "wilayah")
    _within(period, periods.WIDTH, "periode")
    out = (period.astype(np.int64) << PERIOD_SHIFT) | (region.astype(np.int64) << REGION_SHIFT)
    for name, column in rest.items():
        d = indicator.dimension(name)
        if d is None:
            raise LayoutError(f"{indicator.code} has no dimension {name!r}")
        _within(column, d.width, name)
        out |= column.astype(np.int64) << d.shift
    return out


def pack_coded(
    indicator: Indicator, count: int, period: Coded, region: Coded, rest: Mapping[str, Coded]
) -> Keys:
    """As :func:`pack`, of columns that take few different values.

    Args:
        indicator: whose layout is used.
        count: number of keys.
        period: packed periods.
        region: region indices.
        rest: dimension name -> code indices; a missing one means the total.

    Raises:
        LayoutError: an index that occurs is outside its bits, or a dimension is unknown.
    """
    parts = [(*period, PERIOD_SHIFT, periods.WIDTH), (*region, REGION_SHIFT, REGION_WIDTH)]
    for name, column in rest.items():
        d = indicator.dimension(name)
        if d is None:
            raise LayoutError(f"{indicator.code} has no dimension {name!r}")
        parts.append((*column, d.shift, d.width))
    out = np.empty(count, dtype=np.int64)
    unfit = kernel.pack(tuple(parts), out)
    if unfit >= 0:
        name = ("periode", "wilayah", *rest)[unfit]
        raise LayoutError(f"index outside {parts[unfit][-1]} bits in {name!r}")
    return out


def _within(column: npt.NDArray[np.int64], width: int, name: str) -> None:
    if column.size and (int(column.min()) < 0 or int(column.max()) >= 1 << width):
        raise LayoutError(f"index outside {width} bits in {name!r}")


def period_of(keys: Keys) -> npt.NDArray[np.int64]:
    """Packed periods of the keys."""
    return keys >> PERIOD_SHIFT


def region_of(keys: Keys) -> npt.NDArray[np.int64]:
    """Region indices of the keys."""
    return (keys >> REGION_SHIFT) & _REGION_MASK


def rest_of(keys: Keys) -> npt.NDArray[np.int64]:
    """What the keys hold besides period and region: the classification, 0 for the total."""
    return keys & REST_MASK


def parts_of(
    keys: Keys, whole_of: npt.NDArray[np.int64]
) -> tuple[Keys, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The objects of which regions are parts, and how many of their parts there are.

    Args:
        keys: ascending, each once; shape ``(n,)``.
        whole_of: region index -> index of the region it is a part of, 0 for none.

    Returns:
        Each different key with the whole in place of the part, in order of time; the position of
        the first of its parts; and how many there are. Keys whose region is part of nothing, or
        beyond ``whole_of``, are left out.
    """
    groups, first, present = (np.empty(keys.size, dtype=np.int64) for _ in range(3))
    whole_of = np.ascontiguousarray(whole_of, dtype=np.int64)
    count = kernel.tally(
        np.ascontiguousarray(keys), whole_of, PERIOD_SHIFT, REGION_SHIFT, groups, first, present
    )
    return groups[:count], first[:count], present[:count]


def with_region(keys: Keys, region: npt.NDArray[np.int64] | int) -> Keys:
    """The keys with their region replaced."""
    out = keys & ~np.int64(_REGION_MASK << REGION_SHIFT)
    shifted = np.asarray(region, dtype=np.int64) << REGION_SHIFT
    if np.broadcast_shapes(out.shape, shifted.shape) != out.shape:
        return out | shifted
    out |= shifted
    return out


def translate(
    keys: Keys, source: Indicator, target: Indicator
) -> tuple[Keys, npt.NDArray[np.bool_]]:
    """The same objects in another indicator's layout.

    A dimension that only one of the two has must be at its total: figures split by sex do
    not speak of the object of an indicator that is not.

    Args:
        keys: packed for ``source``, shape ``(n,)``.
        source: whose layout they have.
        target: whose layout is wanted.

    Returns:
        The keys in ``target``'s layout, in the given order, and which of them have a
        counterpart there; both of shape ``(n,)``.
    """
    out = (keys >> REGION_SHIFT) << REGION_SHIFT
    possible = np.ones(keys.shape, dtype=bool)
    for d in source.dimensions:
        column = dimension_of(keys, d)
        other = target.dimension(d.name)
        if other is None or other.codelist != d.codelist:
            possible &= column == 0
        else:
            fits = column < 1 << other.width
            possible &= fits
            out |= np.where(fits, column, 0) << other.shift
    return out, possible


def dimension_of(keys: Keys, dimension: Dimension) -> npt.NDArray[np.int64]:
    """Code indices of one further dimension."""
    return (keys >> dimension.shift) & ((1 << dimension.width) - 1)


def period_span(keys: Keys) -> tuple[int, int]:
    """Smallest and largest possible key of the periods that occur; both inclusive.

    Args:
        keys: sorted, not empty.
    """
    low = int(keys[0]) >> PERIOD_SHIFT
    high = int(keys[-1]) >> PERIOD_SHIFT
    return low << PERIOD_SHIFT, ((high + 1) << PERIOD_SHIFT) - 1


@dataclass(frozen=True, slots=True)
class ObjectKey:
    """A decoded key, for people.

    Attributes:
        period: canonical text.
        region: canonical region code, ``_T`` where there is none.
        rest: dimension name -> canonical code.
    """

    period: str
    region: str
    rest: Mapping[str, str]


def encode(indicator: Indicator, key: ObjectKey, codelists: Mapping[str, CodeList]) -> int:
    """Pack one object that people named; a dimension that is not named means the total.

    Raises:
        LayoutError: a code or a dimension is unknown.
        ValueError: the period is none.
    """

    def index(codelist: str, code: str) -> npt.NDArray[np.int64]:
        if code == TOTAL:
            return np.zeros(1, dtype=np.int64)
        found = codelists[codelist].get(code) if codelist in codelists else None
        if found is None:
            raise LayoutError(f"{code!r} is no code of {codelist}")
        return np.array([found.index], dtype=np.int64)

    rest = {}
    for name, code in key.rest.items():
        placed = indicator.dimension(name)
        if placed is None:
            raise LayoutError(f"{indicator.code} has no dimension {name!r}")
        rest[name] = index(placed.codelist, code)
    period = np.array([periods.parse(key.period).packed], dtype=np.int64)
    return int(pack(indicator, period, index("wilayah", key.region), rest)[0])


def decode(indicator: Indicator, key: int, codelists: Mapping[str, CodeList]) -> ObjectKey:
    """Decode one key; an index without a code shows as ``#index``."""

    def name(codelist: str, index: int) -> str:
        if index == 0:
            return TOTAL
        code = codelists[codelist].at(index) if codelist in codelists else None
        return code.code if code else f"#{index}"

    return ObjectKey(
        period=str(periods.unpack(key >> PERIOD_SHIFT)),
        region=name("wilayah", (key >> REGION_SHIFT) & _REGION_MASK),
        rest={
            d.name: name(d.codelist, (key >> d.shift) & ((1 << d.width) - 1))
            for d in indicator.dimensions
        },
    )
