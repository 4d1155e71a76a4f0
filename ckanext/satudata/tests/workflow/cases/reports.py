"""Reports for tests: opened and moved as people do it."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from ckan import model

from ckanext.satudata.model.case import Case
from ckanext.satudata.tests.worlds import KECAMATAN, Agency, Table, indicator
from ckanext.satudata.workflow.cases import cases, figures

NOW = datetime(2026, 11, 16, 3, tzinfo=timezone.utc)
REGION = KECAMATAN[0]
TEXT = "Angka ini tidak sama dengan yang ada di papan kantor desa."


def values(value: float) -> dict[str, float]:
    """Figures of all kecamatan, of which the first has this one."""
    return {**dict.fromkeys(KECAMATAN, 3.0), REGION: value}


def report(now: datetime = NOW, **other: Any) -> cases.Opened:
    """An anonymous complaint about nothing in particular; committed."""
    given: dict[str, Any] = {
        "kind": "pengaduan",
        "title": "Angka keliru",
        "body": TEXT,
        "reporter": cases.Reporter(mode="anonim"),
        "details": {"about": "layanan"},
        "now": now,
    }
    given |= other
    opened = cases.open_case(given.pop("kind"), **given)
    model.repo.commit()
    return opened


def published(producer: Agency, value: float = 20.0) -> dict[str, Any]:
    """A public figure of an agency, as a report about it keeps it."""
    code = indicator(producer_org=producer.name)
    made = producer.published(Table(code, values(value)))
    return figures.shown(model.Session, figures.Named(code, REGION, "2025", dataset=made["id"]))


def about(figure: dict[str, Any], **other: Any) -> cases.Opened:
    """A complaint that a figure is wrong."""
    what = {"figure": figure, "dataset_id": figure["dataset"], "details": {"about": "angka"}}
    return report(**{**what, **other})


def step(case: Case | str, name: str, user: str | None, now: datetime = NOW, **more: Any) -> Case:
    """Move a case as somebody (None: as whoever reported, by the secret code); committed."""
    found = cases.get(case if isinstance(case, str) else case.id)
    account = model.User.by_name(user) if user else None
    actor = cases.actor_of(account, found, secret_ok=user is None)
    params = {k: v for k, v in more.items() if k != "note"}
    cases.move(found, name, actor, note=more.get("note"), params=params, now=now)
    model.repo.commit()
    return cases.get(found.id)


def handed(opened: cases.Opened, walidata: str, to: str) -> Case:
    """A report that was verified and handed to a body."""
    step(opened.case, "verifikasi", walidata, **{"class": "normatif"})
    return step(opened.case, "disposisikan", walidata, organization=to)
