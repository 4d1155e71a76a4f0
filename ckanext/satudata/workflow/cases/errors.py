"""Why a case does not move."""

from __future__ import annotations

from ckanext.satudata.errors import SatudataError


class NotAllowed(SatudataError):
    """This person may not make this move."""


class WrongState(SatudataError):
    """The move does not lead from the state the case is in: somebody else was faster.

    Attributes:
        state: the state it is in.
    """

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class Changed(SatudataError):
    """Somebody else has changed the case, or answered the item, since it was looked at."""


class Needs(SatudataError):
    """Something has to be given, or is not as it must be.

    Attributes:
        what: name of the field.
        why: ``missing``, ``unknown``, ``past``, ``once`` (an extension is given once) or ``late``.
    """

    def __init__(self, what: str, why: str = "missing") -> None:
        super().__init__(f"{what}: {why}")
        self.what = what
        self.why = why
