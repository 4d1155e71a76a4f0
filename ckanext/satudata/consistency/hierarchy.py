"""The tree of a code list as arrays over code indices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from .vocabulary import Code

Indices = npt.NDArray[np.int64]

_ALWAYS = 0
_FOREVER = np.iinfo(np.int64).max


class Hierarchy:
    """Who is above and below whom, and when; index 0 is nobody.

    Attributes:
        parent: index -> index of the code one level up, 0 for none; shape ``(size,)``.
        valid_from: index -> ordinal of the first day on which the code holds.
        valid_to: index -> ordinal of the last day on which it holds.
        is_parent: index -> whether any code lies right below; shape ``(size,)``.
        roots: indices of the codes that lie below none, in code order.
        timed: index -> whether the code began or ended; shape ``(size,)``.
    """

    def __init__(self, codes: Iterable[Code]) -> None:
        ordered = sorted(codes, key=lambda c: c.code)
        size = max((c.index for c in ordered), default=0) + 1
        index = {c.code: c.index for c in ordered}
        self.parent: Indices = np.zeros(size, dtype=np.int64)
        self.valid_from: Indices = np.full(size, _ALWAYS, dtype=np.int64)
        self.valid_to: Indices = np.full(size, _FOREVER, dtype=np.int64)
        self._children: dict[int, list[int]] = {}
        for c in ordered:
            if c.parent is not None and c.parent in index:
                self.parent[c.index] = index[c.parent]
                self._children.setdefault(index[c.parent], []).append(c.index)
            if c.valid_from is not None:
                self.valid_from[c.index] = c.valid_from.toordinal()
            if c.valid_to is not None:
                self.valid_to[c.index] = c.valid_to.toordinal()
        self.roots: Indices = np.array(
            [c.index for c in ordered if not self.parent[c.index]], dtype=np.int64
        )
        self.timed: npt.NDArray[np.bool_] = np.asarray(
            (self.valid_from > _ALWAYS) | (self.valid_to < _FOREVER)
        )
        self.is_parent: npt.NDArray[np.bool_] = np.zeros(size, dtype=bool)
        self.is_parent[list(self._children)] = True

    def children(self, index: int) -> Indices:
        """Indices right below, in code order; valid or not."""
        return np.array(self._children.get(index, ()), dtype=np.int64)

    def levels_below(self, index: int) -> Mapping[int, Indices]:
        """Distance below ``index`` (from 1) -> indices at that distance, in code order."""
        out: dict[int, Indices] = {}
        level = self._children.get(index, [])
        while level and len(out) < len(self.parent):
            out[len(out) + 1] = np.array(level, dtype=np.int64)
            level = [child for one in level for child in self._children.get(one, ())]
        return out

    def parents_of(self, indices: Indices) -> Indices:
        """Parents of many indices; 0 for the total and for indices the list does not have."""
        known = indices < len(self.parent)
        if known.all():
            return self.parent[indices]
        return np.where(known, self.parent[np.where(known, indices, 0)], 0)

    def has_children(self, indices: Indices) -> npt.NDArray[np.bool_]:
        """Whether codes lie below each of the indices."""
        known = indices < len(self.parent)
        if known.all():
            return self.is_parent[indices]
        return known & self.is_parent[np.where(known, indices, 0)]

    def valid(self, indices: Indices, days: Indices) -> npt.NDArray[np.bool_]:
        """Whether codes hold on days (ordinals); the two broadcast against each other."""
        return (self.valid_from[indices] <= days) & (days <= self.valid_to[indices])
