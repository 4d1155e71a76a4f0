"""What all pages share: the language, the context, and refusals as CKAN shows them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import ckan.plugins.toolkit as tk
from ckan.types import Context
from werkzeug.wrappers import Response as WerkzeugResponse

from ckanext.satudata import letters

#: Keys of error dictionaries that hold ids instead of sentences.
_FOR_PROGRAMS = frozenset(
    {
        "satudata_process",
        "satudata_report",
        "satudata_revision",
        "satudata_current",
        "satudata_rehearsal",
    }
)

P = ParamSpec("P")
Page = str | WerkzeugResponse


def context() -> Context:
    """The context of an action called by the person who looks at the page."""
    return {"user": tk.current_user.name, "auth_user_obj": tk.current_user}


def lang() -> str:
    """Language of texts kept in both languages: ``en`` on English pages, else ``id``."""
    return letters.page_language()


def call(action: str, **data: Any) -> Any:
    """Call an action for the person who looks at the page."""
    return tk.get_action(action)(context(), data)


def may(action: str, **data: Any) -> bool:
    """Whether the person who looks at the page may call an action."""
    try:
        return tk.check_access(action, context(), data)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False


def guarded(view: Callable[P, Page]) -> Callable[P, Page]:
    """Turn an action's refusal into a page: 404, 400, the login form, or 403."""

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Page:
        try:
            return view(*args, **kwargs)
        except tk.ObjectNotFound as error:
            return tk.abort(404, str(error) or tk._("Not found"))
        except tk.ValidationError as error:
            return tk.abort(400, " ".join(texts_of(error)))
        except tk.NotAuthorized as error:
            if not tk.current_user.is_authenticated and tk.request.method == "GET":
                return tk.h.redirect_to("user.login", came_from=tk.request.full_path.rstrip("?"))
            return tk.abort(403, str(error) or tk._("You may not see this page."))

    return wrapper


def report_of(error: tk.ValidationError) -> str | None:
    """Id of the report that a refusal of the gate names, or None for any other error."""
    named = error.error_dict.get("satudata_report")
    return str(named[0]) if isinstance(named, list) and named else None


def rehearsal_of(error: tk.ValidationError) -> str | None:
    """Id of the report of a rehearsal, or None for any other error."""
    named = error.error_dict.get("satudata_rehearsal")
    return str(named[0]) if isinstance(named, list) and named else None


def process_of(error: tk.ValidationError) -> str | None:
    """Id of the dataset that has to be examined first, or None for any other error."""
    named = error.error_dict.get("satudata_process")
    return str(named[0]) if isinstance(named, list) and named else None


def texts_of(error: tk.ValidationError) -> list[str]:
    """All sentences of a validation error, without what is there for programs."""
    out: list[str] = []
    for key, value in error.error_dict.items():
        if key not in _FOR_PROGRAMS:
            out.extend(str(v) for v in (value if isinstance(value, list) else [value]))
    return out
