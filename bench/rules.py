"""What each rule costs: a million figures, other agencies showing the same ones."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ckanext.satudata.consistency import engine
from ckanext.satudata.consistency.case import Case, Check, Collector
from ckanext.satudata.consistency.checks import CHECKS
from ckanext.satudata.consistency.observations import Candidate, Figures, Published, TableRef
from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.rules import load_rules

from . import timing, world
from .table import Row, alone

_HOLDER = world.agency(1, world.PRODUCER)


def run(runs: int, days: int) -> list[Row]:
    """Measure every check of the catalogue, for figures that do not add up and for some that do.

    Args:
        runs: counted runs.
        days: size of the world.

    Raises:
        RuntimeError: a rule held the figures back.
    """
    part = world.part(days, 0)
    prices, book = part.values, world.book()
    price = world.indicator()
    amount = replace(price, ukuran="jumlah", unit="kg", additive=True)
    return [
        _measure(runs, book, part, prices, "prices"),
        _measure(
            runs, replace(book, indicators={amount.code: amount}), part, _sums(part), "amounts"
        ),
    ]


def _measure(
    runs: int, book: CodeBook, part: world.Part, values: npt.NDArray[np.float64], what: str
) -> Row:
    (indicator,) = book.indicators.values()
    n = len(part.keys)
    decimals, status = np.full(n, 2, np.int8), np.zeros(n, np.uint8)
    zeros = np.zeros(n, np.int16)
    rows = np.arange(2, n + 2, dtype=np.int32)
    figures = Figures(indicator, part.keys, values, decimals, status, zeros, rows, zeros)
    public = Published(_HOLDER, part.keys, values.copy(), decimals, status)
    tables = (TableRef("r", "calon.csv", None, ("harga",)),)
    candidate = Candidate(world.CITING, "Pengutip", "calon", tables, (figures,))
    rules = load_rules()
    spans = engine.spans(candidate, book, rules.relations)
    published = {number: [public] if number == indicator.id else [] for number in spans}
    samples: list[dict[str, float]] = []
    for _ in range(runs + 1):
        spent: dict[str, float] = {}
        checks = [_timed(check, spent) for check in CHECKS]
        report = engine.check(candidate, published, rules, book, own_dataset="calon", checks=checks)
        if report.blocked:
            raise RuntimeError(f"rules held {what} back: {report.counts}")
        samples.append(spent)
    parts = {name: tuple(s[name] for s in samples[1:]) for name in samples[0]}
    total = tuple(map(sum, zip(*parts.values(), strict=True)))
    return alone(f"all rules on {n / 1e6:.2g}M {what}", timing.Cost(total, parts))


def _timed(check: Check, spent: dict[str, float]) -> Check:
    """The check, noting what it took; what checks share is counted with the first that needs it."""
    run: Callable[[Case, Figures, Collector], None] = check.run

    def measured(case: Case, figures: Figures, out: Collector) -> None:
        start = time.perf_counter()
        run(case, figures, out)
        spent["+".join(check.emits)] = time.perf_counter() - start

    return replace(check, run=measured)


def _sums(part: world.Part) -> npt.NDArray[np.float64]:
    """Amounts of which each region has as much as its parts together."""
    shape = (-1, world.REGIONS, world.TOGETHER)
    values = np.random.default_rng(world.SEED).integers(1_000, 1_100, len(part.keys)).reshape(shape)
    below = values[:, 1:].reshape(-1, world.KECAMATAN, world.DESA + 1, world.TOGETHER)
    below[:, :, 0] = below[:, :, 1:].sum(axis=2)
    values[:, 0] = below[:, :, 0].sum(axis=1)
    return values.reshape(-1).astype(np.float64)
