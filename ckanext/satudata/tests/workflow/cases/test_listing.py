"""Lists show each what is theirs, and go on where the page before ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from ckan import model

from ckanext.satudata.model.case import Case
from ckanext.satudata.tests.worlds import unique
from ckanext.satudata.workflow.cases import cases
from ckanext.satudata.workflow.cases.actors import actor_of
from ckanext.satudata.workflow.cases.listing import listing

from .scene import MONDAY, Scene, user

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def scene(portal: None) -> Scene:
    return Scene()


def ids(who: model.User | None, **wanted: object) -> list[str]:
    return [c.id for c in listing(actor_of(who, None), limit=200, **wanted).rows]  # pyright: ignore[reportArgumentType]


class TestListing:
    def test_each_sees_what_is_theirs(self, scene: Scene) -> None:
        word = unique("kata")
        case = scene.handed()
        other = scene.request(title=word)
        assert {case.id, other.id} <= set(ids(scene.ppid))
        assert case.id in ids(user(scene.agency.user))
        assert other.id not in ids(user(scene.agency.user))
        assert ids(user(scene.other.user), text=word) == []
        assert ids(None) == []
        assert {case.id, other.id} <= set(ids(scene.person, mine=True))
        assert ids(scene.person) == []
        assert ids(scene.ppid, text=word) == [other.id]
        assert ids(scene.ppid, text=other.number) == [other.id]

    def test_the_ppid_sees_no_complaints(self, scene: Scene) -> None:
        made = cases.open_case(
            "pengaduan", title="x", reporter=cases.Reporter(mode="anonim"), now=MONDAY
        )
        model.Session.commit()
        only = user(scene.superior.name)
        assert made.case.id in ids(scene.walidata)
        assert made.case.id not in ids(only)

    def test_what_waits_for_confirmation_is_in_no_list(self, scene: Scene) -> None:
        word = unique("sandi")
        cases.open_case(
            "permintaan",
            title=word,
            reporter=cases.Reporter(),
            items=["a"],
            confirm=True,
            now=MONDAY,
        )
        model.Session.commit()
        assert ids(scene.ppid, text=word) == []

    @pytest.mark.parametrize("order", ["opened", "due"])
    def test_pages_show_everything_once(self, scene: Scene, order: str) -> None:
        word = unique("halaman")
        made = [
            scene.request(title=word, now=MONDAY + timedelta(days=n % 3, seconds=n // 2))
            for n in range(9)
        ]
        seen: list[Case] = []
        after: str | None = None
        while True:
            page = listing(actor_of(scene.ppid, None), text=word, order=order, after=after, limit=2)
            seen += page.rows
            after = page.next
            if after is None:
                break
        assert sorted(c.id for c in seen) == sorted(c.id for c in made)
        keys = [(c.due_on, c.id) if order == "due" else (c.opened_at, c.id) for c in seen]
        assert keys == sorted(keys, reverse=order == "opened")

    def test_overdue_are_those_that_officials_let_wait(self, scene: Scene) -> None:
        late = scene.handed()
        asked = scene.request()
        scene.move(asked, "minta_lengkapi", scene.ppid, note="Tahun?")
        day = (MONDAY + timedelta(days=60)).date()
        found = ids(scene.ppid, overdue=day)
        assert late.id in found
        assert asked.id not in found
        assert late.id not in ids(scene.ppid, overdue=late.due_on)

    def test_a_made_up_key_is_refused(self, scene: Scene) -> None:
        with pytest.raises(ValueError, match="karangan"):
            listing(actor_of(scene.ppid, None), after="karangan")
