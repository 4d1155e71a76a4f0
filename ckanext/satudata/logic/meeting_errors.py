"""What people are told where something about a meeting cannot be done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import ErrorDict
from sqlalchemy.exc import NoResultFound

from ckanext.satudata.logic import agreement_texts
from ckanext.satudata.workflow.meetings import decisions, effects
from ckanext.satudata.workflow.meetings import rows as meeting_rows


@contextmanager
def explained() -> Iterator[None]:
    """Turn the errors of the services into CKAN's, with nothing changed.

    Raises:
        tk.ObjectNotFound: there is no such meeting, item or line.
        tk.ValidationError: it cannot be done; after :class:`meeting_rows.Stale` it brings what
            stands there now as ``satudata_current``.
    """
    try:
        yield
    except NoResultFound as error:
        model.Session.rollback()
        raise tk.ObjectNotFound(tk._("There is no such meeting or agenda item.")) from error
    except meeting_rows.Stale as error:
        model.Session.rollback()
        errors: ErrorDict = {
            "version": [
                tk._(
                    "Somebody else changed this meanwhile, so yours was not saved yet. "
                    "Look at both, then save again."
                )
            ],
            "satudata_current": error.current,  # pyright: ignore[reportAssignmentType]
        }
        raise tk.ValidationError(errors) from error
    except meeting_rows.WrongState as error:
        model.Session.rollback()
        raise tk.ValidationError({"state": [_wrong_state(error.state)]}) from error
    except effects.NotCarriedOut as error:
        model.Session.rollback()
        message = tk._("{title}: {reason} Choose another outcome, then try again.").format(
            title=error.title, reason=agreement_texts.sentence(error.error)
        )
        raise tk.ValidationError({"outcome": [message]}) from error
    except decisions.Unfit as error:
        model.Session.rollback()
        raise tk.ValidationError({error.field: [_unfit(error.field)]}) from error


def _wrong_state(state: str) -> str:
    return {
        "disiapkan": tk._("The meeting has not begun yet. Begin it first."),
        "berlangsung": tk._("The meeting is being held; this is possible only before it begins."),
        "selesai": tk._("The meeting is closed, so nothing of it changes any more."),
        "dibatalkan": tk._("The meeting was called off."),
    }[state]


def _unfit(field: str) -> str:
    return {
        "outcome": tk._("This outcome is not possible for this item."),
        "choice": tk._("Say whose figure it is: the first side's, the second's, or another one."),
        "values": tk._("Give the agreed figure of each object as a number."),
        "note": tk._("Write the reason: it is what people will read beside the decision."),
    }[field]
