"""Which rows of a table are data, and which are titles, notes, numbering or signatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..consistency.frozen import frozen
from ..consistency.patterns import pattern
from ..consistency.vocabulary import normalise
from . import scanned
from .notation import Column
from .state import State

if TYPE_CHECKING:
    import polars as pl

Mask = npt.NDArray[np.bool_]

_WORDS = pattern(r"[^\W\d_]{3,}")
_NOTE = pattern(
    r"(?P<mark>\*{1,3}|[a-z]{1,2}|[¹²³⁴-⁹]|\d)\s*\)?\s*[:=.]?\s*(?:angka\s+|data\s+)?"
    r"(?P<word>sangat sementara|sementara|estimasi|perkiraan|proyeksi|ramalan|prakiraan|diperbaiki"
    r"|revisi|tetap)\b.*"
)
_STATUS_OF_WORD = {
    "sangat sementara": 1,
    "sementara": 1,
    "estimasi": 2,
    "perkiraan": 2,
    "proyeksi": 3,
    "ramalan": 3,
    "prakiraan": 3,
    "diperbaiki": 0,
    "revisi": 0,
    "tetap": 0,
}
#: What footnote marks mean in BPS' publications; a note below the table may say otherwise.
_USUAL_MARKS = {"*": 1, "**": 1, "***": 1, "x": 1, "xx": 1, "p": 1, "e": 2, "r": 0}


#: Rows below a table that are looked at one by one.
_MOST_TRIED = 500
_LONGEST_NOTE = 500


@frozen
class Rows:
    """The kinds of rows below a header. Masks have shape ``(n,)``.

    Attributes:
        data: rows with figures, or with gaps where figures belong.
        skipped: rows between data that name nothing known and hold no figure.
        notes: texts of the other rows.
    """

    data: Mask
    skipped: Mask
    notes: tuple[str, ...]


def classify(
    frame: scanned.AnyFrame,
    *,
    blank: Mask,
    unknown: Mask,
    measures: Sequence[Column],
    repeated: Mapping[int, str],
) -> Rows:
    """Tell data from notes.

    A row with a readable figure is always data, so that none slips past. Without one, a row
    is data if its dimensions are known. The last rows of a sheet that name nothing known
    (sources, footnotes, signatures) are notes.

    Args:
        frame: the rows below the header.
        blank: rows in which no dimension column has a text.
        unknown: rows in which some dimension is blank or not understood.
        measures: the measures' cells.
        repeated: column -> header text, of dimension columns: printed tables repeat their
            header on each page.
    """
    n = frame.height
    if not unknown.any():
        return Rows(np.ones(n, dtype=bool), np.zeros(n, dtype=bool), ())
    figure, text = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    for column in measures:
        figure |= column.state == State.OK
        text |= column.state > State.MISSING
    header = _repeats(frame, unknown, repeated)
    figure &= ~header
    good = (figure | ~unknown) & ~header
    below = np.zeros(n, dtype=bool)
    below[n - int(good[::-1].argmax()) if good.any() else 0 :] = True
    doubtful = ~figure & unknown & ~blank & ~header
    data = (figure | ~unknown | (doubtful & text & ~below)) & ~header
    skipped = doubtful & ~text & ~below
    for row in np.flatnonzero(doubtful & text & below)[:_MOST_TRIED].tolist():
        data[row] = _is_attempt([c for c in frame.row(row) if c])
    others = np.flatnonzero(~data & ~header)[:_MOST_TRIED].tolist()
    notes = [" ".join(c for c in frame.row(row) if c) for row in others]
    return Rows(data, skipped, tuple(t for t in notes if t))


def _repeats(frame: scanned.AnyFrame, unknown: Mask, repeated: Mapping[int, str]) -> Mask:
    """Rows that show the header of each dimension column again."""
    found = unknown.copy() if repeated else np.zeros(frame.height, dtype=bool)
    for column, header in repeated.items():
        if not found.any():
            break
        cells = frame.get_column(str(column))
        same = [t for t in cells.unique() if t is not None and normalise(t) == normalise(header)]
        found &= cells.is_in(same).fill_null(value=False).to_numpy()
    return found


def _is_attempt(cells: Sequence[str]) -> bool:
    """Whether a row below the last good one was meant as data, with a figure mistyped."""
    return not any(_WORDS.search(c) for c in cells[1:])


def mark_statuses(notes: Sequence[str], marks: Sequence[str]) -> dict[str, int]:
    """What footnote marks say of a figure: mark -> status number; 0 where nothing is known."""
    told: dict[str, int] = {}
    for note in notes:
        for line in note.splitlines():
            plain = " ".join(line[:_LONGEST_NOTE].casefold().split())
            for keyword in (
                "keterangan:",
                "keterangan :",
                "catatan:",
                "catatan :",
                "ket:",
                "ket. :",
            ):
                plain = plain.removeprefix(keyword).strip()
            found = _NOTE.match(plain)
            if found:
                told[found["mark"]] = _STATUS_OF_WORD[found["word"]]
    return {m: told.get(m, _USUAL_MARKS.get(m, 0)) for m in marks}


def is_row_number(column: pl.Series, data: Mask) -> bool:
    """Whether a column only numbers the rows: 1, 2, 3 ..."""
    import polars as pl

    numbers = column.filter(pl.Series(data)).str.strip_chars(" .").cast(pl.Int64, strict=False)
    numbers = numbers.drop_nulls()
    return bool(len(numbers)) and bool(
        (numbers == pl.int_range(1, len(numbers) + 1, eager=True)).all()
    )
