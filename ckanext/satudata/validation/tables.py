"""One run of frictionless: what it is given, what it may do, and what is kept of its report."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import ckan.plugins.toolkit as tk
from frictionless import Check, Checklist, Dialect, FrictionlessException, Report, Schema, system

from ckanext.satudata.extract.fetch import FetchError, SafeSession
from ckanext.satudata.extract.masking import masked
from ckanext.validation import jobs as upstream_jobs

from . import config
from .messages import errors_of
from .problems import Problem
from .records import Outcome
from .sources import Source, fetch_problem, load_schema, open_source

OPTIONS = {
    "checklist": dict,
    "checks": list,
    "dialect": dict,
    "encoding": str,
    "limit_errors": int,
    "limit_rows": int,
    "pick_errors": list,
    "skip_errors": list,
}
"""Options a resource may set. frictionless has others, and they open files and addresses."""

DIALECT = frozenset(
    {"$schema", "name", "type", "title", "description"}
    | {"header", "headerRows", "headerJoin", "headerCase", "skipBlankRows"}
    | {"commentChar", "commentRows", "csv", "excel", "ods", "json"}
)
MAX_ERRORS = 1000


def validate_resource(
    resource: Mapping[str, Any], *, max_bytes: int, fetch_max_bytes: int
) -> Outcome:
    """Validate the table of a resource.

    Args:
        resource: as stored, or as it comes in with a file in ``upload``.
        max_bytes: of a local file.
        fetch_max_bytes: of a linked file.

    Returns:
        What was found. Its report names no path of this machine.

    Raises:
        Problem: it could not be validated for a reason that the person can do something about.
    """
    fmt = format_of(resource)
    schema = _schema(resource.get("schema"))
    options = validation_options(resource.get("validation_options"))
    limits = {"max_bytes": max_bytes, "fetch_max_bytes": fetch_max_bytes}
    with open_source(resource, fmt, **limits) as source:
        with trusted_context(source.session):
            try:
                report = upstream_jobs.validate(
                    source.place, format=fmt, schema=schema, type="table", **options
                )
            except FrictionlessException as error:
                raise Problem(
                    "option-invalid", "validation_options", option="-", detail=error
                ) from error
        if isinstance(report, Report):
            report = report.to_dict()
        if source.session.error is not None and not report.get("valid"):
            _raise_when_fetch_failed(source, fetch_max_bytes)
        return _outcome(_without_paths(report, source))


def format_of(resource: Mapping[str, Any]) -> str:
    """The format of a resource in lower case, guessed from its file's name where it is not told."""
    told = resource.get("format")
    if not told:
        upload = resource.get("upload")
        name = getattr(upload, "filename", None) or str(resource.get("url") or "")
        told = os.path.splitext(re.split(r"[?#]", name)[0])[1].lstrip(".")
    return tk.h.unified_resource_format(told).lower() if told else ""


def validation_options(value: Any) -> dict[str, Any]:
    """The site's options with those of a resource over them, ready for frictionless.

    Args:
        value: the field ``validation_options``: a dict, JSON text, or nothing.

    Raises:
        Problem: not an object, an option that is not known, or one of the wrong shape.
    """
    try:
        options = config.default_options()
        own = value or {}
        if isinstance(own, str):
            # The form sends an empty field as empty text.
            own = json.loads(own) if own.strip() else {}
        if not isinstance(own, dict):
            raise ValueError(type(own).__name__)  # noqa: TRY004 - one handler for both
    except ValueError as error:
        raise Problem("options-not-json", "validation_options") from error
    options.update(own)
    return dict(_option(name, setting) for name, setting in options.items())


def _option(name: str, value: Any) -> tuple[str, Any]:
    known = re.sub(r"(?<=[a-z])([A-Z])", lambda match: "_" + match[1].lower(), name)
    if known not in OPTIONS:
        params = {"option": name, "known": ", ".join(sorted(OPTIONS))}
        raise Problem("option-unknown", "validation_options", **params)
    try:
        if not isinstance(value, OPTIONS[known]) or isinstance(value, bool):
            raise TypeError(f"expected {OPTIONS[known].__name__}")
        return known, _built(known, value)
    except (FrictionlessException, TypeError, ValueError) as error:
        params = {"option": name, "detail": str(error)}
        raise Problem("option-invalid", "validation_options", **params) from error


def _built(name: str, value: Any) -> Any:
    if name == "dialect":
        foreign = set(value) - DIALECT
        if foreign:
            raise ValueError(f"not allowed: {', '.join(sorted(foreign))}")
        return Dialect.from_descriptor(value)
    if name == "checks":
        return [Check.from_descriptor(_described(check)) for check in value]
    if name == "checklist":
        for check in value.get("checks") or []:
            _described(check)
        return Checklist.from_descriptor(value)
    if name == "limit_errors":
        return max(1, min(value, MAX_ERRORS))
    return value


def _described(check: Any) -> dict[str, Any]:
    # Text in the place of a description is a path or an address to frictionless.
    if not isinstance(check, dict):
        raise TypeError("each check has to be an object")
    return check


def _schema(value: Any) -> Schema | None:
    descriptor = load_schema(value)
    if descriptor is None:
        return None
    try:
        return Schema.from_descriptor(descriptor)
    except FrictionlessException as error:
        reasons = "; ".join(reason.note for reason in error.reasons) or str(error)
        raise Problem("schema-invalid", "schema", detail=reasons) from error


def _raise_when_fetch_failed(source: Source, max_bytes: int) -> None:
    error = source.session.error
    # A plain HTTP error is told by frictionless' report; the others never reached a server's table.
    if isinstance(error, FetchError):
        raise fetch_problem(error, "url", max_bytes) from error


def _outcome(report: dict[str, Any]) -> Outcome:
    if report.get("valid"):
        return Outcome("success", report)
    errors = errors_of(report)
    if "valid" in report and {error.get("type") for error in errors} != {"scheme-error"}:
        return Outcome("failure", report)
    # Nothing was read (e.g. the server answered 404), so nothing is known of the data.
    texts = [str(error.get("message")) for error in errors] or ["Errors validating the data"]
    return Outcome("error", report, {"message": texts})


def _without_paths(report: dict[str, Any], source: Source) -> dict[str, Any]:
    """A copy of the report for people: without this machine's paths and without personal data."""
    text = json.dumps(report, default=str)
    if "://" not in source.place:
        text = text.replace(_quoted(source.place), _quoted(source.shown))
    copy = json.loads(text)
    for task in copy.get("tasks") or []:
        task["errors"] = masked(task.get("errors") or [])
        if str(task.get("place", "")).startswith("/"):
            task["place"] = source.shown
    return copy


def _quoted(text: str) -> str:
    return json.dumps(text)[1:-1]

    # A plain HTTP error is told by the report; the others never reached a table.


_session: ContextVar[SafeSession | None] = ContextVar("satudata_validation_session", default=None)
_lock = threading.Lock()
_inside = 0
_context: Any = None


class _SessionOfThisThread:
    """What frictionless holds as its one HTTP session: the session of whoever is asking."""

    def get(self, url: str, **kwargs: Any) -> Any:
        session = _session.get()
        if session is None:
            raise FetchError("scheme", url, "no validation is under way in this thread")
        return session.get(url, **kwargs)


@contextmanager
def trusted_context(session: SafeSession) -> Iterator[None]:
    """Let frictionless read local paths, and fetch through a session, in this thread.

    frictionless keeps both settings in one object per process, and ``system.use_context`` neither
    knows of threads nor puts them back after an exception. So the first thread in sets them, the
    last one out puts them back, and the session they share hands each request to the session of
    the thread that makes it.

    Args:
        session: that this thread's fetches go through.
    """
    global _inside, _context
    token = _session.set(session)
    with _lock:
        if _inside == 0:
            _context = system.use_context(trusted=True, http_session=_SessionOfThisThread())
            _context.__enter__()
        _inside += 1
    try:
        yield
    finally:
        _session.reset(token)
        with _lock:
            _inside -= 1
            if _inside == 0:
                _context.__exit__(None, None, None)
                _context = None
