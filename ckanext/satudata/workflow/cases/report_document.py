"""The annual report on public information as lines, for pages and paper, and as an Excel file."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
import xlsxwriter
from ckan import model

from ckanext.satudata import moments
from ckanext.satudata.extract.formula_cells import harmless

from . import grounds
from .statistics import Durations, Report
from .tables import table

_WORDS: Mapping[str, Mapping[str, str]] = {
    "title": {
        "id": "Laporan layanan informasi publik {year}",
        "en": "Report on public information {year}",
    },
    "made": {"id": "Dibuat {day}", "en": "Made on {day}"},
    "received": {"id": "Permintaan yang masuk", "en": "Requests received"},
    "publik": {"id": "Jalur publik (PPID)", "en": "Public lane (PPID)"},
    "pemerintah": {"id": "Jalur pemerintah (walidata)", "en": "Government lane (walidata)"},
    "self": {
        "id": "Pertanyaan yang terjawab oleh data terbuka sebelum permintaan dibuat",
        "en": "Questions answered by open data before a request was made",
    },
    "states": {"id": "Permintaan publik menurut keadaan", "en": "Public requests by state"},
    "outcomes": {"id": "Permintaan publik menurut hasil", "en": "Public requests by outcome"},
    "": {"id": "Belum ada hasil", "en": "No outcome yet"},
    "dipenuhi": {"id": "Dipenuhi", "en": "Fulfilled"},
    "dijanjikan": {"id": "Dijanjikan terbit", "en": "Promised"},
    "ditolak": {"id": "Ditolak", "en": "Refused"},
    "ditolak_sebagian": {"id": "Ditolak sebagian", "en": "Refused in part"},
    "tidak_dikuasai": {"id": "Informasi tidak dikuasai", "en": "Not held"},
    "terjawab_sendiri": {
        "id": "Terjawab oleh data terbuka",
        "en": "Answered by open data",
    },
    "durations": {"id": "Lama menjawab (hari kerja)", "en": "Time to answer (working days)"},
    "count": {"id": "Dijawab", "en": "Answered"},
    "median": {"id": "Median", "en": "Median"},
    "mean": {"id": "Rata-rata", "en": "Mean"},
    "late": {"id": "Lewat batas waktu", "en": "After the last day"},
    "extended": {"id": "Diperpanjang", "en": "Extended"},
    "grounds": {
        "id": "Rincian yang ditolak menurut dasar Pasal 17 UU 14/2008",
        "en": "Refused items by ground of Article 17, Law 14/2008",
    },
    "objections": {"id": "Keberatan menurut keadaan", "en": "Objections by state"},
    "objection_grounds": {
        "id": "Keberatan menurut alasan Pasal 35 UU 14/2008",
        "en": "Objections by ground of Article 35, Law 14/2008",
    },
    "objection_days": {
        "id": "Lama menanggapi keberatan (hari kerja)",
        "en": "Time to answer objections (working days)",
    },
    "bodies": {"id": "Menurut instansi", "en": "By agency"},
    "nobody": {"id": "Belum didisposisikan", "en": "Handed to no agency"},
}


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the report.

    Attributes:
        title: its heading.
        head: headings of the columns, or empty for two columns without.
        rows: a label each, and numbers (None where there is none).
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float | int | None, ...]], ...]


def title(report: Report, lang: str) -> str:
    """What the report is called."""
    return _WORDS["title"][lang].format(year=report.year)


def lines(report: Report, lang: str) -> list[Section]:
    """The report as tables.

    Args:
        report: what was counted.
        lang: ``id`` or ``en``.
    """

    def say(word: str) -> str:
        return _WORDS[word][lang]

    counted = {
        "received": {say(lane): n for lane, n in report.received.items()}
        | {say("self"): report.self_answered},
        "states": _states(report.states, "permintaan", lang),
        "outcomes": {say(o) if o in _WORDS else o: n for o, n in report.outcomes.items()},
        "grounds": _grounds(report.grounds, "exemption", lang),
        "objections": _states(report.objections, "keberatan", lang),
        "objection_grounds": _grounds(report.objection_grounds, "objection", lang),
    }
    sections = {
        name: Section(say(name), (), tuple((k, (v,)) for k, v in rows.items()))
        for name, rows in counted.items()
    }
    head = tuple(say(w) for w in ("count", "median", "mean", "late"))
    sections["durations"] = Section(
        say("durations"),
        (),
        (*_days(report.durations, lang), (say("extended"), (report.extended,))),
    )
    sections["objection_days"] = Section(
        say("objection_days"), (), tuple(_days(report.objection_days, lang))
    )
    titles = _titles([b.id for b in report.bodies if b.id])
    sections["bodies"] = Section(
        say("bodies"),
        (say("received"), *head),
        tuple(
            (titles.get(b.id, say("nobody")), (b.received, *_four(b.durations)))
            for b in report.bodies
        ),
    )
    order = (
        *("received", "states", "outcomes", "durations", "grounds"),
        *("objections", "objection_grounds", "objection_days", "bodies"),
    )
    return [sections[name] for name in order]


def made_on(report: Report, lang: str) -> str:
    """When the report was made, as a sentence."""
    return _WORDS["made"][lang].format(day=moments.day(report.made_on, lang))


def as_xlsx(report: Report, lang: str) -> bytes:
    """The report as an Excel file."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(str(report.year))
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, 5, 14)
    sheet.write(0, 0, title(report, lang), bold)
    sheet.write(1, 0, made_on(report, lang))
    at = 3
    for section in lines(report, lang):
        sheet.write(at, 0, section.title, bold)
        for column, text in enumerate(section.head, 1):
            sheet.write(at, column, text, bold)
        for label, numbers in section.rows:
            at += 1
            sheet.write_string(at, 0, harmless(label))
            for column, number in enumerate(numbers, 1):
                if number is not None:
                    sheet.write_number(at, column, number)
        at += 2
    book.close()
    return out.getvalue()


def _days(found: Durations, lang: str) -> Iterator[tuple[str, tuple[float | int | None, ...]]]:
    names = ("count", "median", "mean", "late")
    for name, number in zip(names, _four(found), strict=True):
        yield _WORDS[name][lang], (number,)


def _four(found: Durations) -> tuple[float | int | None, ...]:
    return (found.count, found.median, found.mean, found.late)


def _states(counted: Mapping[str, int], kind: str, lang: str) -> dict[str, int]:
    return {table(kind).states[name].label[lang]: n for name, n in counted.items()}


def _grounds(counted: Mapping[str, int], kind: str, lang: str) -> dict[str, int]:
    find = grounds.exemption if kind == "exemption" else grounds.objection
    out = {}
    for name, count in counted.items():
        ground = find(name)
        out[f"{name}. {ground.label[lang]}" if ground else name or "-"] = count
    return out


def _titles(ids: list[str]) -> dict[str, str]:
    group = model.Group
    rows = model.Session.execute(
        sa.select(group.id, group.title, group.name).where(group.id.in_(ids))
    )
    return {ident: text or name for ident, text, name in rows}
