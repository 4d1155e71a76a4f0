"""Why a table could not be validated at all: a closed list of codes with texts in the catalogue."""

from __future__ import annotations


class Problem(Exception):
    """Something stands in the way of a validation.

    Args:
        code: key of its text in ``messages.yaml``.
        field: the resource field the person has to mend: ``url``, ``upload``, ``schema`` or
            ``validation_options``.
        params: what the text mentions.
    """

    def __init__(self, code: str, field: str, **params: object) -> None:
        super().__init__(f"{code} {params}")
        self.code = code
        self.field = field
        self.params = {name: str(value) for name, value in params.items()}


class TooLarge(Problem):
    """A file is larger than what may be validated here and now."""
