"""What people are told where something about a case cannot be done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.workflow.cases.errors import Changed, Needs, NotAllowed, WrongState


@contextmanager
def explained() -> Iterator[None]:
    """Turn the errors of the services into CKAN's, with nothing changed.

    Raises:
        tk.ObjectNotFound: there is no such case or move.
        tk.NotAuthorized: somebody else has to do it.
        tk.ValidationError: it cannot be done; the API answers with 409.
    """
    try:
        yield
    except LookupError as error:
        model.Session.rollback()
        raise tk.ObjectNotFound(tk._("There is no such case, or you may not see it.")) from error
    except NotAllowed as error:
        model.Session.rollback()
        raise tk.NotAuthorized(tk._("You may not do this; somebody else has to.")) from error
    except (WrongState, Changed) as error:
        model.Session.rollback()
        message = tk._(
            "Somebody else was faster: the case has changed meanwhile, and nothing of yours was "
            "saved. Open the page again."
        )
        raise tk.ValidationError({"transition": [message]}) from error
    except Needs as error:
        model.Session.rollback()
        raise tk.ValidationError({error.what: [_needed(error)]}) from error


def _needed(error: Needs) -> str:
    texts = {
        ("extension", "once"): tk._("The time was extended already; the law allows it once."),
        ("extension", "late"): tk._("The time is over; it can only be extended before."),
        ("ground", "ppid"): tk._("Only the PPID refuses a request."),
        ("release_on", "past"): tk._("Choose a day after today."),
        ("organization", "unknown"): tk._("There is no such agency."),
        ("dataset", "unknown"): tk._("There is no such public dataset."),
        ("class", "unknown"): tk._("Choose one of the classes."),
        ("ground", "unknown"): tk._("Choose one of the grounds."),
        ("answers", "unknown"): tk._("Say for each item how it is answered."),
        ("grounds", "unknown"): tk._(
            "One may not object on this ground now: there is an answer, the time is not over yet, "
            "or the time to object is over."
        ),
    }
    missing = {
        "note": tk._("Write a note."),
        "text": tk._("Write a text."),
        "organization": tk._("Choose an agency."),
        "dataset": tk._("Name the dataset."),
        "class": tk._("Choose one of the classes."),
        "ground": tk._("Name the ground of Article 17; the law knows no other refusal."),
        "consequence": tk._("Write down the consequence test in a few sentences."),
        "answers": tk._("Answer at least one item."),
        "attachment": tk._("Attach the file."),
        "release_on": tk._("Say on which day it will be released."),
    }
    return texts.get((error.what, error.why)) or missing.get(error.what, tk._("Missing value"))
