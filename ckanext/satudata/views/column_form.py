"""The column form: a declaration as form fields, and form fields as a declaration.

The form asks one question per column ("what is in it?"); the answer is a *meaning*, a role
with its concept written as ``role:concept`` (``dimension:wilayah``). Everything a declaration
holds survives the way through the form and back, also what the form does not show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.extract.declaration import (
    INDICATOR,
    MS_VAR,
    PERIOD,
    REGION,
    STATUS,
    UNIT,
    Declaration,
    Field,
    Role,
)

#: Meaning of a column whose header is a value (2024, 2025 ...) and whose cells are figures.
WIDE = "wide"
MEASURE = Role.MEASURE.value
#: Most things that headers of a wide table can say at once (year and sex, for example).
AXES = 2
#: How numbers can be written: 1.234,5 and 1,234.5.
NOTATIONS = ("id", "en")
#: Constants the form offers beyond those already filled.
SPARE_CONSTANTS = 2
#: Parts of a period that stand in columns of their own.
PERIOD_PARTS = ("tahun", "semester", "triwulan", "bulan")
#: Most columns a submitted form may name; a table has no more either.
MOST_COLUMNS = 4096

_ATTRIBUTES = (UNIT, STATUS)


def meaning_of(f: Field) -> str:
    """The meaning that stands for a field's role and concept; empty while undecided."""
    if f.normalize:
        return WIDE
    if f.role is None:
        return ""
    return f"{f.role.value}:{f.concept}" if f.concept else f.role.value


def concepts(book: CodeBook) -> dict[str, str | None]:
    """Every concept a column can have -> its code list (None: it has none).

    A dimension of an indicator may be called otherwise than its code list.
    """
    out: dict[str, str | None] = {REGION: REGION, PERIOD: None}
    out.update(dict.fromkeys(PERIOD_PARTS))
    out[INDICATOR] = None
    for indicator in book.indicators.values():
        out.update({d.name: d.codelist for d in indicator.dimensions})
    out.update({name: name for name in sorted(book.codelists) if name not in out})
    return out


@dataclass(frozen=True)
class Axis:
    """What the headers of wide columns say: the extra field that receives their values."""

    name: str
    concept: str
    scheme: str


@dataclass(frozen=True)
class Constant:
    """A value that every row has without a column saying it."""

    name: str
    concept: str
    value: str
    scheme: str


@dataclass
class Form:
    """The form's contents.

    Attributes:
        declaration: the declaration they stand for.
        axes: what wide headers say.
        target: the extra field that receives the figures of wide columns, if any.
        constants: values for all rows.
        others: extra fields that the form does not show and hands on.
        errors: field name of the form -> what is wrong with it.
    """

    declaration: Declaration
    axes: list[Axis] = field(default_factory=list)
    target: Field | None = None
    constants: list[Constant] = field(default_factory=list)
    others: list[Field] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


def form_of(declaration: Declaration) -> Form:
    """The form that shows a declaration."""
    keys = list(dict.fromkeys(k for f in declaration.fields for k in f.normalize))
    form = Form(declaration)
    for extra in declaration.extra:
        if extra.target:
            form.target = extra
        elif extra.name in keys:
            form.axes.append(Axis(extra.name, extra.concept or "", extra.scheme or ""))
        elif extra.constant is not None and extra.role in (Role.DIMENSION, Role.ATTRIBUTE):
            form.constants.append(
                Constant(extra.name, extra.concept or "", extra.constant, extra.scheme or "")
            )
        else:
            form.others.append(extra)
    return form


def read(values: Mapping[str, str], before: Declaration, book: CodeBook) -> Form:
    """The form that a person submitted.

    Args:
        values: submitted names and values.
        before: the declaration the form was made from; what the form does not ask is kept.
        book: to recognise indicators and units.
    """
    lists = concepts(book)
    before_form = form_of(before)
    axes = _read_axes(values, before_form)
    target = _read_target(values, before_form, book) if axes else None
    fields = tuple(_read_fields(values, before, lists, axes, book))
    if not any(f.normalize for f in fields):
        axes, target = [], None
    constants = _read_constants(values)
    taken = {f.name for f in fields}
    names: dict[str, str] = {}
    for axis in axes:
        names[axis.name] = _free(axis.name, taken)
    extra = [_extra(before, a.name, names[a.name], a.concept, a.scheme, lists) for a in axes]
    for c in constants:
        made = _extra(before, c.name, _free(c.name or c.concept, taken), c.concept, c.scheme, lists)
        extra.append(replace(made, constant=c.value))
    extra += [f for f in before_form.others if f.name not in taken]
    if target:
        extra.append(replace(target, name=_free(target.name, taken)))
    declaration = replace(
        before,
        fields=tuple(
            replace(f, normalize={names[k]: v for k, v in f.normalize.items()}) for f in fields
        ),
        extra=tuple(extra),
        sheet=values.get("sheet", before.sheet) or None,
        header_row=_whole(values.get("header_row"), before.header_row),
        header_rows=_whole(values.get("header_rows"), before.header_rows) or 1,
        reason=values.get("reason", "").strip() or None,
        notation=_notation(values.get("notation"), before.notation),
    )
    return Form(declaration, axes, target, constants, before_form.others)


def _read_fields(
    values: Mapping[str, str],
    before: Declaration,
    lists: Mapping[str, str | None],
    axes: list[Axis],
    book: CodeBook,
) -> Iterator[Field]:
    known = {f.name: f for f in before.fields}
    count = min(_whole(values.get("count"), None) or 0, MOST_COLUMNS)
    for i in range(count):
        prefix = f"field-{i}-"
        name = values.get(prefix + "name", "")
        if not name:
            continue
        old = known.get(name, Field(name))
        meaning = values.get(prefix + "meaning", meaning_of(old))
        new = Field(name, title=old.title, metadata=_metadata(values, prefix, old))
        if meaning == WIDE and axes:
            heads = (
                values.get(f"{prefix}axis-{k}", name if k == 0 else "").strip()
                for k in range(len(axes))
            )
            yield replace(new, normalize={a.name: v for a, v in zip(axes, heads, strict=True) if v})
            continue
        role, _, concept = meaning.partition(":")
        if role not in set(Role):
            yield new
            continue
        yield replace(new, **_answers(Role(role), concept, prefix, values, old, lists, book))


def _metadata(values: Mapping[str, str], prefix: str, old: Field) -> dict[str, str]:
    """The MS-Var items as submitted; those that were not asked stay."""
    said = {key: values.get(f"{prefix}var-{key}", old.metadata.get(key, "")) for key in MS_VAR}
    return {key: text.strip() for key, text in said.items() if text.strip()}


def _answers(
    role: Role,
    concept: str,
    prefix: str,
    values: Mapping[str, str],
    old: Field,
    lists: Mapping[str, str | None],
    book: CodeBook,
) -> dict[str, object]:
    """What the form's other questions add to a role; each role has questions of its own."""
    if role is Role.MEASURE:
        return {
            "role": role,
            "indicator": indicator_code(values.get(prefix + "indicator", ""), book),
            "unit": unit_code(values.get(prefix + "unit", ""), book),
            "notation": old.notation,
        }
    if role is Role.DIMENSION:
        out: dict[str, object] = _dimension(
            concept, values.get(prefix + "scheme", old.scheme or ""), lists
        )
        if old.concept == concept and old.codelist:
            out["codelist"] = old.codelist
        return out
    if role is Role.LABEL:
        return {"role": role, "of": values.get(prefix + "of", old.of or "") or None}
    return {"role": role, "concept": concept or None}


def _read_axes(values: Mapping[str, str], before: Form) -> list[Axis]:
    axes = []
    for k in range(AXES):
        concept = values.get(f"axis-{k}-concept", "")
        if concept:
            name = values.get(f"axis-{k}-name", "") or concept
            scheme = next((a.scheme for a in before.axes if a.name == name), "")
            axes.append(Axis(name, concept, values.get(f"axis-{k}-scheme", scheme)))
    return axes


def _read_target(values: Mapping[str, str], before: Form, book: CodeBook) -> Field:
    known = before.target or Field("nilai", target=True)
    return replace(
        known,
        metadata=_metadata(values, "target-", known),
        role=Role.MEASURE,
        indicator=indicator_code(values.get("target-indicator", ""), book),
        unit=unit_code(values.get("target-unit", ""), book),
    )


def _read_constants(values: Mapping[str, str]) -> list[Constant]:
    out = []
    for j in range(MOST_COLUMNS):
        if f"constant-{j}-concept" not in values:
            break
        concept = values[f"constant-{j}-concept"]
        value = values.get(f"constant-{j}-value", "").strip()
        if concept and value:
            name = values.get(f"constant-{j}-name", "")
            out.append(Constant(name, concept, value, values.get(f"constant-{j}-scheme", "")))
    return out


def indicator_code(text: str, book: CodeBook) -> str | None:
    """The code of the indicator a person wrote: its code, its name, or both."""
    text = text.strip()
    if not text or text in book.indicators:
        return text or None
    head = text.split(" ")[0]
    if head in book.indicators:
        return head
    folded = text.casefold()
    named = [i.code for i in book.indicators.values() if i.name.casefold() == folded]
    return named[0] if len(named) == 1 else text


def unit_code(text: str, book: CodeBook) -> str | None:
    """The code of the unit a person wrote, or the text itself where there is none."""
    text = text.strip()
    if not text:
        return None
    unit = book.units.find(text)
    return unit.code if unit else text


def faults(form: Form, book: CodeBook) -> dict[str, str]:
    """What must be mended before the form can be saved: form field -> code of the fault."""
    out: dict[str, str] = {}
    declaration = form.declaration
    if declaration.reason:
        return out
    said = {f.concept for f in (*declaration.fields, *declaration.extra)}
    names = {f.name for f in declaration.fields}
    by_column = INDICATOR in said
    for i, f in enumerate(declaration.fields):
        if f.role is Role.MEASURE:
            out.update(_faults_of_measure(f"field-{i}-", f, book, by_column=by_column))
        elif f.role is Role.LABEL and f.of and f.of not in names:
            out[f"field-{i}-of"] = "column_unknown"
        elif f.role is None and not f.normalize:
            out[f"field-{i}-meaning"] = "undecided"
        elif f.normalize and len(f.normalize) < len(form.axes):
            out[f"field-{i}-axis-0"] = "header_without_value"
    if form.target and any(f.normalize for f in declaration.fields):
        out.update(_faults_of_measure("target-", form.target, book, by_column=by_column))
    if not declaration.measures:
        out["table"] = "no_measure"
    return out


def _faults_of_measure(prefix: str, f: Field, book: CodeBook, *, by_column: bool) -> dict[str, str]:
    out = {}
    if not f.indicator and not by_column:
        out[prefix + "indicator"] = "indicator_missing"
    elif f.indicator and f.indicator not in book.indicators:
        out[prefix + "indicator"] = "indicator_unknown"
    if f.unit and f.unit not in book.units.units:
        out[prefix + "unit"] = "unit_unknown"
    return out


def _dimension(concept: str, scheme: str, lists: Mapping[str, str | None]) -> dict[str, object]:
    role = Role.ATTRIBUTE if concept in _ATTRIBUTES else Role.DIMENSION
    return {
        "role": role,
        "concept": concept,
        "codelist": lists.get(concept),
        "scheme": scheme or None,
    }


def _extra(
    before: Declaration,
    old: str,
    name: str,
    concept: str,
    scheme: str,
    lists: Mapping[str, str | None],
) -> Field:
    """An extra field called ``name``, made from the one that was called ``old`` if there is one."""
    known = next((f for f in before.extra if f.name == old), Field(name))
    made = replace(known, **_dimension(concept, scheme, lists), name=name)
    same_list = known.concept == concept and known.codelist
    return replace(made, codelist=known.codelist) if same_list else made


def _free(name: str, taken: set[str]) -> str:
    """A name no column has; the taken ones grow by it."""
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name}-{number}", number + 1
    taken.add(candidate)
    return candidate


def _notation(text: str | None, default: str | None) -> str | None:
    if text is None:
        return default
    return text if text in NOTATIONS else None


def _whole(text: str | None, default: int | None) -> int | None:
    if text is None:
        return default
    return int(text) if text.strip().isdecimal() else None
