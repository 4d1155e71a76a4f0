"""The table of routes is whole: each has its test, and each action that writes is in it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import ckan.logic
import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest
import yaml

from .others import UNCHANGED, UNSEEN, WITHDRAWN
from .refused import REFUSED

TABLE: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("routes.yaml").read_text("utf-8")
)
TRIED = {
    "refused": set(REFUSED),
    "withdrawn": set(WITHDRAWN),
    "unchanged": set(UNCHANGED),
    "unseen": set(UNSEEN),
}
#: Examples for developers, and plugins of the tests of CKAN.
_NOT_FOR_PORTALS = ("example_", "test_", "sample_", "chained_functions")


def _with(outcome: str) -> set[str]:
    return {row["id"] for row in TABLE["routes"] if row["outcome"] == outcome}


class TestRows:
    def test_ids_are_used_once(self) -> None:
        ids = [row["id"] for row in TABLE["routes"]]
        assert len(ids) == len(set(ids))

    @pytest.mark.parametrize("outcome", TRIED)
    def test_each_is_tried_and_nothing_is_tried_that_is_not_listed(self, outcome: str) -> None:
        assert _with(outcome) == TRIED[outcome]

    def test_other_tests_that_are_named_exist(self) -> None:
        rows = [r for r in TABLE["routes"] if r["outcome"] not in TRIED]
        assert {r["outcome"] for r in rows} == {"found", "tried"}
        folder = Path(__file__).parents[2]
        assert [r["id"] for r in rows if not (folder / r["test"]).exists()] == []


class TestActions:
    def test_each_that_writes_is_classified(self, portal: None) -> None:
        listed = [a for rows in TABLE.values() for row in rows for a in row["actions"]]
        assert set(_writing()) - set(listed) == set()

    def test_none_is_classified_that_does_not_exist(self, portal: None) -> None:
        listed = {a for rows in TABLE.values() for row in rows for a in row["actions"]}
        assert listed - set(_writing()) == set()

    def test_none_is_both_a_route_and_none(self) -> None:
        routes = {a for row in TABLE["routes"] for a in row["actions"]}
        apart = [a for row in TABLE["apart"] for a in row["actions"]]
        assert len(apart) == len(set(apart))
        assert routes & set(apart) == set()


def _writing() -> Iterator[str]:
    """Actions of CKAN, of the plugins that are loaded, and of those that come with CKAN."""
    tk.get_action("package_show")
    actions = {**ckan.logic._actions, **dict(_of_plugins())}
    for name, action in actions.items():
        if not getattr(action, "side_effect_free", False):
            yield name


def _of_plugins() -> Iterator[tuple[str, Any]]:
    for entry in entry_points(group="ckan.plugins"):
        if entry.name.startswith(_NOT_FOR_PORTALS) or p.plugin_loaded(entry.name):
            continue
        if (
            not entry.value.startswith("ckanext.")
            or entry.dist is None
            or entry.dist.name != "ckan"
        ):
            continue
        plugin = entry.load()
        if p.IActions.implemented_by(plugin):
            # What is chained to an action is not another one.
            yield from (
                (name, action)
                for name, action in plugin.get_actions(plugin.__new__(plugin)).items()
                if name not in ckan.logic._actions
            )
