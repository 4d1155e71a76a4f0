"""On what a comparison stands: whatever must be as it was when the locks are held.

It is asked twice: before the comparison, and again under the locks. One statement each time is not
only less work; all it tells is of one moment.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from ckanext.satudata.consistency.observations import Publication
from ckanext.satudata.model.former import WITHDRAWN
from ckanext.satudata.types import AnySession

from .agreements import token_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """About what is asked.

    Attributes:
        spans: indicator number -> smallest and largest key that rules look at, both inclusive.
        written: numbers of the indicators that would be published.
        organization: id of the producer.
        exclude: ids of datasets whose publications are left out.
    """

    spans: Mapping[int, tuple[int, int]]
    written: Sequence[int]
    organization: str
    exclude: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """What is public, and what else a judgement depends on.

    Attributes:
        agreements: a text that changes when an agreement about a written indicator begins or
            ceases to hold; empty where there never was any. What ended counts, too: figures
            judged before it held are no longer judged by the same when it has ended, as others
            may have come since.
        escalated: whether anything waits for a direction of the Bupati.
        withdrawn: whether the producer once took out figures inside the spans.
    """

    agreements: str
    escalated: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Before(Ground):
    """As it is before the locks are held.

    Attributes:
        publications: those with figures inside the spans, by number.
    """

    publications: dict[int, Publication] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Locked(Ground):
    """As it is under the locks.

    Attributes:
        numbers: of the publications with figures inside the spans.
        codebook: tells one state of the reference data from another, or None.
    """

    numbers: frozenset[int] = frozenset()
    codebook: str | None = None


def before(session: AnySession, wanted: Wanted) -> Before:
    """Ask before the comparison, as the session's transaction sees it."""
    row = session.execute(_BEFORE, _parameters(wanted)).one()
    return Before(
        token_of(row.agreements),
        row.escalated,
        row.withdrawn,
        {values[0]: Publication(*values) for values in row.shown or ()},
    )


def locked(session: AnySession, wanted: Wanted) -> Locked:
    """Ask when the indicators are locked, so that nobody publishes or agrees until the commit."""
    row = session.execute(_UNDER_LOCKS, _parameters(wanted)).one()
    return Locked(
        token_of(row.agreements),
        row.escalated,
        row.withdrawn,
        frozenset(row.shown or ()),
        row.codebook,
    )


def _parameters(wanted: Wanted) -> dict[str, object]:
    return {
        "ids": list(wanted.spans),
        "low": [low for low, _ in wanted.spans.values()],
        "high": [high for _, high in wanted.spans.values()],
        "written": list(wanted.written),
        "organization": wanted.organization,
        "excluded": list(wanted.exclude),
    }


_SPAN = """
    unnest(CAST(:ids AS integer[]), CAST(:low AS bigint[]), CAST(:high AS bigint[]))
        AS span (indicator, low, high)
"""
_INSIDE = """
    ON one.indicator_id = span.indicator AND one.key_max >= span.low AND one.key_min <= span.high
"""
_SHOWN = f"""
    FROM satudata_publication one JOIN {_SPAN} {_INSIDE}
    {{described}} WHERE one.dataset_id <> ALL(CAST(:excluded AS text[]))
"""
_DESCRIBED = _SHOWN.format(
    described="""
    JOIN package ON package.id = one.dataset_id
    LEFT JOIN "group" body ON body.id = one.organization_id
    LEFT JOIN resource ON resource.id = one.resource_id
    """
)
_REST = f"""
    (SELECT array_agg(DISTINCT a.id || ' ' || a.state) FROM satudata_agreement a
      JOIN satudata_agreement_object o ON o.agreement_id = a.id
      WHERE a.effective_at IS NOT NULL
        AND o.indicator_id = ANY(CAST(:written AS integer[]))) AS agreements,
    EXISTS (SELECT FROM satudata_agenda_item item
      JOIN satudata_meeting meeting ON meeting.id = item.meeting_id
      WHERE meeting.state = 'selesai' AND item.removed_at IS NULL
        AND item.outcome = 'eskalasi_bupati' AND item.direction IS NULL) AS escalated,
    EXISTS (SELECT FROM satudata_former_figures one JOIN {_SPAN} {_INSIDE}
      WHERE one.organization_id = :organization AND one.kind = '{WITHDRAWN}') AS withdrawn
"""  # noqa: S608  (texts of this module)
_BEFORE = sa.text(
    f"""
    SELECT (SELECT json_agg(json_build_array(
        one.id, one.dataset_id, package.name, coalesce(nullif(package.title, ''), package.name),
        one.organization_id, coalesce(nullif(body.title, ''), body.name, one.organization_id),
        one.resource_id, coalesce(nullif(resource.name, ''), resource.url, one.resource_id)))
      {_DESCRIBED}) AS shown,
    {_REST}
    """
)
_UNDER_LOCKS = sa.text(
    f"""
    SELECT (SELECT array_agg(one.id) {_SHOWN.format(described="")}) AS shown,
    (SELECT token FROM satudata_codebook_state) AS codebook,
    {_REST}
    """  # noqa: S608  (texts of this module)
)
