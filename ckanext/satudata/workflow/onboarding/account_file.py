"""A list of people as agencies send it: CSV, XLSX or ODS with four columns, in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ckanext.satudata.errors import SatudataError
from ckanext.satudata.extract.limits import Limits, ReadError
from ckanext.satudata.extract.readers import read_tables

#: The columns, with what else their headers may be.
COLUMNS = {
    "nama": ("nama", "nama lengkap", "name"),
    "email": ("email", "e-mail", "surel", "alamat email"),
    "instansi": ("instansi", "organisasi", "opd", "perangkat daerah", "organization"),
    "peran": ("peran", "role", "hak"),
}
#: What is sent at once is looked at by a person, line by line.
MOST = 500
_LIMITS = Limits(bytes=2_000_000, rows=5_000, columns=50)
#: Rows above the header: a title, a date, an empty line.
_ABOVE = 10


class UnreadableList(SatudataError):
    """The file cannot be taken as a list of people.

    Attributes:
        reason: ``berkas`` (no table can be read), ``kolom`` (columns are missing), ``kosong`` or
            ``banyak``.
        params: ``columns`` (names of those missing) or ``most`` (how many lines it may have).
    """

    def __init__(self, reason: str, **params: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params


@dataclass(frozen=True, slots=True)
class Line:
    """One person as written.

    Attributes:
        row: 1-based number of the row, as a spreadsheet shows it.
        nama, email, instansi, peran: the cells, without spaces around.
    """

    row: int
    nama: str
    email: str
    instansi: str
    peran: str


def read(path: str, *, name: str) -> list[Line]:
    """The people of a list.

    Args:
        path: where the file is.
        name: what people call it.

    Raises:
        UnreadableList: see there.
    """
    try:
        table = read_tables(path, name=name, format=None, limits=_LIMITS)[0]
    except (ReadError, IndexError) as error:
        raise UnreadableList("berkas") from error
    rows = [["" if cell is None else cell.strip() for cell in row] for row in table.frame.rows()]
    header, places = _header(rows)
    lines = [
        Line(table.first_row + number, *(row[places[name]] for name in COLUMNS))
        for number, row in enumerate(rows)
        if number > header and any(row[place] for place in places.values())
    ]
    if not lines:
        raise UnreadableList("kosong")
    if len(lines) > MOST:
        raise UnreadableList("banyak", most=MOST)
    return lines


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """The header's position, and where each column stands."""
    best: dict[str, int] = {}
    for number, row in enumerate(rows[:_ABOVE]):
        words = [" ".join(cell.lower().split()) for cell in row]
        found = {
            name: next(words.index(alias) for alias in aliases if alias in words)
            for name, aliases in COLUMNS.items()
            if set(aliases) & set(words)
        }
        if len(found) == len(COLUMNS):
            return number, found
        best = max(best, found, key=len)
    raise UnreadableList("kolom", columns=", ".join(n for n in COLUMNS if n not in best))
