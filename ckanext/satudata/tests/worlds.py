"""Small worlds for tests: agencies with operators, an indicator of their own, tables."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

from ckanext.satudata.demo import metadata, tables
from ckanext.satudata.organizations import registry

KECAMATAN = [f"61.05.{number:02d}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 15, 19, 20, 21)]
KABUPATEN = "61.05"


def unique(prefix: str) -> str:
    """A name nobody used."""
    return f"{prefix}-{uuid.uuid4().hex[:10]}"


def act(action: str, user: str | None, **data: Any) -> Any:
    """Call an action as this user (None: nobody is signed in)."""
    account = model.User.by_name(user) if user else None
    return tk.get_action(action)({"user": user or "", "auth_user_obj": account}, data)


def indicator(**other: Any) -> str:
    """A new indicator without dimensions beyond region and period; returns its code."""
    code = "LOK.T_" + uuid.uuid4().hex[:10].upper()
    values = {
        "code": code,
        "name": f"Indikator uji {code}",
        "name_en": f"Test indicator {code}",
        "konsep": code.lower(),
        "definition": "Untuk pengujian.",
        "definition_en": "For tests.",
        "ukuran": "jumlah",
        "unit": "ton",
        "additive": True,
        **other,
    }
    act("satudata_indicator_create", sysadmin(), **values)
    return code


@dataclass(frozen=True)
class Agency:
    """An organization with an operator.

    Attributes:
        id: id of the organization.
        name: its name.
        user: name of an editor.
        activity: name of an activity of its own.
    """

    id: str
    name: str
    user: str
    activity: str

    def draft(self, **other: Any) -> dict[str, Any]:
        """A draft dataset without files; its figures are provisional, so they change freely."""
        name = unique("data")
        other = {"status_angka": "P", "kebijakan_revisi": "Sewaktu-waktu.", **other}
        values = metadata.dataset(name, self.name, self.activity, state="draft", **other)
        return act("package_create", self.user, **values)

    def add(self, dataset: str, file: Table) -> dict[str, Any]:
        """Upload a table to a dataset."""
        return act("resource_create", self.user, package_id=dataset, **file.resource())

    def publish(self, dataset: str) -> dict[str, Any]:
        """Press the Publish button."""
        return act("package_patch", self.user, id=dataset, state="active")

    def published(self, file: Table, **other: Any) -> dict[str, Any]:
        """A public dataset with one table."""
        dataset = self.draft(**other)
        self.add(dataset["id"], file)
        return self.publish(dataset["id"])


@dataclass(frozen=True)
class Table:
    """A CSV table by region with its declaration.

    ``codes`` tells of which further classification all figures are: dimension -> code.
    """

    indicator: str
    values: Mapping[str, float | str]
    unit: str = "ton"
    year: str = "2025"
    filename: str = "tabel.csv"
    declared: bool = True
    codes: Mapping[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        """The file's bytes; figures with a decimal comma, without thousand separators."""
        rows: list[Sequence[str]] = [["Kode", "Kecamatan", "Nilai"]]
        for code, value in self.values.items():
            text = value if isinstance(value, str) else f"{value:g}".replace(".", ",")
            rows.append([code, "", text])
        return tables.as_csv(rows)

    def declaration(self) -> dict[str, Any]:
        """What the columns mean."""
        return tables.declaration("Nilai", self.indicator, self.unit, self.year, self.codes)

    def resource(self) -> dict[str, Any]:
        """The parameters of ``resource_create``."""
        out = {
            "name": self.filename,
            "format": "CSV",
            "upload": FileStorage(io.BytesIO(self.content()), filename=self.filename),
        }
        if self.declared:
            out["schema"] = json.dumps(self.declaration())
        return out


def agency(name: str) -> Agency:
    """An agency with an operator and an activity; made once, then found again."""
    activity, user = f"kegiatan-{name}", f"{name}-operator"
    if model.User.by_name(user) is None:
        factories.User(name=user)
    if model.Group.get(name) is None:
        act(
            "organization_create",
            sysadmin(),
            name=name,
            title=f"Dinas {name}",
            jenis="dinas",
            urusan=["2.09"],
            kepala="Kepala Dinas",
            tupoksi="Pengujian",
            peran=["produsen"],
            users=[{"name": user, "capacity": "editor"}],
        )
    group = model.Group.get(name)
    if group.state != model.State.ACTIVE:  # tests about bodies begin without any
        group.state = model.State.ACTIVE
        model.Session.commit()
    if model.Package.get(activity) is None:
        act("package_create", user, **metadata.activity(activity, name, "2025"))
    return Agency(model.Group.get(name).id, name, user, activity)


def walidata_editor() -> str:
    """Name of an editor of the walidata's organization, which is made where there is none."""
    bodies = registry.with_role("walidata")
    if not bodies:
        act(
            "organization_create",
            sysadmin(),
            name=unique("diskominfo"),
            title="Dinas Komunikasi dan Informatika",
            jenis="dinas",
            urusan=["2.16"],
            kepala="Kepala Dinas",
            tupoksi="Walidata.",
            peran=["walidata", "produsen"],
        )
        bodies = registry.with_role("walidata")
    user = factories.User()["name"]
    act("organization_member_create", sysadmin(), id=bodies[0].id, username=user, role="editor")
    return user


def sysadmin() -> str:
    """Name of a sysadmin; made once."""
    name = "uji-sysadmin"
    if model.User.by_name(name) is None:
        factories.Sysadmin(name=name)
    return name


def figures(code: str) -> dict[tuple[str, str], set[float]]:
    """What everybody sees of an indicator: (region, period) -> the values shown."""
    out: dict[tuple[str, str], set[float]] = {}
    for row in act("satudata_observation_list", None, indicator=code, limit=10_000)["results"]:
        out.setdefault((row["region"], row["period"]), set()).add(row["value"])
    return out


def refusal(error: tk.ValidationError) -> dict[str, Any]:
    """The report of a refusal."""
    (report,) = error.error_dict["satudata_report"]
    return act("satudata_report_show", sysadmin(), id=report)
