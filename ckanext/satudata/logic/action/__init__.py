"""CKAN actions; CKAN registers exactly the names in ``__all__``."""

from __future__ import annotations

__all__: list[str] = []
