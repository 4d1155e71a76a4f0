"""What a look at a spreadsheet's raw parts tells before, and beside, parsing it.

calamine hands out formula errors and formulas without a result as empty cells, and lays a
sheet out as a full rectangle, however far apart two cells stand. Both must be known first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .number_formats import NumberFormat, Of


@dataclass
class SheetScan:
    """One sheet.

    Attributes:
        errors: (row, column), 0-based -> error text such as ``#REF!``.
        uncalculated: (row, column), 0-based, of formulas saved without a result.
        percent: (row, column), 0-based, of cells formatted as per cent: they hold 0.125 and
            show 12.5%.
        covered: (row, column), 0-based, of cells under a merged one that hold something; only
            for formats of which calamine tells no merged cells.
        disguised: (row, column), 0-based, of cells that show something else than they hold -> the
            number format that does so.
        words: column, 0-based -> what formats show beside its numbers -> the first such row.
        hidden_rows: rows, 0-based, that hold something and are not shown.
        hidden_columns: columns, likewise.
        rows: number of rows from the first of the sheet to the last used.
        columns: number of columns, likewise; an upper bound.
    """

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    percent: set[tuple[int, int]] = field(default_factory=set)
    covered: set[tuple[int, int]] = field(default_factory=set)
    disguised: dict[tuple[int, int], str] = field(default_factory=dict)
    words: dict[int, dict[str, int]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    rows: int = 0
    columns: int = 0

    def formatted(self, row: int, column: int, how: NumberFormat, value: str) -> None:
        """Note what a cell's number format does.

        Args:
            row: 0-based.
            column: 0-based.
            how: the format.
            value: what the cell holds.
        """
        kind = Of.number(value)
        if kind in how.disguised:
            self.disguised[(row, column)] = how.code
        elif kind is not Of.TEXT:
            if how.percent:
                self.percent.add((row, column))
            if how.words:
                self.words.setdefault(column, {}).setdefault(how.words, row)


def column_number(letters: str) -> int:
    """0-based number of a column: ``A`` is 0, ``AA`` is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
