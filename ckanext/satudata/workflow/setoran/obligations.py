"""Obligations: which kecamatan hand in which figures, to whom, how often and until when."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.consistency.aggregation import Method
from ckanext.satudata.consistency.period import Frequency
from ckanext.satudata.consistency.relations import Relations
from ckanext.satudata.consistency.vocabulary import Code, CodeBook, Indicator
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.setoran import LEVELS, Obligation, Setoran
from ckanext.satudata.organizations import registry
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.workflow import catalogue, trail
from ckanext.satudata.workflow.indicators import Refusal

#: How often, in the words of a dataset's metadata.
FREQUENCIES: Mapping[str, Frequency] = {
    "harian": Frequency.DAY,
    "mingguan": Frequency.WEEK,
    "bulanan": Frequency.MONTH,
    "triwulanan": Frequency.QUARTER,
    "semesteran": Frequency.SEMESTER,
    "tahunan": Frequency.YEAR,
}
#: What is asked with one form has to fit on a page.
MOST_CELLS = 2_000
#: More working days than this is no deadline.
MOST_DAYS = 250

#: What cannot change any more once a kecamatan was asked: what came in would mean something else.
_FIXED = ("indicator", "frequency", "level")
_TEXTS = ("instructions", "instructions_en")


class InvalidObligation(SatudataError):
    """What was sent about an obligation is refused.

    Attributes:
        fields: name of the field -> why.
    """

    def __init__(self, fields: Mapping[str, Refusal]) -> None:
        super().__init__(", ".join(f"{k}: {v.rule}" for k, v in fields.items()))
        self.fields = dict(fields)


def create(values: Mapping[str, Any], user: str | None) -> Obligation:
    """Add an obligation in the session's transaction.

    Args:
        values: ``indicator`` (code), ``organization`` (id of the receiving body), ``frequency``,
            ``due_days`` and, as they differ from the usual, ``level``, ``regions``, ``classes``,
            ``method``, ``weight`` (code), ``active_from``, ``active_to`` and the instructions.
        user: id of the person.

    Raises:
        InvalidObligation: it cannot be asked like this.
    """
    wanted = {"level": "kecamatan", "due_days": 5, "active_from": utc_now().date(), **values}
    obligation = Obligation(id=str(uuid.uuid4()), created_by=user, **_checked(wanted))
    model.Session.add(obligation)
    model.Session.flush()
    _record("create", obligation, user, after=describe(obligation))
    return obligation


def update(obligation: Obligation, values: Mapping[str, Any], user: str | None) -> None:
    """Change an obligation; fields that are not given stay. Setoran that are open stay as asked.

    Raises:
        InvalidObligation: it cannot be asked like this, or figures were asked already and would
            mean something else.
    """
    before = describe(obligation)
    wanted = {**before, **values}
    if _asked(obligation):
        changed = [f for f in _FIXED if wanted[f] != before[f]]
        if changed:
            raise InvalidObligation({f: Refusal("fixed", {}) for f in changed})
    for name, value in _checked(wanted).items():
        setattr(obligation, name, value)
    obligation.updated_at = utc_now()
    model.Session.flush()
    _record("update", obligation, user, before=before, after=describe(obligation))


def end(obligation: Obligation, last: date, user: str | None) -> None:
    """Ask nothing more for periods that begin after a day; what is open stays due.

    Raises:
        InvalidObligation: the day lies before the obligation begins.
    """
    update(obligation, {"active_to": last}, user)


def find(obligation_id: str) -> Obligation | None:
    """An obligation by its id."""
    return model.Session.get(Obligation, obligation_id)


def describe(obligation: Obligation) -> dict[str, Any]:
    """What an obligation says, JSON-ready, as :func:`create` takes it."""
    book = load_codebook(model.Session)
    weight = book.indicator_by_id(obligation.weight_id) if obligation.weight_id else None
    return {
        "indicator": indicator_of(obligation, book).code,
        "organization": obligation.organization_id,
        "frequency": obligation.frequency,
        "level": obligation.level,
        "regions": list(obligation.regions),
        "classes": {name: list(codes) for name, codes in obligation.classes.items()},
        "due_days": obligation.due_days,
        "method": obligation.method,
        "weight": weight.code if weight else None,
        "active_from": obligation.active_from.isoformat(),
        "active_to": obligation.active_to.isoformat() if obligation.active_to else None,
        "instructions": obligation.instructions,
        "instructions_en": obligation.instructions_en,
    }


def indicator_of(obligation: Obligation, book: CodeBook) -> Indicator:
    """What is asked; a foreign key keeps it from being deleted."""
    found = book.indicator_by_id(obligation.indicator_id)
    assert found is not None
    return found


def weight_of(obligation: Obligation, book: CodeBook) -> Indicator | None:
    """By what averages are weighted: the obligation's own choice, else the rules'."""
    if obligation.weight_id is not None:
        return book.indicator_by_id(obligation.weight_id)
    code = catalogue.rules().relations.traits(indicator_of(obligation, book)).weight
    return book.indicators.get(code) if code else None


def usual_method(indicator: Indicator, weight: str | None, relations: Relations) -> Method:
    """How an indicator's wholes follow from its parts, if nobody says otherwise.

    Counts and amounts are summed. Averages and ratios are weighted where a weight is known; where
    none is, as for an index, the parts do not tell the whole.
    """
    if indicator.additive:
        return Method.SUM
    known = weight or relations.traits(indicator).weight
    if indicator.is_mean and known:
        return Method.WEIGHTED_MEAN
    return Method.NONE


def classifications(obligation: Obligation, indicator: Indicator) -> list[dict[str, str]]:
    """The classifications asked of each region, in the order of the form."""
    lists = [
        [(d.name, code) for code in obligation.classes.get(d.name, ())]
        for d in indicator.dimensions
        if obligation.classes.get(d.name)
    ]
    return [dict(chosen) for chosen in itertools.product(*lists)]


def written(classification: Mapping[str, str]) -> str:
    """A classification as the text by which a cell is found."""
    return ";".join(f"{name}={code}" for name, code in classification.items())


def parts_of(obligation: Obligation, region: str, book: CodeBook, on: date) -> Sequence[Code]:
    """The regions of which a kecamatan gives figures: itself, or its desa of that day."""
    own = book.regions.get(region)
    assert own is not None
    return (own,) if obligation.level == "kecamatan" else book.regions.children(region, on=on)


def _asked(obligation: Obligation) -> bool:
    query = sa.select(sa.exists().where(Setoran.obligation_id == obligation.id))
    return bool(model.Session.scalar(query))


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a row.

    Raises:
        InvalidObligation: a value is refused.
    """
    book = load_codebook(model.Session)
    errors: dict[str, Refusal] = {}
    indicator = book.indicators.get(str(values.get("indicator")))
    if indicator is None or indicator.retired:
        errors["indicator"] = Refusal("indicator-unknown", {"found": values.get("indicator")})
    body = model.Group.get(str(values.get("organization")))
    active = body is not None and body.is_organization and body.state == model.State.ACTIVE
    if body is None or not active or not may_receive(body):
        errors["organization"] = Refusal("organization-unknown", {})
    if values.get("frequency") not in FREQUENCIES:
        errors["frequency"] = Refusal("one-of", {"known": ", ".join(FREQUENCIES)})
    if values.get("level") not in LEVELS:
        errors["level"] = Refusal("one-of", {"known": ", ".join(LEVELS)})
    days = values.get("due_days")
    if not isinstance(days, int) or not 0 <= days <= MOST_DAYS:
        errors["due_days"] = Refusal("due-days", {"most": MOST_DAYS})
    first, last = _day(values.get("active_from")), _day(values.get("active_to"))
    if first is None:
        errors["active_from"] = Refusal("day", {})
    elif last is not None and last < first:
        errors["active_to"] = Refusal("ends-before", {"first": first.isoformat()})
    regions = _regions(values.get("regions"), book, errors)
    classes = _classes(values.get("classes") or {}, indicator, book, errors)
    method, weight = _method(values, indicator, book, errors)
    if errors:
        raise InvalidObligation(errors)
    assert indicator is not None
    assert body is not None
    return {
        "indicator_id": indicator.id,
        "organization_id": body.id,
        "frequency": values["frequency"],
        "level": values["level"],
        "regions": regions,
        "classes": classes,
        "due_days": days,
        "method": method,
        "weight_id": weight.id if weight else None,
        "active_from": first,
        "active_to": last,
        **{name: str(values.get(name) or "") for name in _TEXTS},
    }


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _regions(asked: Any, book: CodeBook, errors: dict[str, Refusal]) -> list[str]:
    """Kemendagri codes of kecamatan that have a body in the portal."""
    inside = [c.code for c in book.regions.children(book.home, on=utc_now().date())]
    wanted = [str(code) for code in asked] if asked else inside
    strange = [code for code in wanted if code not in inside]
    if strange:
        errors["regions"] = Refusal("region-unknown", {"found": ", ".join(strange)})
    return [code for code in inside if code in wanted]


def _classes(
    asked: Mapping[str, Sequence[str]],
    indicator: Indicator | None,
    book: CodeBook,
    errors: dict[str, Refusal],
) -> dict[str, list[str]]:
    if indicator is None:
        return {}
    out: dict[str, list[str]] = {}
    for name, codes in asked.items():
        dimension = indicator.dimension(name)
        known = book.codelists[dimension.codelist].codes if dimension else {}
        strange = [c for c in codes if c not in known]
        if dimension is None or strange:
            found = ", ".join(strange) or name
            errors["classes"] = Refusal("class-unknown", {"found": found})
        elif codes:
            out[name] = list(dict.fromkeys(codes))
    cells = 1
    for codes in out.values():
        cells *= len(codes)
    if cells > MOST_CELLS:
        errors["classes"] = Refusal("too-many", {"cells": cells, "most": MOST_CELLS})
    return out


def _method(
    values: Mapping[str, Any],
    indicator: Indicator | None,
    book: CodeBook,
    errors: dict[str, Refusal],
) -> tuple[str, Indicator | None]:
    weight = book.indicators.get(str(values["weight"])) if values.get("weight") else None
    if values.get("weight") and weight is None:
        errors["weight"] = Refusal("indicator-unknown", {"found": values["weight"]})
    if indicator is None:
        return "", None
    relations = catalogue.rules().relations
    known = weight.code if weight else relations.traits(indicator).weight
    if not values.get("method"):
        return usual_method(indicator, known, relations).value, weight
    asked = str(values["method"])
    if asked not in {m.value for m in Method}:
        errors["method"] = Refusal("one-of", {"known": ", ".join(m.value for m in Method)})
    elif asked == Method.SUM and not indicator.additive:
        errors["method"] = Refusal("not-additive", {"ukuran": indicator.ukuran})
    elif asked == Method.WEIGHTED_MEAN and not known:
        errors["weight"] = Refusal("weight-missing", {})
    return asked, weight


def may_receive(body: model.Group) -> bool:
    """Whether a body can be the one that kecamatan hand figures in to: none that is below them."""
    return registry.value_of(body, "jenis") not in ("kecamatan", "kelurahan", "desa")


def body_of(region: str) -> model.Group | None:
    """The body that answers for a kecamatan, or None while the portal has none."""
    return registry.with_value("kode_kemendagri", region, but=None)


def title(obligation: Obligation) -> str:
    """What an obligation is called: its indicator's name."""
    return indicator_of(obligation, load_codebook(model.Session)).name


def _record(
    what: str,
    obligation: Obligation,
    user: str | None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    trail.record(
        f"obligation.{what}",
        trail.Subject("obligation", obligation.id, title(obligation)),
        actor=user,
        organization=obligation.organization_id,
        before=before,
        after=after,
    )
