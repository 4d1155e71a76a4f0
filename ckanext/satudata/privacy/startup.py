"""A portal that cannot open what it has sealed does not start."""

from __future__ import annotations

import logging

import click
import sqlalchemy as sa
from ckan import model
from ckan.exceptions import CkanConfigurationException
from sqlalchemy.orm import Session

from ckanext.satudata import config
from ckanext.satudata.model.attachment import Attachment
from ckanext.satudata.model.identity import Identity

from . import keys, rotation

log = logging.getLogger(__name__)

_TABLES = (Identity.__table__.name, Attachment.__table__.name)


def check() -> None:
    """Make sure that each identity can be opened.

    CKAN's command line goes on with a message: it is what one mends this with. Before the
    migrations have made both tables nothing is sealed.

    Raises:
        CkanConfigurationException: something is sealed that no configured key opens, or what is
            configured is no key.
    """
    engine = model.ensure_engine()
    if not all(sa.inspect(engine).has_table(name) for name in _TABLES):
        return
    try:
        with Session(bind=engine) as session:
            missing = rotation.missing(session)
    except keys.NoKey as error:
        _refuse(str(error))
        return
    if missing:
        _refuse(
            f"{missing} identities and attachments are sealed with a key that is not in "
            f"{config.PRIVACY_KEYS}; put it back ('ckan satudata privacy status' names its mark)"
        )


def _refuse(text: str) -> None:
    if click.get_current_context(silent=True) is None:
        raise CkanConfigurationException(text)
    log.error(text)
