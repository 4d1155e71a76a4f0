"""Charts as SVG, drawn on the server from Vega-Lite specifications; nothing is fetched for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ckanext.satudata.consistency import period as periods

from . import present

#: Told apart by people who see colours differently, too (Okabe and Ito).
_COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
_NUMBERS = {
    "id": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp", ""]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["Rp", ""]},
}
#: From this ratio on two figures are shown on a logarithmic scale.
_FAR = 50
_FONT = "DejaVu Sans, Arial, sans-serif"


def of_series(snapshot: Mapping[str, Any], lang: str, description: str) -> str:
    """The chart of a conflict's first object: what is and was public, and the other figure.

    Args:
        snapshot: of the agenda item; with at least one object.
        lang: ``id`` or ``en``.
        description: what the chart shows, for those who do not see it.

    Returns:
        An SVG document.
    """
    return _drawn(json.dumps(_spec(snapshot, lang, description), sort_keys=True), lang)


def _spec(snapshot: Mapping[str, Any], lang: str, description: str) -> dict[str, Any]:
    first, own = snapshot["objects"][0], snapshot["own"]
    texts = {p["period"] for p in snapshot["series"]} | {first["period"]}
    order = sorted(texts, key=lambda t: periods.parse(t).packed)
    rows = [
        {
            "period": present.period_name(p["period"], lang),
            "value": p["value"],
            "agency": p["organization_title"],
            "current": p["current"],
        }
        for p in snapshot["series"]
    ]
    disputed = {
        "period": present.period_name(first["period"], lang),
        "value": float(Decimal(first["own"])),
        "agency": own["organization_title"],
        "current": True,
    }
    x = {
        "field": "period",
        "type": "ordinal",
        "sort": [present.period_name(t, lang) for t in order],
        "title": None,
        "axis": {"labelAngle": -30 if len(order) > 6 else 0},
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "title": snapshot["indicator"]["unit_label"],
        "scale": {"zero": False, "nice": True},
    }
    agencies = list(dict.fromkeys([*(r["agency"] for r in rows), disputed["agency"]]))
    colour = {
        "field": "agency",
        "type": "nominal",
        "title": None,
        "scale": {"domain": agencies, "range": _COLOURS[: len(agencies)]},
        "legend": {"orient": "top", "columns": 1, "labelLimit": 600},
    }
    values = [abs(r["value"]) for r in rows] + [abs(disputed["value"])]
    if min(values) > 0 and max(values) / min(values) > _FAR:
        # Kilogram beside ton: on a common scale one of the two would be a line on the ground.
        y["scale"] = {"type": "log"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": description,
        "width": 620,
        "height": 250,
        "background": None,
        "config": {
            "font": _FONT,
            "axis": {"labelFontSize": 15, "titleFontSize": 15, "labelColor": "#1f2a37"},
            "legend": {"labelFontSize": 15, "symbolSize": 140},
            "view": {"stroke": "#d9dee5"},
        },
        "layer": [
            {
                "data": {"values": [r for r in rows if r["current"]]},
                "mark": {"type": "line", "strokeWidth": 3, "point": {"size": 90, "filled": True}},
                "encoding": {"x": x, "y": y, "color": colour},
            },
            {
                "data": {"values": [r for r in rows if not r["current"]]},
                "mark": {"type": "point", "size": 110, "strokeWidth": 2, "opacity": 0.7},
                "encoding": {"x": x, "y": y, "color": colour},
            },
            {
                "data": {"values": [disputed]},
                "mark": {"type": "point", "shape": "diamond", "size": 420, "filled": True},
                "encoding": {"x": x, "y": y, "color": colour},
            },
        ],
    }


@lru_cache(maxsize=256)
def _drawn(spec: str, lang: str) -> str:
    # Its threads must not be there when the web server forks.
    import vl_convert

    return vl_convert.vegalite_to_svg(
        json.loads(spec), vl_version="5.20", allowed_base_urls=[], format_locale=_NUMBERS[lang]
    )
