"""A refused change leaves everything exactly as it was."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from .refused import REFUSED
from .scene import Scene, build, loaded_before, picture, violations


@pytest.fixture(scope="module")
def scene(module_portal: None) -> Scene:
    """Shared: what is refused changes nothing."""
    made = build()
    loaded_before(made.public["resources"][0]["id"])
    return made


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    """Each request ends with a clean session."""
    yield
    model.Session.remove()


class TestRefused:
    @pytest.mark.parametrize("route", REFUSED)
    def test_nothing_has_changed(self, scene: Scene, route: str) -> None:
        tables = [scene.public["resources"][0]["id"]]
        before = picture(scene.datasets(), tables)
        with pytest.raises(tk.ValidationError):
            REFUSED[route](scene)
        assert picture(scene.datasets(), tables) == before

    def test_and_all_agrees(self, scene: Scene) -> None:
        assert violations(scene.datasets()) == []
