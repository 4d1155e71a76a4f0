"""What cannot be agreed upon, in sentences."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.satudata.workflow.agreements.proposals import InvalidAgreement


def sentence(error: InvalidAgreement) -> str:
    """Where, what was found, and what to do."""
    texts = {
        "ended": tk._("Agreement {number} has come to an end already."),
        "holder-missing": tk._(
            "{holder} is the produsen data of {indicator} and has to be a party."
        ),
        "indicator-unknown": tk._("There is no indicator {indicator}."),
        "kind": tk._("Choose whether one figure is agreed upon or both stay."),
        "no-party": tk._("This agency is no party of the agreement."),
        "no-proposal": tk._("Agreement {number} is no proposal any more; nothing was changed."),
        "not-in-force": tk._("Agreement {number} is not in force, so nothing can take its place."),
        "object-twice": tk._("{object} stands twice. Leave one of them out."),
        "object-unknown": tk._(
            "{object}: a region, a period or a code is unknown. Use the codes of the portal."
        ),
        "objects-count": tk._("Name at least one figure, and at most {most}."),
        "one-value": tk._("{object}: give the one figure that is agreed upon."),
        "overlap": tk._(
            "Agreement {number} already speaks of one of these figures. Propose a revision of it."
        ),
        "parties-few": tk._("An agreement is between at least two agencies."),
        "party-unknown": tk._("There is no agency {party}."),
        "replaced-object": tk._(
            "{object} is part of the agreement that is replaced. Speak of it, too, or it would be "
            "free without anybody having said so."
        ),
        "replaced-party": tk._(
            "{party} is a party of the agreement that is replaced. Ask it, too."
        ),
        "same-person": tk._(
            "You have answered for another agency already. Somebody else has to answer for "
            "this one."
        ),
        "spoken": tk._("This agency has accepted already."),
        "unknown": tk._("There is no such agreement."),
        "validity": tk._("The last day lies before the first one, or is over already."),
        "value-invalid": tk._("{value} cannot be kept exactly. Write it with fewer digits."),
        "values-of-parties": tk._("{object}: give the figure of each party."),
    }
    return texts[error.reason].format(**error.params)
