"""Pages: they call actions and render; they decide nothing."""

from __future__ import annotations

from flask import Blueprint


def get_blueprints() -> list[Blueprint]:
    """All blueprints of the extension."""
    return []
