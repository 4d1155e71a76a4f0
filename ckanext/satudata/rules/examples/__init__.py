"""Examples of the rules: small tables, one that passes and one that fails, kept as data.

Each rule of the comparison has a file beside this one, named like the rule. The documents show
them with what the portal says, and the tests run them, so neither can differ from the other.
Nothing of CKAN is needed::

    passes:                     # or "fails"
      title: {id: ..., en: ...}
      public:                   # what other datasets show
        - {by: dkp, rows: {LOK.KEBUTUHAN_PANGAN: [["2025", "61.05.01", beras, "120,5"]]}}
      previous: {...}           # what this dataset shows until now: indicator -> rows
      table: {...}              # what would become public: indicator -> rows
      declared: {years: [2025], cited: ..., reason: ...}
      coverage: "61.05"
      agreements:               # what agencies agreed upon: a figure for all, or one for each
        - {number: 001/BA-SDI/2026, note: {id: ..., en: ...}, values: {"*": {LOK...: [[...]]}}}

A row is period, region, code (``_T`` for the total; left out where the indicator has no further
dimension), the figure as written in Indonesian notation, and perhaps its SDMX status.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import yaml

from ckanext.satudata.consistency import engine, keys, period
from ckanext.satudata.consistency.agreements import Agreed, Agreement, Entry
from ckanext.satudata.consistency.findings import Finding, Report
from ckanext.satudata.consistency.observations import (
    Candidate,
    Declared,
    Figures,
    Publication,
    Published,
    Status,
    TableRef,
)
from ckanext.satudata.consistency.rules import RuleSet
from ckanext.satudata.consistency.vocabulary import (
    Code,
    CodeBook,
    CodeList,
    Dimension,
    Indicator,
    Unit,
    Units,
)

#: The agency whose table is judged.
AGENCY = "dagang"

#: Agencies of the examples and what they are called.
AGENCIES = {
    AGENCY: "Dinas Perdagangan",
    "bps": "BPS Kabupaten Sintang",
    "bulog": "Perum Bulog",
    "dkp": "Dinas Ketahanan Pangan",
    "dukcapil": "Disdukcapil",
}

#: Headers of the example's table, as findings name them.
HEADERS = ("Periode", "Wilayah", "Rincian", "Nilai")

_STATUS = {
    "A": Status.NORMAL,
    "P": Status.PROVISIONAL,
    "E": Status.ESTIMATED,
    "F": Status.FORECAST,
}

#: Indicator -> its rows.
Rows = Mapping[str, Sequence[Sequence[str]]]


@dataclass(frozen=True)
class Example:
    """One example.

    Attributes:
        rule: id of the rule it is about.
        passes: whether the rule finds nothing.
        title: what happens, by language.
        table: what would become public.
        by: the agency that would publish it.
        public: what other datasets show: agency and rows.
        previous: what this dataset shows until now.
        declared: what else the dataset says.
        coverage: region it promises to cover, or None.
        agreements: what holds between agencies: the agreement, and agency (``*`` for all) -> rows.
    """

    rule: str
    passes: bool
    title: Mapping[str, str]
    table: Rows
    by: str = AGENCY
    public: Sequence[tuple[str, Rows]] = ()
    previous: Rows = field(default_factory=dict)
    declared: Declared = field(default_factory=Declared)
    coverage: str | None = None
    agreements: Sequence[tuple[Agreement, Mapping[str, Rows]]] = ()

    def run(self, rules: RuleSet) -> Report:
        """Judge the example by some rules."""
        candidate = Candidate(
            organization=self.by,
            organization_title=AGENCIES[self.by],
            dataset="contoh",
            tables=(
                TableRef("r0", "tabel.xlsx", None, ("Periode", "Wilayah", "Rincian", "Nilai")),
            ),
            figures=tuple(_figures(code, rows) for code, rows in self.table.items()),
            coverage=self.coverage,
            declared=self.declared,
        )
        published: dict[int, list[Published]] = {
            n: [] for n in engine.spans(candidate, world(), rules.relations)
        }
        for number, (agency, tables) in enumerate(self.public, start=1):
            for code, rows in tables.items():
                one = _published(number, agency, f"dataset-{number}", code, rows)
                published.setdefault(world().indicators[code].id, []).append(one)
        previous = {
            world().indicators[code].id: [_published(99, self.by, "contoh", code, rows)]
            for code, rows in self.previous.items()
        }
        return engine.check(
            candidate,
            published,
            rules,
            world(),
            own_dataset="contoh",
            previous=previous,
            agreed=_agreed(self.agreements),
        )

    def findings(self, rules: RuleSet) -> list[Finding]:
        """What the example's rule finds."""
        return [f for f in self.run(rules).findings if f.rule == self.rule]


def of_rule(rule_id: str) -> list[Example]:
    """The examples of a rule, the one that passes first; none where it has no file."""
    path = files(__name__).joinpath(f"{rule_id}.yaml")
    if not path.is_file():
        return []
    data = yaml.safe_load(path.read_text("utf-8"))
    return [_example(rule_id, passes, data[name]) for name, passes in _OUTCOMES.items()]


def every() -> Iterator[Example]:
    """All examples of all rules."""
    for path in sorted(files(__name__).iterdir(), key=lambda p: p.name):
        name, _, suffix = path.name.partition(".")
        if suffix == "yaml" and name != "world":
            yield from of_rule(name)


_OUTCOMES = {"passes": True, "fails": False}


def _example(rule_id: str, passes: bool, data: Mapping[str, Any]) -> Example:
    declared = data.get("declared", {})
    years = declared.get("years")
    return Example(
        rule=rule_id,
        passes=passes,
        title=data["title"],
        table=data["table"],
        by=data.get("by", AGENCY),
        public=[(p["by"], p["rows"]) for p in data.get("public", ())],
        previous=data.get("previous", {}),
        declared=Declared(
            frozenset(years) if years else None,
            declared.get("cited", ""),
            declared.get("reason", ""),
        ),
        coverage=data.get("coverage"),
        agreements=[
            (Agreement(a["number"], a["number"], a["note"]), a["values"])
            for a in data.get("agreements", ())
        ],
    )


def _agreed(agreements: Sequence[tuple[Agreement, Mapping[str, Rows]]]) -> dict[int, Agreed]:
    entries: dict[int, list[Entry]] = {}
    for agreement, values in agreements:
        for agency, tables in values.items():
            party = None if agency == "*" else agency
            for code, rows in tables.items():
                f = _figures(code, rows)
                entries.setdefault(f.indicator.id, []).extend(
                    Entry(int(f.keys[i]), float(f.values[i]), int(f.decimals[i]), party, agreement)
                    for i in range(len(f))
                )
    return {number: Agreed.of(found) for number, found in entries.items()}


@lru_cache(maxsize=1)
def world() -> CodeBook:
    """The code book of the examples."""
    data = yaml.safe_load(files(__name__).joinpath("world.yaml").read_text("utf-8"))
    lists = {name: _codelist(name, codes) for name, codes in data["codelists"].items()}
    units = [Unit(**{**u, "factor": Decimal(str(u["factor"]))}) for u in data["units"]]
    indicators = [_indicator(i, entry) for i, entry in enumerate(data["indicators"], 1)]
    return CodeBook(
        codelists=lists,
        units=Units({u.code: u for u in units}, {}),
        indicators={i.code: i for i in indicators},
        home=data["home"],
    )


def _codelist(name: str, entries: Sequence[Mapping[str, Any]]) -> CodeList:
    codes = {}
    bps = {}
    for index, entry in enumerate(entries, 1):
        values = dict(entry)
        if "bps" in values:
            bps[values.pop("bps")] = values["code"]
        codes[values["code"]] = Code(index=index, **values)
    schemes = {"kemendagri": {code: code for code in codes}, "bps": bps} if bps else {}
    return CodeList(name, "1", codes, schemes)


def _indicator(number: int, entry: Mapping[str, Any]) -> Indicator:
    placed: tuple[Dimension, ...] = ()
    for name in entry.get("dimensions", ()):
        placed = (*placed, keys.add_dimension(placed, name, name, 10))
    return Indicator(id=number, **{**entry, "dimensions": placed})


def _figures(code: str, rows: Iterable[Sequence[str]]) -> Figures:
    indicator = world().indicators[code]
    split = bool(indicator.dimensions)
    cells = [_Cell.of(row, split) for row in rows]
    n = len(cells)
    regions = world().regions
    rest = {}
    if split:
        (dimension,) = indicator.dimensions
        codes = world().codelists[dimension.codelist].codes
        rest[dimension.name] = np.array(
            [codes[c.code].index if c.code != "_T" else 0 for c in cells], dtype=np.int64
        )
    return Figures.sorted(
        indicator,
        keys.pack(
            indicator,
            np.array([period.parse(c.period).packed for c in cells], dtype=np.int64),
            np.array([regions.codes[c.region].index for c in cells], dtype=np.int64),
            rest,
        ),
        np.array([float(c.value) for c in cells]),
        np.array([c.decimals for c in cells], dtype=np.int8),
        np.array([c.status for c in cells], dtype=np.uint8),
        np.zeros(n, dtype=np.int16),
        np.arange(2, n + 2, dtype=np.int32),
        np.full(n, 3, dtype=np.int16),
    )


@dataclass(frozen=True)
class _Cell:
    period: str
    region: str
    code: str
    value: Decimal
    status: Status

    @classmethod
    def of(cls, row: Sequence[str], split: bool) -> _Cell:
        when, where, *rest = row
        code = rest.pop(0) if split else "_T"
        text, *status = rest
        value = Decimal(text.replace(".", "").replace(",", "."))
        return cls(when, where, code, value, _STATUS[status[0]] if status else Status.NORMAL)

    @property
    def decimals(self) -> int:
        exponent = self.value.as_tuple().exponent
        assert isinstance(exponent, int)
        return -exponent


def _published(
    number: int, agency: str, dataset: str, code: str, rows: Iterable[Sequence[str]]
) -> Published:
    found = _figures(code, rows)
    about = Publication(
        number,
        dataset,
        dataset,
        f"{found.indicator.name} {AGENCIES[agency]}",
        agency,
        AGENCIES[agency],
        f"r{number}",
        "tabel.csv",
    )
    return Published(about, found.keys, found.values, found.decimals, found.status)
