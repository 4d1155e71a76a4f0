from __future__ import annotations

from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata import config
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.joint_release import JointRelease
from ckanext.satudata.tests.crash.portal import token, violations
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
from ckanext.satudata.workflow import joint_release, notices, revisions, telling

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

    def members(self, joint: dict[str, Any]) -> list[dict[str, Any]]:
        """The holder's and the citing agency's part in it."""
        found = {m["dataset_id"]: m for m in joint["members"]}
        return [found[self.original["id"]], found[self.citation["id"]]]

    def join_wrongly(self, joint: dict[str, Any]) -> dict[str, Any]:
        """Join with a revision that contradicts the holder's."""
        wrong = {**FIRST, KECAMATAN[0]: 556.0}
        self.wrong = self.prepare(self.citing, self.citation, wrong)
        return act(
            "satudata_joint_release_join",
            self.citing.user,
            id=joint["id"],
            revision_id=self.wrong,
        )


def told(who: Agency, joint: dict[str, Any]) -> list[str]:
    """Kinds of notices about a joint release that an operator got, the first one first."""
    found = notices.of_user(model.User.by_name(who.user).id)
    return [n.kind for n in reversed(found) if n.address.endswith(joint["id"])]


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

    def test_a_correction_that_still_differs_is_no_correction(self) -> None:
        """It is tried when it joins; nothing becomes public by that."""
        world = World()
        joint = world.begin()
        joined = world.join_wrongly(joint)

        holder, citing = world.members(joined)
        assert (holder["outcome"], citing["outcome"]) == (None, "refused")
        report = act("satudata_report_show", world.citing.user, id=citing["report_id"])
        assert report["blocked"]
        assert figures(world.code)[WHERE] == {100}
        before = act("package_show", None, id=world.original["id"])
        assert before["metadata_modified"] == world.original["metadata_modified"]

    def test_its_report_is_not_for_the_agency_that_began(self) -> None:
        world = World()
        joined = world.join_wrongly(world.begin())
        with pytest.raises(tk.NotAuthorized):
            act("satudata_report_show", world.holder.user, id=world.members(joined)[1]["report_id"])

    def test_before_the_time_is_over_it_is_waited_for(self) -> None:
        world = World()
        joint = world.begin()
        world.join_wrongly(joint)
        with pytest.raises(tk.ValidationError):
            act("satudata_joint_release_release", world.holder.user, id=joint["id"])
        assert figures(world.code)[WHERE] == {100}

        act("satudata_revision_cancel", world.citing.user, id=world.wrong)
        world.correct(joint)
        act("satudata_joint_release_release", world.holder.user, id=joint["id"])
        assert figures(world.code)[WHERE] == {555}
        assert len(act("package_show", None, id=world.citation["id"])["resources"]) == 1

    def test_afterwards_the_others_go_out_without_it(self) -> None:
        world = World()
        joint = world.begin()
        world.join_wrongly(joint)

        after_the_time(joint)

        assert figures(world.code)[WHERE] == {555}
        assert act("package_show", None, id=world.citation["id"])["resources"] == []
        holder, citing = world.members(act("satudata_joint_release_show", None, id=joint["id"]))
        assert (holder["outcome"], citing["outcome"]) == ("released", "withdrawn")
        assert citing["tables"] == ["tabel.csv"]
        revision = act("satudata_revision_show", world.citing.user, id=world.wrong)
        assert revision["state"] == "prepared"
        assert violations(world.original["id"]) == violations(world.citation["id"]) == []

    def test_one_that_is_too_large_to_be_tried_is_found_at_the_release(
        self, ckan_config: Any
    ) -> None:
        world = World()
        joint = world.begin()
        before = ckan_config[config.BACKGROUND_SIZE]
        ckan_config[config.BACKGROUND_SIZE] = 0
        joined = world.join_wrongly(joint)
        ckan_config[config.BACKGROUND_SIZE] = before
        assert world.members(joined)[1]["outcome"] is None
        with pytest.raises(tk.ValidationError):
            act("satudata_joint_release_release", world.holder.user, id=joint["id"])
        shown = act("satudata_joint_release_show", sysadmin(), id=joint["id"])
        assert [m["outcome"] for m in world.members(shown)] == [None, "refused"]
        assert figures(world.code)[WHERE] == {100}

    def test_a_member_that_changed_since_does_not_hold_the_others_up(self) -> None:
        world = World()
        joint = world.begin()
        world.correct(joint)
        act("package_patch", world.citing.user, id=world.citation["id"], title="Judul lain")

        after_the_time(joint)

        assert figures(world.code)[WHERE] == {555}
        _, citing = world.members(act("satudata_joint_release_show", None, id=joint["id"]))
        assert citing["outcome"] == "withdrawn"

    def test_who_cannot_stay_public_without_the_tables_becomes_private(self) -> None:
        """What is left of it, a table of another indicator, does not pass the gate by itself."""
        world = World()
        joint = world.begin()
        (resource,) = world.citation["resources"]
        other = world.citing.add(world.citation["id"], Table(indicator(), FIRST))
        model.Session.execute(
            sa.text("UPDATE resource SET url_type = NULL, url = 'http://x.test/a' WHERE id = :id"),
            {"id": other["id"]},
        )
        model.Session.commit()

        after_the_time(joint)

        assert figures(world.code)[WHERE] == {555}
        assert model.Package.get(world.citation["id"]).private
        with pytest.raises(tk.NotAuthorized):
            act("package_show", None, id=world.citation["id"])
        assert resource["id"] in {
            r["id"]
            for r in act("package_show", world.citing.user, id=world.citation["id"])["resources"]
        }

    def test_the_revision_around_which_it_was_made_holds_everything_back(self) -> None:
        world = World()
        joint = world.begin()
        act("package_patch", world.holder.user, id=world.original["id"], title="Judul lain")

        with pytest.raises(revisions.ChangedSince):
            after_the_time(joint)

        assert figures(world.code)[WHERE] == {100}
        shown = act("satudata_joint_release_show", sysadmin(), id=joint["id"])
        assert shown["state"] == "open"
        assert len(act("package_show", None, id=world.citation["id"])["resources"]) == 1

    def test_whoever_is_held_back_is_told(self) -> None:
        world = World()
        joint = world.begin()
        joined = world.join_wrongly(joint)
        assert world.members(joined)[1]["told_at"]
        assert told(world.citing, joint) == ["rilis-bersama", "rilis-bersama-tertahan"]
        assert telling.tell_members(joint["id"]) == 0

    def test_whoever_is_held_back_at_the_end_is_told_that_tables_left(
        self, ckan_config: Any
    ) -> None:
        world = World()
        joint = world.begin()
        before = ckan_config[config.BACKGROUND_SIZE]
        ckan_config[config.BACKGROUND_SIZE] = 0
        world.join_wrongly(joint)
        ckan_config[config.BACKGROUND_SIZE] = before
        after_the_time(joint)
        assert telling.tell_members(joint["id"]) == 1
        assert told(world.citing, joint) == ["rilis-bersama", "rilis-bersama-ditarik"]
        assert telling.tell_members(joint["id"]) == 0

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
        _, citing = world.members(act("satudata_joint_release_show", sysadmin(), id=joint["id"]))
        assert citing["told_at"]
        assert telling.tell_members(joint["id"]) == 0


@pytest.mark.usefixtures("portal")
class TestPage:
    def test_only_its_agency_is_led_to_the_report_of_what_is_held_back(self, app: Any) -> None:
        world = World()
        joint = world.join_wrongly(world.begin())
        report = world.members(joint)[1]["report_id"]

        def page(user: str) -> str:
            address = f"/satudata/rilis-bersama/{joint['id']}"
            return app.get(address, headers={"Authorization": token(user)}).body

        assert report in page(world.citing.user)
        assert report not in page(world.holder.user)
        assert "Its revision is held back" in page(world.holder.user)
