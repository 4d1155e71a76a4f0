"""``ckan satudata …``: one group, one module per command."""

from __future__ import annotations

import click

from .accounts import accounts
from .audit import audit
from .check import check
from .demo import demo
from .due import due, joint_releases
from .privacy import privacy
from .rebuild import rebuild
from .recheck import recheck
from .reference import reference
from .request_report import request_report
from .seed import seed


@click.group()
def satudata() -> None:
    """Satu Data: reference data, checks and demonstration."""


satudata.add_command(accounts)
satudata.add_command(audit)
satudata.add_command(check)
satudata.add_command(demo)
satudata.add_command(due)
satudata.add_command(joint_releases)
satudata.add_command(privacy)
satudata.add_command(rebuild)
satudata.add_command(recheck)
satudata.add_command(reference)
satudata.add_command(request_report)
satudata.add_command(seed)


def get_commands() -> list[click.Command]:
    """Commands for ``ckan``."""
    return [satudata]
