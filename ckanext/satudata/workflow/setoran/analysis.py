"""What an agency looks at before it recaps: change, share, and figures that stand out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ckanext.satudata.consistency import period as periods
from ckanext.satudata.consistency.aggregation import outliers
from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.model.setoran import Obligation

from . import computing, obligations
from .computing import Computed, Line


@dataclass(frozen=True, slots=True)
class Told:
    """One figure with what is to be seen in it.

    Attributes:
        line: the figure.
        before: that of the period before, None where there was none.
        change: difference to it.
        percent: the same in per cent of it, None where that was zero.
        share: of the kabupaten's figure in per cent; for sums only.
        stands_out: modified z-score among the kecamatan, None where it does not stand out.
    """

    line: Line
    before: Decimal | None = None
    change: Decimal | None = None
    percent: float | None = None
    share: float | None = None
    stands_out: float | None = None


def tell(obligation: Obligation, computed: Computed, book: CodeBook) -> list[Told]:
    """What is to be seen in a recap, line by line.

    What stands out is looked for among the kecamatan of one classification: in their changes
    where there was a period before, since kecamatan differ in size; else, for what does not grow
    with size (prices, ratios), in the figures themselves.
    """
    earlier = computing.compute(obligation, str(periods.parse(computed.period).previous), book)
    past = {(b.region, b.classification): b.value for b in earlier.lines}
    additive = obligations.indicator_of(obligation, book).additive
    found = [
        _compared(line, past.get((line.region, line.classification))) for line in computed.lines
    ]
    wholes = {
        t.line.classification: Decimal(t.line.value)
        for t in found
        if t.line.region == book.home and t.line.value
    }
    scores = _scores(found, book, additive)
    return [
        Told(
            t.line,
            t.before,
            t.change,
            t.percent,
            _share(t.line, wholes) if additive else None,
            scores.get((t.line.region, t.line.classification)),
        )
        for t in found
    ]


def _compared(line: Line, earlier: str | None) -> Told:
    if earlier is None or line.value is None:
        return Told(line, Decimal(earlier) if earlier else None)
    before, now = Decimal(earlier), Decimal(line.value)
    change = now - before
    return Told(line, before, change, float(change / before * 100) if before else None)


def _share(line: Line, wholes: Mapping[str, Decimal]) -> float | None:
    whole = wholes.get(line.classification)
    if not whole or line.value is None:
        return None
    return float(Decimal(line.value) / whole * 100)


def _scores(found: list[Told], book: CodeBook, additive: bool) -> dict[tuple[str, str], float]:
    out: dict[tuple[str, str], float] = {}
    for text in {t.line.classification for t in found}:
        mine = [
            t
            for t in found
            if t.line.classification == text
            and (entry := book.regions.get(t.line.region)) is not None
            and entry.parent == book.home
        ]
        changes = {t.line.region: t.percent for t in mine if t.percent is not None}
        scores = outliers(changes)
        if not changes and not additive:
            scores = outliers({t.line.region: float(t.line.value) for t in mine if t.line.value})
        out.update({(region, text): score for region, score in scores.items()})
    return out
