"""Template helpers; every name starts with ``satudata_``."""

from __future__ import annotations

__all__: list[str] = []
