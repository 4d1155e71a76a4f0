"""Random sequences of what people do to datasets: after each step everything agrees."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from typing_extensions import override

from ckanext.satudata.tests import conftest
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Agency,
    Table,
    act,
    agency,
    sysadmin,
    walidata_editor,
)
from ckanext.satudata.tests.worlds import indicator as new_indicator

from .portal import violations

pytestmark = pytest.mark.usefixtures("portal")

#: What one unit is in tons, the unit of the indicators.
_TONS = {"ton": 1.0, "kg": 0.001}
_REFUSALS = (tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound)

tables = st.fixed_dictionaries(
    {},
    optional={place: st.sampled_from([100.0, 100.0, 250.0]) for place in KECAMATAN[:3]},
).filter(bool)
units = st.sampled_from(["ton", "ton", "kg"])


@dataclass
class Known:
    """What a dataset must look like.

    Attributes:
        body: whose it is.
        public: whether anybody may see it.
        deleted: whether it is in the trash.
        tables: the tables of its resources, by id.
    """

    body: Agency
    public: bool = False
    deleted: bool = False
    tables: dict[str, Table] = field(default_factory=dict)

    def figures(self) -> dict[tuple[str, str], set[float]]:
        """(indicator, region) -> values in tons."""
        out: dict[tuple[str, str], set[float]] = {}
        for table in self.tables.values() if self.public else ():
            for place, value in table.values.items():
                tons = round(float(value) * _TONS[table.unit], 6)
                out.setdefault((table.indicator, place), set()).add(tons)
        return out


class Portal(RuleBasedStateMachine):
    """Two agencies with a few datasets about two indicators, one of them held by the first.

    What is drawn from is in the order in which it was made: identifiers sort differently each time,
    and a sequence that is played again would take others.
    """

    def __init__(self) -> None:
        super().__init__()
        self.bodies = [agency("uji-acak-satu"), agency("uji-acak-dua")]
        self.codes = [new_indicator(producer_org=self.bodies[0].id), new_indicator()]
        self.walidata = walidata_editor()
        self.agreed: dict[tuple[str, str], tuple[str, dict[str, float]]] = {}
        self.known: dict[str, Known] = {}
        self.touched: set[str] = set()

    @precondition(lambda self: len(self.known) < 4)
    @rule(who=st.integers(0, 1), code=st.integers(0, 1), values=tables, unit=units)
    def begin(self, who: int, code: int, values: dict[str, float], unit: str) -> None:
        body = self.bodies[who]
        dataset = body.draft(cakupan_wilayah=KECAMATAN[0])
        self.known[dataset["id"]] = Known(body)
        self.touched.add(dataset["id"])
        self._add(dataset["id"], Table(self.codes[code], values, unit=unit))

    @precondition(lambda self: self.known)
    @rule(data=st.data(), code=st.integers(0, 1), values=tables, unit=units)
    def add_a_file(self, data: Any, code: int, values: dict[str, float], unit: str) -> None:
        dataset = self._one(data)
        if len(self.known[dataset].tables) < 2:
            self._add(dataset, Table(self.codes[code], values, unit=unit))

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def publish(self, data: Any) -> None:
        dataset, known = self._dataset(data)
        if self._try(known, "package_patch", id=dataset, state="active", private=False):
            known.public, known.deleted = True, False

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def hide(self, data: Any) -> None:
        dataset, known = self._dataset(data)
        if not known.deleted and self._try(known, "package_patch", id=dataset, private=True):
            known.public = False

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def delete(self, data: Any) -> None:
        dataset, known = self._dataset(data)
        if self._try(known, "package_delete", id=dataset):
            known.public, known.deleted = False, True

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def take_out_of_the_trash(self, data: Any) -> None:
        dataset, known = self._dataset(data)
        if not known.deleted:
            return
        if self._try(sysadmin(), "package_patch", id=dataset, state="active"):
            known.deleted = False
            known.public = not model.Package.get(dataset).private

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def purge(self, data: Any) -> None:
        dataset = self._one(data)
        if self._try(sysadmin(), "dataset_purge", id=dataset):
            del self.known[dataset]

    @precondition(lambda self: any(k.tables for k in self.known.values()))
    @rule(data=st.data(), code=st.integers(0, 1), values=tables, unit=units)
    def replace(self, data: Any, code: int, values: dict[str, float], unit: str) -> None:
        resource, known = self._resource(data)
        table = Table(self.codes[code], values, unit=unit)
        if self._try(known, "resource_update", id=resource, **table.resource()):
            known.tables[resource] = table

    @precondition(lambda self: any(k.tables for k in self.known.values()))
    @rule(data=st.data(), unit=units)
    def declare_otherwise(self, data: Any, unit: str) -> None:
        resource, known = self._resource(data)
        before = known.tables[resource]
        table = Table(before.indicator, before.values, unit=unit)
        schema = json.dumps(table.declaration())
        if self._try(known, "resource_patch", id=resource, schema=schema):
            known.tables[resource] = table

    @precondition(lambda self: any(k.tables for k in self.known.values()))
    @rule(data=st.data())
    def take_a_file_out(self, data: Any) -> None:
        resource, known = self._resource(data)
        if self._try(known, "resource_delete", id=resource):
            del known.tables[resource]

    @precondition(lambda self: self.known)
    @rule(data=st.data(), who=st.integers(0, 1))
    def move(self, data: Any, who: int) -> None:
        dataset, known = self._dataset(data)
        body = self.bodies[who]
        moved = {
            "id": dataset,
            "owner_org": body.id,
            "kegiatan": model.Package.get(body.activity).id,
        }
        if not known.deleted and self._try(sysadmin(), "package_patch", **moved):
            known.body = body

    @rule(
        code=st.integers(0, 1),
        place=st.sampled_from(KECAMATAN[:3]),
        values=st.sampled_from([(100.0,), (250.0,), (100.0, 250.0), (250.0, 100.0)]),
    )
    def agree(self, code: int, place: str, values: tuple[float, ...]) -> None:
        """One figure for both agencies, or one for each; a second one about a place is refused."""
        both = dict(zip([b.id for b in self.bodies], values, strict=False))
        thing = {"indicator": self.codes[code], "region": place, "period": "2025"}
        said = {"per_party": both} if len(values) > 1 else {"value": values[0]}
        proposed = self._try(
            self.walidata,
            "satudata_agreement_propose",
            kind="keduanya_berlaku" if len(values) > 1 else "angka_disepakati",
            objects=[{**thing, **said}],
            parties=[b.id for b in self.bodies],
            note="Disepakati dalam urutan acak.",
        )
        at = self.codes[code], place
        assert bool(proposed) is (at not in self.agreed)
        if not proposed:
            return
        for body in self.bodies:
            accept = {"id": proposed["id"], "organization_id": body.id}
            assert self._try(body.user, "satudata_agreement_accept", **accept)
        self.agreed[at] = proposed["id"], both if len(values) > 1 else {}

    @precondition(lambda self: self.agreed)
    @rule(data=st.data())
    def end_an_agreement(self, data: Any) -> None:
        """Not where two values rest on it: they would be a contradiction, which audits tell."""
        at = data.draw(st.sampled_from(list(self.agreed)))
        rows = act("satudata_observation_list", None, indicator=at[0], region=at[1])["results"]
        if len({row["value"] for row in rows}) > 1:
            return
        name, _ = self.agreed.pop(at)
        ended = {"id": name, "reason": "Berakhir dalam urutan acak."}
        assert self._try(self.walidata, "satudata_agreement_withdraw", **ended)

    @invariant()
    def everything_agrees(self) -> None:
        model.Session.rollback()
        model.Session.expire_all()
        for dataset in self.touched & self.known.keys():
            assert violations(dataset) == []
        self.touched.clear()
        shown: dict[str, dict[tuple[str, str], set[float]]] = {d: {} for d in self.known}
        together: dict[tuple[str, str], set[float]] = {}
        owners: dict[tuple[str, str], set[tuple[str, float]]] = {}
        ids = {model.Package.get(dataset).name: dataset for dataset in self.known}
        for code in self.codes:
            rows = act("satudata_observation_list", None, indicator=code, limit=100)["results"]
            for row in rows:
                place, value = (code, row["region"]), round(row["value"], 6)
                shown[ids[row["dataset"]]].setdefault(place, set()).add(value)
                together.setdefault(place, set()).add(value)
                owners.setdefault(place, set()).add((row["organization"], value))
        assert shown == {dataset: known.figures() for dataset, known in self.known.items()}
        for place in (place for place, values in together.items() if len(values) > 1):
            _, stands = self.agreed.get(place, ("", {}))
            assert owners[place] == set(stands.items()), place

    @override
    def teardown(self) -> None:
        self.touched.update(self.known)
        self.everything_agrees()

    def _one(self, data: Any) -> str:
        dataset = data.draw(st.sampled_from(list(self.known)))
        self.touched.add(dataset)
        return dataset

    def _dataset(self, data: Any) -> tuple[str, Known]:
        dataset = self._one(data)
        return dataset, self.known[dataset]

    def _resource(self, data: Any) -> tuple[str, Known]:
        all_ = [(r, k) for k in self.known.values() for r in k.tables]
        resource, known = all_[data.draw(st.integers(0, len(all_) - 1))]
        self.touched.update(d for d, k in self.known.items() if k is known)
        return resource, known

    def _add(self, dataset: str, table: Table) -> None:
        made = self._try(
            self.known[dataset], "resource_create", package_id=dataset, **table.resource()
        )
        if made:
            self.known[dataset].tables[made["id"]] = table

    def _try(self, who: Known | str, action: str, **data: Any) -> Any:
        """What an action gives; an empty result becomes True, a refusal None."""
        user = who if isinstance(who, str) else who.body.user
        try:
            return act(action, user, **data) or True
        except _REFUSALS:
            model.Session.rollback()
            return None


def test_any_sequence() -> None:
    run_state_machine_as_test(
        Portal,
        settings=settings(
            max_examples=200 if conftest.LONG else 3,
            stateful_step_count=40 if conftest.LONG else 10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
