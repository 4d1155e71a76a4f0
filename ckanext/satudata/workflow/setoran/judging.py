"""What the rules say of a setoran while it is being filled in: the same as they say at the gate.

The figures become a candidate of the engine. They are compared with what is public and, where the
kecamatan's earlier figures are not public yet, with those it handed in before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.consistency import engine
from ckanext.satudata.consistency import keys as packing
from ckanext.satudata.consistency import period as periods
from ckanext.satudata.consistency.aggregation import decimals
from ckanext.satudata.consistency.case import Check
from ckanext.satudata.consistency.checks import bounds, components, jumps, recap, values
from ckanext.satudata.consistency.findings import Finding, Severity
from ckanext.satudata.consistency.observations import (
    Candidate,
    Figures,
    Publication,
    Published,
    Status,
    TableRef,
)
from ckanext.satudata.consistency.render import Renderer
from ckanext.satudata.extract.state import State
from ckanext.satudata.model.setoran import RECEIVED, Setoran, SetoranCell
from ckanext.satudata.store import blocks, publications
from ckanext.satudata.workflow import catalogue

from . import cells, obligations
from .cells import Form, Key

#: What can be said of single cells of one kecamatan. Rules about whole tables (completeness,
#: mandate, likeness) are the agency's business, at the gate.
CHECKS: tuple[Check, ...] = (
    *values.CHECKS,
    *bounds.CHECKS,
    *recap.CHECKS,
    *components.CHECKS,
    *jumps.CHECKS,
)
#: How many of its former periods a value is held against (:mod:`.consistency.checks.jumps`).
_WINDOW = 3


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said about a cell.

    Attributes:
        key: which cell.
        rule: id of the rule, or ``tak-terbaca`` and ``tanpa-alasan`` of what was typed.
        blocks: whether it cannot be handed in like this.
        state: for ``tak-terbaca``, what the text was taken for.
        suffix: for ``tak-terbaca``, the unit found with the number.
        title: the rule's short name, empty where the caller has the words.
        message: what was found, likewise.
        advice: what to do, likewise.
    """

    key: Key
    rule: str
    blocks: bool
    state: State = State.OK
    suffix: str = ""
    title: str = ""
    message: str = ""
    advice: str = ""


def judge(form: Form, known: Mapping[Key, SetoranCell], lang: str) -> list[Remark]:
    """All that is to be said about a setoran's cells, cell by cell in the form's order.

    Args:
        form: what is asked.
        known: what was said about the cells.
        lang: ``id`` or ``en``.
    """
    out = [*_typed(form, known), *_ruled(form, known, lang)]
    place = {key: number for number, key in enumerate(form.keys)}
    return sorted(out, key=lambda r: (place[r.key], not r.blocks))


def _typed(form: Form, known: Mapping[Key, SetoranCell]) -> list[Remark]:
    out = []
    for key in form.keys:
        cell = known.get(key)
        if cell is None or cell.value is not None or not cell.text:
            continue
        read = cells.fault(cell.text, form)
        if read.state is not State.MISSING:
            out.append(
                Remark(key, "tak-terbaca", blocks=True, state=read.state, suffix=read.suffix)
            )
        elif not cell.missing:
            out.append(Remark(key, "tanpa-alasan", blocks=True))
    return out


def _ruled(form: Form, known: Mapping[Key, SetoranCell], lang: str) -> list[Remark]:
    keys = [key for key in form.keys if cells.number(known.get(key)) is not None]
    figures = _figures(form, {key: cells.number(known[key]) or Decimal(0) for key in keys})
    if not len(figures):
        return []
    rules, book = catalogue.rules(), form.book
    candidate = Candidate(
        organization=form.setoran.organization_id or "",
        organization_title="",
        dataset=form.obligation.dataset_id,
        tables=(TableRef(None, form.indicator.name, None, ("nilai",)),),
        figures=(figures,),
    )
    wanted = engine.spans(candidate, book, rules.relations)
    own = {form.obligation.dataset_id} if form.obligation.dataset_id else set[str]()
    shown = publications.overlapping(model.Session, wanted, exclude=own)
    found = blocks.fetch(model.Session, wanted, shown)
    public = {number: list(found.get(number, [])) for number in wanted}
    public[form.indicator.id].extend(_handed_in_before(form, public[form.indicator.id]))
    report = engine.check(
        candidate, public, rules, book, own_dataset=form.obligation.dataset_id, checks=CHECKS
    )
    renderer = Renderer(rules, book, lang, tables=candidate.tables)
    by_row = dict(enumerate(keys, start=1))
    out = []
    for finding in report.findings:
        row = finding.location.row if finding.location else None
        if row not in by_row or finding.severity is Severity.INFORMATION:
            continue
        text = renderer.render(finding)
        out.append(
            Remark(
                by_row[row],
                finding.rule,
                blocks=_holds(finding),
                title=text.title,
                message=text.message,
                advice=text.advice,
            )
        )
    return out


def _holds(finding: Finding) -> bool:
    """Whether a kecamatan cannot hand it in: it is wrong by itself.

    Where only another agency's public figure differs, the kecamatan may be the one that is right.
    """
    elsewhere = finding.other is not None and finding.other.publication is not None
    return finding.blocks and not elsewhere


def _figures(form: Form, numbers: Mapping[Key, Decimal]) -> Figures:
    count = len(numbers)
    return Figures.sorted(
        form.indicator,
        _keys(form, form.setoran.period, list(numbers)),
        np.array([float(v) for v in numbers.values()]),
        np.array([min(decimals(v), 100) for v in numbers.values()], dtype=np.int8),
        np.full(count, int(Status.NORMAL), dtype=np.uint8),
        np.zeros(count, dtype=np.int16),
        np.arange(1, count + 1, dtype=np.int32),
        np.zeros(count, dtype=np.int16),
    )


def _keys(form: Form, period: str, wanted: Sequence[Key]) -> packing.Keys:
    """Packed objects of cells in a period."""
    regions = {r.code: r.index for r in form.regions}
    classes = {obligations.written(one): one for one in form.classes}
    columns: dict[str, np.ndarray] = {}
    for dimension in form.indicator.dimensions:
        codes = form.book.codelists[dimension.codelist].codes
        chosen = [classes[k.classification].get(dimension.name) for k in wanted]
        columns[dimension.name] = np.array(
            [codes[c].index if c else 0 for c in chosen], dtype=np.int64
        )
    return packing.pack(
        form.indicator,
        np.full(len(wanted), periods.parse(period).packed, dtype=np.int64),
        np.array([regions[k.region] for k in wanted], dtype=np.int64),
        columns,
    )


def _handed_in_before(form: Form, public: Sequence[Published]) -> list[Published]:
    """The kecamatan's figures of the last periods, as far as they are not public."""
    period = periods.parse(form.setoran.period)
    wanted = []
    for _ in range(_WINDOW):
        period = period.previous
        wanted.append(str(period))
    earlier = model.Session.scalars(
        sa.select(Setoran).where(
            Setoran.obligation_id == form.setoran.obligation_id,
            Setoran.region == form.setoran.region,
            Setoran.period.in_(wanted),
            Setoran.state.in_(RECEIVED),
        )
    ).all()
    known = cells.of_many(one.id for one in earlier)
    asked = set(form.keys)
    numbers: dict[int, Decimal] = {}
    for one in earlier:
        mine = {
            k: v
            for k, c in known[one.id].items()
            if k in asked and (v := cells.number(c)) is not None
        }
        if mine:
            packed = _keys(form, one.period, list(mine)).tolist()
            numbers.update(zip(packed, mine.values(), strict=True))
    shown = {int(k) for p in public for k in p.keys}
    rest = sorted(k for k in numbers if k not in shown)
    if not rest:
        return []
    return [
        Published(
            Publication(-1, "", "", "", form.setoran.organization_id or "", "", "", ""),
            np.array(rest, dtype=np.int64),
            np.array([float(numbers[k]) for k in rest]),
            np.array([min(decimals(numbers[k]), 100) for k in rest], dtype=np.int8),
            np.zeros(len(rest), dtype=np.uint8),
        )
    ]
