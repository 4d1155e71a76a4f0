"""The form of a proposal: figures as people write them, objects as they came."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.model.agreement import BOTH, FIGURE
from ckanext.satudata.store.codebook import load_codebook

from .common import lang
from .present import period_name

#: Fields that name an object, beside its classifications.
_NAMES = ("indicator", "region", "period")
#: Fields of the proposal itself.
_TEXTS = ("kind", "note", "note_en", "valid_from", "valid_to")
#: Beginning of parameters that name a classification, and a party with its figure.
_CLASSIFIED, _STANDS = "rincian.", "nilai."


def from_address(args: Mapping[str, Any]) -> dict[str, Any]:
    """What an address fills in: an object, and parties with their figures."""
    stands = {k[len(_STANDS) :]: str(v) for k, v in args.items() if k.startswith(_STANDS)}
    identity = {name: str(args.get(name, "")) for name in _NAMES}
    classified = {
        k[len(_CLASSIFIED) :]: str(v) for k, v in args.items() if k.startswith(_CLASSIFIED)
    }
    parties = [_id(party) for party in stands]
    figures = {_id(party): text for party, text in stands.items()}
    return {
        "kind": FIGURE,
        "note": "",
        "note_en": "",
        "valid_from": "",
        "valid_to": "",
        "parties": parties,
        "objects": [_described({**identity, "classifications": classified}, "", figures)],
    }


def from_agreement(shown: Mapping[str, Any]) -> dict[str, Any]:
    """What an agreement says, to be changed."""
    return {
        "kind": shown["kind"],
        "note": shown["note"],
        "note_en": shown["note_en"] or "",
        "valid_from": "",
        "valid_to": shown["valid_to"] or "",
        "parties": [p["id"] for p in shown["parties"]],
        "objects": [
            _described(
                {**{n: o[n] for n in _NAMES}, "classifications": o["classifications"]},
                _text(o["value"], o["decimals"]),
                {v["id"]: _text(v["value"], v["decimals"]) for v in o["values"]},
            )
            for o in shown["objects"]
        ],
    }


def from_form(form: Any) -> dict[str, Any]:
    """What was sent."""
    try:
        identities = json.loads(form.get("objects", "[]"))
        named = [
            {**{n: str(i[n]) for n in _NAMES}, "classifications": dict(i["classifications"])}
            for i in identities
        ]
    except (ValueError, TypeError, KeyError):
        tk.abort(400, tk._("The form is damaged. Open the page again."))
    parties = [_id(p) for p in form.getlist("party")]
    return {
        **{
            n: form.get(n, "").strip()
            for n in ("kind", "note", "note_en", "valid_from", "valid_to")
        },
        "parties": parties,
        "objects": [
            _described(
                one,
                form.get(f"value-{i}", "").strip(),
                {p: form.get(f"value-{i}-{p}", "").strip() for p in parties},
            )
            for i, one in enumerate(named)
        ],
    }


def as_parameters(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the action is given."""
    both = asked["kind"] == BOTH
    objects = [
        {
            **one["identity"],
            **(
                {"per_party": {p: _point(one["stands"].get(p, "")) for p in asked["parties"]}}
                if both
                else {"value": _point(one["value"])}
            ),
        }
        for one in asked["objects"]
    ]
    texts = {name: asked[name] for name in _TEXTS if asked[name]}
    return {"kind": "", "note": "", **texts, "parties": asked["parties"], "objects": objects}


def sentences(error: tk.ValidationError) -> list[str]:
    """All sentences of a refusal, also those about single objects, each once."""
    out: list[str] = []

    def gather(value: Any) -> None:
        if isinstance(value, Mapping):
            for inner in value.values():
                gather(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                gather(inner)
        elif value:
            out.append(str(value))

    gather(error.error_dict)
    return list(dict.fromkeys(out))


def _described(identity: dict[str, Any], value: str, stands: Mapping[str, str]) -> dict[str, Any]:
    """An object with the names by which people know it."""
    book = load_codebook(model.Session)
    indicator = book.indicators.get(identity["indicator"])
    region = book.regions.get(identity["region"])
    unit = book.units.units.get(indicator.unit) if indicator else None
    items = []
    for name, code in identity["classifications"].items():
        placed = indicator.dimension(name) if indicator else None
        codelist = book.codelists.get(placed.codelist) if placed else None
        entry = codelist.get(code) if codelist else None
        if code != "_T":
            items.append(entry.label if entry else code)
    return {
        "identity": identity,
        "indicator_name": indicator.name if indicator else identity["indicator"],
        "named": [
            *items,
            region.label if region else identity["region"],
            period_name(identity["period"], lang()) or "",
        ],
        "unit_label": unit.label if unit else "",
        "value": value,
        "stands": dict(stands),
    }


def _text(value: float | None, decimals: int | None) -> str:
    if value is None:
        return ""
    return tk.h.satudata_number(value, decimals)


def _point(text: str) -> str:
    """A figure as written in the page's language, with a decimal point."""
    bare = text.replace("\u00a0", "").replace(" ", "")
    if lang() == "en":
        return bare.replace(",", "")
    return bare.replace(".", "").replace(",", ".")


def _id(organization: str) -> str:
    group = model.Group.get(organization)
    return group.id if group is not None else organization
