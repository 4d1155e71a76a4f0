"""``ckan satudata due`` and ``joint-release``."""

from __future__ import annotations

from datetime import timedelta

import pytest
from ckan import model
from ckan.cli.cli import ckan

from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.joint_release import JointRelease
from ckanext.satudata.model.revision import Revision
from ckanext.satudata.tests.workflow.test_joint_release import WHERE, World
from ckanext.satudata.tests.worlds import figures

pytestmark = pytest.mark.usefixtures("portal")


def set_due(joint: str, days: int) -> None:
    model.Session.get_one(JointRelease, joint).due_at = utc_now() + timedelta(days=days)
    model.Session.commit()


class TestDue:
    def test_what_is_ripe_is_released(self, cli):
        world = World()
        joint = world.begin()["id"]
        set_due(joint, -1)
        result = cli.invoke(ckan, ["satudata", "due"])
        assert f"released: joint release {joint}" in result.output
        assert figures(world.code)[WHERE] == {555}

    def test_what_is_not_is_left(self, cli):
        world = World()
        joint = world.begin()["id"]
        result = cli.invoke(ckan, ["satudata", "due"])
        assert f"released: joint release {joint}" not in result.output
        assert figures(world.code)[WHERE] == {100}

    def test_work_a_killed_worker_left_is_queued_again(self, cli):
        world = World()
        name = world.prepare(world.holder, world.original, {**world.first, "61.05.02": 9.0})
        model.Session.get_one(Revision, name).state = "running"
        model.Session.commit()
        assert f"revision {name}" in cli.invoke(ckan, ["satudata", "due"]).output


class TestJointReleaseCommand:
    def test_somebody_still_has_time(self, cli):
        joint = World().begin()["id"]
        assert joint in cli.invoke(ckan, ["satudata", "joint-release", "list"]).output
        result = cli.invoke(ckan, ["satudata", "joint-release", "release", joint])
        assert result.exit_code == 1

    def test_released_by_hand(self, cli):
        world = World()
        joint = world.begin()
        world.correct(joint)
        result = cli.invoke(ckan, ["satudata", "joint-release", "release", joint["id"]])
        assert result.exit_code == 0
        assert figures(world.code)[WHERE] == {555}
