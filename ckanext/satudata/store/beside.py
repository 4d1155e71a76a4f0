"""What is asked of a dataset beside its own row when it is saved, in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.consistency.frozen import frozen
from ckanext.satudata.model.revision import OPEN
from ckanext.satudata.types import AnySession

from .agreements import token_of


@frozen(slots=True)
class Stored:
    """The file that a resource serves.

    Attributes:
        digest: its SHA-256.
        filename: as it was uploaded, or None.
    """

    digest: str
    filename: str | None


@frozen(slots=True)
class Released:
    """The dataset's release as it stands.

    Attributes:
        fingerprint: of what is public.
        report: id of its report, or None.
        at: since when.
        by: id of the person, or None.
        agreements: which agreements about what it shows hold, and held
            (:func:`~.agreements.history`).
    """

    fingerprint: str
    report: str | None
    at: datetime
    by: str | None
    agreements: str


@frozen(slots=True)
class Beside:
    """What other rows say of a dataset.

    Attributes:
        organization: name of its organization; empty if it has none.
        head: who heads the organization; empty if nobody is named.
        collecting: how the figures of its activity are collected (``cara_pengumpulan``), or None.
        note: why its open revision changes figures; empty if there is none.
        last_reason: the reason given when its figures last changed; empty if none was.
        tags: its tags, sorted.
        files: resource id -> what the resource serves; None where a file was taken away. What
            never had a file here is absent.
        practice: whether it is for practice, and so never public.
        exempted: whether an exemption of one of its tables is in force.
        codebook: tells one state of the reference data from another, or None.
        released: its release, or None while its figures are not public.
    """

    organization: str
    head: str
    collecting: str | None
    note: str
    last_reason: str
    tags: list[str]
    files: Mapping[str, Stored | None]
    practice: bool
    exempted: bool
    codebook: str | None
    released: Released | None

    @property
    def hashes(self) -> dict[str, str | None]:
        """SHA-256 of what each resource serves (:meth:`.ContentVersion.hashes`)."""
        return {id_: file.digest if file else None for id_, file in self.files.items()}


def look(session: AnySession, package: model.Package) -> Beside:
    """Ask, as the session's transaction sees it.

    Args:
        session: the session to read with.
        package: the dataset; its ``kegiatan`` is the id of its activity.
    """
    wanted = {
        "dataset": package.id,
        "organization": package.owner_org,
        "activity": package.extras.get("kegiatan"),
        "resources": [r.id for r in package.resources],
        "open": list(OPEN),
    }
    row = session.execute(_BESIDE, wanted).one()
    released = None
    if row.fingerprint is not None:
        said = token_of(row.agreements)
        released = Released(row.fingerprint, row.report_id, row.released_at, row.released_by, said)
    return Beside(
        organization=row.organization or "",
        head=row.head or "",
        collecting=row.collecting,
        note=(row.note or "").strip(),
        last_reason=row.reason or "",
        tags=sorted(row.tags or ()),
        files={i: Stored(d, name) if d else None for i, d, name in row.files or ()},
        practice=row.practice,
        exempted=row.exempted,
        codebook=row.codebook,
        released=released,
    )


_BESIDE = sa.text(
    """
    SELECT coalesce(nullif(body.title, ''), body.name) AS organization,
        body.extras->>'kepala' AS head,
        (SELECT extras->>'cara_pengumpulan' FROM package
          WHERE id = CAST(:activity AS text)) AS collecting,
        (SELECT note FROM satudata_revision
          WHERE dataset_id = given.dataset AND state = ANY(CAST(:open AS text[])) AND note <> ''
          LIMIT 1) AS note,
        (SELECT reason FROM satudata_former_figures
          WHERE dataset_id = given.dataset AND reason <> ''
          ORDER BY replaced_at DESC, id DESC LIMIT 1) AS reason,
        (SELECT array_agg(tag.name) FROM package_tag JOIN tag ON tag.id = package_tag.tag_id
          WHERE package_tag.package_id = given.dataset AND package_tag.state = 'active') AS tags,
        (SELECT json_agg(json_build_array(resource_id, sha256, filename)) FROM (
          SELECT DISTINCT ON (resource_id) resource_id, sha256, filename
          FROM satudata_content_version WHERE resource_id = ANY(CAST(:resources AS text[]))
          ORDER BY resource_id, id DESC) AS newest) AS files,
        EXISTS (SELECT FROM satudata_practice_dataset
          WHERE dataset_id = given.dataset) AS practice,
        EXISTS (SELECT FROM satudata_exemption
          WHERE resource_id = ANY(CAST(:resources AS text[])) AND revoked_at IS NULL) AS exempted,
        (SELECT token FROM satudata_codebook_state) AS codebook,
        release.fingerprint, release.report_id, release.released_at, release.released_by,
        (SELECT array_agg(DISTINCT a.id || ' ' || a.state) FROM satudata_publication p
          JOIN satudata_agreement_object o ON o.indicator_id = p.indicator_id
          JOIN satudata_agreement a ON a.id = o.agreement_id
          WHERE p.dataset_id = given.dataset AND a.effective_at IS NOT NULL) AS agreements
    FROM (SELECT CAST(:dataset AS text) AS dataset) AS given
    LEFT JOIN "group" body ON body.id = CAST(:organization AS text)
    LEFT JOIN satudata_release release ON release.dataset_id = given.dataset
    """
)
