"""When an action's transaction ends."""

from __future__ import annotations

from ckan import model
from ckan.types import Context


def commit(context: Context) -> None:
    """Commit, unless the caller does it (``defer_commit``)."""
    if not context.get("defer_commit"):
        model.repo.commit()
