"""What is public already and may answer a question, before anybody writes a request."""

from __future__ import annotations

from dataclasses import dataclass

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.case import CaseHit
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.indicator import IndicatorRow
from ckanext.satudata.model.publication import PublicationRow

#: Words that say nothing about what is asked for.
_IDLE = frozenset(
    """yang dan dari untuk dengan pada data informasi mohon minta tentang per atau saya ingin
    kabupaten jumlah tahun the and for about how many""".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something public that may answer.

    Attributes:
        kind: ``dataset`` or ``indicator``.
        id: id of the dataset, or code of the indicator.
        name: what its address needs: the dataset's name, or the code.
        title: what it is called.
        organization: title of its producer, or empty.
        notes: the beginning of its description.
    """

    kind: str
    id: str
    name: str
    title: str
    organization: str
    notes: str


def suggest(text: str, limit: int) -> list[Suggestion]:
    """Public datasets and indicators that speak of these words, the nearest first.

    Args:
        text: what somebody types.
        limit: how many of each kind at most.
    """
    words = [w for w in "".join(c if c.isalnum() else " " for c in text).split() if len(w) > 2]
    telling = [w for w in words if w.lower() not in _IDLE] or words
    if not telling:
        return []
    return [*_indicators(telling, limit), *_datasets(telling, limit)]


def hit(kind: str, reference: str) -> None:
    """Count that something public was the answer; no word of the question is kept.

    Raises:
        LookupError: it is not there, or not public.
    """
    if kind == "dataset":
        package = model.Package.get(reference)
        if package is None or package.private or package.state != model.State.ACTIVE:
            raise LookupError(reference)
        model.Session.add(CaseHit(dataset_id=package.id, at=utc_now()))
    else:
        found = model.Session.scalar(
            sa.select(IndicatorRow.code).where(IndicatorRow.code == reference)
        )
        if found is None:
            raise LookupError(reference)
        model.Session.add(CaseHit(indicator=found, at=utc_now()))
    model.Session.flush()


def _datasets(words: list[str], limit: int) -> list[Suggestion]:
    """By the search index, as a visitor sees it."""
    found = tk.get_action("package_search")(
        {"user": "", "ignore_auth": False},
        {
            "q": " OR ".join(word.lower() for word in words),
            "fq": "dataset_type:dataset",
            "rows": limit,
            "defType": "edismax",
            "include_private": False,
        },
    )
    return [
        Suggestion(
            kind="dataset",
            id=row["id"],
            name=row["name"],
            title=row.get("title") or row["name"],
            organization=(row.get("organization") or {}).get("title") or "",
            notes=(row.get("notes") or "")[:200],
        )
        for row in found["results"]
    ]


def _indicators(words: list[str], limit: int) -> list[Suggestion]:
    """Indicators with public figures by the words of their names; the most words first."""
    name = sa.func.lower(IndicatorRow.name + " " + sa.func.coalesce(IndicatorRow.name_en, ""))
    hits = [sa.case((name.contains(w.lower(), autoescape=True), 1), else_=0) for w in words]
    score = sum(hits[1:], hits[0])
    least = max(1, round(len(words) * 0.6))
    rows = model.Session.scalars(
        sa.select(IndicatorRow)
        .where(
            score >= least,
            sa.exists().where(PublicationRow.indicator_id == IndicatorRow.id),
        )
        .order_by(score.desc(), sa.func.length(IndicatorRow.name), IndicatorRow.code)
        .limit(limit)
    )
    return [
        Suggestion("indicator", i.code, i.code, i.name, "", (i.definition or "")[:200])
        for i in rows
    ]
