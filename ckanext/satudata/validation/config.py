"""The options of the plugin; ``config_declaration.yaml`` declares them with their defaults."""

from __future__ import annotations

import json
from typing import Any, Literal

import ckan.plugins.toolkit as tk

Mode = Literal["sync", "async"] | None

MEGABYTE = 1 << 20


def _option(name: str) -> Any:
    return tk.config.get(f"ckanext.validation.{name}")


def create_mode() -> Mode:
    """When new resources are validated: ``sync`` (before they are saved), ``async`` or never."""
    return _mode("create")


def update_mode() -> Mode:
    """When changed resources are validated, in the same words."""
    return _mode("update")


def _mode(moment: str) -> Mode:
    if tk.asbool(_option(f"run_on_{moment}_sync")):
        return "sync"
    return "async" if tk.asbool(_option(f"run_on_{moment}_async")) else None


def formats() -> list[str]:
    """Formats that are validated, in lower case."""
    return [name.lower() for name in tk.aslist(_option("formats"))]


def default_options() -> dict[str, Any]:
    """Options of all validations.

    Raises:
        ValueError: the option is not a JSON object.
    """
    text = _option("default_validation_options")
    options = json.loads(text) if text else {}
    if not isinstance(options, dict):
        raise ValueError(  # noqa: TRY004 - the text of the option is what is wrong
            "ckanext.validation.default_validation_options is not a JSON object"
        )
    return options


def sync_max_bytes() -> int:
    """Largest file that is validated while it is being saved."""
    return int(_option("sync_max_size")) * MEGABYTE


def fetch_max_bytes() -> int:
    """Largest linked file that the worker fetches."""
    return int(_option("max_size")) * MEGABYTE


def stored_max_bytes() -> int:
    """Largest stored file that the worker reads: whatever CKAN lets people upload."""
    return max(fetch_max_bytes(), int(tk.config.get("ckan.max_resource_size") or 0) * MEGABYTE)


def schema_max_bytes() -> int:
    """Largest schema that is fetched from an address."""
    return int(_option("schema_max_size")) * MEGABYTE


def fetch_timeout() -> float:
    """Seconds for one fetch with everything in it."""
    return float(_option("fetch_timeout"))


def job_timeout() -> int:
    """Seconds for one validation in the worker."""
    return int(_option("job_timeout"))


def allowed_private_hosts() -> list[str]:
    """Exceptions from the rule that only the public internet is fetched from."""
    return tk.aslist(_option("allowed_private_hosts"))


def auth_header() -> str | None:
    """``Authorization`` for reading private uploads back from a cloud storage."""
    if not tk.asbool(_option("pass_auth_header")):
        return None
    return _option("pass_auth_header_value") or None


def proxy() -> str | None:
    """The proxy for downloads: an option that xloader and the archiver know as well."""
    return tk.config.get("ckan.download_proxy") or None


def clean_reports() -> bool:
    """Whether a change to a format that is not validated removes the old result."""
    return tk.asbool(_option("clean_validation_reports"))


def notify_uploader() -> bool:
    """Whether the worker writes to whoever saved a resource with errors."""
    return tk.asbool(_option("notify_uploader"))


def badges_in_listings() -> bool:
    """Whether badges are shown in lists of resources."""
    return tk.asbool(_option("show_badges_in_listings"))


def form_source_hidden(source: str) -> bool:
    """Whether the form hides a way of giving a schema.

    Args:
        source: ``upload``, ``url`` or ``json``; anything else is never hidden.
    """
    return source in {"upload", "url", "json"} and tk.asbool(_option(f"form.hide_{source}_source"))
