"""Types used in several layers."""

from __future__ import annotations

from typing import Any, TypeAlias, Union

from sqlalchemy.orm import Session, scoped_session

#: CKAN's session (one per request), or a session of one's own.
AnySession: TypeAlias = Union[Session, "scoped_session[Any]"]
