"""``ckan satudata due``: whatever has to be done by now; for cron, a timer, or a worker's start."""

from __future__ import annotations

import sys

import ckan.plugins.toolkit as tk
import click
from ckan import model

from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.joint_release import JointRelease
from ckanext.satudata.workflow import duties, joint_release, revisions, telling
from ckanext.satudata.workflow.proof import recheck

#: Datasets that are released anew or found to disagree in one run; the next run goes on.
_RECHECKED = 100


@click.command("due")
def due() -> None:
    """Do what is due.

    Take up work a killed worker left, tell agencies, release what is ripe, find what is public
    and no longer agrees with what holds now, send letters, and seal the audit trail.

    Exit status: 0 all done, 1 something is held back (it is named).
    """
    for revision in revisions.resume():
        click.echo(f"queued again: revision {revision}")
    held = False
    for joint in JointRelease.newest(10_000, "open"):
        name = joint.id
        if told := telling.tell_members(name):
            click.echo(f"told: {told} agency(ies) about joint release {name}")
    for joint in joint_release.due(utc_now()):
        held |= not _release(joint)
    held |= _recheck()
    for duty in duties.DUTIES:
        for line in duty.run(utc_now()):
            click.echo(line)
    sys.exit(1 if held else 0)


def _recheck() -> bool:
    """Judge again what something changed for, part of it if it is much; whether any disagrees."""
    changed, disagrees = 0, False
    for dataset in recheck.datasets(model.Session):
        judged = recheck.run(dataset)
        if judged.report:
            click.echo(f"no longer agrees: dataset {dataset}, report {judged.report}")
            disagrees = True
        changed += judged.changed
        if changed == _RECHECKED:
            break
    return disagrees


@click.group("joint-release")
def joint_releases() -> None:
    """Datasets of several agencies that change at one moment or not at all."""


@joint_releases.command("list")
def list_open() -> None:
    """List the open joint releases with their last day."""
    for joint in JointRelease.newest(10_000, "open"):
        click.echo(f"{joint.id}  {joint.due_at:%Y-%m-%d %H:%M} UTC  {joint.reason}")


@joint_releases.command("release")
@click.argument("joint_id")
def release(joint_id: str) -> None:
    """Release JOINT_ID now, if nobody has time left.

    Exit status: 0 released, 1 held back.
    """
    joint = model.Session.get(JointRelease, joint_id)
    if joint is None:
        raise click.ClickException(f"There is no joint release {joint_id}.")
    sys.exit(0 if _release(joint) else 1)


def _release(joint: JointRelease) -> bool:
    name = joint.id
    try:
        joint_release.release(joint, user=None, now=utc_now())
    except (SatudataError, tk.ValidationError) as error:
        click.echo(f"held back: joint release {name}: {error}", err=True)
        return False
    finally:
        telling.tell_members(name)
    click.echo(f"released: joint release {name}")
    return True
