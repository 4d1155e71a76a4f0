"""What agencies have agreed upon: figures that bind, and values that may stand side by side.

An agreement of the kind *angka disepakati* names one figure for an object; it binds everybody,
the mandate holder too. One of the kind *keduanya berlaku* names a figure for each of its parties;
it binds each party to its own, and lets just these figures be public beside each other. Anything
that it does not name is compared as if there were no agreement.

Agreements arrive as sorted arrays. Where none speaks of an indicator, nothing is computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from .frozen import frozen
from .keys import Keys
from .matching import Positions
from .tolerance import Floats, Tolerance, agree, half_units

#: Stands where no entry of an agreement is meant.
NONE = -1


@frozen(slots=True)
class Agreement:
    """A recorded agreement, as findings tell of it.

    Attributes:
        id: its identifier.
        number: its number, ``007/BA-SDI/2026``.
        note: why, for the public; by language.
    """

    id: str
    number: str
    note: Mapping[str, str]


@frozen(slots=True)
class Entry:
    """What one agreement says of one object.

    Attributes:
        key: the packed object.
        value: in the indicator's unit.
        decimals: digits after the decimal point as agreed.
        party: id of the organization that stands with this value; None for everybody's.
        agreement: the agreement.
    """

    key: int
    value: float
    decimals: int
    party: str | None
    agreement: Agreement


@frozen
class Agreed:
    """What the agreements in force say of one indicator; arrays of shape ``(n,)``.

    At most one agreement speaks of an object.

    Attributes:
        keys: packed objects, ascending; they repeat where parties have a value each.
        values: in the indicator's unit.
        decimals: as in :class:`~.observations.Figures`.
        party: position in ``parties``, :data:`NONE` where the value is everybody's.
        agreement: position in ``agreements``.
        parties: ids of organizations.
        agreements: those in force.
    """

    keys: Keys
    values: Floats
    decimals: npt.NDArray[np.int8]
    party: npt.NDArray[np.int64]
    agreement: Positions
    parties: tuple[str, ...]
    agreements: tuple[Agreement, ...]

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Agreed:
        """Sorted arrays from entries in any order."""
        ordered = sorted(entries, key=lambda e: (e.key, e.party or "", e.agreement.id))
        parties = tuple(sorted({e.party for e in ordered if e.party is not None}))
        agreements = tuple({e.agreement.id: e.agreement for e in ordered}.values())
        places = {a.id: i for i, a in enumerate(agreements)}
        at = {name: i for i, name in enumerate(parties)}
        return cls(
            np.array([e.key for e in ordered], dtype=np.int64),
            np.array([e.value for e in ordered], dtype=np.float64),
            np.array([e.decimals for e in ordered], dtype=np.int8),
            np.array([NONE if e.party is None else at[e.party] for e in ordered], dtype=np.int64),
            np.array([places[e.agreement.id] for e in ordered], dtype=np.int64),
            parties,
            agreements,
        )

    def __len__(self) -> int:
        return int(self.keys.shape[0])

    def about(self, place: int) -> Agreement:
        """The agreement of an entry."""
        return self.agreements[int(self.agreement[place])]

    def binding(self, organization: str) -> Positions:
        """Entries that an organization's figures must not contradict; one for each object."""
        own = self.parties.index(organization) if organization in self.parties else NONE
        return np.flatnonzero((self.party == NONE) | (self.party == own))

    def of_party(self, keys: Keys, organization: str) -> Positions:
        """The entry by which a party stands at each key, or :data:`NONE`."""
        if organization not in self.parties:
            return np.full(keys.shape, NONE, dtype=np.int64)
        mine = np.flatnonzero(self.party == self.parties.index(organization))
        return _look_up(self.keys, mine, keys)

    def reference(self, keys: Keys) -> Positions:
        """The entry with everybody's figure at each key, or :data:`NONE`."""
        return _look_up(self.keys, np.flatnonzero(self.party == NONE), keys)


def _look_up(keys: Keys, entries: Positions, wanted: Keys) -> Positions:
    """Of some entries, of which no two have one key, the one at each wanted key."""
    found = np.full(wanted.shape, NONE, dtype=np.int64)
    if entries.size:
        there = keys[entries]
        at = np.minimum(np.searchsorted(there, wanted), there.size - 1)
        hit = there[at] == wanted
        found[hit] = entries[at[hit]]
    return found


@frozen
class Contradictions:
    """Figures that are not what was agreed; arrays of shape ``(m,)``.

    Attributes:
        rows: positions of the figures.
        entries: positions of what they contradict.
        limit: the allowed differences.
        kind: :class:`~.tolerance.Kind` of the tolerances that decided.
    """

    rows: Positions
    entries: Positions
    limit: Floats
    kind: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return int(self.rows.shape[0])


def contradictions(
    keys: Keys,
    values: Floats,
    decimals: npt.NDArray[np.int8],
    organization: str,
    agreed: Agreed,
    tolerance: Tolerance,
) -> Contradictions:
    """Find figures of one organization that differ from what binds it.

    The work is that of the agreed figures, however many figures are searched.

    Args:
        keys: packed objects, ascending, perhaps repeating; shape ``(n,)``.
        values: the figures, shape ``(n,)``.
        decimals: their written digits, shape ``(n,)``.
        organization: id of who shows them.
        agreed: the agreements in force.
        tolerance: what is granted.
    """
    entries = agreed.binding(organization)
    first = np.searchsorted(keys, agreed.keys[entries], side="left")
    counts = np.searchsorted(keys, agreed.keys[entries], side="right") - first
    entries = np.repeat(entries, counts)
    offset = np.arange(entries.size) - np.repeat(np.cumsum(counts) - counts, counts)
    rows = np.repeat(first, counts) + offset
    same, limit, kind = agree(
        values[rows],
        agreed.values[entries],
        half_units(decimals[rows]),
        half_units(agreed.decimals[entries]),
        tolerance,
    )
    differ = ~same
    return Contradictions(rows[differ], entries[differ], limit[differ], kind[differ])


@frozen
class Pairs:
    """Two values of each object; arrays of shape ``(m,)``.

    Attributes:
        keys: the objects, in any order.
        values: the first and the second values.
        halves: half units of their last written digits.
        owners: positions in ``organizations`` of who shows them.
        organizations: ids.
    """

    keys: Keys
    values: tuple[Floats, Floats]
    halves: tuple[Floats, Floats]
    owners: tuple[Positions, Positions]
    organizations: Sequence[str]


def settled(pairs: Pairs, agreed: Agreed | None, tolerance: Tolerance) -> Positions:
    """Which pairs of differing values an agreement lets stand beside each other.

    Both values must be those on record, each within the tolerance, and each shown by the party
    that stands with it.

    Returns:
        Positions in ``agreed.agreements``, :data:`NONE` where no agreement says so; ``(m,)``.
    """
    out = np.full(pairs.keys.shape, NONE, dtype=np.int64)
    if agreed is None or not agreed.parties or not pairs.keys.size:
        return out
    sides = [_standing(pairs, side, agreed, tolerance) for side in (0, 1)]
    both = (sides[0] != NONE) & (sides[1] != NONE) & (sides[0] != sides[1])
    out[both] = agreed.agreement[sides[0][both]]
    return out


def _standing(pairs: Pairs, side: int, agreed: Agreed, tolerance: Tolerance) -> Positions:
    """The entries that each value of one side conforms to, as its owner's own."""
    out = np.full(pairs.keys.shape, NONE, dtype=np.int64)
    for owner in np.unique(pairs.owners[side]):
        at = np.flatnonzero(pairs.owners[side] == owner)
        entries = agreed.of_party(pairs.keys[at], pairs.organizations[int(owner)])
        at, entries = at[entries != NONE], entries[entries != NONE]
        same, _, _ = agree(
            pairs.values[side][at],
            agreed.values[entries],
            pairs.halves[side][at],
            half_units(agreed.decimals[entries]),
            tolerance,
        )
        out[at[same]] = entries[same]
    return out


def backed(
    keys: Keys,
    ours: tuple[Floats, Floats],
    theirs: tuple[Floats, Floats],
    agreed: Agreed | None,
    tolerance: Tolerance,
) -> Positions:
    """Of pairs of differing values, those whose first is the agreed figure and whose second is not.

    Args:
        keys: the objects, shape ``(m,)``.
        ours: first values and half units of their last digits.
        theirs: the same of the second ones.
        agreed: the agreements in force.
        tolerance: what is granted.

    Returns:
        Entries with everybody's figure, :data:`NONE` for all other pairs; ``(m,)``.
    """
    out = np.full(keys.shape, NONE, dtype=np.int64)
    if agreed is None or not keys.size:
        return out
    entries = agreed.reference(keys)
    at = np.flatnonzero(entries != NONE)
    entries = entries[at]
    right, halves = agreed.values[entries], half_units(agreed.decimals[entries])
    good, _, _ = agree(ours[0][at], right, ours[1][at], halves, tolerance)
    fine, _, _ = agree(theirs[0][at], right, theirs[1][at], halves, tolerance)
    out[at[good & ~fine]] = entries[good & ~fine]
    return out
