"""Complete metadata for example datasets and activities (MS-Ind, MS-Keg)."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml


def activity(name: str, organization: str, year: str, **other: Any) -> dict[str, Any]:
    """An activity (``kegiatan``, MS-Keg) with all that publishing asks for.

    Args:
        name: name of the dataset, also used in its title.
        organization: id or name of the producer.
        year: year of the activity.
        other: fields that differ from the example.
    """
    return {
        **fields("activity"),
        "type": "kegiatan",
        "name": name,
        "owner_org": organization,
        "tahun_kegiatan": [year],
        **other,
    }


def dataset(name: str, organization: str, activity_name: str, **other: Any) -> dict[str, Any]:
    """A statistical dataset (MS-Ind) with all that publishing asks for, except resources.

    Datasets of the demonstration have words of their own (``metadata.yaml``).

    Args:
        name: name of the dataset.
        organization: id or name of the producer.
        activity_name: name of the activity it comes from.
        other: fields that differ from the example.
    """
    return {
        **fields("dataset"),
        **fields("datasets").get(name, {}),
        "type": "dataset",
        "name": name,
        "owner_org": organization,
        "kegiatan": activity_name,
        **other,
    }


def fields(kind: str) -> dict[str, Any]:
    """The example fields of a kind, those of ``metadata.yaml``.

    Args:
        kind: ``dataset``, ``activity``, or ``datasets`` for what some of them say otherwise.
    """
    text = files("ckanext.satudata.demo").joinpath("metadata.yaml").read_text("utf-8")
    return yaml.safe_load(text)[kind]
