"""The error that refuses a file."""

from __future__ import annotations

from ckanext.satudata.errors import SatudataError


class Refusal(SatudataError):
    """A file that is not taken; its text is a sentence for the person who sent it."""
