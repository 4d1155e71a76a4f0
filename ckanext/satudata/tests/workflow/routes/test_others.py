"""Figures leave with their dataset, stay where nothing concerns them, and drafts are not shown."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.satudata.tests.worlds import Table, act, agency, figures, indicator

from .others import UNCHANGED, UNSEEN, WITHDRAWN
from .scene import RIGHT, Scene, build, loaded_before, picture, violations


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    """Each request ends with a clean session."""
    yield
    model.Session.remove()


@pytest.fixture(scope="module")
def scene(module_portal: None) -> Scene:
    """Shared by routes that change nothing that is looked at."""
    made = build()
    loaded_before(made.public["resources"][0]["id"])
    return made


@pytest.fixture(scope="module")
def changing(module_portal: None) -> Scene:
    """Shared by routes that change something else than figures and files."""
    made = build()
    loaded_before(made.public["resources"][0]["id"])
    return made


@pytest.mark.usefixtures("module_portal")
class TestWithdrawn:
    @pytest.mark.parametrize("route", WITHDRAWN)
    def test_figures_leave(self, route: str) -> None:
        who = agency("rute-wali")
        code = indicator(producer_org=who.id)
        dataset = who.published(Table(code, RIGHT))
        assert figures(code)
        WITHDRAWN[route](who, dataset)
        assert figures(code) == {}
        shown = picture([dataset["id"]], [])
        assert shown["rows"]["satudata_publication"] == []
        assert shown["blocks"] == []
        assert violations([dataset["id"]]) == []


class TestUnchanged:
    @pytest.mark.parametrize("route", UNCHANGED)
    def test_figures_and_files_stay(self, changing: Scene, route: str) -> None:
        scene = changing
        before = figures(scene.code)
        files = picture(scene.datasets(), [])["files"]
        UNCHANGED[route](scene)
        model.Session.remove()
        assert figures(scene.code) == before
        assert picture(scene.datasets(), [])["files"] == files
        assert violations(scene.datasets()) == []


class TestUnseen:
    @pytest.mark.parametrize("route", UNSEEN)
    def test_nobody_is_shown_it(self, scene: Scene, route: str) -> None:
        with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
            UNSEEN[route](scene)

    def test_the_same_questions_are_answered_about_what_is_public(self, scene: Scene) -> None:
        assert act("package_show", None, id=scene.public["id"])["id"] == scene.public["id"]
        assert act("satudata_dataset_status", None, id=scene.public["id"])["public"]
