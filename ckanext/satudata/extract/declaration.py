"""A column declaration: what each column of a table means.

Kept in a resource's ``schema`` field as a Table Schema (Frictionless) with the structural
words of the Fiscal Data Package for wide tables (``extraFields``, ``normalize``,
``normalizationTarget``, ``constant``) and a ``satudata`` object per field. Example, a table
with one column per year::

    {"fields": [
        {"name": "Kode", "type": "string", "satudata": {"role": "dimension",
            "concept": "wilayah", "codelist": "wilayah", "scheme": "kemendagri"}},
        {"name": "Kecamatan", "type": "string", "satudata": {"role": "label", "of": "Kode"}},
        {"name": "2024", "type": "string", "normalize": {"tahun": "2024"}},
        {"name": "2025", "type": "string", "normalize": {"tahun": "2025"}}],
     "extraFields": [
        {"name": "tahun", "type": "string",
            "satudata": {"role": "dimension", "concept": "periode"}},
        {"name": "komoditas", "type": "string", "constant": "beras-medium", "satudata":
            {"role": "dimension", "concept": "komoditas", "codelist": "komoditas"}},
        {"name": "nilai", "type": "number", "normalizationTarget": true, "satudata":
            {"role": "measure", "indicator": "LOK.KEBUTUHAN_PANGAN", "unit": "ton"}}],
     "satudata": {"version": 1, "sheet": "Data", "header_row": 3, "header_rows": 1}}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from enum import Enum
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from ..consistency.frozen import frozen

VERSION = 1

#: The concepts with a fixed meaning; every other dimension concept is an indicator's dimension.
REGION = "wilayah"
PERIOD = "periode"
INDICATOR = "indikator"
UNIT = "satuan"
STATUS = "status"

#: How numbers may be declared to be written: ``1.234,5`` and ``1,234.5``.
NOTATIONS = ("id", "en")

#: Keys of the MS-Var form (Perban BPS 5/2020) that a field may carry, besides its name.
MS_VAR = (
    "alias",
    "konsep",
    "definisi",
    "referensi_pemilihan",
    "referensi_waktu",
    "tipe_data",
    "klasifikasi_isian",
    "aturan_validasi",
    "kalimat_pertanyaan",
    "akses_umum",
    "ukuran",
    "satuan",
)


class DeclarationError(ValueError):
    """The descriptor cannot be used.

    Attributes:
        code: key of the message.
        params: values for the message.
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(f"{code}: {params}")
        self.code = code
        self.params = params


class Role(str, Enum):
    """What a column is for."""

    __str__ = str.__str__

    DIMENSION = "dimension"
    MEASURE = "measure"
    ATTRIBUTE = "attribute"
    LABEL = "label"
    IGNORE = "ignore"


@frozen(slots=True)
class Field:
    """One column, or one extra field that no column holds.

    Attributes:
        name: the header text (unique within a table; the position decides for columns).
        role: what it is for; None for a wide column, whose role is its target's.
        concept: ``wilayah``, ``periode``, ``indikator``, ``satuan``, ``status`` or the name of a
            further dimension (``komoditas``).
        codelist: code list of a dimension.
        scheme: scheme its codes are written in (``kemendagri``, ``bps``); None: the canonical
            codes or names.
        of: for a label, the name of the field it labels.
        indicator: for a measure, the indicator's code.
        unit: for a measure, the unit the figures are written in.
        constant: for an extra field, the value it has in every row.
        normalize: for a wide column, extra field -> value.
        target: whether this extra field receives the wide columns' values.
        metadata: MS-Var items (:data:`MS_VAR`).
        title: label for people.
        notation: how the numbers of a measure are written, ``id`` (1.234,5) or ``en``
            (1,234.5); None: to be told from the column.
    """

    name: str
    role: Role | None = None
    concept: str | None = None
    codelist: str | None = None
    scheme: str | None = None
    of: str | None = None
    indicator: str | None = None
    unit: str | None = None
    constant: str | None = None
    normalize: Mapping[str, str] = field(default_factory=dict)
    target: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)
    title: str | None = None
    notation: str | None = None


@frozen
class Declaration:
    """The meaning of a table.

    Attributes:
        fields: one per column, in the table's order.
        extra: fields that no column holds.
        sheet: name of the sheet, None for the first visible one (or a text file).
        header_row: 1-based row of the first header line, None to look for it.
        header_rows: number of header lines.
        reason: why a table holds no figures to compare (then no measure is needed).
        notation: notation of all measures that state none of their own.
    """

    fields: tuple[Field, ...]
    extra: tuple[Field, ...] = ()
    sheet: str | None = None
    header_row: int | None = None
    header_rows: int = 1
    reason: str | None = None
    notation: str | None = None

    @property
    def measures(self) -> tuple[Field, ...]:
        """Fields with role measure, extra ones included."""
        return tuple(f for f in (*self.fields, *self.extra) if f.role is Role.MEASURE)

    @property
    def speaks(self) -> bool:
        """Whether it says what the columns mean to us; a plain Table Schema does not."""
        return bool(self.reason) or any(f.role for f in (*self.fields, *self.extra))


def parse(descriptor: str | Mapping[str, Any]) -> Declaration:
    """Read a descriptor as it is kept in a resource's ``schema``.

    Raises:
        DeclarationError: it is not a JSON object, a field has no name, a role
            or notation is unknown, ``normalize`` names an extra field that does not exist, or
            there is not exactly one target although columns are to be normalised.
    """
    # Each save asks several times for the same text.
    return _parsed_text(descriptor) if isinstance(descriptor, str) else _parsed(descriptor)


def _parsed(descriptor: str | Mapping[str, Any]) -> Declaration:
    data = _object(descriptor)
    fields = tuple(_field(f, i) for i, f in enumerate(_list(data, "fields")))
    extra = tuple(_field(f, i) for i, f in enumerate(_list(data, "extraFields")))
    names = [f.name for f in (*fields, *extra)]
    if len(set(names)) != len(names):
        raise DeclarationError(
            "duplicate_name", names=sorted({n for n in names if names.count(n) > 1})
        )
    known = {f.name for f in extra}
    for f in fields:
        unknown = sorted(set(f.normalize) - known)
        if unknown:
            raise DeclarationError("unknown_extra_field", field=f.name, names=unknown)
    if any(f.normalize for f in fields) and sum(f.target for f in extra) != 1:
        raise DeclarationError("one_target_needed")
    own = data.get("satudata") or {}
    if not isinstance(own, Mapping):
        raise DeclarationError("not_an_object", field="satudata")
    return Declaration(
        fields=fields,
        extra=extra,
        sheet=_text(own.get("sheet")),
        header_row=_number(own.get("header_row")),
        header_rows=_number(own.get("header_rows")) or 1,
        reason=_text(own.get("reason")),
        notation=_notation(own, "satudata"),
    )


@lru_cache(maxsize=64)
def _parsed_text(descriptor: str) -> Declaration:
    return _parsed(descriptor)


def is_address(descriptor: str | Mapping[str, Any]) -> bool:
    """Whether a resource's ``schema`` is the address of a Table Schema.

    ckanext-validation allows that. Nothing is fetched for the gate, so to us it says nothing.
    """
    return isinstance(descriptor, str) and urlsplit(descriptor.strip()).scheme in ("http", "https")


def serialise(declaration: Declaration) -> dict[str, Any]:
    """The descriptor of a declaration; :func:`parse` reads it back to an equal one."""
    own = {
        "version": VERSION,
        "sheet": declaration.sheet,
        "header_row": declaration.header_row,
        "header_rows": declaration.header_rows,
        "reason": declaration.reason,
        "notation": declaration.notation,
    }
    out: dict[str, Any] = {"fields": [_descriptor(f) for f in declaration.fields]}
    if declaration.extra:
        out["extraFields"] = [_descriptor(f) for f in declaration.extra]
    out["satudata"] = {k: v for k, v in own.items() if v is not None}
    return out


def _object(descriptor: str | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(descriptor, str):
        try:
            descriptor = json.loads(descriptor)
        except (ValueError, RecursionError) as error:
            raise DeclarationError("not_json", detail=str(error)) from error
    if not isinstance(descriptor, Mapping):
        raise DeclarationError("not_an_object", field="schema")
    return descriptor


def _list(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = data.get(key) or []
    if not isinstance(value, list) or not all(isinstance(v, Mapping) for v in value):
        raise DeclarationError("not_a_list_of_fields", field=key)
    return value


def _text(value: Any) -> str | None:
    return str(value) if value not in (None, "") else None


def _number(value: Any) -> int | None:
    if value in (None, ""):
        return None
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise DeclarationError("not_a_number", value=str(value)) from error


def _notation(own: Mapping[str, Any], where: str) -> str | None:
    value = _text(own.get("notation"))
    if value not in (None, *NOTATIONS):
        raise DeclarationError("unknown_notation", field=where, notation=value)
    return value


def _field(data: Mapping[str, Any], position: int) -> Field:
    name = data.get("name")
    if not isinstance(name, str) or not name:
        raise DeclarationError("field_without_name", position=position + 1)
    own = data.get("satudata") or {}
    normalize = data.get("normalize") or {}
    if not isinstance(own, Mapping) or not isinstance(normalize, Mapping):
        raise DeclarationError("not_an_object", field=name)
    try:
        role = Role(own["role"]) if own.get("role") else None
    except ValueError as error:
        raise DeclarationError("unknown_role", field=name, role=str(own.get("role"))) from error
    return Field(
        name=name,
        role=role,
        concept=_text(own.get("concept")),
        codelist=_text(own.get("codelist")),
        scheme=_text(own.get("scheme")),
        of=_text(own.get("of")),
        indicator=_text(own.get("indicator")),
        unit=_text(own.get("unit")),
        constant=_text(data.get("constant")),
        normalize={str(k): str(v) for k, v in normalize.items()},
        target=bool(data.get("normalizationTarget")),
        metadata={k: str(own[k]) for k in MS_VAR if own.get(k) not in (None, "")},
        title=_text(data.get("title")),
        notation=_notation(own, name),
    )


def _descriptor(f: Field) -> dict[str, Any]:
    out: dict[str, Any] = {"name": f.name}
    out["type"] = "number" if f.role is Role.MEASURE and f.target else "string"
    if f.title:
        out["title"] = f.title
    if f.constant is not None:
        out["constant"] = f.constant
    if f.normalize:
        out["normalize"] = dict(f.normalize)
    if f.target:
        out["normalizationTarget"] = True
    own: dict[str, Any] = {
        "role": f.role.value if f.role else None,
        "concept": f.concept,
        "codelist": f.codelist,
        "scheme": f.scheme,
        "of": f.of,
        "indicator": f.indicator,
        "unit": f.unit,
        "notation": f.notation,
        **f.metadata,
    }
    own = {k: v for k, v in own.items() if v is not None}
    if own:
        out["satudata"] = own
    return out
