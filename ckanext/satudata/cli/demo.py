"""``ckan satudata demo``: the demonstration, told on the terminal."""

from __future__ import annotations

import sys

import click
from ckan import model

from ckanext.satudata.demo import (
    complaints,
    meeting,
    onboarding,
    past,
    requests,
    review,
    setoran,
    story,
    tour,
)
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.content import utc_now

#: The bodies of the demonstration, by the part they play.
_BODIES = {
    "food": "dkpp",
    "trade": "disperindagkop-ukm",
    "bulog": "bulog",
    "statistics": "bps",
    "civil_registry": "disdukcapil",
    "walidata": "diskominfo",
}


def cast() -> story.Cast:
    """The seeded bodies of Kabupaten Sintang with their operators.

    Raises:
        SatudataError: one of them is missing.
    """
    parts = {part: (body, f"{body}-operator") for part, body in _BODIES.items()}
    for body, user in parts.values():
        if model.Group.get(body) is None or model.User.by_name(user) is None:
            raise SatudataError(
                f"{body} or {user} is missing; run 'ckan satudata seed sintang --credentials FILE'"
            )
    return story.Cast(**parts)


@click.command("demo")
def demo() -> None:
    """Play the demonstration through CKAN's actions and print what the portal says.

    Exit status: 0 if every scene ended as it must, 1 if one did not, 2 if it cannot be played.
    """
    try:
        actors = cast()
    except SatudataError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    for line in past.tell(actors, utc_now()):
        click.echo(f"Sebelumnya: {line}")
    right = True
    for number, scene in enumerate(story.tell(actors), start=1):
        as_expected = scene.outcome == scene.expected
        right = right and as_expected
        mark = "" if as_expected else f"   (seharusnya {scene.expected})"
        click.echo(f"\n{number}. {scene.title}\n   {scene.outcome}: {scene.dataset}{mark}")
        for line in scene.lines:
            click.echo(f"     {line}")
    click.echo("")
    for line in setoran.tell(utc_now()):
        click.echo(f"Setoran: {line}")
    for line in review.tell(actors):
        click.echo(f"Pemeriksaan: {line}")
    for line in requests.tell(actors, utc_now()):
        click.echo(f"Permintaan: {line}")
    for line in complaints.tell(actors, utc_now()):
        click.echo(f"Pengaduan: {line}")
    for line in meeting.prepare(utc_now()):
        click.echo(line)
    for line in onboarding.tell(actors):
        click.echo(f"Pelatihan: {line}")
    click.echo("")
    for line in tour.lines():
        click.echo(line)
    sys.exit(0 if right else 1)
