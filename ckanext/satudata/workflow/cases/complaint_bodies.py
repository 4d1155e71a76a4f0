"""Who may answer a complaint: the portal's bodies, described for :mod:`.suggesting`."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import config
from ckanext.satudata.model.indicator import IndicatorRow
from ckanext.satudata.organizations import registry
from ckanext.satudata.schemas.publication import listed
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.types import AnySession

from .suggesting import Body, Certain, Suggestion, Words, parsed, rank, shipped

#: Titles of datasets that describe one body at most.
_DATASETS = 200


def suggest(
    session: AnySession,
    text: str,
    *,
    dataset: str | None = None,
    indicator: str | None = None,
    limit: int = 3,
) -> list[Suggestion]:
    """The bodies that a complaint seems to concern, the likeliest first.

    Args:
        session: the session to read with.
        text: its title and body.
        dataset: id of the dataset it is about, or None.
        indicator: code of the indicator of the figure it is about, or None.
        limit: how many at most.
    """
    return rank(
        text,
        described(session),
        certain=_certain(session, dataset, indicator),
        words=_words(),
        limit=limit,
    )


def described(session: AnySession) -> list[Body]:
    """All bodies that can answer, with what they are in charge of and what they publish."""
    labels: dict[str, str] = {
        code.code: code.label or code.code
        for code in load_codebook(session).codelists["urusan"].codes.values()
    }
    produces = _produces(session)
    return [
        Body(
            id=body.id,
            title=body.title or body.name,
            kind=registry.value_of(body, "jenis") or "",
            tupoksi=registry.value_of(body, "tupoksi") or "",
            affairs={
                str(code): labels.get(code, str(code))
                for code in listed(registry.value_of(body, "urusan"))
            },
            produces=produces.get(body.id, ()),
        )
        for body in registry.all_bodies()
    ]


def _produces(session: AnySession) -> dict[str, list[str]]:
    """Names of indicators and titles of public datasets by body."""
    out: dict[str, list[str]] = defaultdict(list)
    for body, name in session.execute(
        sa.select(IndicatorRow.producer_org, IndicatorRow.name)
        .where(IndicatorRow.producer_org.is_not(None), IndicatorRow.status == "active")
        .order_by(IndicatorRow.code)
    ):
        out[body].append(name)
    package = model.Package
    numbered = (
        sa.select(
            package.owner_org.label("body"),
            package.title.label("title"),
            sa.func.row_number()
            .over(partition_by=package.owner_org, order_by=package.metadata_modified.desc())
            .label("place"),
        )
        .where(
            package.state == model.State.ACTIVE,
            package.private.is_(False),
            package.type == "dataset",
            package.owner_org.is_not(None),
        )
        .subquery()
    )
    rows = session.execute(
        sa.select(numbered.c.body, numbered.c.title).where(numbered.c.place <= _DATASETS)
    )
    for body, title in rows:
        out[body].append(title or "")
    return out


def _certain(session: AnySession, dataset: str | None, indicator: str | None) -> Certain:
    package = session.get(model.Package, dataset) if dataset else None
    row = (
        session.scalars(sa.select(IndicatorRow).where(IndicatorRow.code == indicator)).first()
        if indicator
        else None
    )
    return Certain(
        dataset=package.owner_org if package else None,
        dataset_title=(package.title or package.name) if package else "",
        indicator=row.producer_org if row else None,
        indicator_name=row.name if row else "",
    )


def _words() -> Words:
    path = config.affair_words_file()
    return _read(path, Path(path).stat().st_mtime_ns) if path else shipped()


@lru_cache(maxsize=2)
def _read(path: str, _changed: int) -> Words:
    return parsed(Path(path).read_text("utf-8"), shipped())
