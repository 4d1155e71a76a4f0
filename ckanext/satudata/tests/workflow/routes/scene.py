"""A portal in which every route can be tried, and a picture of all that a change could touch."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib.search import make_connection
from werkzeug.datastructures import FileStorage

from ckanext.datastore.backend import DatastoreBackend
from ckanext.satudata.store import content
from ckanext.satudata.tests.worlds import KECAMATAN, Agency, Table, act, agency, indicator, sysadmin
from ckanext.satudata.workflow.proof import audit

RIGHT = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}
WRONG = {**RIGHT, KECAMATAN[2]: 999.0}
LINK = "https://data.example/tabel.csv"

#: Everything of a dataset that is in the database, by table: the column with the dataset's id.
_ROWS = {
    "package": "id",
    "resource": "package_id",
    "member": "table_id",
    "satudata_release": "dataset_id",
    "satudata_publication": "dataset_id",
    "satudata_exemption": "dataset_id",
}
_BLOCKS = sa.text(
    "SELECT b.publication_id, b.part, md5(b.keys), md5(b.vals), md5(b.decimals), md5(b.status) "
    "FROM satudata_block b JOIN satudata_publication p ON p.id = b.publication_id "
    "WHERE p.dataset_id = ANY(:ids) ORDER BY 1, 2"
)


@dataclass(frozen=True)
class Scene:
    """Datasets in every state, most of which would contradict what is public.

    Attributes:
        holder: the agency with the mandate for the indicator ``code``.
        other: an agency without it.
        code: of the indicator.
        public: the holder's public figures.
        repeat: ``other``'s public dataset with the same figures, and a link to a page.
        twice: ``other``'s public dataset that serves the same file in two resources.
        draft, private, deleted: ``other``'s datasets with a contradicting table.
        linked: ``other``'s draft with a table on another host.
        waiting: ``other``'s public dataset beside which a contradicting revision waits.
        revision: id of that revision.
    """

    holder: Agency
    other: Agency
    code: str
    public: dict[str, Any]
    repeat: dict[str, Any]
    twice: dict[str, Any]
    draft: dict[str, Any]
    private: dict[str, Any]
    deleted: dict[str, Any]
    linked: dict[str, Any]
    waiting: dict[str, Any]
    revision: str

    @property
    def wrong(self) -> Table:
        """A table that contradicts what is public."""
        return Table(self.code, WRONG)

    def upload(self) -> FileStorage:
        """The contradicting file alone."""
        return FileStorage(io.BytesIO(self.wrong.content()), filename="tabel.csv")

    def datasets(self) -> list[str]:
        """Ids of all datasets."""
        every = (
            self.public,
            self.repeat,
            self.twice,
            self.draft,
            self.private,
            self.deleted,
            self.linked,
            self.waiting,
        )
        return sorted(d["id"] for d in every)


def build() -> Scene:
    """Make everything anew."""
    holder, other = agency("rute-wali"), agency("rute-lain")
    code = indicator(producer_org=holder.id)
    public = holder.published(Table(code, RIGHT))
    repeat = other.draft()
    other.add(repeat["id"], Table(code, RIGHT))
    page = {"url": "https://data.example/profil", "name": "Profil", "format": "HTML"}
    act("resource_create", other.user, package_id=repeat["id"], **page)
    repeat = other.publish(repeat["id"])
    twice = other.draft()
    other.add(twice["id"], Table(code, RIGHT))
    other.add(twice["id"], Table(code, RIGHT))
    twice = other.publish(twice["id"])
    waiting = other.published(Table(code, RIGHT))
    revision = act(
        "satudata_revision_prepare",
        other.user,
        id=waiting["id"],
        resource_id=waiting["resources"][0]["id"],
        upload=Table(code, WRONG).resource()["upload"],
    )["id"]
    linked = other.draft()
    act("resource_create", other.user, package_id=linked["id"], url=LINK, name="Tabel")
    private = _contradicting(other, code)
    act("package_patch", other.user, id=private["id"], private=True, state="active")
    deleted = _contradicting(other, code)
    act("package_delete", other.user, id=deleted["id"])
    return Scene(
        holder=holder,
        other=other,
        code=code,
        public=public,
        repeat=repeat,
        twice=twice,
        draft=_contradicting(other, code),
        private=private,
        deleted=deleted,
        linked=act("package_show", other.user, id=linked["id"]),
        waiting=waiting,
        revision=revision,
    )


def _contradicting(who: Agency, code: str) -> dict[str, Any]:
    dataset = who.draft()
    who.add(dataset["id"], Table(code, WRONG))
    return act("package_show", who.user, id=dataset["id"])


def loaded_before(resource: str) -> None:
    """A DataStore table as it was left from before the portal compared figures."""
    backend = DatastoreBackend.get_active_backend()
    table = {
        "resource_id": resource,
        "fields": [{"id": "kode", "type": "text"}, {"id": "nilai", "type": "numeric"}],
        "records": [{"kode": c, "nilai": v} for c, v in RIGHT.items()],
        "primary_key": ["kode"],
        "include_records": False,
    }
    backend.create({"model": model}, table, {})


def picture(datasets: list[str], tables: list[str]) -> dict[str, Any]:
    """All that the public can see of these datasets, and all from which it is made.

    Read from where it is kept, not through the session that tried to change it.

    Args:
        datasets: ids of the datasets.
        tables: ids of resources with a DataStore table.

    Returns:
        ``rows`` (metadata and what is released), ``blocks``, ``files``, ``datastore`` and
        ``index``.
    """
    model.Session.rollback()
    model.Session.expire_all()
    with model.ensure_engine().connect() as connection:
        rows = {
            table: connection.execute(
                sa.text(f"SELECT to_jsonb(t) FROM {table} t WHERE {key} = ANY(:ids) ORDER BY 1"),
                {"ids": datasets},
            ).all()
            for table, key in _ROWS.items()
        }
        blocks = connection.execute(_BLOCKS, {"ids": datasets}).all()
    return {
        "rows": rows,
        "blocks": blocks,
        "files": {r: _bytes(r) for r in _resources(datasets)},
        "datastore": {t: _datastore(t) for t in tables},
        "index": {d: _indexed(d) for d in datasets},
    }


def violations(datasets: list[str]) -> list[str]:
    """What an audit of these datasets finds."""
    return [v.message for unit in audit.units(datasets) for v in audit.check(unit)]


def _resources(datasets: list[str]) -> list[str]:
    query = sa.select(model.Resource.id).where(model.Resource.package_id.in_(datasets))
    return sorted(model.Session.scalars(query))


def _bytes(resource: str) -> str | None:
    served = content.served(model.Session.get_one(model.Resource, resource))
    return hashlib.sha256(Path(served.path).read_bytes()).hexdigest() if served else None


def _datastore(table: str) -> list[Any]:
    engine = DatastoreBackend.get_active_backend()._get_read_engine()  # type: ignore[attr-defined]
    with engine.connect() as connection:
        return connection.execute(sa.text(f'SELECT * FROM "{table}" ORDER BY _id')).all()


def _indexed(dataset: str) -> list[dict[str, Any]]:
    return list(make_connection(decode_dates=False).search(f'id:"{dataset}"', rows=5))


def as_sysadmin(action: str, **data: Any) -> Any:
    """Call an action as a sysadmin."""
    return act(action, sysadmin(), **data)
