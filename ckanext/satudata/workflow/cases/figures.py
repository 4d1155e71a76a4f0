"""The figure a complaint says is wrong: which object, what was shown, and whether it still is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ckan import model

from ckanext.satudata.consistency import keys, period, wording
from ckanext.satudata.consistency.vocabulary import CodeBook, Indicator
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.store import observations
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.types import AnySession

#: Public figures of one object: a few agencies may show it.
_MOST = 10_000


class NoFigure(SatudataError):
    """What was named is no figure that is public.

    Attributes:
        field: ``indicator``, ``region``, ``period``, ``dimensions``, ``dataset`` or ``value``.
    """

    def __init__(self, field: str) -> None:
        super().__init__(f"no such figure: {field}")
        self.field = field


@dataclass(frozen=True, slots=True)
class Named:
    """A figure as an address or a form names it.

    Attributes:
        indicator: its code.
        region: canonical code of the region.
        period: canonical text.
        dimensions: further dimension -> code; what is left out means the total.
        dataset: id or name of the dataset that shows it, or empty.
    """

    indicator: str
    region: str
    period: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    dataset: str = ""


def shown(session: AnySession, named: Named) -> dict[str, Any]:
    """What is public of a named figure, to be kept with the complaint; JSON-ready.

    The value is read from what is public and not from the form: a complaint is about what the
    portal shows.

    Args:
        session: the session to read with.
        named: which one.

    Returns:
        ``indicator``, ``region``, ``period``, ``dimensions``, ``value`` and ``decimals``,
        ``dataset`` (id) and ``organization`` (id of who shows it).

    Raises:
        NoFigure: a code is unknown, or nobody shows such a figure.
    """
    book = load_codebook(session)
    indicator, key = _key(book, named)
    dataset = _dataset(named.dataset)
    rows = _rows(session, book, indicator, key, dataset)
    if not rows:
        raise NoFigure("value")
    row = rows[0]
    found = keys.decode(indicator, key, book.codelists)
    return {
        "indicator": indicator.code,
        "region": found.region,
        "period": found.period,
        "dimensions": dict(found.rest),
        "value": row.value,
        "decimals": row.decimals,
        "dataset": row.publication.dataset,
        "organization": row.publication.organization,
    }


def is_shown(session: AnySession, figure: Mapping[str, Any]) -> bool:
    """Whether the dataset still shows the value that was complained about.

    Args:
        session: the session to read with.
        figure: as :func:`shown` returned it.
    """
    return any(row.value == figure["value"] for row in current(session, figure))


def current(session: AnySession, figure: Mapping[str, Any]) -> list[observations.Row]:
    """What the dataset shows for the object now; nothing if it left the public."""
    book = load_codebook(session)
    named = Named(figure["indicator"], figure["region"], figure["period"], figure["dimensions"])
    try:
        indicator, key = _key(book, named)
    except NoFigure:
        return []
    return _rows(session, book, indicator, key, figure.get("dataset"))


def title(session: AnySession, figure: Mapping[str, Any], lang: str) -> str:
    """A figure's object as a line: ``Produksi padi · Sepauk · 2025``."""
    book = load_codebook(session)
    indicator = book.indicators.get(figure["indicator"])
    region = book.regions.get(figure["region"])
    names = [
        indicator.name if indicator else figure["indicator"],
        *(book.labels(indicator, figure["dimensions"]) if indicator else ()),
        region.label if region else "",
        wording.period(period.parse(figure["period"]), lang),
    ]
    return " · ".join(n for n in names if n)


def written(figure: Mapping[str, Any], lang: str) -> str:
    """The value as it was shown, with its digits."""
    value = Decimal(repr(figure["value"])).quantize(Decimal(1).scaleb(-figure["decimals"]))
    text = f"{value:,f}"
    return text if lang == "en" else text.translate(str.maketrans(",.", ".,"))


def _key(book: CodeBook, named: Named) -> tuple[Indicator, int]:
    indicator = book.indicators.get(named.indicator)
    if indicator is None:
        raise NoFigure("indicator")
    if named.region != keys.TOTAL and book.regions.get(named.region) is None:
        raise NoFigure("region")
    try:
        when = str(period.parse(named.period))
    except ValueError:
        raise NoFigure("period") from None
    wanted = keys.ObjectKey(when, named.region, named.dimensions)
    try:
        return indicator, keys.encode(indicator, wanted, book.codelists)
    except keys.LayoutError:
        raise NoFigure("dimensions") from None


def _dataset(reference: str) -> str | None:
    if not reference:
        return None
    found = model.Package.get(reference)
    if found is None:
        raise NoFigure("dataset")
    return found.id


def _rows(
    session: AnySession, book: CodeBook, indicator: Indicator, key: int, dataset: str | None
) -> list[observations.Row]:
    found = keys.decode(indicator, key, book.codelists)
    region = book.regions.get(found.region)
    wanted = observations.Selection(
        indicators=(indicator.id,),
        region=region.index if region else None,
        period=period.parse(found.period).packed,
        dataset=dataset,
    )
    return [row for row in observations.select(session, wanted, _MOST) if row.key == key]
