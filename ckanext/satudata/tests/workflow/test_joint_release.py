from __future__ import annotations

from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.satudata.errors import Refused
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.joint_release import JointRelease
from ckanext.satudata.tests.letterbox import Letterbox
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Agency,
    Table,
    act,
    agency,
    figures,
    indicator,
    sysadmin,
)
from ckanext.satudata.workflow import joint_release, notices, telling

FIRST = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}
SECOND = {**FIRST, KECAMATAN[0]: 555.0}
WHERE = (KECAMATAN[0], "2025")


class World:
    """A mandate holder's figures, repeated by another agency, about to be revised."""

    def __init__(self) -> None:
        self.holder, self.citing = agency("bersama-wali"), agency("bersama-kutip")
        self.first = FIRST
        self.code = indicator(producer_org=self.holder.name)
        self.original = self.holder.published(Table(self.code, FIRST))
        self.citation = self.citing.published(Table(self.code, FIRST))

    def prepare(self, who: Agency, dataset: dict[str, Any], values: dict[str, float]) -> str:
        return act(
            "satudata_revision_prepare",
            who.user,
            id=dataset["id"],
            resource_id=dataset["resources"][0]["id"],
            upload=Table(self.code, values).resource()["upload"],
        )["id"]

    def begin(self) -> dict[str, Any]:
        revision = self.prepare(self.holder, self.original, SECOND)
        return act(
            "satudata_joint_release_create",
            self.holder.user,
            revision_id=revision,
            reason="Angka tetap menggantikan angka sementara.",
        )

    def correct(self, joint: dict[str, Any]) -> None:
        revision = self.prepare(self.citing, self.citation, SECOND)
        act(
            "satudata_joint_release_join",
            self.citing.user,
            id=joint["id"],
            revision_id=revision,
        )


def after_the_time(joint: dict[str, Any]) -> None:
    joint_release.release(
        model.Session.get_one(JointRelease, joint["id"]),
        user=None,
        now=utc_now() + timedelta(days=365),
    )


@pytest.mark.usefixtures("portal")
class TestJointRelease:
    def test_alone_neither_side_could_change(self) -> None:
        world = World()
        revision = world.prepare(world.holder, world.original, SECOND)
        with pytest.raises(tk.ValidationError):
            act("satudata_revision_release", world.holder.user, id=revision)
        assert figures(world.code)[WHERE] == {100}

    def test_whoever_repeats_the_figures_becomes_a_member(self) -> None:
        world = World()
        joint = world.begin()
        assert [m["dataset_id"] for m in joint["members"]] == [
            world.original["id"],
            world.citation["id"],
        ]
        assert joint["members"][1]["revision_id"] is None
        assert figures(world.code)[WHERE] == {100}

    def test_corrected_tables_go_out_together(self) -> None:
        world = World()
        joint = world.begin()
        world.correct(joint)

        done = act("satudata_joint_release_release", world.holder.user, id=joint["id"])

        assert done["state"] == "released"
        assert {m["outcome"] for m in done["members"]} == {"released"}
        assert figures(world.code)[WHERE] == {555}
        rows = act("satudata_observation_list", None, indicator=world.code, limit=1000)["results"]
        shown = {r["dataset"] for r in rows if r["region"] == KECAMATAN[0]}
        assert len(shown) == 2

    def test_nothing_moves_while_somebody_still_has_time(self) -> None:
        world = World()
        joint = world.begin()
        with pytest.raises(tk.ValidationError):
            act("satudata_joint_release_release", world.holder.user, id=joint["id"])
        assert figures(world.code)[WHERE] == {100}
        assert act("satudata_joint_release_show", sysadmin(), id=joint["id"])["state"] == "open"

    def test_tables_not_corrected_in_time_are_taken_out_with_a_note(self) -> None:
        world = World()
        joint = world.begin()

        after_the_time(joint)

        assert figures(world.code)[WHERE] == {555}
        left = act("package_show", None, id=world.citation["id"])
        assert left["resources"] == []
        _, citing = act("satudata_joint_release_show", None, id=joint["id"])["members"]
        assert (citing["outcome"], citing["tables"]) == ("withdrawn", ["tabel.csv"])
        found = act("package_search", None, fq=f"id:{world.citation['id']}")["results"]
        assert [d["num_resources"] for d in found] == [0]

    def test_a_correction_that_still_differs_holds_everything_back(self) -> None:
        world = World()
        joint = world.begin()
        wrong = {**FIRST, KECAMATAN[0]: 556.0}
        revision = world.prepare(world.citing, world.citation, wrong)
        act("satudata_joint_release_join", world.citing.user, id=joint["id"], revision_id=revision)

        with pytest.raises(Refused):
            after_the_time(joint)

        assert figures(world.code)[WHERE] == {100}
        shown = act("satudata_joint_release_show", sysadmin(), id=joint["id"])
        assert (shown["state"], bool(shown["report_id"])) == ("open", True)
        before = act("package_show", None, id=world.original["id"])
        assert before["metadata_modified"] == world.original["metadata_modified"]

    def test_a_table_published_meanwhile_gets_its_time_too(self) -> None:
        world = World()
        joint = world.begin()
        late = agency("bersama-susul").published(Table(world.code, FIRST))

        with pytest.raises(joint_release.NotYet) as not_yet:
            after_the_time(joint)

        assert not_yet.value.datasets == (late["id"],)
        assert figures(world.code)[WHERE] == {100}
        shown = act("satudata_joint_release_show", sysadmin(), id=joint["id"])
        assert late["id"] in [m["dataset_id"] for m in shown["members"]]

    def test_without_the_mandate_no_agency_moves_another(self) -> None:
        world = World()
        revision = world.prepare(world.citing, world.citation, SECOND)
        with pytest.raises(tk.ValidationError) as refused:
            act(
                "satudata_joint_release_create",
                world.citing.user,
                revision_id=revision,
                reason="Kami lebih tahu.",
            )
        assert world.code in refused.value.error_dict["satudata"][0]

    def test_cancelled_it_leaves_the_revision_prepared(self) -> None:
        world = World()
        joint = world.begin()
        act("satudata_joint_release_cancel", world.holder.user, id=joint["id"])
        with pytest.raises(tk.ValidationError):
            act("satudata_joint_release_release", world.holder.user, id=joint["id"])
        revision = joint["members"][0]["revision_id"]
        shown = act("satudata_revision_show", world.holder.user, id=revision)
        assert shown["state"] == "prepared"

    def test_only_those_concerned_see_it_before_it_is_out(self) -> None:
        world = World()
        joint = world.begin()
        stranger = agency("bersama-susul")
        for user in (stranger.user, None):
            with pytest.raises(tk.NotAuthorized):
                act("satudata_joint_release_show", user, id=joint["id"])
            listed = act("satudata_joint_release_list", user)
            assert joint["id"] not in [j["id"] for j in listed]
        assert act("satudata_joint_release_show", world.citing.user, id=joint["id"])
        with pytest.raises(tk.NotAuthorized):
            act("satudata_joint_release_release", world.citing.user, id=joint["id"])

    def test_an_outsider_who_knows_the_id_does_not_join(self) -> None:
        world = World()
        joint = world.begin()
        stranger = agency("bersama-susul")
        code = indicator(producer_org=stranger.name)
        dataset = stranger.published(Table(code, FIRST))
        revision = world.prepare(stranger, dataset, FIRST)
        with pytest.raises(tk.NotAuthorized):
            act(
                "satudata_joint_release_join",
                stranger.user,
                id=joint["id"],
                revision_id=revision,
            )
        shown = act("satudata_joint_release_show", sysadmin(), id=joint["id"])
        assert dataset["id"] not in [m["dataset_id"] for m in shown["members"]]

    def test_what_became_private_is_not_told(self) -> None:
        world = World()
        joint = world.begin()
        after_the_time(joint)
        act("package_patch", world.citing.user, id=world.citation["id"], private=True)

        _, told = act("satudata_joint_release_show", None, id=joint["id"])["members"]
        assert (told["dataset_name"], told["dataset_title"], told["tables"]) == (None, None, [])
        listed = act("satudata_joint_release_list", None)
        assert world.citation["name"] not in str(listed)

        _, known = act("satudata_joint_release_show", world.citing.user, id=joint["id"])["members"]
        assert known["dataset_name"] == world.citation["name"]
        assert known["tables"] == ["tabel.csv"]

    def test_nobody_joins_for_another_agency(self) -> None:
        world = World()
        joint = world.begin()
        revision = world.prepare(world.citing, world.citation, SECOND)
        with pytest.raises(tk.NotAuthorized):
            act(
                "satudata_joint_release_join",
                world.holder.user,
                id=joint["id"],
                revision_id=revision,
            )

    def test_agencies_that_repeat_the_figures_get_a_letter(self, letterbox: Letterbox) -> None:
        world = World()
        joint = world.begin()
        notices.deliver(utc_now())
        assert letterbox.to(model.User.by_name(world.citing.user).email)
        assert not letterbox.to(model.User.by_name(world.holder.user).email)
        _, citing = act("satudata_joint_release_show", sysadmin(), id=joint["id"])["members"]
        assert citing["told_at"]
        assert telling.tell_members(joint["id"]) == 0
