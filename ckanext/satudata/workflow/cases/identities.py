"""Who somebody is, as far as cases have to do with it: sealed, and opened elsewhere on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ckanext.satudata.model.case import CONFIDENTIAL
from ckanext.satudata.privacy import people


def keep(identity: Mapping[str, str], *, kind: str, mode: str, confirmed: bool) -> str:
    """Seal what somebody told of themselves; the identity's id."""
    return people.keep(
        identity, purpose=kind, confidential=mode == CONFIDENTIAL, confirmed=confirmed
    )


def confirm(identity_id: str) -> None:
    """The address was proved."""
    people.confirm(identity_id)


def close(identity_id: str, on: date) -> None:
    """The case is over: the days until deletion begin."""
    people.close(identity_id, on)


def reopen(identity_id: str) -> None:
    """The case goes on."""
    people.reopen(identity_id)


def masked(identity_id: str) -> dict[str, str]:
    """What officers may see of a person without opening who it is."""
    return people.masked(identity_id)


def email_of(identity_id: str) -> str | None:
    """Where the portal writes to about the person's own case."""
    return people.email_of(identity_id)


def openings(identity_id: str) -> list[people.Opening]:
    """When, and for which body, officials opened who somebody is."""
    return people.openings(identity_id)
