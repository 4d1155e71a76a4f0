"""What people practise with: a messy table, a table that contradicts, figures to paste.

The figures are invented, for a year long past. The indicator is one of which the agency may set
figures; an agency that may set none repeats what is public, as it would in earnest.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
import xlsxwriter
from ckan import model

from ckanext.satudata.consistency.vocabulary import TOTAL, Code, CodeBook, Indicator
from ckanext.satudata.demo.tables import declaration
from ckanext.satudata.extract.odd_numbers import State
from ckanext.satudata.extract.typed import read_typed
from ckanext.satudata.model.publication import PublicationRow
from ckanext.satudata.store.codebook import load_codebook

#: A year for which nobody has figures here.
YEAR = "2001"
#: Public publications that are looked at for one to repeat or contradict, the newest ones.
_LOOKED_AT = 50
_FIGURES = 200
#: What is added to a figure to contradict a public one.
_OFF = Decimal(7)


@dataclass(frozen=True)
class Material:
    """What an exercise is done with.

    Attributes:
        indicator: what the table is about.
        period: of all its figures.
        constants: further dimension -> code, likewise for all.
        rows: region -> figure, in the table's order.
        public: whether these figures are public already, and so are repeated.
    """

    indicator: Indicator
    period: str
    constants: Mapping[str, str]
    rows: Mapping[str, Decimal]
    public: bool = False

    @property
    def header(self) -> str:
        """Heading of the column of figures."""
        return f"{self.indicator.name} ({self.indicator.unit})"

    def declared(self) -> dict[str, Any]:
        """What the columns of :func:`plain` mean."""
        return declaration(
            self.header, self.indicator.code, self.indicator.unit, self.period, self.constants
        )


@dataclass(frozen=True)
class Pasted:
    """One line of the exercise with a setoran.

    Attributes:
        region: of the line.
        wanted: what the sheet says; empty where it has no figure.
        text: what was typed.
        reason: why there is no figure, as typed.
        value: what it was read as, or None.
        fault: ``kosong``, ``bukan-angka``, ``lain`` (another figure than the sheet's),
            ``alasan`` (a reason is wanted), or empty.
    """

    region: Code
    wanted: str
    text: str = ""
    reason: str = ""
    value: Decimal | None = None
    fault: str = ""


@dataclass(frozen=True)
class Answer:
    """All lines, and whether the exercise is done."""

    lines: Sequence[Pasted] = field(default_factory=tuple)

    @property
    def right(self) -> bool:
        """Whether nothing is wrong with any line."""
        return not any(line.fault for line in self.lines)


def clean(organization: str) -> Material | None:
    """The figures of the first exercise, which pass every check if the table is put right.

    Args:
        organization: id of the body that practises.

    Returns:
        None where the body may set no indicator's figures and nothing is public.
    """
    book = load_codebook(model.Session)
    suited = [i for i in book.indicators.values() if not i.retired and i.additive]
    mine = [i for i in suited if i.producer == organization]
    free = [i for i in suited if i.producer is None]
    for indicator in sorted(mine, key=lambda i: i.code) or sorted(free, key=lambda i: i.code):
        regions = _regions(book)
        rows = {code.code: Decimal(120 + 17 * n) for n, code in enumerate(regions)}
        return Material(indicator, YEAR, _first_codes(indicator, book), rows)
    return _of_others(organization, book)


def conflicting(organization: str) -> tuple[Material, Material] | None:
    """The figures of the second exercise: as they are public, and with one that differs.

    Args:
        organization: id of the body that practises.

    Returns:
        (public figures, what the table says), or None where nobody else has published any.
    """
    book = load_codebook(model.Session)
    found = _of_others(organization, book)
    if found is None:
        return None
    wrong = {**found.rows, min(found.rows): found.rows[min(found.rows)] + _OFF}
    return found, Material(found.indicator, found.period, found.constants, wrong)


def messy(material: Material) -> bytes:
    """A workbook as people send it: title lines, names without codes, a mark beside one figure.

    The question mark holds the table back until it is taken out; all else the portal reads.
    """
    book = load_codebook(model.Session)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Data")
        sheet.set_column(1, 2, 36)
        sheet.write_string(0, 0, f"TABEL {material.indicator.name.upper()}")
        sheet.write_string(1, 0, f"TAHUN {material.period}")
        for place, name in enumerate(("No", "Kecamatan", material.header)):
            sheet.write_string(3, place, name)
        for number, (code, value) in enumerate(material.rows.items(), 1):
            entry = book.regions.get(code)
            text = _written(value) + ("?" if number == 1 else "")
            sheet.write_number(3 + number, 0, number)
            sheet.write_string(3 + number, 1, f"Kec. {entry.label}" if entry else code)
            sheet.write_string(3 + number, 2, text)
    return out.getvalue()


def plain(material: Material) -> bytes:
    """A CSV with codes, names and figures, as :meth:`Material.declared` describes it."""
    book = load_codebook(model.Session)
    lines = [["Kode", "Kecamatan", material.header]]
    for code, value in material.rows.items():
        entry = book.regions.get(code)
        lines.append([code, entry.label if entry else "", f"{value:f}".replace(".", ",")])
    return "\r\n".join(";".join(line) for line in lines).encode("utf-8-sig")


def sheet() -> list[Pasted]:
    """The figures that the third exercise asks to paste; one region has none."""
    regions = _regions(load_codebook(model.Session))
    return [
        Pasted(region, "" if number == 2 else _written(Decimal("840.5") + 96 * number))
        for number, region in enumerate(regions)
    ]


def pasted(texts: Mapping[str, str], reasons: Mapping[str, str]) -> Answer:
    """Look at what was pasted.

    Args:
        texts: region -> what stands in its cell.
        reasons: region -> why there is no figure.
    """
    book = load_codebook(model.Session)
    unit = book.units.units["ton"]
    asked = sheet()
    typed = read_typed([texts.get(line.region.code, "") for line in asked], unit, book)
    wanted = read_typed([line.wanted for line in asked], unit, book)
    lines = []
    for line, read, right in zip(asked, typed, wanted, strict=True):
        code = line.region.code
        text, reason = texts.get(code, "").strip(), reasons.get(code, "").strip()
        lines.append(
            Pasted(
                line.region,
                line.wanted,
                text,
                reason,
                read.value,
                _fault(text, reason, read.value, read.state, right.value),
            )
        )
    return Answer(tuple(lines))


def _written(value: Decimal) -> str:
    """A figure with all its digits, as Indonesian tables print it."""
    return f"{value:,f}".translate(str.maketrans(",.", ".,"))


def _fault(
    text: str, reason: str, value: Decimal | None, state: State, wanted: Decimal | None
) -> str:
    if not text:
        return "kosong"
    if value is None and state is not State.MISSING:
        return "bukan-angka"
    if value != wanted:
        return "lain"
    return "alasan" if value is None and not reason else ""


def _of_others(organization: str, book: CodeBook) -> Material | None:
    """Public figures of another body, of one indicator, period and classification."""
    package = model.Package
    rows = model.Session.execute(
        sa.select(PublicationRow.dataset_id, PublicationRow.indicator_id)
        .join(package, package.id == PublicationRow.dataset_id)
        .where(
            package.state == model.State.ACTIVE,
            package.private.is_(False),
            package.owner_org != organization,
        )
        .order_by(PublicationRow.id.desc())
        .limit(_LOOKED_AT)
    ).all()
    known = {i.id: i for i in book.indicators.values() if not i.retired}
    for dataset, number in rows:
        indicator = known.get(number)
        found = _material(dataset, indicator, book) if indicator is not None else None
        if found is not None:
            return found
    return None


def _material(dataset: str, indicator: Indicator, book: CodeBook) -> Material | None:
    """A dataset's figures of one period and one code of each dimension, if there are several."""
    shown = tk.get_action("satudata_observation_list")(
        {"ignore_auth": True},
        {"dataset": dataset, "indicator": indicator.code, "limit": _FIGURES},
    )["results"]
    groups: dict[tuple[str, tuple[tuple[str, str], ...]], dict[str, Decimal]] = {}
    for one in shown:
        codes = {n: c for n, c in (one.get("dimensions") or {}).items() if c != TOTAL}
        group = groups.setdefault((one["period"], tuple(sorted(codes.items()))), {})
        group[one["region"]] = Decimal(str(one["value"]))
    for (period, codes), rows in groups.items():
        kecamatan = {r: v for r, v in rows.items() if _is_kecamatan(r, book)}
        if len(kecamatan) > 1:
            return Material(indicator, period, dict(codes), kecamatan, public=True)
    return None


def _is_kecamatan(code: str, book: CodeBook) -> bool:
    entry = book.regions.get(code)
    return entry is not None and entry.level == "kecamatan"


def _regions(book: CodeBook) -> list[Code]:
    """The kecamatan there are now."""
    below = book.regions.children(book.home)
    return [c for c in below if c.level == "kecamatan" and c.valid_to is None]


def _first_codes(indicator: Indicator, book: CodeBook) -> dict[str, str]:
    """One code of each further dimension; the total needs none."""
    out: dict[str, str] = {}
    for dimension in indicator.dimensions:
        codes = book.codelists[dimension.codelist].codes.values()
        first = next((c for c in codes if c.code != TOTAL and c.parent is None), None)
        if first is not None:
            out[dimension.name] = first.code
    return out
