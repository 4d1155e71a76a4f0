"""From a dataset's files to the candidate that the pure engine compares."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from ckanext.satudata.consistency.agreements import Agreed
from ckanext.satudata.consistency.checks import CHECKS
from ckanext.satudata.consistency.findings import Finding, Location
from ckanext.satudata.consistency.needs import register
from ckanext.satudata.consistency.observations import (
    Candidate,
    Declared,
    Figures,
    Published,
    Status,
    TableRef,
)
from ckanext.satudata.consistency.rules import RuleSet
from ckanext.satudata.consistency.vocabulary import CodeBook, Indicator
from ckanext.satudata.extract import declaration as declarations
from ckanext.satudata.extract.declaration_faults import explain
from ckanext.satudata.extract.observations import Extraction, extract
from ckanext.satudata.extract.readers import Limits, ReadError
from ckanext.satudata.model.exemption import Exemption
from ckanext.satudata.schemas import variables
from ckanext.satudata.store.blocks import Arrays
from ckanext.satudata.store.publications import NewPublication

from . import catalogue, exemptions, memory, passage
from .sources import Kind, Source

#: What each kind of resource that is not a readable table means for the gate.
_RULE_OF_KIND = {
    Kind.DOCUMENT: "dokumen-tak-diperiksa",
    Kind.LINK: "dokumen-tak-diperiksa",
    Kind.ARCHIVE: "arsip",
    Kind.LINKED_TABLE: "tautan-tabel",
    Kind.MISSING: "berkas-hilang",
}


@dataclass(frozen=True)
class Built:
    """A candidate with the way back to its resources.

    Attributes:
        candidate: what is compared.
        extractions: resource id -> what was read from it.
        declarations: resource id -> the declaration it was read with.
        previous: what the dataset showed until now, by indicator number.
        agreed: what agreements in force say, by indicator number.
        agreements: text that changes with them (:func:`~..store.agreements.history`).
    """

    candidate: Candidate
    extractions: Mapping[str, Extraction]
    declarations: Mapping[str, declarations.Declaration]
    previous: Mapping[int, Sequence[Published]] = field(default_factory=dict)
    agreed: Mapping[int, Agreed] = field(default_factory=dict)
    agreements: str = ""

    def publications(self) -> Iterable[NewPublication]:
        """The figures as they would be stored, one entry per resource and indicator."""
        for resource, extraction in self.extractions.items():
            for figures in extraction.figures:
                if len(figures):
                    yield NewPublication(resource, figures.indicator.id, _unique(figures))


def build(
    sources: Sequence[Source],
    *,
    organization: str,
    organization_title: str,
    dataset: str | None,
    coverage: str | None,
    asking: bool,
    book: CodeBook,
    rules: RuleSet,
    limits: Limits,
    exempted: Mapping[str, Sequence[Exemption]] = MappingProxyType({}),
    declared: Declared | None = None,
    standing: Status = Status.NORMAL,
) -> Built:
    """Read all tables of a dataset.

    What cannot be read becomes a finding that blocks; nothing is skipped silently.

    Args:
        sources: the dataset's resources.
        organization: id of the producer.
        organization_title: its name.
        dataset: id of the dataset, or None.
        coverage: region whose parts the dataset promises to cover.
        asking: whether the figures come from a census or survey.
        book: the reference data.
        rules: the rules, for the severity of findings made here.
        limits: sizes above which a file is refused.
        exempted: resource id -> its exemptions.
        declared: what the dataset says of its figures.
        standing: status of figures in tables that give none.
    """
    tables: list[TableRef] = []
    problems: list[Finding] = []
    extractions: dict[str, Extraction] = {}
    used: dict[str, declarations.Declaration] = {}
    counts: Counter[str] = Counter()

    def note(rule: str, table: int, header: str | None = None, **params: Any) -> None:
        problems.append(
            Finding(
                rule=rule,
                rule_version=rules[rule].version,
                severity=rules[rule].severity,
                location=Location(table, header=header),
                params=params,
            )
        )

    for number, source in enumerate(sources):
        passage.step("read", number, len(sources))
        position = len(tables)
        fallback = TableRef(source.resource, source.name, None)
        if source.kind is not Kind.TABLE or source.path is None:
            tables.append(fallback)
            note(_RULE_OF_KIND[source.kind], position, name=source.name, format=source.format)
            continue
        try:
            declaration = memory.resolve(source, organization, limits)
            if declaration is None:
                tables.append(fallback)
                note("tanpa-deklarasi", position, name=source.name)
                continue
            extraction = extract(
                source.path,
                name=source.name,
                format=source.format,
                declaration=declaration,
                book=book,
                resource=source.resource,
                limits=limits,
                table_index=position,
            )
        except declarations.DeclarationError as error:
            tables.append(fallback)
            note("deklarasi-rusak", position, name=source.name, reason=explain(error))
            continue
        except ReadError as error:
            tables.append(fallback)
            note(error.code, position, **{"name": source.name, **error.params})
            continue
        extraction = _standing(extraction, standing)
        granted = exempted.get(source.resource or "", ())
        extraction = exemptions.applied(extraction, granted, rules)
        tables.extend(extraction.tables)
        problems.extend(extraction.problems)
        counts.update(extraction.counts)
        for lack in variables.lacking(declaration, asking=asking):
            extra = {"variant": lack.variant} if lack.variant else {}
            item = dict(variables.label(lack.item))
            note("metadata-variabel", position, lack.column, item=item, **extra)
        extractions[source.resource or source.name] = extraction
        if source.resource:
            used[source.resource] = declaration
    candidate = Candidate(
        organization=organization,
        organization_title=organization_title,
        dataset=dataset,
        tables=tuple(tables),
        figures=_merged(extractions.values()),
        problems=tuple(problems),
        coverage=coverage,
        problem_counts=counts,
        declared=declared or Declared(),
    )
    return Built(candidate, extractions, used)


def _standing(extraction: Extraction, status: Status) -> Extraction:
    """The dataset's status for indicators of which the table gives no figure a status."""
    if status is Status.NORMAL:
        return extraction
    figures = tuple(
        f if f.status.any() else replace(f, status=np.full_like(f.status, status))
        for f in extraction.figures
    )
    return replace(extraction, figures=figures)


def fingerprint(
    sources: Sequence[Source],
    *,
    organization: str,
    coverage: str | None,
    asking: bool,
    book: CodeBook,
    rules: RuleSet,
    exempted: Mapping[str, Sequence[Exemption]],
    standing: Status = Status.NORMAL,
) -> str:
    """SHA-256 over everything the public figures of a dataset depend on."""
    granted = sorted(e.id for rows in exempted.values() for e in rows)
    parts = [[s.resource, s.name, s.format, s.kind.name, s.digest, s.declaration] for s in sources]
    judged = _judged_by(sources, book, rules)
    text = json.dumps(
        [organization, coverage, asking, *judged, rules.version, parts, granted, standing],
        sort_keys=True,
        default=str,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def with_agreements(print_: str, history: str) -> str:
    """A fingerprint that also tells which agreements about the indicators hold, and held.

    Where there never was any it is the one it was.
    """
    return hashlib.sha256(f"{print_} {history}".encode()).hexdigest() if history else print_


def _judged_by(sources: Sequence[Source], book: CodeBook, rules: RuleSet) -> tuple[str, str]:
    """What tells of each change of the reference data that could change a judgement.

    Any code list may: columns without a declared meaning are looked up in all of them. Of the
    register of indicators only a part does, where declarations say which indicators the figures
    are of, and no check of another plugin looks at more.
    """
    codes = _declared_indicators(sources)
    if codes is None or catalogue.checks() != CHECKS:
        return book.version, ""
    return book.grounds, repr(register(sorted(codes), book, rules.relations))


def _declared_indicators(sources: Sequence[Source]) -> set[str] | None:
    """Codes of the indicators that declarations name; None where cells or a memory tell."""
    found: set[str] = set()
    for source in sources:
        if source.kind is not Kind.TABLE:
            continue
        try:
            declared = memory.own_declaration(source)
        except declarations.DeclarationError:
            return None
        if declared is None:
            return None
        if any(f.concept == declarations.INDICATOR for f in (*declared.fields, *declared.extra)):
            return None
        found.update(f.indicator for f in declared.measures if f.indicator)
    return found


def _merged(extractions: Iterable[Extraction]) -> tuple[Figures, ...]:
    by_indicator: dict[int, list[Figures]] = {}
    for extraction in extractions:
        for figures in extraction.figures:
            by_indicator.setdefault(figures.indicator.id, []).append(figures)
    return tuple(
        pieces[0] if len(pieces) == 1 else _concatenated(pieces[0].indicator, pieces)
        for pieces in by_indicator.values()
    )


def _concatenated(indicator: Indicator, pieces: Sequence[Figures]) -> Figures:
    return Figures.sorted(
        indicator,
        *(
            np.concatenate([getattr(p, name) for p in pieces])
            for name in ("keys", "values", "decimals", "status", "table", "row", "column")
        ),
    )


def _unique(figures: Figures) -> Arrays:
    """Storage form; of a key written twice (in agreement, or the gate had refused) the first."""
    keep = np.ones(len(figures), dtype=bool)
    keep[1:] = figures.keys[1:] != figures.keys[:-1]
    columns = (figures.keys, figures.values, figures.decimals, figures.status)
    return Arrays(*(columns if keep.all() else (c[keep] for c in columns)))
