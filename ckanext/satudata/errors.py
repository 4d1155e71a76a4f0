"""Errors of our own; actions translate them into CKAN's."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


class SatudataError(Exception):
    """Base of all errors raised by services."""


class ReferenceDataMissing(SatudataError):
    """No reference data is loaded yet, so nothing can be compared."""


class NeverPublic(SatudataError):
    """A dataset for practice was about to become public."""


class TooLarge(SatudataError):
    """The files are too large to be checked while somebody waits."""


class Refused(SatudataError):
    """A publication was held back.

    Attributes:
        report: id of the report that says why.
        errors: number of findings that hold it back.
    """

    def __init__(self, report: str, errors: int) -> None:
        super().__init__(f"held back, report {report}")
        self.report = report
        self.errors = errors


class TryAgain(tk.ValidationError):
    """Others were changing the same data, time and again; nothing is wrong with what was asked."""
