"""Routes on which a contradicting figure is sent towards the public; each must be refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories, helpers

from ckanext.satudata.demo import metadata
from ckanext.satudata.tests.worlds import Table, act, sysadmin, unique

from .scene import LINK, RIGHT, Scene, as_sysadmin

Route = Callable[[Scene], Any]


def _first(dataset: dict[str, Any]) -> str:
    return dataset["resources"][0]["id"]


def _other(action: str, scene: Scene, **data: Any) -> Any:
    return act(action, scene.other.user, **data)


def _bare(action: str, context: dict[str, Any], **data: Any) -> Any:
    """As code inside the portal calls: no user, other keys in the context."""
    return tk.get_action(action)({"ignore_auth": True, **context}, data)  # type: ignore[typeddict-item]


def _created_public(scene: Scene) -> Any:
    table = {"url": LINK, "name": "Tabel", "format": "CSV"}
    values = metadata.dataset(unique("data"), scene.other.name, scene.other.activity)
    return _other("package_create", scene, **{**values, "state": "active", "resources": [table]})


def _harvested(scene: Scene) -> Any:
    """As ckanext-harvest saves: the site user, its own keys, resources inlined."""
    table = {"url": LINK, "name": "Tabel", "format": "CSV"}
    values = metadata.dataset(unique("data"), scene.other.name, scene.other.activity)
    context = {"user": tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    return _bare(
        "package_create",
        {**context, "return_id_only": True, "session": model.Session},
        **{**values, "state": "active", "resources": [table]},
    )


def _updated(scene: Scene) -> Any:
    return _other("package_update", scene, **{**scene.draft, "state": "active"})


def _updated_with_file(scene: Scene) -> Any:
    shown = act("package_show", scene.other.user, id=scene.repeat["id"])
    shown["resources"][0]["upload"] = scene.upload()
    return _other("package_update", scene, **shown)


def _revised(scene: Scene) -> Any:
    match = {"id": scene.draft["id"]}
    return _other("package_revise", scene, match=match, update={"state": "active"})


def _revised_file(scene: Scene) -> Any:
    match = {"id": scene.repeat["id"]}
    files = {"update__resources__0__upload": scene.upload()}
    return _other("package_revise", scene, match=match, **files)


def _by_token(scene: Scene) -> Any:
    """A sysadmin's token, through HTTP; a refusal is answered with 409."""
    token = factories.APIToken(user=sysadmin())["token"]
    answer = helpers._get_test_app().post(
        "/api/action/package_patch",
        json={"id": scene.draft["id"], "state": "active"},
        headers={"Authorization": token},
    )
    if answer.status_code == 409:
        raise tk.ValidationError(answer.json["error"])
    return answer.json


def _declared(scene: Scene) -> str:
    return json.dumps(Table(scene.code, RIGHT, unit="kg").declaration())


def _bulk_public(scene: Scene) -> Any:
    return act(
        "bulk_update_public",
        sysadmin(),
        datasets=[scene.private["id"]],
        org_id=scene.other.id,
    )


def _group_update(scene: Scene) -> Any:
    body = as_sysadmin("organization_show", id=scene.holder.id)
    return as_sysadmin("group_update", **{**body, "state": "deleted"})


def _in_datastore(scene: Scene, action: str, **data: Any) -> Any:
    return as_sysadmin(action, resource_id=_first(scene.public), force=True, **data)


_ROW = [{"kode": "61.05.01", "nilai": 5}]

#: Id of the route -> how to take it. What it would show contradicts what is public.
REFUSED: dict[str, Route] = {
    "package_create-public": _created_public,
    "package_create-harvester": _harvested,
    "package_update-publish": _updated,
    "package_update-file": _updated_with_file,
    "package_patch-publish": lambda s: _other("package_patch", s, id=s.draft["id"], state="active"),
    "package_patch-show": lambda s: _other("package_patch", s, id=s.private["id"], private=False),
    "package_patch-undelete": lambda s: as_sysadmin(
        "package_patch", id=s.deleted["id"], state="active"
    ),
    "package_patch-move": lambda s: as_sysadmin(
        "package_patch", id=s.public["id"], owner_org=s.other.id
    ),
    "package_revise-publish": _revised,
    "package_revise-file": _revised_file,
    "bulk_update_public": _bulk_public,
    "package_owner_org_update": lambda s: as_sysadmin(
        "package_owner_org_update", id=s.public["id"], organization_id=s.other.id
    ),
    "package_owner_org_update-deferred": lambda s: _bare(
        "package_owner_org_update",
        {"defer_commit": True},
        id=s.public["id"],
        organization_id=s.other.id,
    ),
    "ignore_auth": lambda s: _bare("package_patch", {}, id=s.draft["id"], state="active"),
    "defer_commit": lambda s: _bare(
        "package_patch",
        {"defer_commit": True, "return_id_only": True},
        id=s.draft["id"],
        state="active",
    ),
    "sysadmin-token": _by_token,
    "resource_create": lambda s: _other(
        "resource_create", s, package_id=s.repeat["id"], **s.wrong.resource()
    ),
    "resource_update": lambda s: _other(
        "resource_update", s, id=_first(s.repeat), **s.wrong.resource()
    ),
    "resource_patch": lambda s: _other("resource_patch", s, id=_first(s.repeat), upload=s.upload()),
    "resource_patch-declaration": lambda s: _other(
        "resource_patch", s, id=_first(s.repeat), schema=_declared(s)
    ),
    "satudata_declaration_confirm": lambda s: _other(
        "satudata_declaration_confirm", s, id=_first(s.repeat), declaration=_declared(s)
    ),
    "file-in-two-resources": lambda s: _other(
        "resource_patch", s, id=_first(s.twice), upload=s.upload()
    ),
    "link-publish": lambda s: _other("package_patch", s, id=s.linked["id"], state="active"),
    "upload-becomes-link": lambda s: _other(
        "resource_update", s, id=_first(s.repeat), url=LINK, clear_upload="true", format="CSV"
    ),
    "link-becomes-upload": lambda s: _other(
        "resource_update", s, id=s.repeat["resources"][1]["id"], **s.wrong.resource()
    ),
    "satudata_revision_release": lambda s: _other("satudata_revision_release", s, id=s.revision),
    "satudata_indicator_update-unit": lambda s: as_sysadmin(
        "satudata_indicator_update", id=s.code, unit="kg"
    ),
    "satudata_indicator_delete": lambda s: as_sysadmin("satudata_indicator_delete", id=s.code),
    "organization_delete": lambda s: as_sysadmin("organization_delete", id=s.holder.id),
    "organization_purge": lambda s: as_sysadmin("organization_purge", id=s.holder.id),
    "organization_update": lambda s: as_sysadmin(
        "organization_patch", id=s.holder.id, state="deleted"
    ),
    "group_delete": lambda s: as_sysadmin("group_delete", id=s.holder.id),
    "group_purge": lambda s: as_sysadmin("group_purge", id=s.holder.id),
    "group_update": _group_update,
    "datastore_create": lambda s: _in_datastore(s, "datastore_create", records=_ROW),
    "datastore_create-resource": lambda s: as_sysadmin(
        "datastore_create",
        resource={"package_id": s.repeat["id"], "name": "Tabel"},
        fields=[{"id": "kode"}],
        records=[{"kode": "61.05.01"}],
    ),
    "datastore_create-loader": lambda s: _bare(
        "datastore_create", {}, resource_id=_first(s.public), force=True, records=_ROW
    ),
    "datastore_upsert": lambda s: _in_datastore(
        s, "datastore_upsert", records=_ROW, method="update"
    ),
    "datastore_delete-rows": lambda s: _in_datastore(
        s, "datastore_delete", filters={"kode": "61.05.01"}
    ),
    "datastore_records_delete": lambda s: _in_datastore(s, "datastore_records_delete", filters={}),
    "datastore_run_triggers": lambda s: _in_datastore(s, "datastore_run_triggers"),
}
