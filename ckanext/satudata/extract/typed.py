"""Numbers that people type or paste into a form, read as those of an uploaded table are."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ..consistency.frozen import frozen
from ..consistency.observations import EXACT_LIMIT
from ..consistency.vocabulary import CodeBook, Unit
from .notation import Notation, prepare, to_numbers
from .state import State
from .units import same_unit


@frozen(slots=True)
class Typed:
    """What a text turned out to be.

    Attributes:
        value: the number, exactly as written; None if there is none.
        state: why; :attr:`~.odd_numbers.State.MISSING` also of an empty text.
        suffix: the unit written with the number, as far as it is another one.
    """

    value: Decimal | None
    state: State
    suffix: str = ""


def read_typed(texts: Sequence[str], unit: Unit, book: CodeBook) -> list[Typed]:
    """Read texts in Indonesian notation (``1.234,5``).

    Args:
        texts: one for each cell.
        unit: unit the figures are wanted in; a number written with another one is refused.
        book: spellings of units.
    """
    import polars as pl

    if not texts:
        return []
    column = prepare(pl.Series([t.strip() or None for t in texts], dtype=pl.String))
    out = []
    for i, found in enumerate(to_numbers(column, Notation.ID).state.tolist()):
        suffix = column.suffixes[column.suffix[i]]
        if found == State.OK and suffix and not same_unit(suffix, unit, book):
            out.append(Typed(None, State.OTHER_UNIT, suffix))
        elif found == State.OK and column.marks[column.mark[i]]:
            out.append(Typed(None, State.UNREADABLE))
        elif found == State.OK:
            out.append(_exact(str(column.text[i])))
        else:
            out.append(Typed(None, State(found)))
    return out


def _exact(text: str) -> Typed:
    value = Decimal(text.replace(".", "").replace(",", "."))
    if abs(value) > EXACT_LIMIT:
        return Typed(None, State.TOO_LARGE)
    return Typed(value, State.OK)
