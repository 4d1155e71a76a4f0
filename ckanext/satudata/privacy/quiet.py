"""What CKAN would write about persons into its logs, closed where it is written.

CKAN's mailer logs to whom it wrote, and what a mail server answered with the address in it; its API
logs what was sent, where that is malformed or the level is low, and paths with what a letter's link
holds. SQLAlchemy puts the values of a statement that failed into the error, which is logged with
its trace, and logs at the lowest level every row it reads.
"""

from __future__ import annotations

import logging
import re

from ckan.common import CKANConfig

_MAILBOX = re.compile(r"[^\s<>'\"(),:;]+@[^\s<>'\"(),:;]+")
#: Links of letters: whoever has the last part confirms in the person's place.
_LINK = re.compile(r"(/konfirmasi/)[^/?#\s]+")
#: What CKAN's API logs with what somebody sent in it: the beginning of the text.
_SENT = ("Request data", "Bad Action API", "Format incorrect", "Validation error")


def install(config: CKANConfig) -> None:
    """Keep personal data out of the logs; may be called again.

    Args:
        config: CKAN's configuration, before it connects to the database.
    """
    config["sqlalchemy.hide_parameters"] = True
    logging.getLogger("ckan.lib.mailer").addFilter(without_addresses)
    logging.getLogger("ckan.views.api").addFilter(without_what_was_sent)
    logging.getLogger("sqlalchemy.engine.Engine").addFilter(without_rows)
    # At DEBUG Pillow tells what a photograph says about who took it and where.
    logging.getLogger("PIL").setLevel(logging.INFO)
    logging.getLogger("ckan.config.middleware.flask_app").addFilter(without_links)


def without_addresses(record: logging.LogRecord) -> bool:
    """Take mailboxes out of what the mailer logs; its traces would repeat them."""
    record.msg = _MAILBOX.sub("***", record.getMessage())
    record.args = ()
    record.exc_info = record.exc_text = None
    return True


def without_what_was_sent(record: logging.LogRecord) -> bool:
    """Take what somebody sent out of what the API logs; they get the same as an answer."""
    if str(record.msg).startswith(_SENT):
        record.msg = f"{str(record.msg).partition(':')[0]} (what was sent is not logged)"
        record.args = ()
        record.exc_info = record.exc_text = None
    return True


def without_links(record: logging.LogRecord) -> bool:
    """Take out of a logged path what a letter's link holds."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            _LINK.sub(r"\1***", arg) if isinstance(arg, str) else arg for arg in record.args
        )
    return True


def without_rows(record: logging.LogRecord) -> bool:
    """Leave out the rows of the database that SQLAlchemy logs one by one."""
    return not str(record.msg).startswith("Row ")
