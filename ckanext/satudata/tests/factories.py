"""Objects for tests, made through the actions so that they pass every rule."""

from __future__ import annotations

from typing import Any

import factory
from ckan.tests import factories

from ckanext.satudata.demo import metadata as example


class Body(factories.Organization):
    """A dinas with what a body must say."""

    jenis = "dinas"
    tupoksi = "Urusan pemerintahan bidang statistik."
    urusan = factory.LazyFunction(lambda: ["2.20"])


class Activity(factories.Dataset):
    """A draft of a statistical activity (MS-Keg)."""

    type = "kegiatan"
    state = "draft"
    owner_org = factory.LazyFunction(lambda: Body()["id"])


#: All that a public dataset must say besides title, name, owner and activity.
METADATA: dict[str, Any] = {k: v for k, v in example.fields("dataset").items() if k != "title"}


class PublicDataset(factories.Dataset):
    """A public dataset with complete metadata and no resources."""

    owner_org = factory.LazyFunction(lambda: Body()["id"])

    @classmethod
    def _create(cls, target_class: Any, *args: Any, **kwargs: Any) -> Any:
        if "kegiatan" not in kwargs:
            kwargs["kegiatan"] = Activity(owner_org=kwargs["owner_org"])["id"]
        return super()._create(target_class, *args, **{**METADATA, **kwargs})
